"""The share of wrong labels, overall and by given class, from verified rows."""

import numpy as np

from skdataquality.utils._stats import Interval, stratified_share

VERIFIED = "verified rows"
MISSED = 0.3  # how far the rows stood for may be from those of the table, as a share


def verified_rates(found, verified, sizes, class_rows, at_most, *, level=0.95):
    """Rates of wrong labels, from random rows of each stratum.

    Parameters
    ----------
    found, verified : ndarray of shape (n_strata, n_classes), int
        Rows verified, and those of them found wrong, by given class.
    sizes : ndarray of shape (n_strata,), int
        All rows.
    class_rows : ndarray of shape (n_classes,), int
        All rows by given class.
    at_most : ndarray of shape (n_strata, n_classes), int
        Most rows that may be wrong, after what was seen.
    level : float, default=0.95

    Returns
    -------
    overall : Interval
    by_class : list of Interval
        See `rates_of_parts`.
    """
    drawn = verified.sum(axis=1)
    overall = stratified_share(found.sum(axis=1), drawn, sizes, level=level)
    by_class = rates_of_parts(
        "class", found, verified, drawn, sizes, class_rows, at_most, level=level
    )
    return _interval(overall, (), 1.0, level), by_class


def rates_of_parts(part, found, seen, drawn, sizes, rows, at_most, *, level=0.95):
    """Rate of each part of a table, such as a class or a source.

    Times their rows they sum to the overall one if every row is of one part. Unbiased
    although nobody planned how many rows of a part are drawn: its rows that are wrong
    are as good a kind of hit as any (Cochran 1977, section 5A.14).

    Parameters
    ----------
    part : str
        What a part is called.
    found, seen : ndarray of shape (n_strata, n_parts), int
        Wrong labels and verdicts.
    drawn : ndarray of shape (n_strata,), int
        Verdicts, those of no part among them.
    sizes : ndarray of shape (n_strata,)
        All rows.
    rows : array-like of shape (n_parts,), int
        All rows by part.
    at_most : ndarray of shape (n_strata, n_parts)
        Most rows that may be wrong, after what was seen.

    Returns
    -------
    rates : list of Interval
    """
    shares = stratified_share(found.T, drawn, sizes, at_most=at_most.T, level=level)
    rows, any_seen = np.asarray(rows), seen.any(axis=0)
    none = f"no interval: no row of this {part} was verified"
    return [
        _interval(shares, at, rows[at] / sizes.sum(), level)
        if any_seen[at]
        else Interval(np.nan, 0.0, 1.0, none, level)
        for at in range(rows.size)
    ]


def _interval(shares, at, whole, level):
    """Interval of one of the shares, divided by the share of all rows it is part of."""
    estimate, lower, upper = (
        min(float(end[at]) / whole, 1.0)
        for end in (shares.estimate, shares.lower, shares.upper)
    )
    return Interval(estimate, lower, upper, f"{VERIFIED}, {shares.method}", level)


def rates_from(verified, codes, is_wrong, n_classes):
    """Rates of a whole table, whose rows have the class ``codes``, from some rows.

    Rows of one chance to be drawn are a stratum; rows that no plan drew are left out.
    `why_no_rate` says whether there are any.
    """
    drawn = verified.is_drawn
    stratum, n_strata = _strata(verified)
    given = codes[verified.rows[drawn]]
    seen = np.bincount(stratum * n_classes + given, minlength=n_strata * n_classes)
    found = np.bincount(
        (stratum * n_classes + given)[is_wrong[drawn]], minlength=n_strata * n_classes
    )
    seen, found = seen.reshape(n_strata, -1), found.reshape(n_strata, -1)
    sizes = np.bincount(stratum, weights=verified.weight[drawn], minlength=n_strata)
    sizes = np.maximum(np.rint(sizes), seen.sum(axis=1))
    class_rows = np.bincount(codes, minlength=n_classes)
    right_of_class = (seen - found).sum(axis=0)
    at_most = np.minimum(
        class_rows - right_of_class, sizes[:, None] - seen.sum(axis=1)[:, None] + found
    )
    return verified_rates(found, seen, sizes, class_rows, at_most)


def why_no_rate(verified, n_rows):
    """Say why verified rows tell no error rate of a table; empty if they do."""
    drawn = verified.is_drawn
    if not drawn.any():
        return "no plan drew the verified rows, so they say nothing about other rows"
    if verified.purpose == "comparison":
        return (
            "the verified rows were drawn to tell remedies apart, none where these "
            "agree, so they say little about the share of wrong labels"
        )
    chance = verified.inclusion_probability[drawn]
    if 2 * _strata(verified)[1] > chance.size:
        return (
            "nearly every verified row had a chance of its own to be drawn, where a "
            "rate needs some rows of each"
        )
    if abs(verified.weight[drawn].sum() / n_rows - 1) > MISSED:
        return (
            f"the verified rows stand for {verified.weight[drawn].sum():.0f} rows and "
            f"the table has {n_rows}: they were drawn from a part of it"
        )
    return ""


def _strata(verified):
    """Return the stratum of each row that was drawn, by its chance, and how many."""
    chance = verified.inclusion_probability[verified.is_drawn]
    # the likeliest first, as an audit has them
    present, stratum = np.unique(-np.round(chance, 9), return_inverse=True)
    return stratum, present.size
