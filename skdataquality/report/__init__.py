"""Render a report's plain dict as text, Markdown and HTML."""

from skdataquality.report._render import render

__all__ = ["render"]
