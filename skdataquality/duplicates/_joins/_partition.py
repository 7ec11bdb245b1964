"""Rows in an order of small blocks, and which blocks may hold a pair."""

import numpy as np

ROWS = 256  # in a block
_STRIP = 4  # blocks
_WASTE = 1.05
_PAIRS_AT_ONCE = 2**20


class Partition:
    """Blocks of rows that lie together on the first ``n_sorted`` coordinates.

    Parameters
    ----------
    points : ndarray of shape (n_rows, n_coordinates)
    radius : float
    n_sorted : int
        More coordinates cut smaller boxes, which have more neighbours.
    block : ndarray of shape (n_rows,), int, or None
        Rows of different codes are not paired.
    """

    def __init__(self, points, radius, n_sorted, block=None):
        self._radius = radius
        self.order = _order(points, n_sorted, block)
        self.starts = np.arange(0, points.shape[0], ROWS)
        if block is not None:
            points = np.column_stack([points, block * (2 * radius)])
        points = points[self.order]
        self._low = np.minimum.reduceat(points, self.starts)
        self._high = np.maximum.reduceat(points, self.starts)

    def near(self):
        """Yield first and last block of a strip, and the blocks that may be near it.

        Only blocks from the strip on are named. A strip has several blocks where they
        are near the same ones, since wider products are quicker.
        """
        n_blocks = self.starts.size
        step = _STRIP * max(1, _PAIRS_AT_ONCE // (_STRIP * n_blocks))
        for at in range(0, n_blocks, step):
            mask = np.triu(self._near(slice(at, at + step), at))
            for i in range(0, mask.shape[0], _STRIP):
                strip = mask[i : i + _STRIP]
                together = np.flatnonzero(strip.any(axis=0))
                if strip.shape[0] * together.size <= _WASTE * np.count_nonzero(strip):
                    yield at + i, at + i + strip.shape[0], at + together
                    continue
                for k, near in enumerate(strip, start=at + i):
                    yield k, k + 1, at + np.flatnonzero(near)

    def n_near(self):
        """Pairs of blocks that have to be compared."""
        return sum((stop - start) * near.size for start, stop, near in self.near())

    def _near(self, some, start):
        low, high = self._low[start:], self._high[start:]
        squared = np.zeros((self._low[some].shape[0], low.shape[0]))
        for j in range(low.shape[1]):
            gap = np.maximum(
                low[:, j] - self._high[some, j][:, None],
                self._low[some, j][:, None] - high[:, j],
            )
            squared += np.maximum(gap, 0) ** 2
        return squared <= self._radius**2 * (1 + 1e-9)


def _order(points, n_sorted, block):
    """Sort by the first coordinate, then by each within the strips cut so far."""
    n = points.shape[0]
    per_strip = (n / ROWS) ** (1 / n_sorted)
    column = points[:, 0]
    if block is None:
        order = np.argsort(column, kind="stable")
    else:
        order = np.lexsort((column, block))
    for j in range(1, n_sorted):
        size = max(1, int(np.ceil(n / per_strip**j)))
        order = _sort_strips(points[:, j], order, size)
    return order


def _sort_strips(values, order, size):
    """Sort the rows of each strip of so many rows in the order."""
    n_whole = order.size // size * size
    strips = order[:n_whole].reshape(-1, size)
    within = np.argsort(values[strips], axis=1, kind="stable")
    rest = order[n_whole:]
    rest = rest[np.argsort(values[rest], kind="stable")]
    return np.concatenate([np.take_along_axis(strips, within, axis=1).ravel(), rest])
