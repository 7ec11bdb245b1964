"""Render a report's plain dict; tables of findings and sheets, written and read."""

from skdataquality.report._csv import read_safe_csv
from skdataquality.report._render import render
from skdataquality.report._sheets import read_verified, write_sheet

__all__ = ["read_safe_csv", "read_verified", "render", "write_sheet"]
