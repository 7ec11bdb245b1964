"""Rows without a label beside the table: :func:`rows_of_pool`."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from skdataquality.shift import TargetData
from skdataquality.utils._draws import draw_rows
from skdataquality.utils._frames import (
    are_documents,
    as_frame,
    as_rows,
    column_as_array,
    column_names,
    is_frame,
    select_columns,
    without_columns,
)
from skdataquality.utils._sklearn import num_samples, take_rows
from skdataquality.utils._validation import check_feature_frame

FEWEST_UNLABELLED = 20  # rows of the table itself that are taken for a pool


@dataclass(frozen=True, eq=False)
class PoolRows:
    """Rows of a pool, the features of the table in their own container.

    Attributes
    ----------
    X : table or texts
    groups : ndarray of shape (n_pool,), or None
    numbers : ndarray of shape (n_pool,), int
        Of each row in the table that it came from.
    n_given : int
        Rows of the pool before some were drawn.
    """

    X: Any
    groups: Any
    numbers: np.ndarray
    n_given: int

    def features(self, withheld):
        """Return the rows without some columns."""
        return without_columns(self.X, withheld)


def rows_of_pool(X_pool, X, roles, groups, max_rows, seed):
    """Return the `PoolRows` passed, or the rows of X without a label; None if few.

    Parameters
    ----------
    X_pool : table, TargetData or None
    X : table as it was passed
    roles : Roles
    groups : str, array-like or None
        As passed; the name of a column that a pool may have, too.
    max_rows : int or None
    seed : int
    """
    if X_pool is None:
        if roles.labelled is None:
            return None
        numbers = np.setdiff1d(np.arange(num_samples(X)), roles.labelled)
        if numbers.size < FEWEST_UNLABELLED:
            return None
        X_pool = X
    else:
        X_pool = X_pool.X if isinstance(X_pool, TargetData) else X_pool
        check_feature_frame(X_pool, name="X_pool")
        numbers = np.arange(num_samples(X_pool))
    rng = np.random.default_rng(seed + 1)  # the draws of other rows stay as they are
    drawn = numbers[draw_rows(numbers.size, max_rows, rng)]
    rows = take_rows(X_pool, drawn)
    of_rows = None
    if isinstance(groups, str) and is_frame(rows) and groups in column_names(rows):
        of_rows = column_as_array(as_frame(rows)[groups])
    return PoolRows(_features(rows, roles.X), of_rows, drawn, numbers.size)


def _features(rows, X):
    """Return the columns that are features of the table."""
    if are_documents(rows) or are_documents(X):
        if are_documents(rows) != are_documents(X):
            raise ValueError(
                "X and X_pool are not of one kind, texts or rows of columns: pass raw "
                "rows of the same kind."
            )
        return rows
    rows, wanted = as_rows(rows), column_names(X)
    if is_frame(rows) and is_frame(X):
        present = set(column_names(rows))
        shared = [name for name in wanted if name in present]
        if not shared:
            raise ValueError(
                f"X_pool has no feature of X: it has {column_names(rows)[:8]}, X has "
                f"{wanted[:8]}. Pass rows with the columns of X."
            )
        return select_columns(rows, shared)
    if rows.shape[1] != len(wanted):
        raise ValueError(
            f"X has {len(wanted)} features and X_pool has {rows.shape[1]}: pass rows "
            f"with the same columns."
        )
    return rows
