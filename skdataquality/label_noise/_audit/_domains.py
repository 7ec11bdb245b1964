"""Rates by source, from one stratified sample of the whole table."""

import numpy as np

from skdataquality.label_noise._classes import lines_of
from skdataquality.label_noise._confident import rates_of_parts


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
    rates = rates_of_parts(
        "source",
        found,
        verified,
        drawn,
        plan.stratum_sizes,
        rows,
        at_most,
        level=level,
    )
    return lines_of(
        {
            "source": np.asarray(names),
            "rows": np.asarray(rows),
            "verified": verified.sum(axis=0),
            "errors_found": found.sum(axis=0),
            "rate": np.array(rates, dtype=object),
        }
    )
