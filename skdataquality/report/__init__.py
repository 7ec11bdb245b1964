"""Render a report's plain dict as text, Markdown and HTML."""

from ._html import render_html_table
from ._markdown import render_markdown
from ._terminal import render_text

__all__ = ["render_html_table", "render_markdown", "render_text"]
