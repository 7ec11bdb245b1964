"""Render a report's plain dict as text, Markdown and HTML."""

from ._csv import to_safe_csv
from ._html import render_html_table
from ._markdown import render_markdown
from ._terminal import render_text
from ._text import printable

__all__ = [
    "printable",
    "render_html_table",
    "render_markdown",
    "render_text",
    "to_safe_csv",
]
