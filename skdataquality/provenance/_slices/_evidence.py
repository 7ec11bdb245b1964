r"""Whether a slice holds more errors than what it is compared with leads to expect.

A source is compared with all other rows. A pair is compared with what its two sources
have outside of it: the higher of both rates, their sum less the rate of the rows in
neither, or their product by that rate (additive and independent effects), whichever is
the most. Rates that are compared with are estimates; their variance is added.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

TINY = 1e-12


@dataclass(frozen=True)
class Noise:
    """How much errors vary: ``design`` times as much as those of independent rows."""

    are_flags: bool
    variance: float
    design: float = 1.0

    def of(self, rate):
        """Variance of the error of a row."""
        if not self.are_flags:
            return np.full(np.shape(rate), self.variance)
        inside = np.clip(rate, TINY, 1 - TINY)
        return inside * (1 - inside)

    def tail(self, errors, rows, expected, variance):
        """P value of as many errors: binomial, of as many rows as they are worth."""
        if not self.are_flags:
            return special.ndtr((expected - errors) / np.sqrt(variance + TINY))
        with np.errstate(invalid="ignore", divide="ignore"):
            rate = np.clip(expected / rows, TINY, 1 - TINY)
            spread = np.maximum(variance / (rows * rate * (1 - rate)), 1)
            p = special.betainc(errors / spread, (rows - errors) / spread + 1, rate)
        return np.where((rows > 0) & (errors > 0), p, 1.0)


@dataclass(frozen=True)
class Evidence:
    """Of each slice, over all parts of the table that say anything of it.

    ``expected`` errors are what comparison leads to expect, ``apart`` those that the
    rate of all other rows does.
    """

    rows: NDArray
    errors: NDArray
    expected: NDArray
    apart: NDArray
    p_value: NDArray

    def deviance(self, noise):
        """How much better the slice fits with a rate of its own than as others."""
        excess = self.errors - self.apart
        rows = np.maximum(self.rows, TINY)
        if not noise.are_flags:
            fit = np.square(excess) / (rows * noise.variance + TINY)
        else:
            rate = np.clip(self.apart / rows, TINY, 1 - TINY)
            own = self.errors / rows
            fit = (
                2
                * rows
                * (special.rel_entr(own, rate) + special.rel_entr(1 - own, 1 - rate))
            )
        return np.where(excess > 0, fit / noise.design, 0.0)


def weigh(parts, slices, noise):
    """Evidence of all slices, from Counts of parts, the rest of the table last."""
    rows, errors, expected, apart, variance = np.zeros((5, slices.size))
    for place, part in enumerate(parts):
        n, k = part.both
        outside = _Rate.of(part, part.total[0] - n, part.total[1] - k, noise)
        said = outside
        if place == len(parts) - 1 and slices.is_pair.any():
            said = outside.where(slices.is_pair, _of_sources(part, noise))
        own = n * noise.of(said.rate) + n**2 * said.variance
        informative = (n > 0) & (part.total[0] > n)
        for sums, values in (
            (rows, n),
            (errors, k),
            (expected, n * said.rate),
            (apart, n * outside.rate),
            (variance, own * noise.design),
        ):
            sums += np.where(informative, values, 0)
    p_value = noise.tail(errors, rows, expected, variance)
    return Evidence(rows, errors, expected, apart, np.where(rows > 0, p_value, 1.0))


@dataclass(frozen=True)
class _Rate:
    """Rates of other rows with the variance of their estimates."""

    rate: NDArray
    variance: NDArray

    @classmethod
    def of(cls, part, rows, errors, noise):
        """Rate of some rows of a part, drawn to that of the part by one row."""
        overall = part.total[1] / max(part.total[0], 1)
        rate = (errors + overall) / (rows + 1)
        return cls(rate, noise.of(rate) / (rows + 1))

    def where(self, mask, other):
        return _Rate(
            np.where(mask, other.rate, self.rate),
            np.where(mask, other.variance, self.variance),
        )


def _of_sources(part, noise):
    """Highest rate that the sources of each pair lead to expect in it."""
    n, k = part.both
    (n_a, k_a), (n_b, k_b), (total, n_errors) = part.first, part.second, part.total
    a = _Rate.of(part, n_a - n, k_a - k, noise)
    b = _Rate.of(part, n_b - n, k_b - k, noise)
    neither = _Rate.of(part, total - n_a - n_b + n, n_errors - k_a - k_b + k, noise)
    joint = a.variance + b.variance + neither.variance
    best = a.where(b.rate > a.rate, b)
    candidates = [_Rate(a.rate + b.rate - neither.rate, joint)]
    if noise.are_flags:
        base = np.maximum(neither.rate, TINY)
        candidates.append(_Rate(np.minimum(a.rate * b.rate / base, 1.0), joint))
    for candidate in candidates:
        best = best.where(candidate.rate > best.rate, candidate)
    return best
