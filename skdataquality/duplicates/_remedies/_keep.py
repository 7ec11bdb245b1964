"""Which of several duplicates is kept: the first, the medoid, or any."""

import numpy as np

from skdataquality.utils._draws import own_rng

TIE = 1e-9  # sums of equal distances differ by rounding


def cells_of(twins, codes):
    """Code each (group, label) pair as one number, in the order of groups."""
    return twins * (codes.max() + 1) + codes


def chosen_of_each(cells, preference):
    """Row of lowest preference of each cell, as a mask and looked up by row.

    Ties: the first row.
    """
    order = np.argsort(preference, kind="stable")
    _, first, member = np.unique(cells[order], return_index=True, return_inverse=True)
    chosen = order[first]
    keep = np.zeros(cells.shape[0], dtype=bool)
    keep[chosen] = True
    keeper = np.empty(cells.shape[0], dtype=np.int64)
    keeper[order] = chosen[member]
    return keep, keeper


def preferences(keep, cells, detector, random_state):
    """Rank rows by the rule of keeping: the lowest of each cell is kept."""
    n = cells.shape[0]
    if keep == "random":
        return own_rng(random_state).permutation(n)
    if keep == "first" or detector is None:  # of equal rows any is the medoid
        return np.zeros(n)
    summed = summed_distances(cells, detector)
    lowest = np.full(int(cells.max()) + 1, np.inf)
    np.minimum.at(lowest, cells, summed)
    return summed > lowest[cells] * (1 + TIE) + TIE


def summed_distances(cells, detector):
    """Sum of the distances of each row to the other rows of its cell.

    In shares of the largest distance of a pair, which is also that of rows that make
    no pair. So it is a sum over the pairs, of which there are few, whatever the size of
    the groups.
    """
    cell, size = np.unique(cells, return_inverse=True, return_counts=True)[1:]
    # equal rows of one cell are one node
    key = detector.equal_groups_ * size.shape[0] + cell
    node, member, count = np.unique(key, return_inverse=True, return_counts=True)
    nearness = count - 1.0  # to its equals
    one, other, pair = _within_cells(node, size.shape[0], detector.pairs_)
    near = 1 - detector._relative_distance[pair]
    np.add.at(nearness, one, near * count[other])
    np.add.at(nearness, other, near * count[one])
    return size[cell] - 1.0 - nearness[member]


def _within_cells(node, n_cells, pairs):
    """Pairs of nodes of one cell that a pair of rows connects, and which pair."""
    start, stop = np.searchsorted(
        node, [pairs.first * n_cells, (pairs.first + 1) * n_cells]
    )
    pair = np.repeat(np.arange(len(pairs)), stop - start)
    one = np.arange(pair.size) + np.repeat(
        start - np.cumsum(stop - start) + (stop - start), stop - start
    )
    wanted = pairs.second[pair] * n_cells + node[one] % n_cells
    other = np.minimum(np.searchsorted(node, wanted), node.size - 1)
    there = node[other] == wanted
    return one[there], other[there], pair[there]
