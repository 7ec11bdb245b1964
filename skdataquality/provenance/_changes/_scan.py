r"""How much better two rates fit than one, for every place of a change.

For flags it is the binomial likelihood ratio: with :math:`h(k, n) = k \log k + (n - k)
\log(n - k) - n \log n`, k flags among the first t of n rows and K in all,
:math:`\mathrm{LR} = 2 (h(k, t) + h(K - k, n - t) - h(K, n))`. For numbers it is the sum
of squares between the two parts, divided by the variance of all.
"""

import numpy as np
from scipy.special import xlogy


class FlagScan:
    """Likelihood ratios from counts, read off a table of x log x."""

    def __init__(self, n_rows, n_flagged):
        whole = np.arange(n_rows + 1.0)
        self.x_log_x = xlogy(whole, whole)
        self.n_rows, self.total = n_rows, n_flagged
        self.alone = self._fit(np.intp(n_flagged), np.intp(n_rows))

    def _fit(self, k, n):
        return self.x_log_x[k] + self.x_log_x[n - k] - self.x_log_x[n]

    def __call__(self, before, rows_before):
        """Compare the first rows, and the flags among them, with the others."""
        after, rows_after = self.total - before, self.n_rows - rows_before
        both = self._fit(before, rows_before) + self._fit(after, rows_after)
        return 2 * (both - self.alone)


class NumberScan:
    """Squares between two parts, from sums."""

    def __init__(self, values):
        self.n_rows, self.total = values.size, float(values.sum())
        self.variance = float(values.var()) or 1.0

    def __call__(self, before, rows_before):
        """Compare the sum over the first rows with that over the others."""
        n = self.n_rows
        apart = before - rows_before * (self.total / n)
        weight = rows_before * (n - rows_before) / n
        return np.square(apart) / (weight * self.variance)
