"""A paired difference: its t interval and test, from a standard error however made."""

import math
from dataclasses import dataclass

from scipy import stats

from skdataquality.utils._shown import ShownResult


@dataclass(frozen=True, repr=False)
class PairedTest(ShownResult):
    """Mean of paired differences, its interval and test, and where they come from.

    `statistic` is `mean / standard_error`, NaN when the two-sided p-value is: where a
    difference that is not zero has no variance.
    """

    mean: float
    lower: float
    upper: float
    p_value: float
    statistic: float
    df: float
    standard_error: float
    method: str

    def detectable_gain(self, level: float = 0.95, power: float = 0.8) -> float:
        r"""Smallest mean that would have been found with this power, at this noise.

        :math:`(t_{1-\alpha/2} + t_{power})` standard errors, the usual approximation
        that replaces the non-central by the shifted central t.
        """
        shift = stats.t.isf((1 - level) / 2, self.df) + stats.t.isf(1 - power, self.df)
        return float(shift) * self.standard_error


def paired_test(
    mean: float, standard_error: float, df: float, *, level: float, method: str
) -> PairedTest:
    """Test a mean by t; without variance the interval is a point."""
    if standard_error == 0:
        p_value, t = (1.0, 0.0) if mean == 0 else (math.nan, math.nan)
        return PairedTest(mean, mean, mean, p_value, t, df, 0.0, method)
    t = mean / standard_error
    half = float(stats.t.isf((1 - level) / 2, df)) * standard_error
    p_value = float(2 * stats.t.sf(abs(t), df))
    return PairedTest(
        mean, mean - half, mean + half, p_value, t, df, standard_error, method
    )
