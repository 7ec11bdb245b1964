"""Wrong labels that overlap cannot explain: the contamination of calibrated labels."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq, minimize_scalar
from scipy.special import log_softmax
from scipy.stats import chi2, norm

from skdataquality.label_noise._confident._labelled_proba import row_chunks
from skdataquality.utils._draws import FIXED_SEED, draw_rows
from skdataquality.utils._stats import Interval

MOST_ROWS, MOST_CELLS = 10_000, 500_000  # of the probabilities that are looked at
FEWEST_ROWS = 2000  # however many classes there are
POWERS = np.geomspace(0.1, 8, 45)  # inverse temperatures
RATES = np.concatenate([[0.0], np.geomspace(1e-3, 1.0, 30)])
TINY = 1e-300
METHOD = "profile likelihood, model-based"


@dataclass(frozen=True)
class Contamination:
    """Labels replaced at random, beside those that follow the probabilities.

    Attributes
    ----------
    rate : Interval
        Share of labels that are wrong however sure the model is.
    p_value : float
        One-sided, of no such labels.
    power : float
        Inverse temperature at which the probabilities fit the other labels; below 1
        they were too sure.
    """

    rate: Interval
    p_value: float
    power: float

    def odds_of_replaced(self, codes, proba):
        """Odds that a given label was drawn at random, given the probabilities."""
        n_classes = proba.shape[1]
        replaced = self.rate.estimate * n_classes / (n_classes - 1)
        if codes.size == 0 or replaced == 0:
            return np.zeros(codes.size)
        explained = _tempered(codes, proba, [self.power])[0][0]
        return replaced / n_classes / ((1 - replaced) * explained + TINY)


def contamination(codes, proba, *, effective_share=1.0):
    r"""Split contradictions into those that die out with confidence and the others.

    The given label of a row follows

    .. math:: P(y | x) = (1 - e) p_y^b / \sum_k p_k^b + e / K

    with the out-of-fold probabilities p. Overlap of classes is the first term, at any
    inverse temperature b: where p is sure, contradictions are as rare as b says. The
    second is noise that hits every row alike, of which ``e (K - 1) / K`` is a wrong
    label. Both parameters are fitted by maximum likelihood; ``e = 0`` is tested by the
    likelihood ratio, at the border of its range. With three classes or more the same
    model is also fitted to nothing but whether the most probable class is the label,
    which asks nothing of where wrong labels go; the clearer of both counts, its p value
    doubled.

    A probability of 0 is read as half of the smallest positive one. At most 10,000
    rows, or half a million cells, are looked at. ``effective_share`` of the rows are
    independent: the logarithm of the likelihood is multiplied by it.

    Wrong where the calibration of a model is no power of its odds, and where people
    mislabel hard rows, which looks like overlap.
    """
    n_rows, n_classes = proba.shape
    most = min(MOST_ROWS, max(FEWEST_ROWS, MOST_CELLS // n_classes))
    rows = draw_rows(n_rows, most, FIXED_SEED)
    codes, proba = codes[rows], proba[rows]
    own, top, is_top = _tempered(codes, proba, POWERS)
    fits = [_Fit(own, 1 / n_classes, n_classes, effective_share)]
    if n_classes > 2:
        outcome = np.where(is_top, top, 1 - top)
        at_random = np.where(is_top, 1 / n_classes, 1 - 1 / n_classes)
        fits.append(_Fit(outcome, at_random, n_classes, effective_share))
    clearest = min(fits, key=lambda fit: fit.p_value)
    return clearest.result(n_tests=len(fits))


def _tempered(codes, proba, powers):
    """Probability of the label, and of the likeliest class, to each power.

    They have one row for each power. Also returns whether the two are one class.
    """
    own, top = np.empty((2, len(powers), codes.size))
    is_top = np.empty(codes.size, dtype=bool)
    least = max(_least_positive(proba) / 2, np.finfo(float).tiny)
    for rows in row_chunks(*proba.shape):
        logs = np.log(np.maximum(proba[rows], least), dtype=float)
        best, given = logs.argmax(axis=1), codes[rows]
        is_top[rows] = best == given
        number = np.arange(given.size)
        for of_power, power in enumerate(powers):
            normalised = log_softmax(power * logs, axis=1)
            own[of_power, rows] = normalised[number, given]
            top[of_power, rows] = normalised[number, best]
    return np.exp(own, out=own), np.exp(top, out=top), is_top


def _least_positive(proba):
    """Smallest positive probability, twice the smallest of all if none is 0."""
    blocks = [proba[rows] for rows in row_chunks(*proba.shape)]
    least = min(block[block > 0].min() for block in blocks)
    return least if any(block.min() == 0 for block in blocks) else 2 * least


class _Fit:
    """Maximum likelihood of the rate, for the best of the powers at each rate.

    ``explained`` is what the tempered probabilities give the outcome of each row, one
    row a power; ``at_random`` what contamination gives it.
    """

    def __init__(self, explained, at_random, n_classes, effective_share):
        self._explained = explained
        self._at_random = at_random
        self._wrong_share = (n_classes - 1) / n_classes
        self._share = effective_share
        likelihood = np.array([self._profile(rate) for rate in RATES])
        best = int(likelihood.argmax())
        self.rate, self._most = 0.0, likelihood[0]
        if best > 0:
            bounds = RATES[best - 1], RATES[min(best + 1, RATES.size - 1)]
            found = minimize_scalar(
                lambda rate: -self._profile(rate), bounds=bounds, method="bounded"
            )
            self.rate, self._most = float(found.x), -float(found.fun)
        gain = max(0.0, 2 * (self._most - likelihood[0]))
        self.p_value = float(norm.sf(np.sqrt(gain))) if self.rate else 1.0

    def _by_power(self, rate):
        mixed = (1 - rate) * self._explained + rate * self._at_random
        return self._share * np.log(mixed + TINY).sum(axis=1)

    def _profile(self, rate):
        return float(self._by_power(rate).max())

    def result(self, n_tests):
        lower, upper = self._bound(0.0), self._bound(RATES[-1])
        estimate, lower, upper = (
            float(self._wrong_share * rate) for rate in (self.rate, lower, upper)
        )
        rate = Interval(estimate, lower, upper, METHOD)
        return Contamination(
            rate=rate,
            p_value=min(1.0, n_tests * self.p_value),
            power=float(POWERS[self._by_power(self.rate).argmax()]),
        )

    def _bound(self, end):
        """Where the likelihood has fallen as far as chi-squared allows."""
        least = self._most - chi2.ppf(0.95, 1) / 2

        def excess(rate):
            return self._profile(rate) - least

        return (
            end
            if excess(end) >= 0
            else float(brentq(excess, *sorted((end, self.rate))))
        )
