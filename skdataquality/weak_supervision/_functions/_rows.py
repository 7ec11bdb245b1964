"""Rows of any X, as functions of one row get them."""

from collections.abc import Mapping
from functools import cached_property

import numpy as np
import scipy.sparse as sp

from skdataquality.utils._frames import (
    are_documents,
    as_frame,
    is_frame,
    sequence_cells,
)
from skdataquality.utils._sklearn import num_samples


class Rows:
    """Rows of a table or of texts, to go over as often as there are functions."""

    def __init__(self, X):
        self.X = X
        if isinstance(X, np.ndarray):  # a function may write to what it is given
            self.X = X.view()
            self.X.flags.writeable = False

    def __len__(self):
        return num_samples(self.X)

    def __iter__(self):
        return iter(self._cells)

    def __reduce__(self):  # what was read of X stays here
        return Rows, (self.X,)

    @cached_property
    def _cells(self):
        if is_frame(self.X):
            return list(numbered(row_class(self.X), len(self)))
        if are_documents(self.X):
            return sequence_cells(self.X).tolist()
        return SparseRows(self.X) if sp.issparse(self.X) else self.X


class SparseRows:
    """One row of a sparse matrix after the other, each of shape (1, n_columns)."""

    def __init__(self, X):
        self._X = X.tocsr()

    def __iter__(self):
        return (self._X[at : at + 1] for at in range(self._X.shape[0]))


class Columns(dict):
    """Columns of a frame by name, as lists, which are made when first asked for."""

    def __init__(self, X):
        super().__init__()
        self.series = {column.name: column for column in as_frame(X).iter_columns()}

    def __missing__(self, name):
        if name not in self.series:
            raise KeyError(f"X has no column {name!r}; it has {list(self.series)[:10]}")
        cells = self[name] = self.series[name].to_list()
        return cells


class Row(Mapping):
    """One row of a frame: ``row["price"]`` and ``row.price`` are the same cell.

    A column is read when a function first asks for it, so width costs nothing. Columns
    named like a method of a dict (``items``) have ``row["items"]`` alone.
    """

    __slots__ = ("_at",)
    _columns: Columns
    _at: int

    def __getitem__(self, name):
        return self._columns[name][self._at]

    def __iter__(self):
        return iter(self._columns.series)

    def __len__(self):
        return len(self._columns.series)

    def __repr__(self):
        return f"Row({dict(self)})"


def row_class(X):
    """Return the class of the rows of a frame."""
    columns = Columns(X)
    cells = {
        name: property(_reader(columns, name))
        for name in columns.series
        if isinstance(name, str) and not hasattr(Row, name)
    }
    return type("Row", (Row,), {"__slots__": (), "_columns": columns, **cells})


def _reader(columns, name):
    cells = None

    def read(row):
        nonlocal cells
        if cells is None:
            cells = columns[name]
        return cells[row._at]

    return read


def numbered(row_class, n_rows):
    """Yield the rows of a frame."""
    for at in range(n_rows):
        row = row_class()  # without the cost of a constructor in Python
        row._at = at
        yield row
