"""How much rows say that depend on each other."""

import numpy as np

FEWEST_CLUSTERS = 2


def effective_share(values, groups=None):
    """Share of the rows that says as much, were they independent.

    The inverse of the design effect (Kish 1965) of the mean of ``values``: the variance
    of a mean over whole groups, beside that over as many independent rows; at most 1.
    Groups need not be known by number, and None is one row a group. A single group says
    no more than one row.

    >>> wrong = np.repeat([0, 1, 0, 0, 1, 0, 0, 0, 1, 0], 4)
    >>> round(effective_share(wrong, np.repeat(np.arange(10), 4)), 2)
    0.23
    """
    if groups is None:
        return 1.0
    values = np.asarray(values, dtype=float)
    residual = values - values.mean()
    total = float(np.square(residual).sum())
    member = np.unique(np.asarray(groups), return_inverse=True)[1].ravel()
    sums = np.bincount(member, weights=residual)
    if sums.size < FEWEST_CLUSTERS:
        return 1 / values.size
    if total == 0:
        return 1.0
    between = float(np.square(sums).sum()) * sums.size / (sums.size - 1)
    alone = total * values.size / (values.size - 1)
    return min(1.0, alone / between) if between > 0 else 1.0
