"""How the recall of a class grows with its rows, and when its interval is narrow."""

from dataclasses import dataclass

import numpy as np

from skdataquality.utils._stats import clopper_pearson

STEEPEST = 2.0
N_STEPS = 400
# chosen on the shaped half of the tables of benchmarks/imbalance/collect.py, where a
# power law of the misses foretold widths better than a constant recall, than lines in
# the logit or probit, and than a power law with a ceiling of its own
SPARED = 0.5  # of a miss, so that a class without any has a logarithm


@dataclass(frozen=True)
class RecallCurve:
    """Share of rows missed, ``missed * (n / n_rows) ** -exponent``, of n rows.

    An inverse power law through the present recall, which it never lowers.
    """

    n_rows: int
    missed: float
    exponent: float = 0.0

    def recall(self, n):
        """Recall that n rows would have in cross-validation."""
        return 1 - self.missed * (np.asarray(n) / self.n_rows) ** -self.exponent

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
    """Exponent by which the share missed falls with the rows, in [0, 2].

    By least squares on logarithms; 0 where more rows never found more.

    Parameters
    ----------
    fractions : array-like of shape (n_sizes,)
        Of the rows of the class that were trained on, 1 among them.
    hits : array-like of shape (n_sizes,)
        Rows found of the same ``n_rows`` with each.
    """
    missed = (n_rows - np.asarray(hits) + SPARED) / (n_rows + 2 * SPARED)
    x = np.log(fractions)
    x = x - x.mean()
    logs = np.log(missed)
    exponent = -float(x @ (logs - logs[0]) / (x @ x))  # exactly 0 of equal shares
    return float(np.clip(exponent, 0, STEEPEST))
