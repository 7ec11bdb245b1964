"""Training and target rows in one table."""

import warnings

import numpy as np

from skdataquality.exceptions import OverlapWarning
from skdataquality.utils._frames import (
    are_documents,
    as_frame,
    column_names,
    is_frame,
    stack_rows,
)
from skdataquality.utils._sklearn import num_samples


def pool(X, X_target):
    """Stack training on target rows in the container of X; say 1 for target rows."""
    X, X_target = same_columns(X, X_target)
    is_target = np.repeat([0, 1], [num_samples(X), num_samples(X_target)])
    return stack_rows(X, X_target), is_target


def same_columns(X, X_target):
    """Return both tables with the columns of X in its order; see :func:`pool`."""
    if are_documents(X) != are_documents(X_target):
        raise ValueError(
            f"X is {_say(X)} but X_target is {_say(X_target)}: pass raw rows of one "
            f"kind on both sides."
        )
    n_columns, n_target = len(column_names(X)), len(column_names(X_target))
    if n_columns != n_target:
        raise ValueError(
            f"X has {n_columns} features but X_target has {n_target}. Both "
            f"must be raw rows: wrap the whole pipeline, as in "
            f"ShiftWeightedClassifier(make_pipeline(StandardScaler(), clf), "
            f"X_target=...), instead of using it as a later step."
        )
    if is_frame(X) != is_frame(X_target):
        _warn_names("only one of X and X_target has column names")
        return without_names(X), without_names(X_target)
    if is_frame(X) and set(X.columns) != set(X_target.columns):
        _warn_names("X and X_target have different column names")
        target = as_frame(X_target)
        names = dict(zip(target.columns, list(X.columns), strict=True))
        X_target = target.rename(names).to_native()
    elif is_frame(X) and list(X.columns) != list(X_target.columns):
        X_target = as_frame(X_target).select(list(X.columns)).to_native()
    return X, X_target


def _say(X):
    return "a sequence of texts" if are_documents(X) else "a table"


def _warn_names(problem):
    warnings.warn(
        f"{problem}; columns are matched by position. Make sure that both are raw "
        f"rows, before any transformation.",
        OverlapWarning,
        stacklevel=2,
    )


def without_names(X):
    """Cells of a data frame as an array; anything else as it is."""
    return as_frame(X).to_numpy() if is_frame(X) else X
