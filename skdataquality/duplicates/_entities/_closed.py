"""Rows that are each other's nearest, more often than chance makes them.

A group of m rows is closed if the m - 1 rows nearest to each of them are the others. In
a smooth density on a line that is so where the gaps on both sides exceed the sum of the
m - 1 gaps within: of exponential gaps with probability ``(1/3) ** (m - 1)`` for each
row as the first of a group. More dimensions make it rarer.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from skdataquality.duplicates._entities._readings import read_rows
from skdataquality.duplicates._numbers import NearestRows
from skdataquality.utils._duplicate_rows import duplicate_groups
from skdataquality.utils._folds import join_groups
from skdataquality.utils._sklearn import take_rows

FEWEST_ROWS = 100
MOST_ROWS = 10_000  # of a table that is looked at: all pairs are
SIZES = (2, 3, 4, 5, 6)
UNLIKELY = 1e-4
BEYOND_CHANCE = 0.2  # of the rows: clusters of 8 on average have some small ones


@dataclass(frozen=True)
class ClosedGroups:
    """Of one size: the share of rows in closed groups, and what chance makes at most.

    ``groups`` holds the first row of the closed group of each row, of any size.
    """

    size: int
    share: float
    chance: float
    p_value: float
    groups: np.ndarray

    @property
    def are_many(self):
        """Whether chance does not make so many."""
        beyond = self.share - self.chance >= BEYOND_CHANCE
        return bool(beyond and self.p_value < UNLIKELY)


def closed_groups_of(X, known=None):
    """Look for closed groups of rows of which no two are equal or in a known group."""
    together = join_groups(known, duplicate_groups(X))
    _, rows, place = np.unique(together, return_index=True, return_inverse=True)
    if not FEWEST_ROWS <= rows.size <= MOST_ROWS:
        return None
    found = closed_groups(read_rows(take_rows(X, rows)).points)
    return None if found is None else replace(found, groups=rows[found.groups][place])


def closed_groups(points):
    """Count the closed groups, of the size of which there are most beyond chance."""
    n = points.shape[0]
    if points.shape[1] == 0:
        return None
    distance, near = NearestRows(points, np.arange(n)).others(np.arange(n), max(SIZES))
    groups, found = np.arange(n), []
    for size in SIZES:
        closed = _closed(distance, near, size)
        groups[closed.ravel()] = np.repeat(closed.min(axis=1), size)
        chance = size / 3 ** (size - 1)
        share = closed.size / n
        p_value = float(stats.poisson.sf(len(closed) - 1, n * chance / size))
        found.append((share - chance, size, share, chance, len(SIZES) * p_value))
    _, size, share, chance, p_value = max(found)
    return ClosedGroups(size, share, chance, min(1.0, p_value), groups)


def _closed(distance, near, size):
    """Return the rows of each closed group of a size, of shape (n_groups, size)."""
    others = near[:, : size - 1]
    stands_out = distance[:, size - 2] < distance[:, size - 1]  # no tie at its edge
    rows = np.flatnonzero(stands_out)
    members = np.sort(np.column_stack([rows, others[rows]]), axis=1)
    distinct, times = np.unique(members, axis=0, return_counts=True)
    return distinct[times == size]
