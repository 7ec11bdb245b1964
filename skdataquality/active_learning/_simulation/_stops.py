"""What a stopping rule would have spared, and cost: :class:`StopOutcome`."""

from dataclasses import dataclass

import numpy as np

from skdataquality.utils._shown import ShownResult
from skdataquality.utils._stats import Interval, nadeau_bengio


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

    def to_dict(self):
        """Return the fields by name, as strict JSON can hold them."""
        return {**vars(self), "cost": self.cost.to_dict()}


def stop_outcome(strategy, rule, rounds, n_labeled, scores, ratio):
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
        mean_over_splits(lost, ratio),
    )


def mean_over_splits(values, ratio):
    """Mean with the interval of Nadeau and Bengio, as splits share rows."""
    values = np.asarray(values, dtype=float)
    if np.ptp(values) == 0:
        mean = float(values[0])
        return Interval(mean, mean, mean, "all splits equal")
    test = nadeau_bengio(values, test_train_ratio=ratio)
    method = f"{test.method}, {values.size} splits"
    return Interval(test.mean, test.lower, test.upper, method)
