"""The cells of one column of any X, for ready-made labelling functions."""

from numbers import Integral

import numpy as np
import scipy.sparse as sp

from skdataquality.utils._frames import (
    are_documents,
    as_frame,
    as_rows,
    column_as_array,
    is_frame,
    is_missing,
    iterate_columns,
    sequence_cells,
)


def cells_of(X, column, owner):
    """Return one column of X, or X itself if it is a sequence of texts.

    ``column`` is a name of a frame or a position; None is the only one there is.
    """
    if are_documents(X):
        if column is not None:
            raise ValueError(
                f"column={column!r} of {owner} and X holds texts, which have no "
                f"columns: leave column out."
            )
        return sequence_cells(X)
    if is_frame(X):
        frame = as_frame(X)
        place = _place(column, frame.columns, owner)
        return column_as_array(frame[:, place])
    X = as_rows(X)
    place = _place(column, list(range(X.shape[1])), owner)
    if sp.issparse(X):
        return next(iterate_columns(X, [place]))[1]
    return X[:, place]


def _place(column, columns, owner):
    if column is None:
        if len(columns) == 1:
            return 0
        raise ValueError(
            f"X has {len(columns)} columns and {owner} names none: pass column=, one "
            f"of {columns[:10]}."
        )
    is_position = isinstance(column, Integral) and 0 <= int(column) < len(columns)
    if column not in columns and is_position:
        return int(column)
    if column not in columns:
        raise ValueError(
            f"column={column!r} of {owner} is not in X, which has {columns[:10]}."
        )
    return columns.index(column)


def texts_of(X, column, owner):
    """Return the texts of a column, a list, with None where one is missing."""
    cells = cells_of(X, column, owner).tolist()
    if set(map(type, cells)) == {str}:
        return cells
    texts = [cell if isinstance(cell, str) else None for cell in cells]
    for row, text in enumerate(texts):
        if text is None and not is_missing(cells[row]):
            raise ValueError(
                f"{owner} needs texts, and row {row} (from 0) holds a "
                f"{type(cells[row]).__name__}: name a column of texts."
            )
    return texts


def numbers_of(X, column, owner):
    """Return a column as floats, NaN where a number is missing."""
    cells = cells_of(X, column, owner)
    if cells.dtype.kind in "biuf":
        return cells
    missing = np.fromiter(map(is_missing, cells), dtype=bool, count=cells.size)
    try:
        numbers = np.full(cells.size, np.nan)
        numbers[~missing] = cells[~missing].astype(np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"{owner} needs numbers, and its column holds {cells[~missing][0]!r}."
        ) from error
    return numbers
