"""Render a report's plain dict as text, Markdown and HTML; tables of findings."""

from skdataquality.report._csv import read_safe_csv
from skdataquality.report._render import render

__all__ = ["read_safe_csv", "render"]
