"""The nearest of some rows: :class:`NearestRows`."""

import numpy as np
from scipy.spatial import cKDTree

from skdataquality.utils._frames import row_blocks
from skdataquality.utils._neighbors import distances, squared_norms

_WIDE = 8  # columns: a tree visits all rows
_LARGEST = 1e5  # cells: squares of larger ones lose digits
_BLOCK_CELLS = 2**20


class NearestRows:
    """Search for the nearest of the ``reference`` rows of a table.

    In many columns by matrix products, which say which rows are nearest, and direct
    differences of these.

    Parameters
    ----------
    cells : ndarray of shape (n_rows, n_columns), float
    reference : ndarray of shape (n_reference,), int
        Rows among which the nearest are sought.
    """

    def __init__(self, cells, reference):
        self._cells, self.rows = cells, reference
        points = cells[reference]
        wide = cells.shape[1] > _WIDE and np.abs(points).max() <= _LARGEST
        self._tree = None if wide else cKDTree(points)
        if wide:
            self._points, self._norms = points, squared_norms(points)
            self._place = np.full(cells.shape[0], -1)
            self._place[reference] = np.arange(reference.size)

    def others(self, rows, wanted):
        """Distances and places of the nearest other rows, in rising order."""
        wanted = min(wanted, self.rows.size - 1)
        if self._tree is None:
            return self._by_products(rows, wanted)
        distance, near = self._tree.query(self._cells[rows], k=np.arange(1, wanted + 2))
        own = self.rows[near] == rows[:, None]
        # the row is no reference row: one too many
        own[~own.any(axis=1), -1] = True
        shape = (rows.size, wanted)
        return distance[~own].reshape(shape), near[~own].reshape(shape)

    def _by_products(self, rows, wanted):
        shape = (rows.size, wanted)
        near, distance = np.empty(shape, dtype=np.int64), np.empty(shape)
        for part in row_blocks((rows.size, self.rows.size), _BLOCK_CELLS):
            closeness = self._cells[rows[part]] @ self._points.T
            closeness -= self._norms / 2
            own = self._place[rows[part]]
            is_reference = np.flatnonzero(own >= 0)
            closeness[is_reference, own[is_reference]] = -np.inf
            near[part] = _places_of_largest(closeness, wanted)
        first = np.repeat(rows, wanted)
        distance = distances(self._cells, first, self.rows[near].ravel()).reshape(shape)
        order = np.argsort(distance, axis=1, kind="stable")
        return (
            np.take_along_axis(distance, order, axis=1),
            np.take_along_axis(near, order, axis=1),
        )


def _places_of_largest(table, wanted):
    """Places of the largest numbers of each row, of equal ones the first."""
    least = np.partition(table, -wanted, axis=1)[:, [-wanted]]
    larger = table > least
    room = wanted - np.count_nonzero(larger, axis=1)[:, None]
    ties = table == least
    chosen = larger | (ties & (np.cumsum(ties, axis=1) <= room))
    return np.nonzero(chosen)[1].reshape(table.shape[0], wanted)
