"""Rows of the pool that are far from any labelled row: :func:`find_far`."""

from dataclasses import dataclass
from math import ceil

import numpy as np
from sklearn.neighbors import NearestNeighbors

from skdataquality.active_learning._pool._counts import HALF, Part, count_part

USUAL = 0.95  # of labelled rows have another labelled one within the cut
LEVELS = (0.02, 0.05, 0.10)  # shares of the farthest rows that are tested
LEAST_EXCESS = 0.02  # of the pool: less is too little to matter
REFERENCE = 1 / 3  # of the labelled rows, to which the others are compared
MOST_REFERENCES = 4000
MOST_TESTED = 20_000


@dataclass(frozen=True, eq=False)
class Distances:
    """How far rows are from labelled ones.

    Attributes
    ----------
    cut : float
        That so many labelled rows as `USUAL` have another labelled one within.
    pool : ndarray of shape (n_pool,)
        Distance of each row of the pool to the nearest labelled one.
    nearest : ndarray of shape (n_pool,), int
        Position of that one.
    """

    cut: float
    pool: np.ndarray
    nearest: np.ndarray

    @property
    def is_far(self):
        """Mask of the pool."""
        return self.pool > self.cut


def measure_distances(sides, units, rng):
    """Return the `Distances` to the labelled rows, or to some of many.

    Rows of one group lie near each other: groups are compared with others, a third.
    """
    if units.are_groups:
        others, some = _parted(units, rng)
        between = _to_nearest(sides.points, some, others)[0]
    else:
        some = np.sort(rng.permutation(sides.labeled)[:MOST_REFERENCES])
        between = _to_nearest(sides.points, some, some, neighbor=1)[0]
    cut = np.sort(between)[min(ceil(USUAL * (between.size + 1)), between.size) - 1]
    away, nearest = _to_nearest(sides.points, some, sides.pool)
    return Distances(float(cut), away, nearest)


def _parted(units, rng):
    """Return rows of two thirds of the labelled groups, and of one third."""
    labeled = rng.permutation(np.flatnonzero(units.is_labeled))
    n_references = ceil(REFERENCE * labeled.size)
    parts = labeled[n_references:], labeled[:n_references]
    return [np.flatnonzero(np.isin(units.of_row, part)) for part in parts]


def _to_nearest(points, references, rows, neighbor=0):
    """Distance of rows to the nearest reference, or to the one after, and which."""
    model = NearestNeighbors(n_neighbors=neighbor + 1, algorithm="brute")
    away, which = model.fit(points[references]).kneighbors(points[rows])
    return away[:, neighbor], references[which[:, neighbor]]


@dataclass(frozen=True, eq=False)
class Checked:
    """Labelled rows and pool beside references that neither had a part in.

    Where labelled rows are a random part of all, both sides are alike to them.

    Attributes
    ----------
    rows : ndarray of shape (n_checked,), int
        Units of both sides, by one of their rows.
    is_labeled : ndarray of shape (n_checked,), bool
    away : ndarray of shape (n_checked,)
        Distance to the nearest reference; of a group the median.
    code : ndarray of shape (n_checked,), int
        Class of that reference.
    """

    rows: np.ndarray
    is_labeled: np.ndarray
    away: np.ndarray
    code: np.ndarray


def check_sides(sides, units, rng):
    """Set a third of the labelled units aside, and compare all others with them."""
    labeled = rng.permutation(np.flatnonzero(units.is_labeled))
    n_references = min(ceil(REFERENCE * labeled.size), MOST_REFERENCES)
    pool = rng.permutation(np.flatnonzero(~units.is_labeled))
    checked = np.r_[labeled[n_references:][:MOST_TESTED], pool[:MOST_TESTED]]
    references = np.flatnonzero(np.isin(units.of_row, labeled[:n_references]))
    place = np.full(units.is_labeled.size, -1)
    place[checked] = np.arange(checked.size)
    rows = np.flatnonzero(place[units.of_row] >= 0)
    away, nearest = _to_nearest(sides.points, references, rows)
    unit = place[units.of_row[rows]]
    order = np.lexsort((away, unit))
    starts = np.searchsorted(unit[order], np.arange(checked.size + 1))
    middle = order[(starts[:-1] + starts[1:] - 1) // 2]
    return Checked(
        rows[middle],
        units.is_labeled[checked],
        away[middle],
        sides.codes[nearest[middle]],
    )


def find_far(checked):
    """Test whether too few of the farthest units are labelled ones."""
    return [_farthest(checked, level) for level in LEVELS]


def _farthest(checked, level):
    inside = checked.away > np.quantile(checked.away, 1 - level)
    name = f"farthest {level:.0%}"
    part = count_part("far", name, inside, checked.is_labeled, hardly=HALF)
    in_pool = inside[~checked.is_labeled].mean()
    if in_pool - inside[checked.is_labeled].mean() >= LEAST_EXCESS:
        return part
    return Part(**vars(part) | {"p_value": 1.0})
