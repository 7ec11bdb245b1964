"""How many neighbours as near as a given pair chance would give its rows."""

from typing import NamedTuple

import numpy as np

from skdataquality.duplicates._numbers._content_draw import draw_by_content
from skdataquality.duplicates._numbers._nearest import NearestRows
from skdataquality.duplicates._numbers._tight_groups import (
    SEPARATION,
    coincidences,
    companions,
    most_companions,
    one_of_each,
    widest_group,
)
from skdataquality.utils._frames import row_blocks

FALSE_ROWS = 0.5  # accused rows expected in a table without near copies
_FALSE_GROUPS = 0.1  # of them, by groups of two companions; half for each one more
_REFERENCE = 2000
_NEAREST, _FURTHEST = 5, 25  # neighbours that say how dense and of what dimension
_FEWEST_REFERENCE = 20
_CAUTION = 0.85  # of the dimension measured: tables are denser near by than far off
_CLOSE = 1 / 3  # of the distance to the 5th neighbour, whatever the dimension
_LOOKED_AT = 100  # rows; one in five is missed by all once in a thousand million times
_CLOSER_LOOK = 20_000_000  # distances
_USUAL_NOISE = 1e-3  # of a copy, in standard deviations
_ROUNDING = 1e-9
_COARSE = 0.5  # as many values as rows
_BLOCK_CELLS = 2**22


class Sight(NamedTuple):
    """How near copies must be to be told from chance, in standard deviations.

    ``seen`` is that distance around the usual row, ``usual`` the one of copies with
    noise of a thousandth of a standard deviation in each column, and ``step`` the
    smallest difference of two cells if all columns are coarse, else 0. ``crowd`` is the
    share of rows in the largest group that is as tight as copies with noise are; 0
    unless that is a fifth of the table, or more than such groups may hold.
    """

    seen: float
    usual: float
    step: float
    crowd: float = 0.0

    @property
    def is_coarse(self):
        """Whether different rows are further apart than what is seen."""
        return self.seen < self.step

    @property
    def is_blind(self):
        """Whether usual copies are further apart than what is seen."""
        return self.seen < self.usual


class _Look(NamedTuple):
    """What the reference rows say of the surroundings of some rows.

    ``rho`` is the distance to the 5th neighbour, of 5 companions or more to the 5th
    beyond. These are
    ``width`` away at most, by so many ``coincidences``. ``density`` is the number of
    rows of the table within rho.
    """

    rho: np.ndarray
    coincidences: np.ndarray
    width: np.ndarray
    dimension: np.ndarray
    density: float

    def of(self, rows):
        return self._replace(
            rho=self.rho[rows],
            coincidences=self.coincidences[rows],
            width=self.width[rows],
            dimension=self.dimension[rows],
        )


