"""Rows that are all but equal in their numbers: :func:`near_duplicate_groups`."""

from dataclasses import dataclass
from numbers import Real

import numpy as np

from skdataquality.duplicates._detection._detect import detect


@dataclass(frozen=True)
class NearPairs:
    """Pairs of distinct rows that are all but equal; of equal rows the first is named.

    Distances are Euclidean, in robust standard deviations of the columns. No pair
    further apart than ``radius`` was looked for; it is None if none was at all.
    ``groups`` holds the first row of each group of equal and nearly equal rows.
    """

    first: np.ndarray
    second: np.ndarray
    distance: np.ndarray
    radius: float | None
    groups: np.ndarray


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
    DuplicateDetector : Texts as well, and other thresholds; scores and pairs.
    duplicate_groups : Rows that are equal in every cell; sparse tables as well.

    Notes
    -----
    The search is exact: no pair within the radius is missed. With ``radius=None`` it
    is narrowed if it would take long, as in wide tables of many rows, or find more
    than 5 million pairs; ``duplicate_lens`` states the radius it used as
    ``near_radius``. At least 20 distinct rows are needed; above 2000 a sample of rows,
    drawn by their content, stands for all.

    Wrong where rows are alike for a reason: neighbours in a time series, repeated
    measurements of one unit, a designed grid. Components chain: in ``a - b - c`` the
    ends may be further apart than the radius. In one to three dimensions only very
    close copies can be told from chance.

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
    _check_radius(radius)
    threshold = "chance" if radius is None else float(radius)
    found = detect(
        X, exact=exact, method="numbers", threshold=threshold, limit_name="radius"
    )
    pairs = found.pairs
    distance = np.empty(0) if pairs.distance is None else pairs.distance
    return NearPairs(pairs.first, pairs.second, distance, found.threshold, found.groups)


def _check_radius(radius):
    if radius is None:
        return
    number = isinstance(radius, Real) and not isinstance(radius, bool)
    if not (number and 0 < radius < np.inf):
        raise ValueError(
            f"radius={radius!r}: pass a positive number of standard deviations, or "
            f"None for one that fits X. For exact duplicates use duplicate_groups."
        )
