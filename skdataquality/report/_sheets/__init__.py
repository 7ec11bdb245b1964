"""Sheets that a person fills in: written, and read however they were saved."""

from skdataquality.report._sheets._read import read_filled, read_verified
from skdataquality.report._sheets._stored_plan import check_sheet_name, plan_place
from skdataquality.report._sheets._write import sheet_texts, write_sheet

__all__ = [
    "check_sheet_name",
    "plan_place",
    "read_filled",
    "read_verified",
    "sheet_texts",
    "write_sheet",
]
