"""Picks that are counted by blocks: :class:`DeferredPicks`."""

import numpy as np

BLOCK = 64  # picks that are added at a time, by one matrix product
_PICK_CELLS = 2**22  # of these picks: sparse ones are made dense to be multiplied


class DeferredPicks:
    """What is common to distances to the nearest of some picks.

    A subclass implements ``_lower(start, stop)``, which lowers `squared` by the
    distances to some of `_picks`.

    Parameters
    ----------
    shape : tuple of int
        Rows and columns of the points.
    dtype : dtype
        Of `squared`.

    Attributes
    ----------
    squared : ndarray of shape (n_samples,)
        Squared distance of each row to the nearest pick; infinite before there is one.
    """

    def __init__(self, shape, dtype):
        n_rows, n_columns = shape
        self._block = max(1, min(BLOCK, _PICK_CELLS // max(1, n_columns)))
        self.squared = np.full(n_rows, np.inf, dtype=dtype)
        self._picks = []
        self._n_counted = 0

    @property
    def n_picks(self):
        """Number of picks added so far."""
        return len(self._picks)

    def add(self, row):
        """Add a row."""
        self.defer(row)
        self.settle()

    def add_rows(self, rows):
        """Add several rows, much faster than one by one."""
        self._picks.extend(np.asarray(rows, dtype=np.intp).tolist())
        self.settle()

    def defer(self, row):
        """Add a row; `squared` shows it after the next :meth:`settle`."""
        self._picks.append(int(row))

    def settle(self):
        """Bring `squared` up to date with all picks."""
        while self._n_counted < self.n_picks:
            stop = min(self._n_counted + self._block, self.n_picks)
            self._lower(self._n_counted, stop)
            self._n_counted = stop

    def _lower(self, start, stop):
        """Count the picks from `start` to `stop`."""
        raise NotImplementedError
