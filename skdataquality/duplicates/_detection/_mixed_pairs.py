"""Pairs of rows whose texts are alike and whose numbers are near."""

from dataclasses import replace

import numpy as np
from scipy.spatial.distance import pdist

from skdataquality.duplicates._detection._linkage import content_rank
from skdataquality.duplicates._detection._number_pairs import (
    number_pairs,
    pairs_within,
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
    component = alike.component
    joined = replace(table, block=_both(table.block, component))
    if threshold == "chance":
        radius = _radius_by_chance(table.cells, component, alike.n_row_pairs)
        if radius is None:
            near = number_pairs(joined, "chance")
        else:
            near = pairs_within(joined, max(radius, _EQUAL), may_narrow=True)
    else:
        near = number_pairs(joined, threshold)
    similarity = alike.similarity(near.first, near.second)
    kept = similarity > 0
    return near.take(kept), similarity[kept]


def _radius_by_chance(cells, component, n_alike):
    """Radius within which half a pair is expected among so many unrelated pairs.

    None where the alike texts are so many that they tell nothing: then numbers are
    judged alone. 0, equal numbers, in tables too small to say more.
    """
    in_order = np.argsort(content_rank(cells.T), kind="stable")
    rows = in_order[draw_rows(cells.shape[0], _SAMPLE, FIXED_SEED)]
    distance = pdist(cells[rows])
    one, other = np.triu_indices(rows.size, k=1)
    distance = np.sort(distance[component[rows[one]] != component[rows[other]]])
    share = min(MOST_BY_CHANCE, FALSE_ROWS / max(n_alike, 1))
    n_allowed = int(share * distance.size)
    if n_allowed:
        return float(distance[n_allowed - 1])
    return 0.0 if share == MOST_BY_CHANCE else None


def _both(block, component):
    """Code each combination of two codes as one number."""
    joined = block * (int(component.max(initial=0)) + 1) + component
    return np.unique(joined, return_inverse=True)[1]
