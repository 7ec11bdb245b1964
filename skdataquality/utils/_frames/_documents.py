"""Texts that are no table: a list, a Series or a 1-D array of them."""

from collections.abc import Mapping

import narwhals as nw
import numpy as np
import scipy.sparse as sp

_DOCUMENT = (str, bytes, Mapping)


def sequence_cells(X):
    """Cells of a list, Series or 1-D array; None if X is anything else.

    Numbers stay as they are, what is no number becomes an array of objects.
    """
    if isinstance(X, list | tuple):
        if any(_is_row(cell) for cell in X[:1]):
            return None
        cells = np.empty(len(X), dtype=object)
        cells[:] = X
        return cells
    if nw.dependencies.is_into_dataframe(X) or sp.issparse(X):
        return None
    shape = (len(X),) if isinstance(X, range) else getattr(X, "shape", None)
    if shape is None:
        shape = np.asarray(X).shape if hasattr(X, "__array__") else ()
    if len(shape) != 1 and not nw.dependencies.is_into_series(X):
        return None
    cells = np.asarray(X)
    return cells.astype(object) if cells.dtype.kind in "OSUT" else cells


def _is_row(cell):
    return hasattr(cell, "__len__") and not isinstance(cell, _DOCUMENT)


def is_document(cell):
    """Whether a cell is a text, or a dict of counts."""
    return isinstance(cell, _DOCUMENT)


def are_documents(X):
    """Whether X is a sequence of texts or dicts, which estimators take as it is."""
    if is_document(_first_cell(X)):  # the usual case, without a copy of the cells
        return True
    cells = sequence_cells(X)
    if cells is None or cells.dtype.kind != "O":
        return False
    return any(map(is_document, cells))


def _first_cell(X):
    if isinstance(X, list | tuple):
        return X[0] if X else None
    if nw.dependencies.is_into_series(X):
        series = nw.from_native(X, series_only=True)
        return series[0] if len(series) else None
    return None


def as_column(X):
    """Documents as a column of objects; anything else as it is."""
    return sequence_cells(X).reshape(-1, 1) if are_documents(X) else X
