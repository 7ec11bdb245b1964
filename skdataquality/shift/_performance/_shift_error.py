"""How far an expected score misses under a real shift, beside the noise of samples.

The constants were fitted on real shifts by ``python -m benchmarks run shift``, whose
results leave out, for each shift, the data set that it comes from.
"""

import numpy as np
from scipy import stats

LARGE_AUC = 0.85  # beyond it more than one shift in twenty is missed by .1
BASE, GROWTH, POWER = 0.05, 0.2, 2  # of the error, as a share of the spread of rows
BELOW, ABOVE = 2.49, 0.78  # multiples of it: a shift costs more often than it helps
FITTED_LEVEL = 0.9
SMALLEST_VARIANCE = 0.01  # of being right, of a row


def shift_scale(domain_auc):
    """Typical error of a shift in standard deviations of one row, from its size."""
    size = 2 * max(domain_auc - 0.5, 0)
    return BASE + GROWTH * size**POWER


def reach(share, domain_auc, n_samples, n_target, level):
    """Return how far below and above an expected share right the true one may lie."""
    spread = np.sqrt(share * (1 - share) + SMALLEST_VARIANCE)
    below, above = reach_of_number(spread, domain_auc, n_samples, n_target, level)
    return float(min(below, share)), float(min(above, 1 - share))


def reach_of_number(spread, domain_auc, n_samples, n_target, level):
    """Return how far below and above a mean of rows the true one may lie.

    The larger of the noise of samples and the error seen under real shifts, both in
    proportion to the standard deviation of one row, ``spread``.
    """
    sampling = np.sqrt(1 / n_samples + 1 / n_target)
    shift = np.hypot(sampling, shift_scale(domain_auc))
    z = z_of(level)
    longer = z / z_of(FITTED_LEVEL)
    below, above = (
        spread * max(z * sampling, longer * factor * shift) for factor in (BELOW, ABOVE)
    )
    return float(below), float(above)


def z_of(level):
    """Two-sided quantile of the normal distribution."""
    return float(stats.norm.isf((1 - level) / 2))
