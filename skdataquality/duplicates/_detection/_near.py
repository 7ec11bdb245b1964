"""Rows that are all but equal: :func:`near_duplicate_groups`."""

from dataclasses import dataclass, replace
from numbers import Real

import numpy as np
import scipy.sparse as sp

from skdataquality.duplicates._numbers import (
    ChanceNeighbours,
    Sight,
    numeric_rows,
    refuse_sparse,
    unlikely_pairs,
)
from skdataquality.utils._duplicate_rows import duplicate_groups
from skdataquality.utils._folds import join_groups
from skdataquality.utils._frames import as_rows
from skdataquality.utils._neighbors import MAX_CANDIDATES, NeighborJoin

FEWEST_ROWS = 20  # distinct; fewer say too little about distances by chance


@dataclass(frozen=True)
class NearPairs:
    """Pairs of distinct rows that are all but equal; of equal rows the first is named.

    Distances are Euclidean, in robust standard deviations of the columns. No pair
    further apart than ``radius`` was looked for; it is None if none was at all.
    ``groups`` holds the first row of each group of equal and nearly equal rows.
    ``sight`` says how near a copy must be to be told from chance; None if that was not
    asked.
    """

    first: np.ndarray
    second: np.ndarray
    distance: np.ndarray
    radius: float | None
    groups: np.ndarray
    sight: Sight | None = None


def near_duplicate_groups(X, *, radius=None):
    """Find groups of rows that are equal up to small changes of their numbers.

    Numeric columns are brought to standard deviations (drawn-in tails, so that a wild
    cell does not flatten its column). Two rows are near if they are closer than the
    radius, miss the same cells and are equal in every other column: text, categories,
    booleans and dates. The label is never part of it. Groups are the connected
    components, equal rows included.

    Parameters
    ----------
    X : {array-like, data frame} of shape (n_samples, n_features)
        Dense; NaN and infinite cells count as missing.
    radius : float, default=None
        Largest Euclidean distance of near rows, in standard deviations, over all
        numeric columns together; larger joins more. None: each pair is judged by how
        many neighbours as near chance would give its two rows, from the density and
        the intrinsic dimension of the table around them, so that a table without near
        copies is expected to have half a row accused.

    Returns
    -------
    groups : ndarray of shape (n_samples,), int64
        Row number of the first row of each group; a row without a twin has its own.

    Raises
    ------
    ValueError
        If X is sparse, or the radius is not positive or joins too many pairs.

    See Also
    --------
    duplicate_groups : Rows that are equal in every cell; sparse tables as well.

    Notes
    -----
    The search is exact: no pair within the radius is missed. With ``radius=None`` it
    is narrowed if it would compare more than 2 million pairs; ``duplicate_lens``
    states the radius it used as ``near_radius``. At least 20 distinct rows are needed,
    and above 2000 the order of rows may decide borderline pairs, as a fixed sample of
    rows stands for all.

    Wrong where rows are alike for a reason: neighbours in a time series, repeated
    measurements of one unit, a designed grid. Components chain: in ``a - b - c`` the
    ends may be further apart than the radius. In one to three dimensions only very
    close copies can be told from chance; ``duplicate_lens`` states how close as
    ``near_seen``.

    Copies of one row with noise are a small, tight cluster, and a small, tight cluster
    is taken for such copies: at most 65 rows and a fifth of the table, no wider than a
    fifth of the distance to the next row nor than noise of .03 standard deviations in
    each column makes it. Groups of more than five rows that are larger, or wider, are
    taken for a dense part of the table.

    References
    ----------
    Levina and Bickel (2004), Maximum likelihood estimation of intrinsic dimension.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.duplicates import near_duplicate_groups
    >>> X = np.random.default_rng(0).normal(size=(200, 6))
    >>> X[7] = X[3] + 0.001
    >>> near_duplicate_groups(X)[:9]
    array([0, 1, 2, 3, 4, 5, 6, 3, 8])
    """
    return near_pairs(X, radius=radius).groups


def near_pairs(X, *, exact=None, radius=None):
    """Find pairs of nearly equal rows; see :func:`near_duplicate_groups`.

    ``exact`` is the result of ``duplicate_groups``, if it is known already.
    """
    refuse_sparse(X)
    _check_radius(radius)
    exact = duplicate_groups(X) if exact is None else np.asarray(exact)
    table = numeric_rows(as_rows(X), exact)
    enough = 2 if radius is not None else FEWEST_ROWS
    if table.cells.shape[1] == 0 or table.rows.size < enough:
        none = np.empty(0, dtype=np.int64)
        return NearPairs(none, none, np.empty(0), None, exact)
    sight = None
    if radius is None:
        chance = ChanceNeighbours(table.cells)
        sight = chance.sight()
        first, second, distance, radius = unlikely_pairs(table, chance)
    else:
        first, second, distance, radius = _pairs_within(table, radius)
    first, second = table.rows[first], table.rows[second]
    groups = _connect(exact, first, second)
    return NearPairs(first, second, distance, radius, groups, sight)


def across_units(pairs, exact, units):
    """Leave out pairs of rows of one unit, which are alike for that reason."""
    units = join_groups(units)
    across = units[pairs.first] != units[pairs.second]
    first, second = pairs.first[across], pairs.second[across]
    return replace(
        pairs,
        first=first,
        second=second,
        distance=pairs.distance[across],
        groups=_connect(exact, first, second),
    )


def _pairs_within(table, radius):
    join = NeighborJoin(table.cells, radius, block=table.block)
    if join.radius < radius:
        raise ValueError(
            f"radius={radius:g} standard deviations would compare more than "
            f"{MAX_CANDIDATES} pairs of the {table.rows.size} distinct rows of X: pass "
            f"radius={join.radius:.1e} or smaller, or None for one that fits X."
        )
    return *join.pairs(radius), float(radius)


def _connect(exact, first, second):
    """Join the groups that a pair connects; name each by its first row."""
    n = exact.shape[0]
    edges = (np.ones(first.size, dtype=bool), (first, second))
    graph = sp.coo_array(edges, shape=(n, n))
    part = sp.csgraph.connected_components(graph, directed=False)[1]
    start = np.full(n, n)
    np.minimum.at(start, part, exact)  # rows that repeat another stand apart so far
    return start[part[exact]].astype(np.int64)


def _check_radius(radius):
    if radius is None:
        return
    number = isinstance(radius, Real) and not isinstance(radius, bool)
    if not (number and 0 < radius < np.inf):
        raise ValueError(
            f"radius={radius!r}: pass a positive number of standard deviations, or "
            f"None for one that fits X. For exact duplicates use duplicate_groups."
        )
