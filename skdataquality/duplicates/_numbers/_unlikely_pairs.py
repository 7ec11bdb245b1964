"""Pairs of rows nearer than chance explains: :func:`unlikely_pairs`."""

import numpy as np

from skdataquality.duplicates._joins import narrowed_pairs
from skdataquality.duplicates._numbers._chance import ChanceNeighbours


def unlikely_pairs(table, chance=None):
    """Find the pairs that chance leaves unexplained at both of their rows.

    Parameters
    ----------
    table : NumericRows
        At least 20 rows.
    chance : ChanceNeighbours, default=None
        That of the table's cells, if it is known already.

    Returns
    -------
    first, second : ndarray of shape (n_pairs,), int
        Positions in the table, ``first < second``, in rising order.
    distance : ndarray of shape (n_pairs,), float
        Euclidean, in standard deviations.
    radius : float
        No pair further apart was looked for.
    """
    chance = ChanceNeighbours(table.cells) if chance is None else chance
    widest = chance.widest_radius()
    if not widest > 0:
        none = np.empty(0, dtype=np.int64)
        return none, none, np.empty(0), 0.0
    near, radius = narrowed_pairs(table.cells, widest, block=table.block)
    first, second, distance = near.first, near.second, near.distance
    accused = chance.accused(first, second, distance, table.missing)
    return first[accused], second[accused], distance[accused], radius
