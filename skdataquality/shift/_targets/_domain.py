"""Training and target rows in one table."""

import warnings
from dataclasses import dataclass

import numpy as np

from skdataquality.exceptions import OverlapWarning
from skdataquality.utils._frames import (
    are_documents,
    as_frame,
    as_rows,
    column_names,
    is_frame,
    match_columns,
    named_frame,
    select_columns,
    stack_rows,
)
from skdataquality.utils._sklearn import num_samples


@dataclass(frozen=True)
class PooledColumns:
    """Names of the columns that both tables have (None: arrays), and their library."""

    names: list | None = None
    library: str | None = None

    def of(self, X):
        """Return other rows with these columns under these names."""
        if self.names is None:
            return X
        if not is_frame(X):
            return named_frame(X, self.names, self.library)
        return X if column_names(X) == self.names else select_columns(X, self.names)


def pool(X, X_target):
    """Stack training on target rows; say 1 for the latter, and which columns are left.

    The container is that of X.
    """
    X, X_target = same_columns(X, X_target)
    is_target = np.repeat([0, 1], [num_samples(X), num_samples(X_target)])
    table, columns = stack_rows(X, X_target), PooledColumns()
    if is_frame(table):
        library = as_frame(table).implementation.value
        columns = PooledColumns(column_names(table), library)
    return table, is_target, columns


def same_columns(X, X_target):
    """Return both tables with the columns that they share; warn of all others."""
    if are_documents(X) != are_documents(X_target):
        raise ValueError(
            f"X is {_say(X)} but X_target is {_say(X_target)}: pass raw rows of one "
            f"kind on both sides."
        )
    if are_documents(X):
        return X, X_target
    X, X_target = as_rows(X), as_rows(X_target)
    n_columns, n_target = X.shape[1], X_target.shape[1]
    if n_columns != n_target and not (is_frame(X) and is_frame(X_target)):
        raise ValueError(
            f"X has {n_columns} features but X_target has {n_target}. Both "
            f"must be raw rows: wrap the whole pipeline, as in "
            f"ShiftWeightedClassifier(make_pipeline(StandardScaler(), clf), "
            f"X_target=...), instead of using it as a later step."
        )
    X, X_target, notes = match_columns(X, X_target)
    if notes:
        warnings.warn(
            f"{'; '.join(notes)}. Make sure that both are raw rows, before any "
            f"transformation.",
            OverlapWarning,
            stacklevel=2,
        )
    return X, X_target


def _say(X):
    return "a sequence of texts or dicts" if are_documents(X) else "a table"
