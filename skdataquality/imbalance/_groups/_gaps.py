"""How far the worst group is behind the others, and whether chance would do it."""

import numpy as np

from skdataquality.utils._stats import newcombe

MOST_CELLS = 4_000_000  # of simulated counts at a time


def worst_gap(hits, sizes, *, n_permutations, rng):
    """Find the group that is furthest behind the rest, and test the gap.

    Rows are exchanged between groups at random, which leaves the sizes and all hits as
    they are: counts of hits are then multivariate hypergeometric. A group counts by its
    deficit in standard deviations of that, so that small groups are not the worst by
    chance alone; the largest deficit over groups is compared with the largest in each
    permutation, so the p-value is valid however many groups were looked at.

    Parameters
    ----------
    hits, sizes : ndarray of shape (n_groups,), int
        Rows that are right, and rows, of each group; groups without rows do not count.
    n_permutations : int
    rng : Generator

    Returns
    -------
    worst : int or None
        The first of the groups with the largest deficit; None if there are fewer than
        two groups of rows, or all rows are right, or none.
    gap : Interval or None
        Share of hits in the rest of the rows minus that of the group.
    p_value : float or None
    """
    present = np.flatnonzero(sizes > 0)
    total, n_hits = int(sizes.sum()), int(hits.sum())
    if present.size < 2 or n_hits in (0, total):
        return None, None, None
    size, hit = sizes[present], hits[present]
    rate = n_hits / total
    # of the permutations; two groups at least, so no size is the total
    spread = np.sqrt(size * rate * (1 - rate) * (total - size) / (total - 1))
    deficit = (size * rate - hit) / spread
    worst = int(np.argmax(deficit))
    tolerance = 1e-9 * max(1.0, abs(float(deficit[worst])))
    reached, left = 0, n_permutations
    at_once = max(1, MOST_CELLS // present.size)
    while left:
        drawn = rng.multivariate_hypergeometric(size, n_hits, min(left, at_once))
        largest = ((size * rate - drawn) / spread).max(axis=1)
        reached += int((largest >= deficit[worst] - tolerance).sum())
        left -= len(drawn)
    rest, k = total - int(size[worst]), int(hit[worst])
    gap = newcombe(n_hits - k, rest, k, int(size[worst]))
    return int(present[worst]), gap, (1 + reached) / (1 + n_permutations)
