"""What a stopping rule would have spared, and cost: :class:`StopOutcome`."""

from dataclasses import dataclass

import numpy as np

from skdataquality.utils._printable import printable
from skdataquality.utils._shown import Shown, ShownResult
from skdataquality.utils._stats import Interval, nadeau_bengio

MOST_ALIKE = 0.9  # splits that test the very same rows say nothing of others


@dataclass(frozen=True, repr=False)
class StopOutcome(ShownResult):
    """Where a rule would have stopped labelling, and what this would have meant.

    Attributes
    ----------
    strategy, rule : str
    share_stopped : float
        Of the splits, in which it stopped before the last round.
    n_labeled : float
        Mean number of labelled rows when it stopped; where it did not, those of the
        last round.
    spared : float
        Share of the labels of the last round that are spared.
    cost : Interval
        Score of the last round less the score when it stopped, the mean over splits;
        below 0 if the later labels did harm.
    """

    strategy: str
    rule: str
    share_stopped: float
    n_labeled: float
    spared: float
    cost: Interval

    def short(self):
        """Name the rule, the strategy, and the labelled rows at which it stops it."""
        name = printable(f"{self.rule} of {self.strategy}")
        return Shown(f"{name} at {self.n_labeled:.0f}")

    def to_dict(self):
        """Return the fields by name, as strict JSON can hold them."""
        return {**vars(self), "cost": self.cost.to_dict()}


def stop_outcome(strategy, rule, rounds, n_labeled, scores, overlap):
    """Judge a rule by the round in which it stopped in each split."""
    rounds = np.asarray(rounds)
    at_stop = n_labeled[rounds].astype(float)
    lost = scores[:, -1] - scores[np.arange(rounds.size), rounds]
    return StopOutcome(
        strategy,
        rule,
        float((rounds < n_labeled.size - 1).mean()),
        float(at_stop.mean()),
        float(1 - at_stop.mean() / n_labeled[-1]),
        mean_over_splits(lost, overlap),
    )


def overlap_of_tests(tests, n_rows):
    """Mean share of test rows that two splits have in common."""
    times = np.zeros(n_rows)
    for test in tests:
        times[test] += 1
    n_pairs = len(tests) * (len(tests) - 1)
    size = times.sum() / len(tests)
    return float((times**2 - times).sum() / n_pairs / size) if n_pairs else 0.0


def tested_over_splits(values, overlap):
    """Test the mean of splits by t, corrected for the test rows that they share.

    Nadeau and Bengio take the correlation of two splits to be the share of all rows
    that is tested, as their training rows are nearly the same. Here a model knows a
    small part of the training fold, another one in each split, and what splits have in
    common is test rows.
    """
    correlation = min(overlap, MOST_ALIKE)
    ratio = correlation / (1 - correlation)
    return nadeau_bengio(values, test_train_ratio=ratio)


def mean_over_splits(values, overlap):
    """Mean of splits, with the interval of that test."""
    values = np.asarray(values, dtype=float)
    if np.ptp(values) == 0:
        mean = float(values[0])
        return Interval(mean, mean, mean, "all splits equal")
    test = tested_over_splits(values, overlap)
    method = f"t over {values.size} splits, corrected for shared test rows"
    return Interval(test.mean, test.lower, test.upper, method)
