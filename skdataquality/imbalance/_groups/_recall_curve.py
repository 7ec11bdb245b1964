"""How the recall of a class grows with its rows, and when its interval is narrow."""

from dataclasses import dataclass

import numpy as np

from skdataquality.utils._stats import clopper_pearson

STEEPEST = 2.0
N_STEPS = 400
# The form was chosen on the shaped half of benchmarks/imbalance/collect.py: it foretold
# widths better than a constant recall, than either of its two parts, and than power
# laws and lines in the logit through fits with fewer rows
REPEATS = (1.5, 2.0, 3.0)  # how often the rows of the class are counted
SPARED = 0.5  # of a miss, so that a class without any has a logarithm


@dataclass(frozen=True)
class RecallCurve:
    """Share of rows missed, of n rows of a class that has ``n_rows`` now.

    More rows do two things. The model comes to expect the class more often, which is
    measured by repeating its rows: ``repeated`` are the shares missed with REPEATS
    times as many (the present one, if it is empty; between them linear in the logarithm
    of n; beyond them the last). And it learns more about the class, which is measured
    by fits with fewer different rows, repeated to as many: by a power ``exponent``.
    Neither ever lowers the recall.
    """

    n_rows: int
    missed: float
    exponent: float = 0.0
    repeated: tuple = ()

    @property
    def grows(self):
        """Whether more rows are thought to raise the recall."""
        return self.exponent > 0 or min(self.repeated, default=1.0) < self.missed

    def from_recall(self, recall):
        """Return the curve of the same shape through another present recall."""
        ratio = (1 - recall) / self.missed if self.missed else 0.0
        repeated = tuple(min(ratio * missed, 1.0) for missed in self.repeated)
        return RecallCurve(self.n_rows, 1 - recall, self.exponent, repeated)

    def recall(self, n):
        """Recall that n rows would have in cross-validation."""
        times = np.asarray(n) / self.n_rows
        expected = np.full(times.shape, self.missed)
        if self.repeated:
            known = np.minimum.accumulate([self.missed, *self.repeated])
            expected = np.interp(np.log(times), np.log([1.0, *REPEATS]), known)
        return 1 - expected * times**-self.exponent

    def width(self, n):
        """Width of the 95 % Clopper-Pearson interval of that recall."""
        n = np.asarray(n)
        hits = np.clip(self.recall(n), 0, 1) * n
        below = np.floor(hits)
        part = hits - below  # hits are whole numbers: between two of them
        widths = []
        for whole in (below, np.minimum(below + 1, n)):
            lower, upper = clopper_pearson(whole, n)
            widths.append(upper - lower)
        return (1 - part) * widths[0] + part * widths[1]

    def rows_for(self, width):
        """Return the smallest number of rows, at least the present, for a width."""
        if self.width(self.n_rows) <= width:
            return self.n_rows
        # at recall 1/2, where intervals are widest, so many rows are enough
        enough = max(self.n_rows, int((2 / width) ** 2 * 1.1 + 10 / width)) + 1
        steps = np.unique(np.geomspace(self.n_rows, enough, N_STEPS).astype(np.int64))
        first = int(np.argmax(self.width(steps) <= width))
        between = np.arange(steps[first - 1] + 1, steps[first] + 1)
        return int(between[np.argmax(self.width(between) <= width)])


def fit_exponent(fractions, hits, n_rows):
    """Exponent by which the share missed falls with different rows, in [0, 2].

    By least squares on logarithms; 0 where more rows never found more.

    Parameters
    ----------
    fractions : array-like of shape (n_sizes,)
        Of the rows of the class that were trained on, repeated to as many; the last
        is 1.
    hits : array-like of shape (n_sizes,)
        Rows found of the same ``n_rows`` with each.
    """
    missed = (n_rows - np.asarray(hits) + SPARED) / (n_rows + 2 * SPARED)
    x = np.log(fractions)
    x = x - x.mean()
    logs = np.log(missed)
    exponent = -float(x @ (logs - logs[0]) / (x @ x))  # exactly 0 of equal shares
    return float(np.clip(exponent, 0, STEEPEST))
