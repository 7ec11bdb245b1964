"""Rows drawn far from each other, as k-means++ seeds clusters: :func:`draw_spread`."""

import numpy as np

from skdataquality.active_learning._geometry._deferred import BLOCK

_MOST_TRIES = 2 * BLOCK


def draw_spread(nearest, n, rng, *, first, candidates, keys):
    """Draw rows one by one, each with probability as its squared distance to a pick.

    Distances only fall as rows are picked. So a row is drawn by distances to the picks
    of a while ago, and kept with the probability by which its distance has not fallen
    since, which is the same draw, and the distances of all rows to many picks are
    found at once, by one matrix product.

    Parameters
    ----------
    nearest : NearestGradient or NearestPick
    n : int
    rng : RandomState
    first : int
        The first row to pick.
    candidates : mask of shape (n_samples,)
    keys : callable
        Takes row numbers and returns numbers by their content: the order in which rows
        are drawn from, so that the order of the pool does not matter.

    Returns
    -------
    rows : ndarray of shape (n,), int
        Distinct. Where only copies of picks are left, they are drawn alike.

    References
    ----------
    D. Arthur, S. Vassilvitskii, "k-means++", SODA 2007.
    """
    rows = np.flatnonzero(candidates)
    rows = rows[np.argsort(keys(rows), kind="stable")]
    picked = [int(first)]
    nearest.add(first)
    while len(picked) < min(n, rows.size):
        ends = np.cumsum(nearest.squared[rows], dtype=np.float64)
        if ends[-1] <= 0:
            rest = rows[~np.isin(rows, picked)]
            picked += rng.permutation(rest)[: n - len(picked)].tolist()
            break
        for _ in range(_MOST_TRIES):
            drawn = np.searchsorted(ends, rng.uniform() * ends[-1], "right")
            row = rows[min(drawn, rows.size - 1)]
            if rng.uniform() * nearest.squared[row] < nearest.to_deferred(row):
                nearest.defer(row)
                picked.append(int(row))
                if len(picked) == n:
                    break
        nearest.settle()
    return np.array(picked, dtype=np.intp)
