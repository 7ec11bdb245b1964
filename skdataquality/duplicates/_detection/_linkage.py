"""From pairs to groups: connected components, or stars against chaining."""

import numpy as np
import scipy.sparse as sp

from skdataquality.utils._draws import FIXED_SEED

DIGITS = 9  # of summed distances: below, rounding would decide


def components(exact, first, second):
    """Join the groups that a pair connects; name each by its first row."""
    n = exact.shape[0]
    edges = (np.ones(first.size, dtype=bool), (first, second))
    graph = sp.coo_array(edges, shape=(n, n))
    part = sp.csgraph.connected_components(graph, directed=False)[1]
    return _named_by_first_row(part, exact)


def stars(exact, pairs, relative, content):
    """Join each row to one row that it makes a pair with; name by the first row.

    Rows are visited by the number of their pairs, most first, then by how near these
    are, then by content; a row that belongs to no group yet takes those of its
    neighbours that do not either. ``content`` returns columns that tell rows apart.
    """
    n = exact.shape[0]
    centre = np.arange(n)
    if pairs.first.size == 0:
        return exact
    nodes, place = np.unique(np.r_[pairs.first, pairs.second], return_inverse=True)
    one, other = place, np.roll(place, pairs.first.size)
    visit = _visiting_order(nodes.size, one, np.tile(relative, 2), content(nodes))
    centre[nodes] = nodes[_centre_of_each(visit, one, other)]
    return _named_by_first_row(centre, exact)


def _visiting_order(n, one, relative, columns):
    """When each node is visited, from 0; it does not depend on the order of rows."""
    degree = np.bincount(one, minlength=n)
    total = np.bincount(one, weights=relative, minlength=n).round(DIGITS)
    # of ranks in a row, as in a grid, each would wait for the one before
    shuffled = np.random.default_rng(FIXED_SEED).permutation(n)[content_rank(columns)]
    visit = np.empty(n, dtype=np.int64)
    visit[np.lexsort((shuffled, total, -degree))] = np.arange(n)
    return visit


def content_rank(columns):
    """Rank rows by the first column, ties by the second, and so on."""
    rank = np.int64(0)
    for column in columns:
        codes = np.unique(column, return_inverse=True)[1]
        joined = rank * (int(codes.max(initial=0)) + 1) + codes
        rank = np.unique(joined, return_inverse=True)[1]
        if rank.max(initial=0) == codes.size - 1:
            break
    return rank


def _centre_of_each(visit, one, other):
    """Centre of the star of each node, as if the nodes were visited one by one.

    A node is a centre unless a neighbour that is visited before is one. In each round
    all those are decided that come first among their undecided neighbours.
    """
    n = visit.size
    undecided, is_centre = np.ones(n, dtype=bool), np.zeros(n, dtype=bool)
    while undecided.any():
        open_edges = undecided[one] & undecided[other]
        a, b = one[open_edges], other[open_edges]
        earliest = np.full(n, n)
        np.minimum.at(earliest, a, visit[b])
        new = undecided & (visit < earliest)
        is_centre |= new
        undecided &= ~new
        undecided[b[new[a]]] = False
    member = np.arange(n)
    to_centre = is_centre[one] & ~is_centre[other]
    a, b = one[to_centre], other[to_centre]
    earliest = np.full(n, n)
    np.minimum.at(earliest, b, visit[a])
    by_visit = np.argsort(visit, kind="stable")
    taken = np.flatnonzero(earliest < n)
    member[taken] = by_visit[earliest[taken]]
    return member


def _named_by_first_row(part, exact):
    """Name groups of first rows by their first row, for every row."""
    n = exact.shape[0]
    start = np.full(n, n)
    np.minimum.at(start, part[exact], exact)
    return start[part[exact]].astype(np.int64)
