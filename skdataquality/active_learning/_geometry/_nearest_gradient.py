"""Distances between pseudo-gradients that are never made: :class:`NearestGradient`."""

import numpy as np
import scipy.sparse as sp

from skdataquality.active_learning._geometry._deferred import DeferredPicks
from skdataquality.utils._frames import row_blocks
from skdataquality.utils._neighbors import cells_per_row, squared_norms

_BLOCK_CELLS = 2**17  # of points; what stays in a processor's cache
_ROUNDING = 8.0  # distances below so many rounding errors are none


class NearestGradient(DeferredPicks):
    """Squared distance of each gradient to the nearest of those added so far.

    The gradient of a row is the outer product of its residual and its point, whence
    ``|g_i - g_j|^2 = |g_i|^2 + |g_j|^2 - 2 (r_i . r_j) (x_i . x_j)``.

    Parameters
    ----------
    points : {ndarray, csr matrix} of shape (n_samples, n_features)
    residuals : ndarray of shape (n_samples, n_classes)
        Of the type of the points.

    Attributes
    ----------
    norms : ndarray of shape (n_samples,)
        Squared lengths of the gradients.
    squared : ndarray of shape (n_samples,)
        Infinite before anything is added. Exactly 0 for what is added, its copies, and
        what rounding cannot tell from them.
    """

    def __init__(self, points, residuals):
        self.points = points
        self.residuals = residuals
        self.norms = squared_norms(points) * squared_norms(residuals)
        if not np.isfinite(self.norms).all():
            raise ValueError(
                f"points hold values too large to be squared in {points.dtype}: scale "
                f"them."
            )
        super().__init__(points.shape, self.norms.dtype)
        width = points.shape[1] + residuals.shape[1]
        eps = np.finfo(self.norms.dtype).eps
        self._rounding = _ROUNDING * eps * (4 + np.sqrt(width))

    def to_deferred(self, row):
        """Squared distance of one row to the nearest pick that is not settled."""
        picks = self._picks[self._n_counted :]
        if not picks:
            return np.inf
        return self._distances(slice(row, row + 1), picks)[0]

    def _lower(self, start, stop):
        picks = self._picks[start:stop]
        width = max(cells_per_row(self.points), len(picks))
        for part in row_blocks((self.norms.size, width), _BLOCK_CELLS):
            away = self._distances(part, picks)
            np.minimum(self.squared[part], away, out=self.squared[part])
        self.squared[picks] = 0

    def _distances(self, part, picks):
        """Squared distances of a block of rows to the nearest of some."""
        points = self.points[part]
        if sp.issparse(points):
            away = np.ascontiguousarray((points @ self.points[picks].T.toarray()).T)
        else:
            away = self.points[picks] @ points.T
        away *= self.residuals[picks] @ self.residuals[part].T
        away *= -2
        away += self.norms[picks][:, None]
        away = away.min(axis=0)
        away += self.norms[part]
        away[away <= self._rounding * self.norms[part]] = 0
        return away
