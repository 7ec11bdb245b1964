"""The radius that joins as many pairs as may be held."""

import numpy as np

_SAFE = 0.8  # of the pairs allowed


def largest_radius(rows, max_pairs, block=None):
    """Return about the largest distance within which ``max_pairs`` pairs lie.

    Estimated from the distances of 256 rows to 4096, or to all if there are no more; 0
    where that many pairs of rows are equal.
    """
    others, n = rows.sample, rows.shape[0]
    own = rows.few[::2]
    first, second = np.repeat(own, others.size), np.tile(others, own.size)
    kept = first != second
    share = kept.sum() / (n * (n - 1))  # of the ordered pairs of rows
    if block is not None:
        kept &= block[first] == block[second]
    distance = np.sort(rows.distances(first[kept], second[kept]))
    wanted = int(2 * _SAFE * max_pairs * share)
    return float(distance[min(wanted, distance.size - 1)])
