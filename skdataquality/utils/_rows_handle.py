"""Rows that an estimator holds beside its training rows: :class:`RowsHandle`."""

import narwhals as nw
import numpy as np

from skdataquality.utils._frames import (
    are_documents,
    as_frame,
    as_rows,
    cell_codes,
    column_names,
    is_frame,
    iterate_columns,
)
from skdataquality.utils._sklearn import InvalidParameterError, num_samples
from skdataquality.utils._validation import check_feature_frame


class RowsHandle:
    """Base of handles of rows that are passed on whole, whatever their number.

    It has no length, no shape and is no array; ``clone`` and ``copy.deepcopy`` hand it
    on as itself. Two are equal if their contents are, see :class:`TargetData`.
    """

    _what = "rows"

    def __init__(self, X):
        if isinstance(X, RowsHandle):
            other = type(X).__name__
            cure = "use it as it is" if isinstance(X, type(self)) else "pass its X"
            raise ValueError(f"X is a {other} already: {cure}.")
        self.X = check_rows(X, self._what)

    def __repr__(self):
        return f"{type(self).__name__}({self._size()})"

    def _size(self):
        if are_documents(self.X):
            return f"{num_samples(self.X)} texts"
        n_rows, n_columns = self.X.shape
        return f"{n_rows} rows x {n_columns} columns"

    def __sklearn_clone__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def __eq__(self, other):
        if type(other) is not type(self):
            return NotImplemented
        return self is other or (
            num_samples(self.X) == num_samples(other.X)
            and are_documents(self.X) == are_documents(other.X)
            and is_frame(self.X) == is_frame(other.X)
            and column_names(self.X) == column_names(other.X)
            and _categories(self.X) == _categories(other.X)
            and all(map(_same_cells, self._columns(), other._columns()))
        )

    def _columns(self):
        """Yield what is compared, column by column."""
        yield from (cells for _, cells in iterate_columns(self.X))

    def __hash__(self):
        return hash((num_samples(self.X), len(column_names(self.X))))


def check_rows(X, what, *, name="X"):
    """Return rows as a table or a sequence of texts, of one row and column at least."""
    check_feature_frame(X, name=name)
    if are_documents(X):
        return X
    X = as_rows(X)
    if len(X.shape) != 2 or min(X.shape) == 0:
        raise ValueError(
            f"{name} has shape {X.shape}; {what} are a table with at least one row and "
            f"one column."
        )
    return X


def _categories(X):
    """Which columns of a frame hold categories."""
    dtypes = as_frame(X).schema.values() if is_frame(X) else ()
    return [dtype in (nw.Categorical, nw.Enum) for dtype in dtypes]


def _same_cells(first, second):
    """Whether two arrays hold the same cells and kind; missing equals missing."""
    first, second = (
        a.astype(object) if a.dtype.kind in "SUT" else a for a in (first, second)
    )
    if first.shape != second.shape or first.dtype.kind != second.dtype.kind:
        return False
    if first.dtype.kind != "O":
        return np.array_equal(first, second, equal_nan=True)
    codes = cell_codes(np.concatenate([first.ravel(), second.ravel()]))
    return np.array_equal(codes[: first.size], codes[first.size :])


def check_handle(value, kind, owner, name):
    """Return a handle of a kind, or None; refuse anything else with the cure.

    Raises
    ------
    InvalidParameterError
        For a bare array or frame.
    """
    if value is None or isinstance(value, kind):
        return value
    raise InvalidParameterError(
        f"The {name!r} parameter of {owner.__class__.__name__} must be a "
        f"{kind.__name__} or None. Got {type(value).__name__} instead. Write "
        f"{name}={kind.__name__}(...): scikit-learn silently slices a bare array that "
        f"has as many rows as X."
    )
