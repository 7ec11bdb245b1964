"""Which rows are equal to one: :class:`Copies`."""

import numpy as np

from skdataquality.active_learning._embedding import content_keys


class Copies:
    """Equal points, found by a hash of each.

    Parameters
    ----------
    points : {ndarray, csr matrix} of shape (n_samples, n_features)
    """

    def __init__(self, points):
        self._dtype = points.dtype
        self._hashes = content_keys(points)
        self._order = np.argsort(self._hashes, kind="stable")
        self._sorted = self._hashes[self._order]

    def of(self, row):
        """Rows equal to a row, with it."""
        return self._with(self._hashes[row])

    def of_points(self, points):
        """Rows equal to one of some points."""
        hashes = np.unique(content_keys(points.astype(self._dtype, copy=False)))
        return np.concatenate([self._with(each) for each in hashes])

    def n_distinct(self, codes, n_classes, rows):
        """Count the different points of each class among some rows."""
        order = np.lexsort((self._hashes[rows], codes[rows]))
        code, value = codes[rows][order], self._hashes[rows][order]
        is_first = np.ones(rows.size, dtype=bool)
        is_first[1:] = (code[1:] != code[:-1]) | (value[1:] != value[:-1])
        return np.bincount(code[is_first], minlength=n_classes)

    def _with(self, value):
        start = np.searchsorted(self._sorted, value, side="left")
        stop = np.searchsorted(self._sorted, value, side="right")
        return self._order[start:stop]
