"""The training row that each test row repeats: :func:`training_twins`."""

from dataclasses import dataclass

import numpy as np

from skdataquality.duplicates._remedies import find_twins
from skdataquality.utils._duplicate_rows import duplicate_groups
from skdataquality.utils._frames import stack_rows


@dataclass(frozen=True)
class Twins:
    """For each test row the training row that it repeats.

    Attributes
    ----------
    twin : ndarray of shape (n_test,), int
        The first equal training row, else the first of the nearest ones; -1: none.
    is_exact : ndarray of shape (n_test,), bool
    group : ndarray of shape (n_test,), int
        Test rows that repeat each other, or one training row, share it.
    exact_groups : ndarray of shape (n_train + n_test,), int
    complete : bool
        Whether all near pairs were looked for.
    """

    twin: np.ndarray
    is_exact: np.ndarray
    group: np.ndarray
    exact_groups: np.ndarray
    complete: bool


def training_twins(X_train, X_test, *, near, detector=None):
    """Look for the rows of one table in the other; columns must match already."""
    n = X_train.shape[0]
    pooled = stack_rows(X_train, X_test)
    group, found = find_twins(pooled, near, detector)
    exact = duplicate_groups(pooled) if found is None else found.equal_groups_
    twin = np.where(exact[n:] < n, exact[n:], -1)
    is_exact = twin >= 0
    if found is None:
        return Twins(twin, is_exact, group[n:], exact, complete=True)
    _take_nearest(twin, exact[n:], found, n)
    return Twins(twin, is_exact, group[n:], exact, found.complete_)


def _take_nearest(twin, exact_of_test, found, n):
    """Name the nearest training row of test rows without an equal one.

    Pairs are of the first of equal rows: one within training comes before all in test.
    """
    first, second = found.pairs_.first, found.pairs_.second
    across = (first < n) & (second >= n)
    # the nearest last, of equally near ones the first
    order = np.lexsort((-first[across], -found._relative_distance[across]))
    nearest = np.full(n + twin.size, -1, dtype=np.int64)
    nearest[second[across][order]] = first[across][order]
    lacks = twin < 0
    twin[lacks] = nearest[exact_of_test[lacks]]
