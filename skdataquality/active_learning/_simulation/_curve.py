"""What simulated labelling brought: :class:`ActiveLearningCurve`."""

from dataclasses import dataclass, field

import numpy as np

from skdataquality.active_learning._simulation._stops import mean_over_splits
from skdataquality.utils._frames import pandas_frame
from skdataquality.utils._shown import ShownResult

RANDOM = "random"


@dataclass(frozen=True, eq=False, repr=False)
class ActiveLearningCurve(ShownResult):
    """What :func:`active_learning_curve` returns.

    Attributes
    ----------
    n_labeled : ndarray of shape (n_rounds + 1,), int
        Labelled rows, those of the start first.
    scores : dict of str to ndarray of shape (n_splits, n_rounds + 1)
        By strategy, "random" the last: scores on the test fold. Splits are those of the
        first seed, then of the next.
    areas : dict of str to Interval
        By strategy, the area under the curve: the plain mean of its scores.
    gains : dict of str to Interval
        By strategy but "random", its area less that of random rows, which started from
        the same ones.
    p_values : dict of str to float
        That the gain is 0, two-sided.
    stops : list of StopOutcome
        For each strategy and stopping rule, where it would have stopped.
    stop_rounds : dict of str to dict of str to ndarray of shape (n_splits,), int
        By strategy and rule, the round in which it stopped; the last if in none.
    query_indices : dict of str to list of ndarrays of shape (n_labeled[-1],), int
        By strategy, for each split the rows of X in the order in which they were
        labelled.
    seconds : dict of str to float
        By strategy, of all its fits, queries and scores.
    scoring : str
        Name of the score.
    test_overlap : float
        Mean share of test rows that two splits have in common, for the intervals.
    """

    n_labeled: np.ndarray
    scores: dict = field(repr=False)
    areas: dict
    gains: dict
    p_values: dict
    stops: list = field(repr=False)
    stop_rounds: dict = field(repr=False)
    query_indices: dict = field(repr=False)
    seconds: dict = field(repr=False)
    scoring: str
    test_overlap: float = field(repr=False)

    def score_intervals(self, strategy):
        """Mean score of each round, with the interval over splits.

        Parameters
        ----------
        strategy : str
            A key of ``scores``.

        Returns
        -------
        intervals : list of Interval, of length n_rounds + 1
        """
        columns = self.scores[self._known(strategy)].T
        return [mean_over_splits(column, self.test_overlap) for column in columns]

    def rows_to_reach(self, score=None):
        """Say how many labelled rows each strategy needs for a score.

        Parameters
        ----------
        score : float, default=None
            None is what random rows reach in the last round, on average.

        Returns
        -------
        rows : dict of str to float
            By strategy, where the mean curve first reaches the score, on straight lines
            between rounds; NaN if it does not. What a strategy saves is the number of
            "random" less its own.
        """
        if score is None:
            score = self.scores[RANDOM][:, -1].mean()
        means = {name: table.mean(axis=0) for name, table in self.scores.items()}
        return {n: _first_at(self.n_labeled, m, score) for n, m in means.items()}

    def to_frame(self):
        """Return a line for each strategy and round.

        Returns
        -------
        frame : pandas.DataFrame
            Columns strategy, n_labeled, score, lower, upper.

        Raises
        ------
        ImportError
            If pandas is missing; it comes with the extra ``cli``.
        """
        rows = [
            {
                "strategy": name,
                "n_labeled": int(n),
                "score": mean.estimate,
                "lower": mean.lower,
                "upper": mean.upper,
            }
            for name in self.scores
            for n, mean in zip(self.n_labeled, self.score_intervals(name), strict=True)
        ]
        return pandas_frame(rows, "ActiveLearningCurve.to_frame", "the scores")

    def to_dict(self):
        """Return numbers by name, as strict JSON can hold them; rows are left out."""
        saved = {k: None if np.isnan(v) else v for k, v in self.rows_to_reach().items()}
        return {
            "n_labeled": self.n_labeled.tolist(),
            "scoring": self.scoring,
            "scores": {name: table.tolist() for name, table in self.scores.items()},
            "areas": {name: area.to_dict() for name, area in self.areas.items()},
            "gains": {name: gain.to_dict() for name, gain in self.gains.items()},
            "p_values": self.p_values,
            "rows_to_reach": saved,
            "stops": [stop.to_dict() for stop in self.stops],
            "seconds": self.seconds,
        }

    def _known(self, strategy):
        if strategy not in self.scores:
            raise ValueError(
                f"strategy={strategy!r} was not simulated: pass one of "
                f"{list(self.scores)}."
            )
        return strategy

    def _facts(self):
        first, last = self.n_labeled[0], self.n_labeled[-1]
        facts: dict = {"scoring": self.scoring, "labelled": f"{first} to {last}"}
        facts |= {f"area of {name}": area for name, area in self.areas.items()}
        facts |= {f"gain of {name}": gain for name, gain in self.gains.items()}
        if self.stops:
            facts["stops"] = self.stops
        return facts


def _first_at(n_labeled, means, score):
    """Where straight lines between points first reach a height; NaN if nowhere."""
    reached = np.flatnonzero(means >= score - 1e-12)
    if reached.size == 0:
        return float("nan")
    k = int(reached[0])
    if k == 0:
        return float(n_labeled[0])
    step = (score - means[k - 1]) / (means[k] - means[k - 1])
    return float(n_labeled[k - 1] + step * (n_labeled[k] - n_labeled[k - 1]))
