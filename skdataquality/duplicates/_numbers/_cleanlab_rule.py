"""cleanlab's rule of which rows are near duplicates: :func:`cleanlab_rule`."""

import numpy as np
from sklearn.neighbors import NearestNeighbors
from sklearn.preprocessing import normalize

from skdataquality.duplicates._joins import (
    MAX_PAIRS,
    TooManyPairsError,
    pairs_within,
)
from skdataquality.duplicates._numbers._content_draw import draw_by_content

_FACTOR, _LEAST = 0.13, 1e-6
_EUCLIDEAN_COLUMNS = 3
_ASKED = 2000


def cleanlab_rule(table):
    """Find the pairs closer than 0.13 of the median distance to the nearest row.

    Parameters
    ----------
    table : NumericRows
        At least 2 rows.

    Returns
    -------
    first, second : ndarray of shape (n_pairs,), int
        Positions in the table, ``first < second``, in rising order.
    distance : ndarray of shape (n_pairs,), float
        Euclidean up to 3 columns, ``1 - cosine`` above.
    radius : float
        Pairs closer than that were looked for, in the same unit.

    Raises
    ------
    ValueError
        If too many pairs are that close.

    Notes
    -----
    The rule of cleanlab's Datalab (2.9), here on standardised columns and on one of
    each group of equal rows, and without its limit of ten neighbours; above 2000 rows
    the median is that of a fixed sample.

    It takes no account of chance. Measured among 1000 uniform rows
    (``benchmarks/results/duplicates_cleanlab.csv``): where one row has a copy it flags
    8 % of all in one column, 1.3 % in two and 3.6 % in four; where 60 % of the rows
    are or have copies it flags 9 % of all in one column, below 2 % in two, three and
    ten, and fewer in twenty, as copies draw the median down to their own distance.
    A cosine also joins rows that are proportional.
    """
    n, d = table.cells.shape
    by_angle = d > _EUCLIDEAN_COLUMNS
    points = normalize(table.cells) if by_angle else table.cells
    asked = draw_by_content(table.cells, _ASKED)
    search = NearestNeighbors(n_neighbors=2).fit(points)
    nearest = np.sort(search.kneighbors(points[asked])[0], axis=1)[:, 1]
    usual = np.median(_as_angle(nearest) if by_angle else nearest)
    radius = float(_FACTOR * max(usual, _LEAST))
    reach = np.sqrt(2 * radius) if by_angle else radius
    try:
        pairs = pairs_within(points, reach, block=table.block)
    except TooManyPairsError:
        raise ValueError(
            f"threshold='cleanlab' makes more than {MAX_PAIRS} pairs of the {n} "
            f"distinct rows of X: pass a smaller threshold, or 'chance'."
        ) from None
    first, second = pairs.first, pairs.second
    distance = _as_angle(pairs.distance) if by_angle else pairs.distance
    near = distance < radius
    return first[near], second[near], distance[near], radius


def _as_angle(chord):
    """1 - cosine, of rows of length 1."""
    return chord**2 / 2
