"""What the rows of a slice have in common, in words and on any table."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from skdataquality.utils._digits import fixed
from skdataquality.utils._frames import (
    are_written_moments,
    as_floats,
    iterate_columns,
    missing_mask,
    read_moments,
    read_texts,
    reading_of,
    say_moment,
)
from skdataquality.utils._printable import printable

DIGITS = 6


@dataclass(frozen=True)
class Condition:
    """One column of a slice: a range, a value, or that the cell is missing.

    Attributes
    ----------
    column : str or int
        Name, or position in an array.
    kind : {"number", "boolean", "date", "text"}
        How cells are read; dates are seconds since 1970.
    low, high : float or None
        A range: above ``low``, at most ``high``; None has no end.
    value : float, str or None
        A value instead of a range.
    is_missing : bool
        Cells that are missing instead.
    """

    column: Any
    kind: str
    low: float | None = None
    high: float | None = None
    value: Any = None
    is_missing: bool = False

    def __str__(self):
        name = printable(self.column)
        if isinstance(self.column, int | np.integer):
            name = f"column {name}"
        if self.is_missing:
            return f"{name} missing"
        if self.value is not None:
            return f"{name} = {self._said(self.value)}"
        if self.low is None:
            return f"{name} <= {self._said(self.high)}"
        if self.high is None:
            return f"{name} > {self._said(self.low)}"
        return f"{name} in ({self._said(self.low)}, {self._said(self.high)}]"

    def _said(self, value):
        if self.kind == "text":
            return printable(repr(value))
        if self.kind == "boolean":
            return str(bool(value))
        if self.kind == "date" and np.isfinite(value):
            return say_moment(np.datetime64(int(value), "s"))
        return fixed(value, DIGITS)

    def touches(self, other):
        """Whether another condition of the column has values in common, or next to."""
        if self.is_missing or other.is_missing or self.kind == "text":
            return self == other
        (low, high), (other_low, other_high) = self._ends(), other._ends()
        return max(low, other_low) <= min(high, other_high)

    def _ends(self):
        if self.value is not None:
            return self.value, self.value
        low = -np.inf if self.low is None else self.low
        return low, np.inf if self.high is None else self.high

    def holds(self, cells):
        """Mask of the cells for which it holds, read by `read_cells`."""
        if self.is_missing:
            return missing_mask(cells)
        if self.value is not None:
            return cells == self.value
        mask = ~np.isnan(cells)
        if self.low is not None:
            mask &= cells > self.low
        if self.high is not None:
            mask &= cells <= self.high
        return mask


def kind_of(values):
    """How the cells of a column are read; None if by no slice."""
    reading = reading_of(values)
    kind = reading.kind
    if kind in ("none", "list"):
        return None
    if kind == "moment" or (kind == "text" and are_written_moments(values)):
        return "date"
    if kind == "text":
        return "text"
    known = values[~missing_mask(values)] if values.dtype.kind == "O" else values
    types = set(map(type, known[:2].tolist()))
    return "boolean" if types == {bool} else "number"


def read_cells(values, kind):
    """Cells as floats, NaN where missing, or as texts, None where missing."""
    if kind == "text":
        return read_texts(values)
    if kind == "date":
        moments = read_moments(values)
        return (moments - np.datetime64(0, "s")) / np.timedelta64(1, "s")
    # times that lasted are in seconds
    return as_floats(values, "duration" if values.dtype.kind == "m" else "number")


def rows_of(conditions, X):
    """Mask of the rows of a table for which all conditions hold."""
    wanted = {condition.column: condition for condition in conditions}
    masks = [
        wanted[name].holds(read_cells(values, wanted[name].kind))
        for name, values in iterate_columns(X)
        if name in wanted
    ]
    if len(masks) < len(wanted):
        raise ValueError(
            f"X lacks a column of the slice, which needs {list(wanted)}: pass a table "
            f"with the columns that weak_slices saw."
        )
    return np.logical_and.reduce(masks)
