"""Render a report's plain dict as text, Markdown and HTML."""

from ._render import render

__all__ = ["render"]
