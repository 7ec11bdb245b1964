"""Rows from where a model will be used, in a handle: :class:`TargetData`."""

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
from skdataquality.utils._validation import (
    check_feature_frame,
    check_same_length,
)


class TargetData:
    """Handle for target data: rows, unlabelled or partly labelled.

    scikit-learn slices every array of as many rows as X that it is given in a search,
    without a word. A handle is passed on whole, whatever its size.

    Parameters
    ----------
    X : {array-like, sparse matrix, data frame} of shape (n_target, n_features)
        Raw rows, with the columns of the training rows before any transformation; or a
        list, Series or 1-D array of texts.
    y : array-like of shape (n_target,), default=None
        Labels, where known.

    Attributes
    ----------
    X, y : the data
        Not to be modified.

    See Also
    --------
    ShiftWeightedClassifier : Takes it as ``X_target``.

    Notes
    -----
    ``clone`` and ``copy.deepcopy`` hand it on as itself, so a grid search copies
    nothing. It is pickled with its rows: set ``X_target=None`` on a fitted estimator
    before saving it, and no target row leaves with the model.

    Two handles are equal if their contents are: cells, labels, column names, and the
    kind of each column (integers, unsigned, floats, booleans, dates, categories, or
    anything else, such as text). Precision does not count (float32 beside float64), nor
    how text or missing values are stored, memory layout, the library of the frame, its
    index, or whether a matrix is sparse. Missing is equal to missing.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.base import clone
    >>> from skdataquality.shift import TargetData
    >>> target = TargetData(np.ones((50, 3)))
    >>> target
    TargetData(50 rows x 3 columns)
    >>> clone(target) is target
    True
    """

    def __init__(self, X, y=None):
        if isinstance(X, TargetData):
            raise ValueError("X is a TargetData already: use it as it is.")
        check_feature_frame(X)
        if not are_documents(X):
            X = as_rows(X)
        if not are_documents(X) and (len(X.shape) != 2 or min(X.shape) == 0):
            raise ValueError(
                f"X has shape {X.shape}; target data are a table with at least one row "
                f"and one column."
            )
        check_same_length(X=X, y=y)
        self.X = X
        self.y = y

    def __repr__(self):
        labelled = "" if self.y is None else ", labelled"
        if are_documents(self.X):
            return f"TargetData({num_samples(self.X)} texts{labelled})"
        n_rows, n_columns = self.X.shape
        return f"TargetData({n_rows} rows x {n_columns} columns{labelled})"

    @property
    def _code_(self):
        """How the handle is written in suggested code."""
        return "TargetData(X_target)"

    def __sklearn_clone__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def __eq__(self, other):
        if not isinstance(other, TargetData):
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
        """Yield the columns and the labels, none where there are none."""
        yield from (cells for _, cells in iterate_columns(self.X))
        yield np.empty(0) if self.y is None else np.asarray(self.y)

    def __hash__(self):
        return hash((num_samples(self.X), len(column_names(self.X))))


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


def as_target_data(X_target):
    """Return target rows in their handle; messages name the argument X_target."""
    if isinstance(X_target, TargetData):
        return X_target
    check_feature_frame(X_target, name="X_target")
    return TargetData(X_target)


def check_target_data(value, owner, *, name="X_target"):
    """Return a TargetData or None; refuse anything else with the cure.

    Raises
    ------
    InvalidParameterError
        For a bare array or frame.
    """
    if value is None or isinstance(value, TargetData):
        return value
    raise InvalidParameterError(
        f"The {name!r} parameter of {owner.__class__.__name__} must be a TargetData "
        f"or None. Got {type(value).__name__} instead. Write {name}=TargetData(...): "
        f"scikit-learn silently slices a bare array that has as many rows as X."
    )


def choose_target(own, given, owner):
    """Target data of the constructor or of ``fit``, which must not both be set."""
    own, given = check_target_data(own, owner), check_target_data(given, owner)
    if own is not None and given is not None:
        raise ValueError(
            f"X_target was given to the constructor ({own!r}) and to fit ({given!r}) "
            f"of {owner.__class__.__name__}: give it once."
        )
    return given if own is None else own
