"""Pairs of rows whose texts are alike and whose numbers are near."""

from dataclasses import replace

import numpy as np
from scipy.spatial.distance import pdist

from skdataquality.duplicates._detection._linkage import content_rank
from skdataquality.duplicates._detection._number_pairs import (
    joined_pairs,
    number_pairs,
    pairs_within_or_nearer,
)
from skdataquality.duplicates._numbers import FALSE_ROWS
from skdataquality.utils._draws import FIXED_SEED, draw_rows

MOST_BY_CHANCE = 0.01  # of unrelated pairs have numbers that near
_SAMPLE = 1000  # rows, of which all pairs are measured
_EQUAL = 1e-9  # a radius within which numbers are equal


def mixed_pairs(table, alike, threshold):
    """Return the pairs of near numbers and alike texts, and their text similarity.

    Rows are joined by their numbers within chains of alike texts, which leaves few
    pairs to look up.
    """
    chain = alike.component
    joined = replace(table, block=_both(table.block, chain))
    if threshold == "chance":
        near = _near_by_chance(joined, chain, alike.pairs_of_component)
    else:
        near = number_pairs(joined, threshold)
    similarity = alike.similarity(near.first, near.second)
    kept = similarity > 0
    return near.take(kept), similarity[kept]


def _near_by_chance(table, chain, n_pairs):
    """Join rows whose numbers are nearer than those of unrelated rows by chance.

    The more rows a chain of alike texts has, the less it tells, and the nearer their
    numbers must be; where it tells nothing numbers are judged alone.
    """
    radius = _radii_by_chance(table.cells, chain, n_pairs)
    tells = np.isfinite(radius)
    rows = np.arange(chain.shape[0])
    apart = np.where(tells[chain], table.block, rows + int(table.block.max()) + 1)
    widest = max(radius[tells].max(initial=0.0), _EQUAL)
    near = pairs_within_or_nearer(replace(table, block=apart), widest)
    near = near.take(near.distance <= radius[chain[near.first]])
    if tells.all():
        return near
    alone = number_pairs(table, "chance")
    return joined_pairs(near, alone.take(~tells[chain[alone.first]]))


def _radii_by_chance(cells, chain, n_pairs):
    """Radius for each chain; in all, half a pair is expected if rows were unrelated.

    NaN where so many rows have the texts that no radius is small enough. 0, equal
    numbers, in tables too small to say more.
    """
    in_order = np.argsort(content_rank(cells.T), kind="stable")
    rows = in_order[draw_rows(cells.shape[0], _SAMPLE, FIXED_SEED)]
    one, other = np.triu_indices(rows.size, k=1)
    unrelated = chain[rows[one]] != chain[rows[other]]
    distance = np.sort(pdist(cells[rows])[unrelated])
    n_tests = max(1, np.count_nonzero(n_pairs)) * np.maximum(n_pairs, 1)
    share = np.minimum(MOST_BY_CHANCE, FALSE_ROWS / n_tests)
    n_allowed = (share * distance.size).astype(np.int64)
    limits = np.r_[np.nan, distance]
    return np.where((n_allowed == 0) & (share == MOST_BY_CHANCE), 0, limits[n_allowed])


def _both(block, chain):
    """Code each combination of two codes as one number."""
    joined = block * (int(chain.max(initial=0)) + 1) + chain
    return np.unique(joined, return_inverse=True)[1]
