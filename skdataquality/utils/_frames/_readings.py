"""How models read the cells of a column: as numbers, text, moments, or not at all.

A reading is decided by the cells of one table and then holds for any other: what does
not fit it there is missing.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from numbers import Complex, Real

import numpy as np
import scipy.sparse as sp

from skdataquality.utils._frames._columns import column_as_array, missing_mask
from skdataquality.utils._frames._tables import (
    as_frame,
    as_rows,
    is_frame,
    is_number,
)

FEWEST = 10  # values, beside holes, without which a column cannot be split
LARGE = 1e30  # beyond it squares may overflow, and skrub keeps 32 bits of a float
MOST_CELLS = 1000  # of a list that becomes columns
FIRST = 20  # texts that are asked whether they are dates before all are
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_KINDS = {"b": "number", "i": "number", "u": "number", "f": "number"} | {
    "M": "moment",
    "m": "duration",
    "c": "none",
    "U": "text",
    "S": "text",
    "T": "text",
}


@dataclass(frozen=True)
class Reading:
    """How a column is read.

    ``kind`` is "number", "duration", "moment", "text", "list" (so many ``width``
    numbers in each cell) or "none", which is left out; ``note`` says what is odd.
    Numbers are divided by ``2**exponent``, infinite ones become ``lowest`` or
    ``highest``; those ``without_value`` (a mask over the width) become 0.
    """

    kind: str
    note: str = ""
    width: int = 0
    exponent: int = 0
    lowest: float = -1.0
    highest: float = 1.0
    without_value: tuple = ()

    @property
    def is_number(self):
        return self.kind in ("number", "duration", "list")


def reading_of(values):
    """Decide how the cells of a 1-D array are read."""
    kind = _KINDS.get(values.dtype.kind)
    if kind is None:
        known = values[~missing_mask(values)]
        kind, note, width = _kind_of_cells(known)
    else:
        note = "complex numbers, left out" if kind == "none" else ""
        width = 0
    reading = Reading(kind, note, width)
    if not reading.is_number:
        return reading
    return _with_range(reading, _floats(values, reading))


def _kind_of_cells(known):
    """Kind of reading, what is odd, and the width of lists, of cells that are there."""
    if known.size == 0:
        return "number", "", 0
    types = set(map(type, known.tolist()))
    for kind, (allowed, refused) in _OF_TYPES.items():
        if all(issubclass(t, allowed) and not issubclass(t, refused) for t in types):
            return kind, _zones(known) if kind == "moment" else "", 0
    if all(hasattr(t, "to_timestamp") and hasattr(t, "asfreq") for t in types):
        return "moment", "", 0
    if any(issubclass(t, dict | set | frozenset) for t in types):
        return "none", "records or sets in cells, left out", 0
    if any(issubclass(t, list | tuple | np.ndarray) for t in types):
        return _kind_of_lists(known)
    if any(issubclass(t, Complex) and not issubclass(t, Real) for t in types):
        return "none", "complex numbers, left out", 0
    if len(types) == 1:
        return "text", "", 0
    names = ", ".join(sorted({t.__name__ for t in types}))
    return "text", f"mixed types ({names}), read as text", 0


_OF_TYPES: dict = {
    "number": (Real | Decimal | np.bool_, ()),
    "text": (str, ()),
    "moment": (date | np.datetime64, ()),
    "duration": (timedelta | np.timedelta64, ()),
}


def _zones(known):
    zoned = {getattr(cell, "tzinfo", None) is not None for cell in known.tolist()}
    return (
        "dates with and without a time zone, all read as UTC" if len(zoned) > 1 else ""
    )


def _kind_of_lists(known):
    """Say how lists are read: as columns if they hold equally many numbers."""
    widths = {len(c) if hasattr(c, "__len__") else -1 for c in known.tolist()}
    width = min(widths)
    if len(widths) > 1 or not 0 < width <= MOST_CELLS:
        return "none", "lists of different lengths, left out", 0
    try:
        cells = np.array(known.tolist(), dtype=float)
    except (TypeError, ValueError):
        return "none", "lists of other things than numbers, left out", 0
    if cells.ndim != 2:
        return "none", "nested lists, left out", 0
    return "list", f"lists of {width} numbers, read as {width} columns", width


def _with_range(reading, numbers):
    """Fit the range of numbers, and say where cells are infinite."""
    finite = numbers[np.isfinite(numbers)]
    n_infinite = int(np.isinf(numbers).sum())
    exponent, lowest, highest = 0, -1.0, 1.0
    if finite.size:
        lowest, highest = float(finite.min()), float(finite.max())
        largest = max(-lowest, highest)
        is_usual = largest == 0 or 1 / LARGE <= largest <= LARGE
        exponent = 0 if is_usual else int(np.frexp(largest)[1])
    note = reading.note
    if n_infinite:
        said = f"{n_infinite} infinite cells, read as the largest or smallest number"
        note = f"{note}; {said}" if note else said
    n_known = (~np.isnan(numbers)).sum(axis=0)
    fewest = max(1, min(FEWEST, numbers.shape[0] / 2))
    is_empty = (n_known < fewest).tolist()
    if any(is_empty) and 0 < n_known.max() < fewest:
        said = f"{int(n_known.max())} values only, not used by models"
        note = f"{note}; {said}" if note else said
    return replace(
        reading,
        note=note,
        exponent=exponent,
        lowest=lowest,
        highest=highest,
        without_value=tuple(is_empty),
    )


def read_numbers(values, reading):
    """Return cells as float64 of shape (n, width or 1): finite, or NaN if missing."""
    numbers = _floats(values, reading)
    numbers[:, reading.without_value] = 0.0
    numbers = np.where(np.isposinf(numbers), reading.highest, numbers)
    numbers = np.where(np.isneginf(numbers), reading.lowest, numbers)
    with np.errstate(over="ignore"):  # of rows that the range was not fitted to
        return np.clip(np.ldexp(numbers, -reading.exponent), -LARGE, LARGE)


def as_floats(values, kind="number"):
    """Return cells as float64, NaN where they are no numbers; infinite ones stay."""
    return _floats(values, Reading(kind))[:, 0]


def _floats(values, reading):
    """Cells as float64, NaN where they are no numbers; infinite ones stay."""
    n = values.shape[0]
    if reading.kind == "list":
        return _list_floats(values, reading.width)
    kind = values.dtype.kind
    if reading.kind == "duration" and kind == "m":
        seconds = values / np.timedelta64(1, "s")
        return seconds[:, None]
    if kind in "biuf":
        with np.errstate(over="ignore"):  # of long doubles
            return np.array(values, dtype=np.float64)[:, None]
    if kind in "Mmc":
        return np.full((n, 1), np.nan)
    cells = map(_float, values.tolist())
    return np.fromiter(cells, dtype=np.float64, count=n)[:, None]


def _float(cell):
    if isinstance(cell, timedelta):
        return cell.total_seconds()
    if isinstance(cell, np.timedelta64):
        return cell / np.timedelta64(1, "s")
    try:
        return float(cell)
    except OverflowError:
        return np.inf if cell > 0 else -np.inf
    except (TypeError, ValueError):
        return np.nan


def _list_floats(values, width):
    out = np.full((values.shape[0], width), np.nan)
    for i, cell in enumerate(values.tolist()):
        if hasattr(cell, "__len__") and len(cell) == width:
            try:
                out[i] = cell
            except (TypeError, ValueError):
                continue
    return out


def read_texts(values):
    """Return cells as an array of str, None where missing."""
    out = values.astype(object)
    missing = missing_mask(out)
    known = out[~missing].tolist()
    out[missing] = None
    if not _are_clean(known):
        out[~missing] = [_text(cell) for cell in known]
    return out


def written_down(values):
    """Replace what no file can hold in the texts among objects (lone surrogates)."""
    if values.dtype.kind != "O":
        return values
    is_text = np.array([isinstance(c, str) for c in values.tolist()], dtype=bool)
    if _are_clean(values[is_text].tolist()):
        return values
    out = values.copy()
    out[is_text] = [_text(cell) for cell in values[is_text].tolist()]
    return out


def _are_clean(cells):
    """Whether all cells are texts that can be written down."""
    try:
        "".join(cells).encode()
    except (TypeError, UnicodeEncodeError):
        return False
    return True


def _text(cell):
    if isinstance(cell, bytes):
        return cell.decode("utf-8", "backslashreplace")
    # lone surrogates are no text that can be written down
    return str(cell).encode("utf-8", "backslashreplace").decode("utf-8")


def read_moments(values):
    """Return cells as datetime64 of microseconds, NaT where they hold no moment."""
    if values.dtype.kind == "M":
        return values.astype("M8[us]")
    missing = missing_mask(values) if values.dtype.kind == "O" else None
    out = np.full(values.shape[0], np.datetime64("NaT"), dtype="M8[us]")
    for i, cell in enumerate(values.tolist()):
        if missing is None or not missing[i]:
            out[i] = _moment(cell)
    return out


def are_written_moments(texts):
    """Whether all texts of a column are ISO dates; the first ones tell most that no."""
    known = texts[~missing_mask(texts)]
    first = known[:FIRST].tolist()
    if not first or not all(isinstance(t, str) and _ISO.match(t) for t in first):
        return False
    return not missing_mask(read_moments(known)).any()


def _moment(cell):
    if hasattr(cell, "to_timestamp") and not hasattr(cell, "__len__"):  # a period
        cell = cell.to_timestamp()
    if isinstance(cell, str) and "-" in cell:
        try:
            cell = datetime.fromisoformat(cell)
        except ValueError:
            return np.datetime64("NaT")
    if isinstance(cell, datetime):
        if cell.tzinfo is not None:
            offset = cell.utcoffset() or timedelta()
            cell = cell.replace(tzinfo=None) - offset
    elif not isinstance(cell, date | np.datetime64):
        return np.datetime64("NaT")
    try:
        return np.datetime64(cell).astype("M8[us]")
    except ValueError:
        return np.datetime64("NaT")


def is_plain(X):
    """Whether a table holds nothing but numbers that any model takes."""
    if sp.issparse(X):
        # conversion would leave a note of its own in other formats
        return _are_plain(X.tocoo().data if X.format in ("dok", "lil") else X.data)
    if not is_frame(X):
        return _are_plain(as_rows(X))
    return all(
        is_number(column.dtype)
        and column.null_count() == 0
        and _are_plain(column_as_array(column))
        for column in as_frame(X).iter_columns()
    )


def _are_plain(values):
    if values.dtype.kind in "biu":
        return True
    if values.dtype.kind != "f" or not np.isfinite(values).all():
        return False
    return values.dtype.itemsize < 8 or bool((np.abs(values) <= LARGE).all())
