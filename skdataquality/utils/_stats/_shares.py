"""Shares of kinds: whether counts fit given shares, or those of another table."""

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from skdataquality.utils._stats._checks import check_vector

G = "log-likelihood"  # the statistic of Wilks


def fits_shares(counts: ArrayLike, shares: ArrayLike) -> float:
    """P value that rows of several kinds are drawn from given shares.

    The exact binomial test of two kinds, the G-test of more. A kind of share 0 that has
    rows makes it 0.

    >>> round(fits_shares([30, 70], [0.5, 0.5]), 6)
    7.9e-05
    """
    n = check_vector("counts", counts, min_size=2)
    p = check_vector("shares", shares, min_size=2)
    if (n[p == 0] > 0).any():
        return 0.0
    n, p = n[p > 0], p[p > 0] / p.sum()
    if n.size < 2:
        return 1.0
    if n.size == 2:
        return float(stats.binomtest(int(n[0]), int(n.sum()), p[0]).pvalue)
    return float(stats.power_divergence(n, n.sum() * p, lambda_=G).pvalue)


def same_shares(first: ArrayLike, second: ArrayLike) -> float:
    """P value that the rows of two tables have the same shares of several kinds.

    Fisher's exact test of two kinds, the G-test of more.

    >>> round(same_shares([30, 70], [50, 50]), 4)
    0.0059
    """
    table = np.stack([np.asarray(first), np.asarray(second)])
    table = table[:, table.sum(axis=0) > 0]
    if table.shape[1] < 2 or not table.sum(axis=1).all():
        return 1.0
    if table.shape[1] == 2:
        return float(stats.fisher_exact(table).pvalue)
    return float(stats.chi2_contingency(table, correction=False, lambda_=G).pvalue)
