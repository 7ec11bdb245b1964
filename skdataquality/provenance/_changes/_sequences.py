"""Rows, or whole groups of rows, in the order of time."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

N_TRIED = 250


@dataclass(frozen=True)
class RowSequence:
    """Rows by time; a change may lie before the rows ``bounds`` of ``rows``."""

    rows: NDArray[np.intp]
    values: NDArray
    bounds: NDArray[np.intp]

    @classmethod
    def of(cls, values, ranks, min_size):
        """Sort rows by time, and rows of one moment by their errors.

        The latter so that the numbers drawn do not depend on the order of the table.
        """
        rows = np.lexsort((values, ranks))
        by_time = ranks[rows]
        bounds = 1 + np.flatnonzero(by_time[1:] != by_time[:-1])
        inside = (bounds >= min_size) & (bounds <= rows.size - min_size)
        return cls(rows, values[rows], bounds[inside])

    def statistics(self, scan):
        """Statistic of a change at each of the bounds."""
        sums = np.cumsum(self.values, dtype=_kind(self.values))
        return scan(sums[self.bounds - 1], self.bounds)

    @property
    def tried(self):
        """Positions among the bounds at which a change is tested, some hundreds.

        With more the test is slow and no sharper: they lie closer than the smallest
        part is long.
        """
        if self.bounds.size <= 2 * N_TRIED:
            return np.arange(self.bounds.size)
        return np.linspace(0, self.bounds.size - 1, N_TRIED).astype(np.intp)


@dataclass(frozen=True)
class BlockSequence:
    """Groups of rows by their mean time, each with its rows and its errors."""

    rows: NDArray[np.intp]
    sizes: NDArray[np.intp]
    sums: NDArray
    cuts: NDArray[np.intp]
    min_size: int

    @classmethod
    def of(cls, values, ranks, groups, min_size):
        """Sort groups by time; a change may lie only between two of them."""
        sizes = np.bincount(groups)
        middle = np.bincount(groups, weights=ranks) / sizes
        sums = np.bincount(groups, weights=values)
        sums = sums.astype(np.intp) if values.dtype == bool else sums
        blocks = np.lexsort((sums, sizes, middle))
        place = np.empty_like(blocks)
        place[blocks] = np.arange(blocks.size)
        by_time = middle[blocks]
        return cls(
            rows=np.lexsort((ranks, place[groups])),
            sizes=sizes[blocks],
            sums=sums[blocks],
            cuts=1 + np.flatnonzero(by_time[1:] != by_time[:-1]),
            min_size=min_size,
        )

    @property
    def bounds(self):
        """Rows before each cut; out of bounds where a part would be too small."""
        return np.cumsum(self.sizes)[self.cuts - 1]

    @property
    def tried(self):
        """Positions among the bounds at which a change is tested: all."""
        return np.arange(self.cuts.size)

    def statistics(self, scan, order=None):
        """Statistic at each cut, with blocks as they are or in these orders."""
        order = np.arange(self.sizes.size) if order is None else order
        rows = np.cumsum(self.sizes[order], axis=-1)[..., self.cuts - 1]
        sums = np.cumsum(self.sums[order], axis=-1)[..., self.cuts - 1]
        n = int(self.sizes.sum())
        inside = (rows >= self.min_size) & (rows <= n - self.min_size)
        return np.where(inside, scan(sums, rows), -np.inf)


def _kind(values):
    return np.intp if values.dtype == bool else float
