"""What is known of the two sides of a change: rates, and where it may lie."""

import numpy as np
from scipy import stats

from skdataquality.utils._stats import Interval, effective_share, proportion_interval

# a random walk that exceeds x with chance exp(-x / 2) on either side of the change
REACH = -2 * float(np.log1p(-np.sqrt(0.95)))


def reach(statistics, spread):
    """First and last place that is not too much worse than the best."""
    near = np.flatnonzero(statistics >= statistics.max() - REACH * spread)
    return near[[0, -1]]


def dispersion(errors, by_time, position, groups):
    """How much more the errors of a regime vary than those of independent rows."""
    if groups is None:
        return 1.0
    sides = by_time[:position], by_time[position:]
    shares = [effective_share(errors.tested[rows], groups[rows]) for rows in sides]
    sizes = [rows.size for rows in sides]
    return 1 / float(np.average(shares, weights=sizes))


def mean_of(errors, rows, groups):
    """Rate of errors, or mean of numbers, with its 95 % interval."""
    values = errors.reported[rows]
    share = effective_share(values, None if groups is None else groups[rows])
    if errors.are_flags:
        return proportion_interval(
            int(values.sum()), int(values.size), effective_share=share
        )
    mean = float(values.mean())
    n = max(2.0, values.size * share)
    error = values.std(ddof=1) / np.sqrt(n) if values.size > 1 else np.inf
    half = float(stats.t.ppf(0.975, n - 1) * error)
    return Interval(mean, mean - half, mean + half, "t")
