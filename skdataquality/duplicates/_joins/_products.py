"""Candidates by matrix products of blocks of rows, in float32 with a sure margin."""

import numpy as np

from skdataquality.duplicates._joins._partition import ROWS
from skdataquality.duplicates._joins._rows import BLOCK_CELLS
from skdataquality.utils._frames import row_blocks
from skdataquality.utils._neighbors import squared_norms

_REACH = 2.0**10  # radii: the squares of such numbers leave float32 some digits
_WIDEST = 2048  # rows beside a block
_KEPT_CELLS = 2**26  # of images: 256 MB; those of more rows are made as they are read
_HITS_AT_ONCE = 2**18
_UNIT = 2.0**-24  # rounding of float32


def add_near_rows(rows, partition, collector):
    """Hand all pairs within the radius to the collector, and some others.

    With images x, y of d columns, ``x y - |x|^2 / 2 - |y|^2 / 2`` is minus half the
    squared distance. A sum of d + 2 products errs by at most (d + 2) units of the sum
    of their sizes, which is at most ``|x|^2 + |y|^2`` (Higham, 2002, section 3.1); so
    much of the squared norms is left out, and an image in float32 costs two more.
    """
    images = _Images(rows, partition.order)
    product = _Product()
    threshold = -0.5 * rows.radius**2 * (1 + 1e-5)
    n = rows.shape[0]
    for first, last, near in partition.near():
        top = first * ROWS
        left = images.left(slice(top, min(last * ROWS, n)))
        for start, stop in _runs(near * ROWS, n):
            right = images.right(slice(start, stop))
            hits = np.flatnonzero(product(left, right) >= threshold)
            for at in range(0, hits.size, _HITS_AT_ONCE):
                some = hits[at : at + _HITS_AT_ONCE]
                own, other = np.divmod(some, stop - start)
                own, other = own + top, other + start
                later = other > own
                collector.add(
                    partition.order[own[later]], partition.order[other[later]]
                )


def _runs(starts, n):
    """Cut rows of blocks into runs without a gap, none of them too wide."""
    breaks = np.flatnonzero(np.diff(starts) > ROWS) + 1
    for run in np.split(starts, breaks):
        stop = min(run[-1] + ROWS, n)
        for start in range(run[0], stop, _WIDEST):
            yield start, min(start + _WIDEST, stop)


class _Images:
    """Images of the rows in order, with columns for half their squared norms."""

    def __init__(self, rows, order):
        self._rows, self._order = rows, order
        n, d = rows.shape
        self._share = 0.5 - 1.01 * (d + 8) * _UNIT
        self._kept = None
        if n * (d + 2) <= _KEPT_CELLS:
            self._kept = np.empty((n, d + 2), dtype=np.float32)
            for part in row_blocks(rows.shape, BLOCK_CELLS):
                self._kept[part] = self._make(part)

    def right(self, part):
        """Columns x, 1, -|x|^2 / 2."""
        return self._make(part) if self._kept is None else self._kept[part]

    def left(self, part):
        """Columns x, -|x|^2 / 2, 1."""
        right = self.right(part)
        return np.column_stack([right[:, :-2], right[:, -1], right[:, -2]])

    def _make(self, part):
        image = self._rows.image(self._order[part], _REACH)
        out = np.ones((image.shape[0], image.shape[1] + 2), dtype=np.float32)
        out[:, :-2] = image
        out[:, -1] = -self._share * squared_norms(image)
        return out


class _Product:
    """Products of rows with rows, in memory that is taken once."""

    def __init__(self):
        self._space = np.empty(0, dtype=np.float32)

    def __call__(self, left, right):
        shape = left.shape[0], right.shape[0]
        size = shape[0] * shape[1]
        if size > self._space.size:
            self._space = np.empty(size, dtype=np.float32)
        out = self._space[:size].reshape(shape)
        return np.matmul(left, right.T, out=out)
