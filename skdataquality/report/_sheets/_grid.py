"""A sheet as a spreadsheet program has saved it: :func:`read_grid`."""

import codecs
import csv
from dataclasses import dataclass
from typing import NamedTuple

from skdataquality.report._csv import csv_rows
from skdataquality.report._sheets._keys import Key, read_key
from skdataquality.tables._formats import existing_file

DELIMITERS = ",;\t|"
ZIPPED = b"PK\x03\x04"  # the workbooks of Excel, LibreOffice and Numbers
OLD_EXCEL = b"\xd0\xcf\x11\xe0"


class Line(NamedTuple):
    """A line that belongs to a row of the plan."""

    key: Key
    cells: list


@dataclass(frozen=True)
class Grid:
    """Lines with a key in the order of the file, and those without."""

    lines: list
    others: list


def read_grid(path):
    """Take a saved sheet apart, whatever its encoding, delimiter and order."""
    path = existing_file(path)
    text = _text_of(path, path.read_bytes())
    grids = []
    for delimiter in DELIMITERS:
        try:
            grids.append(_grid(csv_rows(text, delimiter)))
        except csv.Error:
            continue
    best = max(grids, key=lambda grid: len(grid.lines), default=None)
    if best is None or not best.lines:
        raise ValueError(
            f"{path} has no line with a key: pass a sheet as it was written, with its "
            f"column 'key', saved as CSV or as text with tabs."
        )
    return best


def _text_of(path, data):
    if data.startswith((ZIPPED, OLD_EXCEL)):
        raise ValueError(f"{path} is a workbook: save the sheet as CSV in UTF-8.")
    if not data.strip():
        raise ValueError(f"{path} is empty: pass a sheet as it was written.")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _decoded(path, data, "utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:  # plain "CSV" of Excel in Western Europe
        return _decoded(path, data, "cp1252")


def _decoded(path, data, encoding):
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ValueError(
            f"{path} is in an unknown encoding: save it as CSV in UTF-8."
        ) from error


def _grid(rows):
    lines, others = [], []
    for cells in rows:
        keys = [key for key in map(read_key, cells) if key is not None]
        if keys:
            lines.append(Line(keys[0], cells))
        elif any(cell.strip() for cell in cells):
            others.append(cells)
    return Grid(lines, others)
