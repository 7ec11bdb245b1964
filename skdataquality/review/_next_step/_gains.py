"""What each option gains, from trials of it: :func:`gains_of`."""

from dataclasses import dataclass

import numpy as np

from skdataquality.utils._stats import Interval

LEVEL = 0.90
METHOD = "trials on drawn true labels, widened by errors measured elsewhere"
# chosen on the half "tuning" of benchmarks/active_learning/next_step.py
OF_REVIEW, OF_LABEL = 1.25, 0.75  # gains taken for those of trials; curves flatten
BELOW, ABOVE, EITHER = 1.0, 2.5, 1.0  # standard deviations of the trials
LEAST_SPREAD = 0.002
EXPONENT = 0.5  # by which what a row adds falls with the rows there are; not measured


@dataclass(frozen=True, eq=False)
class Gain:
    """Gain of the score that an option brings, trial by trial.

    Parameters
    ----------
    name : str
    work : {"review", "label", "collect"}
    rows : int
        That are reviewed, labelled or collected.
    cost : float
    by_trial : ndarray of shape (n_trials,)
        NaN where a trial had one class only to learn from.
    """

    name: str
    work: str
    rows: int
    cost: float
    by_trial: np.ndarray

    @property
    def interval(self):
        """The gain, and its 90 % interval."""
        return _interval_of(self.by_trial, BELOW, ABOVE)

    def over(self, other):
        """How much more it gains than another option, and the 90 % interval."""
        return _interval_of(self.by_trial - other.by_trial, EITHER, EITHER)


def _interval_of(by_trial, below, above):
    """Mean of the trials and its interval; true gains are rather above than below."""
    seen = by_trial[~np.isnan(by_trial)]
    if seen.size < 2:
        return Interval(np.nan, -np.inf, np.inf, "no trial could be fitted", LEVEL)
    mean, spread = float(seen.mean()), spread_of(seen)
    return Interval(mean, mean - below * spread, mean + above * spread, METHOD, LEVEL)


def spread_of(seen):
    """Return the standard deviation of trials, which is never taken to be 0."""
    return float(np.hypot(seen.std(ddof=1), LEAST_SPREAD))


def gains_of(trials, affordable, costs, kinds):
    """Return a Gain for each option that the budget pays for, from all trials.

    ``kinds`` are those that can be collected: rows of each there are.
    """
    now = np.array([trial.now for trial in trials])
    reviewed = np.array([trial.reviewed for trial in trials])
    added = np.array([trial.more - trial.fewer for trial in trials])
    tried = [
        ("relabel suspects", "review", OF_REVIEW * (reviewed - now)),
        ("label new rows", "label", OF_LABEL * added),
    ]
    for at, (name, n_rows) in enumerate(kinds.items()):
        half = now - np.array([trial.without[at] for trial in trials])
        more = _beyond_a_half(n_rows, affordable.collect)
        tried.append((f"collect {name}", "collect", more * half))
    return [
        Gain(name, work, rows, rows * costs[work], by_trial)
        for name, work, by_trial in tried
        if (rows := getattr(affordable, work))
    ]


def _beyond_a_half(n_rows, more):
    """Return what more rows add, beside what the second half of the present did."""
    left = (1 + more / n_rows) ** -EXPONENT
    return (1 - left) / (2**EXPONENT - 1)
