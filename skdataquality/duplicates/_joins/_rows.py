"""Rows as a join sees them: exact distances, and images which are cheap to compare.

An image is a contraction: no two rows are further apart in it than they are, in units
of about the radius. What is near in an image is a candidate and nothing more.
"""

import numpy as np

from skdataquality.duplicates._joins._folding import fold
from skdataquality.utils._draws import FIXED_SEED, draw_rows
from skdataquality.utils._frames import row_blocks
from skdataquality.utils._neighbors import squared_norms

BLOCK_CELLS = 2**16
_SAMPLE, _FEW = 4096, 512
_LEAST_EXPONENT = -1000
_SMALL = 1e-140  # squares of smaller numbers have lost digits


class EuclideanRows:
    """Rows and the Euclidean distances between them.

    Parameters
    ----------
    points : ndarray of shape (n_rows, n_columns), float
    radius : float
        Largest distance asked for, positive. The attribute is in units of a power of
        two, and lies in [1/2, 1).
    """

    def __init__(self, points, radius):
        self._points = points
        self.shape = points.shape
        self.sample = draw_rows(self.shape[0], _SAMPLE, FIXED_SEED)
        self.few = self.sample[:: -(-self.sample.size // _FEW)]
        # a power of two costs no digit; squares neither vanish nor overflow
        self._unit = 2.0 ** max(np.frexp(radius)[1], _LEAST_EXPONENT)
        self.radius = radius / self._unit
        self._centre = np.median(self._read(self.few), axis=0)
        self._span = self._widest()

    def _read(self, index):
        """Rows as they stand, in float64."""
        return self._points[index].astype(np.float64, copy=isinstance(index, slice))

    def _widest(self):
        """Largest distance of a cell from the centre of its column."""
        span = np.zeros(self.shape[1])
        for part in row_blocks(self.shape, BLOCK_CELLS):
            with np.errstate(over="ignore"):
                away = np.abs(self._read(part) - self._centre).max(axis=0)
            np.maximum(span, away, out=span)
        return span

    def image(self, index, reach):
        """Centred rows in units, float64; columns wider than ``reach`` are folded."""
        rows, limit = self._read(index), reach * self._unit
        wide = self._span > limit
        rows -= np.where(wide, 0, self._centre)
        if wide.any():
            rows[:, wide] = fold(rows[:, wide], limit)
        rows *= 1 / self._unit
        return rows

    def distances(self, first, second):
        """Exact distances of pairs of rows, by direct differences in float64."""
        out = np.empty(first.size)
        for part in row_blocks((first.size, self.shape[1]), BLOCK_CELLS):
            out[part] = self._apart(first[part], second[part])
        return out

    def _apart(self, first, second):
        with np.errstate(over="ignore"):
            away = self._read(first)
            away -= self._read(second)
            away *= 1 / self._unit
            return np.sqrt(squared_norms(away)) * self._unit


class CosineRows(EuclideanRows):
    """Rows as directions; distances are one less the cosine similarity.

    That is half the squared distance of unit vectors, which keeps its digits where rows
    are all but parallel. Rows of zeros stay zeros.

    Parameters
    ----------
    points : ndarray of shape (n_rows, n_columns), float
    similarity : float
        Least cosine asked for, -1 to 1.
    """

    def __init__(self, points, similarity):
        # so that parallel rows are found in spite of the rounding of unit vectors
        super().__init__(points, np.sqrt(2 * (1 - similarity)) + 1e-7)

    def _read(self, index):
        rows = super()._read(index)
        with np.errstate(over="ignore"):
            norms = np.sqrt(squared_norms(rows))
        odd = np.flatnonzero(~((norms > _SMALL) & (norms < 1 / _SMALL)))
        if odd.size:
            rows[odd], norms[odd] = _rescaled(rows[odd])
        rows *= (1 / norms)[:, None]
        return rows

    def _widest(self):
        return np.full(self.shape[1], 2.0)

    def _apart(self, first, second):
        return super()._apart(first, second) ** 2 / 2

    def zero_rows(self):
        """Mask of rows without a direction."""
        out = np.empty(self.shape[0], dtype=bool)
        for part in row_blocks(self.shape, BLOCK_CELLS):
            out[part] = ~self._points[part].any(axis=1)
        return out


def _rescaled(rows):
    """Rows times powers of two, and norms of which rows of zeros have 1."""
    rows = np.ldexp(rows, -np.frexp(np.abs(rows).max(axis=1))[1][:, None])
    norms = np.sqrt(squared_norms(rows))
    return rows, np.where(norms > 0, norms, 1)
