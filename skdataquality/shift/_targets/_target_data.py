"""Rows from where a model will be used, in a handle: :class:`TargetData`."""

import numpy as np

from skdataquality.utils._rows_handle import RowsHandle, check_handle, check_rows
from skdataquality.utils._validation import check_same_length


class TargetData(RowsHandle):
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

    _what = "target data"
    _passed_as = "X_target"

    def __init__(self, X, y=None):
        super().__init__(X)
        check_same_length(X=self.X, y=y)
        self.y = y

    def _size(self):
        return super()._size() + ("" if self.y is None else ", labelled")

    @property
    def _code_(self):
        """How the handle is written in suggested code."""
        return "TargetData(X_target)"

    def _columns(self):
        """Yield the columns and the labels, none where there are none."""
        yield from super()._columns()
        yield np.empty(0) if self.y is None else np.asarray(self.y)


def as_target_data(X_target):
    """Return target rows in their handle; messages name the argument X_target."""
    if isinstance(X_target, TargetData):
        return X_target
    return TargetData(check_rows(X_target, TargetData._what, name="X_target"))


def check_target_data(value, owner, *, name="X_target"):
    """Return a TargetData or None; refuse anything else with the cure.

    Raises
    ------
    InvalidParameterError
        For a bare array or frame.
    """
    return check_handle(value, TargetData, owner, name)


def choose_target(own, given, owner):
    """Target data of the constructor or of ``fit``, which must not both be set."""
    own, given = check_target_data(own, owner), check_target_data(given, owner)
    if own is not None and given is not None:
        raise ValueError(
            f"X_target was given to the constructor ({own!r}) and to fit ({given!r}) "
            f"of {owner.__class__.__name__}: give it once."
        )
    return given if own is None else own
