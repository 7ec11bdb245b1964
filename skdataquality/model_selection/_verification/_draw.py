"""Which rows to draw: chances in proportion to a size, and the draw itself."""

import numpy as np


def chances(size, n_rows):
    """Chance of each row to be drawn, in proportion to its size, at most 1.

    They sum to ``n_rows``, or to the number of sizes above 0 if these are fewer.

    >>> import numpy as np
    >>> chances(np.array([4.0, 1.0, 1.0, 0.0]), 2)
    array([1. , 0.5, 0.5, 0. ])
    """
    chance = (size > 0).astype(float)
    if chance.sum() <= n_rows:
        return chance
    certain = np.zeros(size.size, dtype=bool)
    while True:
        rest = np.where(certain, 0.0, size)
        chance = np.where(certain, 1.0, rest * ((n_rows - certain.sum()) / rest.sum()))
        too_large = chance > 1
        if not too_large.any():
            return chance
        certain |= too_large


def draw_by_chance(chance, rng):
    """Draw rows with exactly these chances, as many as they sum to, in random order.

    Systematic sampling of rows in random order (Hartley and Rao 1962).
    """
    rows = rng.permutation(np.flatnonzero(chance > 0))
    ends = np.cumsum(chance[rows])
    n_drawn = round(ends[-1])
    ends *= n_drawn / ends[-1]
    ends[-1] = n_drawn
    steps = np.floor(np.concatenate([[0.0], ends]) + rng.random_sample())
    return rng.permutation(rows[np.diff(steps) > 0])
