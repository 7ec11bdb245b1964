"""Rows picked one by one, each of most value times distance: :class:`GreedyPick`."""

from typing import Any

import numpy as np

from skdataquality.active_learning._curation._copies import Copies
from skdataquality.active_learning._curation._mean import central
from skdataquality.active_learning._curation._shortlist import Shortlist
from skdataquality.active_learning._geometry import NearestPick

_EQUAL = 1e-12  # relative difference of scores, of other roundings


class GreedyPick:
    """Picks the row of the highest d**2 * value, d the distance to what was picked.

    Rounding decides nothing: rows whose score may be the highest are measured again by
    direct differences, and equal ones ranked by what they hold. A row that equals a
    picked one is no candidate.

    Parameters
    ----------
    points : {ndarray, csr matrix} of shape (n_samples, n_features)
    keys : ndarray of shape (n_samples,), uint64
        What each row holds.
    log_value : ndarray of shape (n_samples,), default=None
        Logarithm of the value of each row, -inf for none.
    by_distance : bool, default=True
        False leaves d out of the score.
    min_distance : float, default=0.0
        Rows nearer than that to a picked one are no candidates.
    codes : ndarray of shape (n_samples,), int, default=None
        Class of each row, whose value changes from pick to pick.
    """

    def __init__(
        self,
        points,
        keys,
        *,
        log_value=None,
        by_distance=True,
        min_distance=0.0,
        codes=None,
    ):
        n = points.shape[0]
        self._points, self._keys = points, keys
        self._log_value = log_value
        self.codes = np.zeros(n, dtype=np.int8) if codes is None else codes
        self._by_distance = by_distance
        self._floor = min_distance**2
        self._nearest = NearestPick(points)
        self._copies = Copies(points)
        self._list: Any = None
        self._value: Any = None
        self.is_open = np.ones(n, dtype=bool)
        self.is_new = np.ones(n, dtype=bool)
        self.picks = []
        self.distances = []

    def exclude(self, rows):
        """Take rows of the pool as picked before."""
        self._nearest.add_rows(rows)
        self.is_open[rows] = False
        for row in rows:
            self.is_new[self._copies.of(row)] = False

    def avoid(self, points):
        """Take points of another table as picked before."""
        self._nearest.add_points(points)
        self.is_new[self._copies.of_points(points)] = False

    def add(self, row):
        """Pick a row."""
        squared = None if self._list is None else self._list.squared_of(row)
        if squared is None:
            self._nearest.settle()
            squared = self._nearest.squared[row]
        self.distances.append(float(np.sqrt(squared)))
        self.picks.append(row)
        self._nearest.defer(row)
        self.is_open[row] = False
        copies = self._copies.of(row)
        self.is_new[copies] = False
        if self._value is not None:
            self._value[copies] = 0
        if self._list is not None and not self._list.add(row):
            self._list = None

    def copies(self):
        """Row of which each other row is a copy: a picked one, or -1."""
        picked = np.full(self.is_open.size, -1, dtype=np.int64)
        for row in reversed(self.picks):
            picked[self._copies.of(row)] = row
        picked[self.picks] = -1
        return picked

    def radius(self):
        """Largest distance of a row to the nearest picked one."""
        self._nearest.settle()
        farthest = self._nearest.squared.argmax()
        return float(np.sqrt(self._nearest.exact(np.array([farthest]))[0]))

    def n_candidates(self, n_classes):
        """Count the different points of each class that can be picked."""
        rows = np.flatnonzero(self.is_open & self.is_new)
        return self._copies.n_distinct(self.codes, n_classes, rows)

    def n_open(self, n_classes):
        """Count the rows of each class that are not picked."""
        return np.bincount(self.codes[self.is_open], minlength=n_classes)

    def trust(self):
        """Rank of each row by distance, the farthest last; equal ones by content."""
        self._nearest.settle()
        rank = np.empty(self.is_open.size, dtype=np.intp)
        rank[np.lexsort((self._keys, self._nearest.squared))] = np.arange(rank.size)
        return rank

    def best(self, class_value):
        """Return the row to pick next that equals no picked one, or None."""
        if self._nearest.n_picks == 0:
            return self._first(class_value)
        if self._value is None:
            self._value = np.zeros(self.is_open.size)
            self._appraise(np.ones_like(class_value))
        if self._list is not None:
            row = self._decide(class_value, is_fresh=False)
            if row is not None:
                return row
        while self._refresh(class_value):
            row = self._decide(class_value, is_fresh=True)
            if row is not None:
                return row
        return None

    def best_copy(self, class_value):
        """Return the row of most value among those that equal a picked one, or None."""
        rows = self._of_open_class(self.is_open & ~self.is_new, class_value)
        if self._floor or rows.size == 0:
            return None
        if self._log_value is not None:
            value = self._log_value[rows]
            rows = rows[value == value.max()]
        return self._lowest_key(rows)

    def _refresh(self, class_value):
        """Make a new shortlist; False if there is no candidate."""
        self._nearest.settle()
        if self._floor:
            far = self._nearest.squared + self._nearest.slack() >= self._floor
            self._value *= far
        candidates = self._of_open_class(self._value > 0, class_value)
        if candidates.size == 0 and not self._appraise(class_value):
            return False
        self._list = Shortlist(
            self._nearest,
            self._value,
            self._keys,
            self.codes,
            class_value.size,
            by_distance=self._by_distance,
        )
        return True

    def _appraise(self, class_value):
        """Set the values of rows of open classes, 1 the most; False if there is none.

        Rows of no value, or of one too small for a number, are candidates when no
        others are left.
        """
        is_candidate = self.is_open & self.is_new
        if self._floor and self._nearest.n_picks:
            is_candidate &= self._nearest.squared >= self._floor
        rows = self._of_open_class(is_candidate, class_value)
        if rows.size == 0:
            return False
        if self._log_value is None:
            self._value[rows] = 1
            return True
        value = self._log_value[rows]
        top = value.max()
        self._value[rows] = np.exp(value - top) if np.isfinite(top) else 1
        return True

    def _decide(self, class_value, *, is_fresh):
        """Best row of the shortlist; None if it may be elsewhere, or there is none."""
        shortlist = self._list
        value = self._value[shortlist.rows]
        if self._floor:
            far = shortlist.squared + shortlist.slack() >= self._floor
            self._value[shortlist.rows[~far]] = 0
            value = value * far
        value = value * class_value[shortlist.codes]
        while True:
            among = shortlist.best(value, class_value, is_fresh=is_fresh)
            if among.size == 0:
                return None
            rows = shortlist.rows[among]
            near, score = self._measured(rows, value[among])
            if not near.any():
                return self._lowest_key(rows[score >= score.max() * (1 - _EQUAL)])
            self._value[rows[near]] = 0
            value[among[near]] = 0

    def _measured(self, rows, value):
        """Which rows are too near after all, and the exact scores."""
        if not self._by_distance and not self._floor:
            return np.zeros(rows.size, dtype=bool), value
        if rows.size == 1 and not self._floor:
            return np.zeros(1, dtype=bool), value
        exact = self._nearest.exact(rows)
        near = (exact < self._floor) | (exact == 0)
        return near, value * exact if self._by_distance else value

    def _first(self, class_value):
        """Row of most value; among equal ones that nearest to the mean of all."""
        rows = self._of_open_class(self.is_open, class_value)
        if rows.size == 0:
            return None
        value = np.log(class_value[self.codes[rows]])
        if self._log_value is not None:
            value += self._log_value[rows]
        top = value.max()
        rows = rows[value >= top - _EQUAL * abs(top)] if np.isfinite(top) else rows
        return self._lowest_key(central(self._points, rows))

    def _of_open_class(self, mask, class_value):
        rows = np.flatnonzero(mask)
        if class_value.all():
            return rows
        return rows[class_value[self.codes[rows]] > 0]

    def _lowest_key(self, rows):
        """First by what rows hold, then by their class."""
        if rows.size == 1:
            return int(rows[0])
        return int(rows[np.lexsort((self.codes[rows], self._keys[rows]))[0]])
