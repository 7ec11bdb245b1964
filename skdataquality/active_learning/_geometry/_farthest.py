"""Greedy k-center: always the row farthest from what is picked."""

import numpy as np
import scipy.sparse as sp

from skdataquality.active_learning._embedding import content_keys
from skdataquality.utils._frames import row_blocks

_SHORTLIST = 2048  # rows among which the farthest are sought for a while
_LONGEST = 4 * _SHORTLIST  # with those of equal distance
_BLOCK_CELLS = 2**18
_EQUAL = 1e-9  # relative difference of distances to the mean


def pick_farthest(
    nearest, n, *, start=None, candidates=None, min_distance=0.0, keys=None
):
    """Pick rows one by one, each the farthest from those picked before it.

    Distances are compared without rounding error, and equal ones by what rows hold, so
    the rows picked do not depend on the order of the pool. The largest distance of a
    point to its nearest pick is at most twice the smallest that as many picks can have.

    Parameters
    ----------
    nearest : NearestPick
        With what was picked before; it is brought up to date.
    n : int
        Rows to pick.
    start : int, default=None
        First row if nothing was picked before; None is the one nearest to the mean.
    candidates : mask of shape (n_samples,), default=None
        Rows that may be picked; None is all of them.
    min_distance : float, default=0.0
        Stop where every candidate is nearer than this to a pick. With 0, copies of
        picks are picked when nothing else is left.
    keys : callable, default=None
        Takes row numbers and returns what orders rows of equal distance; the default
        is the content of the points.

    Returns
    -------
    rows : ndarray of shape (n,), int, in the order of picking
        Fewer if there are fewer candidates, or `min_distance` stopped it.

    References
    ----------
    T. F. Gonzalez, "Clustering to minimize the maximum intercluster distance", 1985.
    """
    search = _Search(nearest, n, candidates, min_distance, keys)
    if nearest.n_picks == 0 and search.wants_more:
        first = search.central_row() if start is None else start
        search.take(first)
    while search.wants_more:
        search.extend()
    nearest.settle()
    return np.array(search.picked, dtype=np.intp)


class _Search:
    """The state of one greedy search: rows still open, and rows picked."""

    def __init__(self, nearest, n, candidates, min_distance, keys):
        self.nearest = nearest
        self.open = np.ones(nearest.squared.size, dtype=bool)
        if candidates is not None:
            self.open[:] = candidates
        self.picked = []
        self._n_wanted = min(n, int(np.count_nonzero(self.open)))
        self._floor = min_distance**2
        self._keys = keys or (lambda rows: content_keys(nearest.points[rows]))
        self._stopped = False

    @property
    def wants_more(self):
        return len(self.picked) < self._n_wanted and not self._stopped

    def take(self, row):
        """Pick a row; distances follow when they are settled."""
        self.nearest.defer(row)
        self.open[row] = False
        self.picked.append(int(row))

    def central_row(self):
        """Candidate nearest to the mean of all points."""
        rows = np.flatnonzero(self.open)
        away = _from_mean(self.nearest.points)[rows]
        return self._first(rows[away <= away.min() * (1 + _EQUAL)])

    def extend(self):
        """Pick from a shortlist until a row outside it may be the farthest.

        Distances only fall, so that the farthest of the shortlist is the farthest of
        all while it is farther than every other row was in the beginning. All distances
        then follow at once, by one matrix product.
        """
        self.nearest.settle()
        rows, bar = self._shortlist()
        part = self.nearest.part(rows) if rows.size <= _LONGEST else None
        # whatever rounding did to the bar: the farthest of all is on the list
        row = self._farthest(rows, self.nearest if part is None else part, -np.inf)
        while row is not None:
            self.take(row)
            if part is None or not self.wants_more:
                return
            part.add(np.searchsorted(rows, row))
            row = self._farthest(rows, part, bar)

    def _shortlist(self):
        """Rows that may soon be the farthest, and what no other row reaches."""
        squared = np.where(self.open, self.nearest.squared, -np.inf)
        slack = self.nearest.slack()
        top = squared.argmax()
        bar = squared[top] - slack[top]
        upper = np.add(squared, slack, out=slack)
        if squared.size > _SHORTLIST:
            bar = min(bar, np.partition(upper, -_SHORTLIST)[-_SHORTLIST])
        return np.flatnonzero((upper >= bar) & self.open), bar

    def _farthest(self, rows, part, bar):
        """Return the farthest of some rows; None if it may be outside, or no more."""
        at = rows if part is self.nearest else slice(None)
        is_open = self.open[rows]
        squared = np.where(is_open, part.squared[at], -np.inf)
        slack = part.slack(at)
        top = squared.argmax()
        least = squared[top] - slack[top]
        if least < bar or not is_open[top]:
            return None
        among = rows[(squared + slack >= least) & is_open]
        if among.size > 1 or least <= self._floor:
            return self._exactly_farthest(among)
        return among[0]

    def _exactly_farthest(self, among):
        exact = self.nearest.exact(among)
        largest = exact.max()
        if largest < self._floor:
            self._stopped = True
            return None
        if largest == 0:
            self._take_copies()
            return None
        return self._first(among[exact == largest])

    def _take_copies(self):
        """Nothing but copies of picks is left."""
        rows = np.flatnonzero(self.open)
        rows = rows[np.argsort(self._keys(rows), kind="stable")]
        for row in rows[: self._n_wanted - len(self.picked)]:
            self.take(row)

    def _first(self, rows):
        """Row that comes first by its content."""
        return rows[0] if rows.size == 1 else rows[np.argmin(self._keys(rows))]


def _from_mean(points):
    """Squared distance of each point to the mean, in float64."""
    mean = np.asarray(points.mean(axis=0, dtype=np.float64)).ravel()
    if sp.issparse(points):
        norms = np.asarray(points.multiply(points).sum(axis=1)).ravel()
        return norms - 2 * (points @ mean) + mean @ mean
    out = np.empty(points.shape[0])
    for part in row_blocks(points.shape, _BLOCK_CELLS):
        difference = points[part] - mean
        out[part] = np.einsum("ij,ij->i", difference, difference)
    return out
