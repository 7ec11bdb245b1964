"""Rates of parts of a table, from one stratified sample of the whole.

The rows of one part that are wrong are as good a kind of hit as any: the estimate is
unbiased although nobody planned how many rows of the part are drawn (Cochran 1977,
section 5A.14).
"""

import numpy as np

from skdataquality.label_noise._classes import lines_of
from skdataquality.utils._stats import Interval, stratified_share


def rates_of_parts(key, names, rows, found, verified, plan, drawn, *, at_most, level):
    """Rate of every part; times their rows they sum to the overall one.

    Parameters
    ----------
    key : str
        What a part is called, such as "class".
    names, rows : sequence of shape (n_parts,)
        The parts, and the rows of the data in each.
    found, verified : ndarray of shape (n_strata, n_parts), int
        Wrong labels and verdicts by stratum.
    plan : AuditPlan
    drawn : ndarray of shape (n_strata,), int
        Verdicts by stratum, those of no part among them.
    at_most : ndarray of shape (n_strata, n_parts), int
        Wrong labels that may be in a stratum after the verdicts.
    """
    total = int(plan.class_sizes.sum())
    shares = stratified_share(
        found.T, drawn, plan.stratum_sizes, at_most=at_most.T, level=level
    )
    lines = lines_of(
        {
            key: np.asarray(names),
            "rows": np.asarray(rows),
            "verified": verified.sum(axis=0),
            "errors_found": found.sum(axis=0),
        }
    )
    for part, line in enumerate(lines):
        if line["verified"]:
            line["rate"] = interval_of(shares, part, line["rows"] / total, level)
        else:
            why = f"no row of this {key} was verified"
            line["rate"] = Interval(np.nan, 0.0, 1.0, f"no interval: {why}", level)
    return lines


def rates_by_source(plan, planned, errors, codes, names, rows, *, level=0.95):
    """Rate of every source of the rows.

    Parameters
    ----------
    plan : AuditPlan
    planned : ndarray of shape (n_verified,), int
        Positions in the plan of the rows with a verdict.
    errors : ndarray of shape (n_verified,), bool
    codes : ndarray of shape (n_verified,), int
        Source of each of these rows, a position in `names`.
    names, rows : sequence of shape (n_sources,)
        The sources, and the labelled rows of the data in each.
    """
    shape = plan.class_sizes.shape[0], len(names)
    cell = plan.strata[planned] * shape[1] + codes
    verified = np.bincount(cell, minlength=shape[0] * shape[1]).reshape(shape)
    found = np.bincount(cell[errors], minlength=shape[0] * shape[1]).reshape(shape)
    drawn = verified.sum(axis=1)
    # how many rows of a source are in a stratum is not known, only these two limits
    in_stratum = (plan.stratum_sizes - drawn)[:, None] + found
    in_source = np.asarray(rows) - verified.sum(axis=0) + found
    at_most = np.minimum(in_stratum, in_source)
    return rates_of_parts(
        "source",
        names,
        rows,
        found,
        verified,
        plan,
        drawn,
        at_most=at_most,
        level=level,
    )


def interval_of(shares, at, whole, level):
    """Interval of one of the shares, divided by the share of all rows it is part of."""
    estimate, lower, upper = (
        min(float(end[at]) / whole, 1.0)
        for end in (shares.estimate, shares.lower, shares.upper)
    )
    return Interval(estimate, lower, upper, shares.method, level)
