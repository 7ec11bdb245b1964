"""The exact interval of a rate, also of rows that say less than their number."""

import numpy as np
from scipy import special


def exact_interval(flagged, rows, effects=1.0, *, level=0.95):
    """Clopper-Pearson interval of as many independent rows as these say.

    Counts are divided by the design effects and need not be whole then (E. Korn, B.
    Graubard, "Confidence intervals for proportions with small expected number of
    positive counts estimated from survey data", Survey Methodology 24, 1998).

    >>> from skdataquality.provenance._rates._exact import exact_interval
    >>> lower, upper = exact_interval(14, 20)
    >>> print(f"{lower:.3f} {upper:.3f}")
    0.457 0.881
    """
    k, m = np.asarray(flagged) / effects, np.asarray(rows) / effects
    tail = (1 - level) / 2
    with np.errstate(invalid="ignore"):
        lower = special.betaincinv(k, m - k + 1, tail)
        upper = special.betainccinv(k + 1, m - k, tail)
    return np.where(k == 0, 0.0, lower), np.where(k == m, 1.0, upper)
