"""Which classes are confused beyond what accuracies explain: `confused_pairs`."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from skdataquality.utils._stats import holm

FEWEST_SOURCES = 4  # of fewer it may be the habit of one
FEWEST_DISAGREEMENTS = 10
REACH = stats.norm.isf(0.025)


@dataclass(frozen=True, eq=False)
class ConfusedPairs:
    """One line per pair of classes.

    Attributes
    ----------
    first, second : ndarray of shape (n_pairs,), int
    disagreements : ndarray of shape (n_pairs,), float
        Pairs of votes of one row, one for either class.
    expected : ndarray of shape (n_pairs,), float
        Of them, if wrong votes went to other classes evenly or by their shares.
    rate : ndarray of shape (n_pairs,), float
        Share of disagreements among the pairs of votes that are both for these two.
    ratio, lower : ndarray of shape (n_pairs,), float
        Disagreements beside those expected, divided by the same of either class with
        all others; lower end of its interval.
    p_value : ndarray of shape (n_pairs,), float
        One-sided, that the ratio is 1; Holm over pairs.
    """

    first: np.ndarray
    second: np.ndarray
    disagreements: np.ndarray
    expected: np.ndarray
    rate: np.ndarray
    ratio: np.ndarray
    lower: np.ndarray
    p_value: np.ndarray

    def confused(self, level, least_lower, least_ratio, least_rate):
        """Pairs confused beyond chance, more than others and often, worst first."""
        often = (self.rate >= least_rate) & (self.ratio > least_ratio)
        some = often & (self.p_value < level) & (self.lower > least_lower)
        worst = np.flatnonzero(some)
        return worst[np.lexsort((worst, -self.ratio[worst]))]


def confused_pairs(votes, prior, accuracies):
    r"""Compare how often votes of one row are for two classes with accuracies alone.

    A source of accuracy a names the truth with this chance whatever the class, and
    otherwise another class: evenly, or by the classes' shares. From this follows how
    many disagreements there are of each pair of classes. A pair is compared with its
    own classes: it is confused if its disagreements exceed those expected more than the
    disagreements of either class with all the others do, so that a hard class alone
    accuses no pair. Of the two ways to err the one that explains more is taken.

    The variance of the logarithm of the ratio is that over rows or, if larger, that of
    a jackknife over sources: a habit of one source is no confusion of classes.

    Parameters
    ----------
    votes : Votes
    prior : ndarray of shape (n_classes,)
    accuracies : ndarray of shape (n_sources,)
    """
    if votes.n_classes < 3 or votes.n_sources < FEWEST_SOURCES:
        nothing = np.zeros(0, dtype=np.intp)
        return ConfusedPairs(nothing, nothing, *np.zeros((6, 0)))
    counts = votes.counts().astype(float)
    seen = _seen(counts, votes)
    models = [_Expected(votes, prior, accuracies, w) for w in _ways_to_err(prior)]
    a, b = np.triu_indices(votes.n_classes, 1)
    lines = [_line(seen, models, counts, *pair) for pair in zip(a, b, strict=True)]
    ratio, error, expected = np.array(lines).T
    seen_ab = seen.total[a, b]
    same = (counts * (counts - 1) / 2).sum(axis=0)
    both = seen_ab + same[a] + same[b]
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = seen_ab / both
        z = np.log(ratio) / error
        lower = ratio * np.exp(-REACH * error)
    p_value = holm(stats.norm.sf(z))
    return ConfusedPairs(a, b, seen_ab, expected, rate, ratio, lower, p_value)


@dataclass(frozen=True)
class _Seen:
    """Disagreements of each pair of classes, and those with a vote of each source."""

    total: np.ndarray
    by_source: np.ndarray


def _seen(counts, votes):
    k, m = votes.n_classes, votes.n_sources
    by_source = np.empty((m, k, k))
    cell = votes.source * np.intp(k) + votes.code
    for c in range(k):  # votes of the source for anything, others for c
        others = counts[votes.row, c]
        by_source[:, :, c] = np.bincount(cell, others, m * k).reshape(m, k)
    by_source = by_source + np.swapaxes(by_source, 1, 2)
    return _Seen(counts.T @ counts, by_source)


def _ways_to_err(prior):
    """Where a wrong vote goes, given the truth: evenly, or by the classes' shares."""
    k = prior.size
    for target in (np.ones(k), prior):
        where = np.tile(target, (k, 1)) + 1e-12
        np.fill_diagonal(where, 0)
        yield where / where.sum(axis=1, keepdims=True)


class _Expected:
    """Disagreements that accuracies lead to, of each pair of classes.

    ``total`` has shape (n_classes, n_classes); ``without`` leaves out each source.
    """

    def __init__(self, votes, prior, accuracies, where):
        right, n = accuracies[votes.source], votes.n_rows
        wrong = 1 - right
        rights = (np.bincount(votes.row, right, n)[votes.row] - right) / 2
        wrongs = (np.bincount(votes.row, wrong, n)[votes.row] - wrong) / 2
        one_right = right * wrongs + wrong * rights  # of the pairs of a vote, halved
        none_right = 2 * wrong * wrongs
        towards = prior[:, None] * where
        self._given = towards + towards.T, where.T @ (prior[:, None] * where)
        self.total = self._of(one_right.sum(), none_right.sum())
        m = votes.n_sources
        ones = one_right.sum() - 2 * np.bincount(votes.source, one_right, m)
        nones = none_right.sum() - 2 * np.bincount(votes.source, none_right, m)
        self.without = self._of(ones[:, None, None], nones[:, None, None])

    def _of(self, one_right, none_right):
        return one_right * self._given[0] + none_right * self._given[1]


def _line(seen, models, counts, a, b):
    """Ratio of a pair, the error of its logarithm, and what is expected of it."""
    if seen.total[a, b] < FEWEST_DISAGREEMENTS:
        return np.nan, np.nan, min(model.total[a, b] for model in models)
    lines = [_against(seen, model, counts, a, b) for model in models]
    return min(lines, key=lambda line: np.log(line[0]) / line[1])


def _against(seen, model, counts, a, b):
    ratios = [_ratio(seen.total, model.total, a, b, c) for c in (a, b)]
    c = (a, b)[int(np.argmin(ratios))]
    by_row = counts[:, a] * counts[:, b]
    rest = counts[:, c] * (counts.sum(axis=1) - counts[:, a] - counts[:, b])
    influence = by_row / by_row.sum() - rest / max(rest.sum(), 0.5)
    over_rows = np.square(influence).sum()
    left_out = seen.total - seen.by_source
    logs = np.log(_ratio(left_out, model.without, a, b, c))
    m = logs.size
    over_sources = (m - 1) / m * np.square(logs - logs.mean()).sum()
    error = np.sqrt(max(over_rows, over_sources, 1e-12))
    return min(ratios), error, model.total[a, b]


def _ratio(seen, expected, a, b, c):
    """Excess of a pair, divided by that of its class c with all others."""
    others = [d for d in range(seen.shape[-1]) if d not in (a, b)]
    half = 0.5  # so that nothing is divided by zero
    pair = (seen[..., a, b] + half) / (expected[..., a, b] + half)
    rest = seen[..., c, others].sum(axis=-1) + half
    return pair / (rest / (expected[..., c, others].sum(axis=-1) + half))
