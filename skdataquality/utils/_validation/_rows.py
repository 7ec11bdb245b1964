"""Rows of a table or documents, and what is neither."""

from collections.abc import Mapping, Set

import numpy as np
import scipy.sparse as sp

from skdataquality.utils._first_guesses import is_path
from skdataquality.utils._frames import (
    are_documents,
    is_document,
    is_frame,
    missing_mask,
    sequence_cells,
)
from skdataquality.utils._validation._positions import positions

# methods of lazy and foreign tables that give a data frame
_TO_FRAME = ("compute", "to_pandas", "toPandas", "df", "collect")


def refuse_other_than_rows(X, name):
    """Refuse a sequence that is neither a table nor one of texts or dicts."""
    if is_path(X):
        raise ValueError(
            f"{name}={str(X)!r} names a file: read it first, with "
            f"read_table({str(X)!r}) from skdataquality.tables."
        )
    if isinstance(X, str | bytes):
        raise ValueError(
            f"{name} is one text, {X[:20]!r}: pass a list of texts, one for each row."
        )
    if not is_frame(X) and not sp.issparse(X):
        _refuse_without_rows(X, name)
    cells = sequence_cells(X)
    if cells is None or cells.size == 0:
        return
    if not are_documents(X):
        column = "to_frame()" if hasattr(X, "to_frame") else "reshape(-1, 1)"
        raise ValueError(
            f"{name} has shape {cells.shape}, and a table is needed. Expected 2D "
            f"array, got 1D array instead. Reshape your data with "
            f"{name}.{column} if it has a single feature, or "
            f"{name}.reshape(1, -1) if it is a single sample."
        )
    _refuse_strange_cells(cells, name)


def _refuse_strange_cells(cells, name):
    """Refuse documents of which some are missing or of another type."""
    if set(map(type, cells)) <= {str, bytes, dict}:  # nothing odd, seen at once
        return
    missing = missing_mask(cells)
    if missing.any():
        raise ValueError(
            f"{name} has {int(missing.sum())} missing text(s) (None or NaN) at "
            f"position(s) {positions(missing)}: drop those rows, or fill them with ''."
        )
    strange = np.fromiter((not is_document(cell) for cell in cells), dtype=bool)
    if strange.any():
        kind = type(cells[strange][0]).__name__
        raise ValueError(
            f"{name} mixes texts with {int(strange.sum())} cell(s) of another type "
            f"(first {kind}) at position(s) {positions(strange)}: make all text."
        )


def _refuse_without_rows(X, name):
    """Refuse what holds columns or cells, and gives no rows of them."""
    kind = type(X).__name__
    if any(hasattr(type(X), names) for names in ("columns", "column_names")):
        ways = (way for way in _TO_FRAME if hasattr(type(X), way))
        raise ValueError(
            f"{name} is a {kind}, which is no data frame in memory: pass "
            f"{name}.{next(ways, 'to_pandas')}()."
        )
    if isinstance(X, Mapping):
        raise ValueError(
            f"{name} is a {kind}: pass a data frame, such as pandas.DataFrame({name})."
        )
    has_rows = hasattr(X, "__len__") or hasattr(X, "shape") or hasattr(X, "__array__")
    if isinstance(X, Set) or not has_rows:
        raise ValueError(
            f"{name} is a {kind}, not a table: pass a data frame, an array or a list "
            f"of rows."
        )


def refuse_documents(X, owner, cure):
    """Refuse texts where numbers are needed, saying how to make some."""
    if are_documents(X):
        raise ValueError(
            f"X holds texts, and {type(owner).__name__} needs columns: {cure}"
        )
