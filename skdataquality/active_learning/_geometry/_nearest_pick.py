"""Distance of every row to the nearest picked one: :class:`NearestPick`."""

import numpy as np

from skdataquality.utils._neighbors import squared_norms


class NearestPick:
    """Squared Euclidean distance of each point to the nearest of those added so far.

    Parameters
    ----------
    points : {ndarray, csr matrix} of shape (n_samples, n_features)
        Finite floats; read as they are, never copied.

    Attributes
    ----------
    squared : ndarray of shape (n_samples,)
        Infinite before anything is added; 0 at what is added.
    """

    def __init__(self, points):
        self._points = points
        self._norms = squared_norms(points)
        self.squared = np.full(points.shape[0], np.inf, dtype=self._norms.dtype)

    def add(self, row):
        """Add one of the points."""
        self.add_point(self._points[row], self._norms[row])
        self.squared[row] = 0

    def add_point(self, point, norm=None):
        """Add a point, of shape (n_features,), that need not be one of them."""
        norm = point @ point if norm is None else norm
        away = self._points @ point
        away *= -2
        away += self._norms
        away += norm
        np.maximum(away, 0, out=away)
        np.minimum(self.squared, away, out=self.squared)