class ChanceNeighbours:
    """Local density of the rows of a table, continued to smaller distances.

    Around row i the number of rows within r grows as r to the power of the intrinsic
    dimension. With ``rho`` the distance to the 5th nearest of b reference rows, chance
    puts ``n (5 / b) (r / rho)^D`` of n rows within r. The rows are distinct, at least
    20.

    Companions of a row, 2 to 400 and less than a fifth of the table, are those within a
    fifth of the distance of the next row and no further than copies with noise of .03
    standard deviations in each column. Of 5 and more, rho is the 5th neighbour
    beyond; chance puts k of them within r with a probability of
    ``C(k + 4, 4) (r / rho)^(D k)``.

    D is the estimate of Levina and Bickel (2004) from the ratios of the distances of
    the 5th to the 25th neighbour, among reference rows of which one is left of each
    group of companions. Its inverse is averaged over the row's neighbours, and 0.85 D
    is used. In many columns that alone would accuse rows hardly nearer than others: a
    copy must also be within a third of rho.

    Wrong where a table is denser at short range than those neighbours show, so that the
    rule accuses. A small cluster as tight as that is what copies of one row with noise
    are: it is accused.

    Parameters
    ----------
    cells : ndarray of shape (n_rows, n_columns), float
        Distinct rows on one scale, without missing cells.
    """

    def __init__(self, cells):
        self._cells = cells
        self._n = cells.shape[0]
        drawn = draw_by_content(cells, _REFERENCE)
        # so that the one left of a group does not depend on the order of rows
        self._drawn = NearestRows(cells, drawn[np.lexsort(cells[drawn].T)])
        self._n_columns = np.count_nonzero(np.ptp(cells[drawn], axis=0))
        self._widest = widest_group(self._n_columns)
        self._reference = self._one_of_each_group()
        inverse = _inverse_dimension(self._neighbours(self._reference.rows)[0])
        self._inverse = np.maximum(inverse, np.median(inverse))

    def _one_of_each_group(self):
        drawn = self._drawn.rows
        most = most_companions(self._n, drawn.size)
        distance, near = self._drawn.others(drawn, most + 1)
        kept = drawn[one_of_each(near, companions(distance, most, self._widest))]
        if kept.size < _FEWEST_REFERENCE:
            return self._drawn
        return NearestRows(self._cells, kept)

    def widest_radius(self):
        """Distance at which hardly any row (5 % of them) would still be accused."""
        rho, inverse = self._scale_and_inverse(self._reference.rows)
        alone = rho * np.minimum(self._share() ** inverse, _CLOSE)
        of_groups = SEPARATION * rho * (self._drawn.rows.size / self._n) ** inverse
        reach = np.maximum(alone, np.minimum(of_groups, self._widest))
        return float(np.quantile(reach, 0.95))

    def sight(self):
        """Say how near copies must be to be seen, and how near copies usually are."""
        rho, inverse = self._scale_and_inverse(self._reference.rows)
        seen = np.median(rho * np.minimum(self._share() ** inverse, _CLOSE))
        usual = _USUAL_NOISE * np.sqrt(2 * self._n_columns)
        step = _finest_step(self._cells[self._drawn.rows])
        return Sight(float(seen), float(usual), float(step), self._crowd())

    def _crowd(self):
        """Share of the rows around one that are too many for copies; see Sight."""
        n_drawn = self._drawn.rows.size
        few = self._drawn.rows[:: -(-n_drawn // _LOOKED_AT)]
        distance, _ = self._drawn.others(few, n_drawn - 1)
        largest = companions(distance, n_drawn - 2, self._widest).max(initial=0)
        too_many = largest > most_companions(self._n, n_drawn)
        return float((largest + 1) / n_drawn) if too_many else 0.0

    def _share(self):
        return FALSE_ROWS / self._n / _density(self._n, self._drawn.rows)

    def accused(self, first, second, distance, missing):
        """Mask of pairs that chance leaves unexplained at both of their rows.

        ``distance`` is in the units of the cells, of which those ``missing`` say
        nothing.
        """
        out = np.ones(first.shape[0], dtype=bool)
        reference = self._drawn
        while reference is not None and out.any():
            left = np.flatnonzero(out)
            pairs = first[left], second[left]
            rows, place = np.unique(pairs, return_inverse=True)
            seen = self._look(rows, reference)
            for own, other, at in zip(pairs, pairs[::-1], place, strict=True):
                out[left] &= self._unexplained(
                    own, other, distance[left], missing, seen.of(at)
                )
            reference = self._finer(reference, rows.size)
        return out

    def _unexplained(self, own, other, distance, missing, seen):
        """Mask of pairs whose own row has no such neighbours by chance."""
        near = np.ones(distance.shape[0])
        np.divide(distance, seen.rho, out=near, where=seen.rho > distance)
        # fewer dimensions only make chance larger: most pairs need no second look
        doubt = np.flatnonzero(self._is_too_near(near, distance, seen))
        told = _columns_that_tell(
            self._cells, own[doubt], other[doubt], near[doubt], seen.rho[doubt], missing
        )
        seen = seen.of(doubt)
        seen = seen._replace(dimension=np.minimum(seen.dimension, told))
        out = np.zeros(distance.shape[0], dtype=bool)
        out[doubt] = self._is_too_near(near[doubt], distance[doubt], seen)
        return out

    def _is_too_near(self, near, distance, seen):
        alone = (near <= _CLOSE) & (
            seen.density * near**seen.dimension <= FALSE_ROWS / self._n
        )
        k = seen.coincidences
        together = (k > 0) & (distance <= seen.width)
        if not together.any():
            return alone
        wide = np.where(together, seen.width / np.maximum(seen.rho, seen.width), 1.0)
        with np.errstate(divide="ignore"):
            log_chance = seen.dimension * k * np.log(wide)
        log_chance += np.log((k + 1.0) * (k + 2) * (k + 3) * (k + 4) / 24)
        allowed = np.log(_FALSE_GROUPS * FALSE_ROWS / self._n) - (k - 2) * np.log(2)
        return alone | (together & (log_chance <= allowed))

    def _neighbours(self, rows):
        """Distances and numbers of the nearest reference rows, never the row itself."""
        return self._reference.others(rows, _FURTHEST)

    def _scale_and_inverse(self, rows):
        """Distance to the 5th neighbour and 1 / D, infinite where ties hide it."""
        distance, near = self._neighbours(rows)
        return distance[:, _NEAREST - 1], self._inverse[near].mean(axis=1) / _CAUTION

    def _finer(self, reference, n_rows):
        """As many reference rows as time allows, for a look at small dense regions.

        Only rows still under suspicion are looked at again, so they are few. None
        after that, or if no more rows can be had.
        """
        size = min(self._n, _CLOSER_LOOK // n_rows)
        if reference is not self._drawn or size <= reference.rows.size:
            return None
        return NearestRows(self._cells, draw_by_content(self._cells, size))

    def _look(self, rows, reference):
        most = max(0, most_companions(self._n, reference.rows.size))
        parts = row_blocks((rows.size, most + _NEAREST + 1), _BLOCK_CELLS)
        seen = [self._scales(rows[part], reference, most) for part in parts]
        rho, count, width = (np.concatenate(each) for each in zip(*seen, strict=True))
        inverse = self._scale_and_inverse(rows)[1]
        density = _density(self._n, reference.rows)
        return _Look(rho, count, width, 1 / inverse, density)

    def _scales(self, rows, reference, most):
        distance, _ = reference.others(rows, most + _NEAREST)
        count = companions(distance, most, self._widest)
        place = np.arange(rows.size)
        count[count < _NEAREST] = 0  # the 5th neighbour is none of them
        rho = distance[place, count + _NEAREST - 1]
        width = np.where(count > 0, distance[place, count - 1], 0.0)
        return rho, coincidences(distance, count), width


def _finest_step(cells):
    """Smallest difference of cells in columns whose cells repeat; 0 if some do not."""
    steps = np.diff(np.sort(cells, axis=0), axis=0)
    differs = steps > _ROUNDING
    n_values = differs.sum(axis=0)
    if (n_values > _COARSE * cells.shape[0]).any() or not differs.any():
        return 0.0
    return steps[differs].min()


def _density(n, reference):
    """Rows of the table within the distance of the 5th nearest reference row."""
    return n * _NEAREST / reference.size


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
