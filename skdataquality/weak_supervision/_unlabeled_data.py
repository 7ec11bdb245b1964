"""Rows without labels, in a handle: :class:`UnlabeledData`."""

import numpy as np

from skdataquality.utils._frames import (
    are_documents,
    as_frame,
    as_rows,
    column_names,
    is_frame,
    match_columns,
    stack_rows,
)
from skdataquality.utils._rows_handle import RowsHandle
from skdataquality.utils._sklearn import num_samples
from skdataquality.utils._validation import (
    as_label_column,
    check_feature_frame,
    check_same_length,
    check_weights,
)
from skdataquality.verified import as_verified


class UnlabeledData(RowsHandle):
    """Handle for rows without labels that a model may learn from.

    Cross-validation slices what is given to ``fit``. A handle, given to the
    constructor, is passed on whole: rows with gold labels are split into training and
    test rows, and these rows take part in every fit.

    Parameters
    ----------
    X : {array-like, sparse matrix, data frame} of shape (n_unlabeled, n_features)
        Raw rows, with the columns of the rows that ``fit`` gets; or a list, Series or
        1-D array of texts.

    Attributes
    ----------
    X : the data
        Not to be modified.

    See Also
    --------
    WeaklySupervisedClassifier : Takes it as ``X_unlabeled``.

    Notes
    -----
    ``clone`` and ``copy.deepcopy`` hand it on as itself, so a grid search copies
    nothing. It is pickled with its rows: set ``X_unlabeled=None`` on a fitted estimator
    before saving it, and no row leaves with the model.

    Examples
    --------
    >>> from sklearn.base import clone
    >>> from skdataquality.weak_supervision import UnlabeledData
    >>> pool = UnlabeledData(["a text", "another one"])
    >>> pool
    UnlabeledData(2 texts)
    >>> clone(pool) is pool
    True
    """

    _what = "unlabelled rows"
    _passed_as = "X_unlabeled"

    @property
    def _code_(self):
        """How the handle is written in suggested code."""
        return "UnlabeledData(X_unlabeled)"


def with_pool(pool, X, y, sample_weight, verified):
    """Return rows, labels, weights and verified labels, the rows of a handle last.

    These have no label and the weight 1.
    """
    check_feature_frame(X, y)
    check_same_length(X=X, y=y, sample_weight=sample_weight)
    n_rows, n_below = num_samples(X), num_samples(pool.X)
    weight = check_weights(sample_weight, n_rows)
    if weight is not None:
        weight = np.append(weight, np.ones(n_below))
    column = np.full(n_rows, None) if y is None else as_label_column(y)
    if verified is not None:
        origin = np.append(np.arange(n_rows), np.full(n_below, -1))
        verified = as_verified(verified, column).take(origin)
    y = np.append(column.astype(object), np.full(n_below, None))
    X = X if are_documents(X) else as_rows(X)
    return _below(X, pool), y, weight, verified


def _below(X, pool):
    """Stack the rows of a handle below those of X, in the container of X.

    Raises
    ------
    ValueError
        If they are of another kind, or have other columns.
    """
    kinds = [_kind(rows) for rows in (X, pool.X)]
    if kinds[0] != kinds[1]:
        raise ValueError(
            f"X is {kinds[0]} but X_unlabeled holds {kinds[1]}: pass raw rows of one "
            f"kind in both."
        )
    if kinds[0] != "texts":
        _check_columns(X, pool.X)
    return stack_rows(X, pool.X)


def _kind(rows):
    if are_documents(rows):
        return "texts"
    if not is_frame(rows):
        return "an array"
    return f"a data frame of {as_frame(rows).implementation.value}"


def _check_columns(X, other):
    names = [sorted(map(str, column_names(rows))) for rows in (X, other)]
    if np.shape(X)[1] != np.shape(other)[1] or names[0] != names[1]:
        lacking = sorted(set(names[0]) ^ set(names[1]))[:5]
        which = f" (only one has {lacking})" if lacking else ""
        raise ValueError(
            f"X has {np.shape(X)[1]} columns and X_unlabeled {np.shape(other)[1]}"
            f"{which}: pass rows with the columns of X."
        )
    _, _, notes = match_columns(X, other)
    if notes:
        said = notes[0].split(";")[0].replace("X_target", "X_unlabeled")
        raise ValueError(f"X and X_unlabeled differ: {said}. Mend the column in one.")
