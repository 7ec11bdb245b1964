"""Rows that lie where the pool is dense, each from a part of its own."""

import numpy as np
from sklearn.metrics import pairwise_distances_argmin
from sklearn.neighbors import NearestNeighbors

from skdataquality.active_learning._geometry import fit_clusters
from skdataquality.active_learning._strategies._distinct import one_of_each
from skdataquality.utils._draws import draw_rows
from skdataquality.utils._frames import row_blocks

N_NEIGHBORS = 20
MOST_CLUSTERS = 500
MOST_ROWS = 5000  # that stand for the pool
_BLOCK_CELLS = 2**14


class TypicalRows:
    """A pool, or rows drawn from it, as what is typical and which parts there are.

    Equal rows count once. Rows are taken in the order of their contents, so that
    nothing depends on where they stand.

    Parameters
    ----------
    points : {ndarray, csr matrix} of shape (n_samples, n_features)
    keys : ndarray of shape (n_samples,), uint64
    seed : int
    """

    def __init__(self, points, keys, seed):
        distinct = one_of_each(keys)
        drawn = distinct[draw_rows(distinct.size, MOST_ROWS, seed)]
        self._points = points[drawn]
        self._keys = keys[drawn]
        self._seed = seed

    def scores(self, points, keys, rows=None):
        """Return 1 / mean distance of rows to the nearest 20 others, at most 1e9."""
        rows = np.arange(keys.size) if rows is None else rows
        n_others = min(N_NEIGHBORS, self._keys.size - 1)
        if n_others < 1:
            return np.zeros(rows.size)
        search = NearestNeighbors(n_neighbors=n_others + 1).fit(self._points)
        total = np.empty(rows.size)
        for part in row_blocks((rows.size, n_others), _BLOCK_CELLS):
            away = search.kneighbors(points[rows[part]])[0]
            own = self._holds(keys[rows[part]])
            total[part] = np.where(
                own, away[:, 1:].sum(axis=1), away[:, :-1].sum(axis=1)
            )
        total /= n_others
        total += 1e-9
        return np.reciprocal(total, out=total)

    def _holds(self, keys):
        """Whether a row of such contents is among those of the pool."""
        place = np.searchsorted(self._keys, keys)  # they are in this order
        return self._keys[np.minimum(place, self._keys.size - 1)] == keys

    def clusters(self, points, n_clusters):
        """Return the number of the part, of so many, in which each point lies."""
        n_clusters = min(n_clusters, MOST_CLUSTERS, self._keys.size)
        model = fit_clusters(self._points, n_clusters, self._seed, max_iter=50)
        number = np.empty(points.shape[0], dtype=np.int32)
        for part in row_blocks((number.size, n_clusters), _BLOCK_CELLS):
            number[part] = pairwise_distances_argmin(
                points[part], model.cluster_centers_
            )
        return number


def pick_typical(points, keys, n, rows, labeled, seed):
    """Pick the most typical row of each part of the pool, the least labelled first.

    Parameters
    ----------
    points : {ndarray, csr matrix} of shape (n_samples, n_features)
    keys : ndarray of shape (n_samples,), uint64
    n : int
    rows : ndarray of shape (n_rows,), int
        Distinct ones to pick from, in the order of their contents.
    labeled : ndarray of shape (n_labeled,), int
    seed : int

    Returns
    -------
    picks : ndarray of shape (n,), int
    """
    pool = TypicalRows(points, keys, seed)
    cluster = pool.clusters(points, labeled.size + n)
    n_clusters = cluster.max() + 1
    size = np.bincount(cluster[one_of_each(keys)], minlength=n_clusters)
    n_labeled = np.bincount(cluster[labeled], minlength=n_clusters).astype(np.int32)
    cluster = cluster[rows]
    turn = _rank_within(cluster, pool.scores(points, keys, rows))
    turn += n_labeled[cluster]
    first = np.flatnonzero(turn <= np.partition(turn, n - 1)[n - 1])
    cluster, turn = cluster[first], turn[first]
    return rows[first[np.lexsort((cluster, -size[cluster], turn))[:n]]]


def _rank_within(groups, values):
    """Rank of each value in its group, 0 for the highest, ties as they stand.

    ``values`` are overwritten.
    """
    order = np.lexsort((np.negative(values, out=values), groups))
    held = groups[order]
    start = np.searchsorted(held, np.arange(held[-1] + 1)).astype(np.int32)
    ranks_in_order = np.arange(groups.size, dtype=np.int32)
    ranks_in_order -= start[held]
    ranks = np.empty_like(ranks_in_order)
    ranks[order] = ranks_in_order
    return ranks
