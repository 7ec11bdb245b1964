"""How far an expected score misses under a real shift, beside the noise of samples.

The fields of :class:`ShiftError` and ``LARGE_AUC`` were fitted on real shifts, those of
``python -m benchmarks run shift``, whose part ``performance_left_out`` chooses them
anew without the data set of a shift.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

LARGE_AUC = 0.85  # beyond it more than one shift in twenty is missed by .1
FITTED_LEVEL = 0.9
SMALLEST_VARIANCE = 0.03  # of being right, of a row


@dataclass(frozen=True)
class ShiftError:
    """Typical error of a shift, in standard deviations of what one row scores.

    ``base`` without any shift that a domain model sees, ``growth`` at a domain AUC of
    1, and ``doubt`` times the overconfidence of the model; ``below`` and ``above`` are
    multiples of it: a shift costs more often than it helps.

    All are of the share of right answers of classifiers. A right answer is 0 or 1, so
    that no shift can cost more than its share, and ``spread_of`` bounds what a row may
    add. The error of a number has no such bound, and no overconfidence is known of it:
    for regressors these constants are only the measure of which a stated multiple is
    taken (``_expected_numbers``), not fitted values.
    """

    base: float = 0.06
    growth: float = 0.2
    doubt: float = 6.0
    below: float = 1.056
    above: float = 0.413

    def scale(self, spread, domain_auc, overconfidence, sampling):
        """Return the typical error with the noise of samples, before any multiple."""
        size = 2 * np.maximum(domain_auc - 0.5, 0)
        typical = self.base + self.growth * size + self.doubt * overconfidence
        return spread * np.hypot(sampling, typical)

    def reach(self, spread, domain_auc, overconfidence, sampling, level):
        """Return how far below and above the expected mean of rows the true may lie.

        The larger of the noise of samples and the error under real shifts, both in
        proportion to the standard deviation of one row, ``spread``; numbers or arrays.
        """
        z = z_of(level)
        noise = z * spread * sampling
        error = (
            z
            / z_of(FITTED_LEVEL)
            * self.scale(spread, domain_auc, overconfidence, sampling)
        )
        return np.maximum(noise, self.below * error), np.maximum(
            noise, self.above * error
        )


FITTED = ShiftError()


def spread_of(share):
    """Return the standard deviation of being right, never quite 0."""
    return np.sqrt(share * (1 - share) + SMALLEST_VARIANCE)


def sampling_error(n_samples, n_target):
    """Return the standard error of a difference of two means of spread 1."""
    return np.sqrt(1 / n_samples + 1 / n_target)


def z_of(level):
    """Two-sided quantile of the normal distribution."""
    return float(stats.norm.isf((1 - level) / 2))
