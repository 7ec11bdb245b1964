"""What each option gains, from trials of it: :func:`gains_of`."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from skdataquality.utils._stats import Interval

LEVEL = 0.90
METHOD = "trials on true labels drawn from a model, scaled by measured errors"
# chosen on the half "tuning" of benchmarks/active_learning/next_step.py
EXPONENT = 1.0  # by which what a row adds falls with the rows there are
SPREAD = 0.6  # of the trials, as a share
LEAST_SPREAD = 0.004


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
        return interval_of(self.by_trial)

    def over(self, other):
        """How much more it gains than another option, and the 90 % interval."""
        return interval_of(self.by_trial - other.by_trial)


def interval_of(by_trial):
    seen = by_trial[~np.isnan(by_trial)]
    if seen.size < 2:
        return Interval(np.nan, -np.inf, np.inf, "no trial could be fitted", LEVEL)
    mean = float(seen.mean())
    wide = norm.ppf((1 + LEVEL) / 2) * spread_of(seen)
    return Interval(mean, mean - wide, mean + wide, METHOD, LEVEL)


def spread_of(seen):
    """Return the standard deviation of the error of a foretold gain."""
    return float(np.hypot(SPREAD * seen.std(ddof=1), LEAST_SPREAD))


def gains_of(trials, affordable, costs, kinds, n_trained, n_labeled):
    """Return a Gain for each option, from all trials.

    ``kinds`` are those that can be collected: rows of each there are. ``n_trained`` is
    how many rows a trial was fitted on, of ``n_labeled``.
    """
    now = np.array([t.now for t in trials])
    reviewed = np.array([t.reviewed for t in trials])
    gains = [
        Gain(
            "relabel suspects",
            "review",
            affordable.review,
            affordable.review * costs["review"],
            reviewed - now,
        )
    ] * (affordable.review > 0)
    if affordable.label:
        added = np.array([t.more - t.fewer for t in trials])
        start = n_trained / (1 + affordable.label / n_labeled)
        gains.append(
            Gain(
                "label new rows",
                "label",
                affordable.label,
                affordable.label * costs["label"],
                added * (start / n_labeled) ** EXPONENT,
            )
        )
    for at, (name, n_rows) in enumerate(kinds.items()):
        if affordable.collect:
            half = now - np.array([t.without[at] for t in trials])
            gains.append(
                Gain(
                    f"collect {name}",
                    "collect",
                    affordable.collect,
                    affordable.collect * costs["collect"],
                    half * _beyond_a_half(n_rows, affordable.collect),
                )
            )
    return gains


def _beyond_a_half(n_rows, more):
    """Return what more rows add, beside what the second half of the present did."""
    left = (1 + more / n_rows) ** -EXPONENT
    return (1 - left) / (2**EXPONENT - 1)
