"""How many neighbours as near as a given pair chance would give its rows."""

import numpy as np
from scipy.spatial import cKDTree

from skdataquality.utils._draws import FIXED_SEED, draw_rows

FALSE_ROWS = 0.5  # accused rows expected in a table without near copies
_REFERENCE = 2000
_NEAREST, _FURTHEST = 5, 25  # neighbours that say how dense and of what dimension
_CAUTION = 0.85  # of the dimension measured: tables are denser near by than far off
_CLOSE = 1 / 3  # of the distance to the 5th neighbour, whatever the dimension
_CLOSER_LOOK = 20_000_000  # distances


class ChanceNeighbours:
    """Local density of the rows of a table, continued to smaller distances.

    Around row i the number of rows within r grows as r to the power of the intrinsic
    dimension. With ``rho`` the distance to the 5th nearest of b reference rows, chance
    puts ``n (5 / b) (r / rho)^D`` of n rows within r. The rows are distinct, at least
    20.

    D is the estimate of Levina and Bickel (2004) from the ratios of the distances of
    the 5th to the 25th neighbour, which a few copies of a row do not disturb. Its
    inverse is averaged over the row's neighbours, and 0.85 D is used. In many columns
    that alone would accuse rows hardly nearer than others: a copy must also be within a
    third of rho.

    Wrong where a table is denser at short range than those neighbours show, so that the
    rule accuses, and in groups of more than 5 copies, which look like a dense region
    and are not accused unless the table has many more rows than 2000.

    Parameters
    ----------
    cells : ndarray of shape (n_rows, n_columns), float
        Distinct rows on one scale, without missing cells.
    """

    def __init__(self, cells):
        self._cells = cells
        self._n = cells.shape[0]
        self._reference = draw_rows(self._n, _REFERENCE, FIXED_SEED)
        self._tree = cKDTree(cells[self._reference])
        inverse = _inverse_dimension(self._neighbours(self._reference)[0])
        self._inverse = np.maximum(inverse, np.median(inverse))

    def widest_radius(self):
        """Distance at which hardly any row (5 % of them) would still be accused."""
        rho, inverse = self._scale_and_inverse(self._reference)
        share = FALSE_ROWS / self._n / _density(self._n, self._reference)
        return float(np.quantile(rho * np.minimum(share**inverse, _CLOSE), 0.95))

    def accused(self, first, second, distance, missing):
        """Mask of pairs that chance leaves unexplained at both of their rows.

        ``distance`` is in the units of the cells, of which those ``missing`` say
        nothing.
        """
        out = np.ones(first.shape[0], dtype=bool)
        for look in (self._coarse, self._fine):
            left = np.flatnonzero(out)
            if left.size == 0:
                return out
            pairs = first[left], second[left]
            rows, place = np.unique(pairs, return_inverse=True)
            rho, dimension, density = look(rows)
            for own, other, at in zip(pairs, pairs[::-1], place, strict=True):
                out[left] &= (
                    self._by_chance(
                        own,
                        other,
                        distance[left],
                        missing,
                        (rho[at], dimension[at], density),
                    )
                    <= FALSE_ROWS / self._n
                )
        return out

    def _by_chance(self, own, other, distance, missing, scale):
        """Neighbours expected within the distance of the pair's own row."""
        rho, dimension, density = scale
        near = np.ones(distance.shape[0])
        np.divide(distance, rho, out=near, where=rho > distance)
        expected = density * near**dimension
        # fewer dimensions only make chance larger: most pairs need no second look
        expected[near > _CLOSE] = np.inf
        doubt = np.flatnonzero(expected <= FALSE_ROWS / self._n)
        told = _columns_that_tell(
            self._cells, own[doubt], other[doubt], near[doubt], rho[doubt], missing
        )
        expected[doubt] = density * near[doubt] ** np.minimum(dimension[doubt], told)
        return expected

    def _neighbours(self, rows):
        """Distances and numbers of the nearest reference rows, never the row itself."""
        wanted = min(_FURTHEST, self._reference.size - 1)
        return _nearest_others(
            self._tree, self._reference, self._cells[rows], rows, wanted
        )

    def _scale_and_inverse(self, rows):
        """Distance to the 5th neighbour and 1 / D, infinite where ties hide it."""
        distance, near = self._neighbours(rows)
        return distance[:, _NEAREST - 1], self._inverse[near].mean(axis=1) / _CAUTION

    def _coarse(self, rows):
        rho, inverse = self._scale_and_inverse(rows)
        return rho, 1 / inverse, _density(self._n, self._reference)

    def _fine(self, rows):
        """Look again with as many reference rows as time allows: small dense regions.

        Only the rows still under suspicion get here, so they are few.
        """
        size = max(_REFERENCE, _CLOSER_LOOK // rows.size)
        reference = draw_rows(self._n, size, FIXED_SEED)
        distance, _ = _nearest_others(
            cKDTree(self._cells[reference]),
            reference,
            self._cells[rows],
            rows,
            _NEAREST,
        )
        inverse = self._scale_and_inverse(rows)[1]
        return distance[:, -1], 1 / inverse, _density(self._n, reference)


def _density(n, reference):
    """Rows of the table within the distance of the 5th nearest reference row."""
    return n * _NEAREST / reference.size


def _nearest_others(tree, reference, points, rows, wanted):
    distance, near = tree.query(points, k=np.arange(1, wanted + 2))
    own = reference[near] == rows[:, None]
    own[~own.any(axis=1), -1] = True  # the row is no reference row: one too many
    shape = (rows.size, wanted)
    return distance[~own].reshape(shape), near[~own].reshape(shape)


def _inverse_dimension(distance):
    """1 / D by maximum likelihood from the 5th neighbour on; infinite for ties."""
    k, furthest = _NEAREST, distance.shape[1]
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(distance[:, -1:] / distance[:, k - 1 : -1])
    inverse = (k * logs[:, 0] + logs[:, 1:].sum(axis=1)) / (furthest - k)
    return np.where(inverse > 0, inverse, np.inf)


def _columns_that_tell(cells, own, other, near, rho, missing):
    """Count the columns in which a pair being so near is a coincidence.

    Columns that differ do. Equal cells do if their value is rare: a zero that most
    rows share says nothing, so such columns are no dimension of the neighbourhood.
    """
    told = np.zeros(own.shape[0])
    for j in range(cells.shape[1] if own.size else 0):
        column = np.sort(cells[:, j])
        value = cells[own, j]
        differs = value != cells[other, j]
        # the pair itself does not count
        equal = _count_within(column, value, 0.0) - 2
        around = _count_within(column, value, rho) - 2
        rare = (equal <= near * around) & (around > 0)
        told += (differs | rare) & ~missing[own, j]
    return told


def _count_within(column, value, width):
    """Cells of a sorted column within ``width`` of each value."""
    stop = np.searchsorted(column, value + width, side="right")
    return stop - np.searchsorted(column, value - width, side="left")
