"""Does a source do better than chance? :func:`skills`."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from skdataquality.utils._stats import holm

FEWEST_VOTES = 10
ENOUGH = 20  # of the squares below the slope: twenty rows of a rare class
LITTLE = 0.25  # skill: accuracy .625 of two classes alike
REACH = stats.norm.isf(0.025)


@dataclass(frozen=True, eq=False)
class Skills:
    """One line per source: how its votes follow what the others say.

    Attributes
    ----------
    votes : ndarray of shape (n_sources,), int
        Votes on rows where another source votes.
    skill, lower, upper : ndarray of shape (n_sources,), float
        1 for votes that are the truth, 0 for votes that ignore it, negative for votes
        against it; NaN where it cannot be measured.
    p_below : ndarray of shape (n_sources,), float
        One-sided, of votes that ignore the truth or follow it; Holm over sources.
    p_little : ndarray of shape (n_sources,), float
        One-sided, of a skill of `LITTLE` or more; Holm over sources.
    """

    votes: np.ndarray
    skill: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    p_below: np.ndarray
    p_little: np.ndarray

    def worse(self, level):
        """Return the sources that vote against the others beyond chance."""
        return np.flatnonzero((self.p_below < level) & (self.upper < 0))

    def useless(self, level):
        """Return the sources of which no skill is seen, and surely little."""
        return np.flatnonzero((self.p_little < level) & (self.lower <= 0))


def skills(evidence):
    r"""Compare the votes of every source with what the others say of its rows.

    With T the posterior of a row without the vote c of the source, and bars for means
    over its rows, the skill is the slope

    .. math:: \sum_i (1_{c_i} - \bar 1) \cdot (T_i - \bar T) / \sum_i |T_i - \bar T|^2

    which for two classes alike is twice the accuracy less one. The test permutes the
    votes of the source among its rows (normal approximation with the exact variance),
    so that it holds whatever its votes' shares are: always naming the large class is no
    skill, and is not worse than chance.
    """
    votes = evidence.votes
    shared = np.bincount(votes.row, minlength=votes.n_rows)[votes.row] > 1
    number = np.flatnonzero(shared)
    source, code = votes.source[number], votes.code[number]
    m, n_classes = votes.n_sources, votes.n_classes
    truth = evidence.without(number)
    n = np.bincount(source, minlength=m)
    size = np.maximum(n, 1)[:, None]
    said = np.bincount(source * np.intp(n_classes) + code, minlength=m * n_classes)
    share = said.reshape(m, n_classes) / size
    centred = truth - (_sums(source, truth, m) / size)[source]
    expected = (share[source] * centred).sum(axis=1)
    follows = centred[np.arange(code.size), code] - expected
    spread = np.square(centred).sum(axis=1)
    total, most = _sum(source, follows, m), _sum(source, spread, m)
    # doubly centred: the variance of a sum over a random permutation
    by_class = share[source] * np.square(centred - expected[:, None])
    variance = _sum(source, by_class.sum(axis=1), m) * n / np.maximum(n - 1, 1)
    can = (n >= FEWEST_VOTES) & (most > 1e-9) & (variance > 1e-12)
    with np.errstate(divide="ignore", invalid="ignore"):
        skill = np.where(can, total / most, np.nan)
        residual = follows - skill[source] * spread
        error = np.sqrt(_sum(source, np.square(residual), m)) / most
        z = np.where(can, total / np.sqrt(variance), np.nan)
        error = np.where(can & (error > 0), error, np.nan)
        few = np.where(most >= ENOUGH, 0, np.nan)  # may look useless by chance
    return Skills(
        votes=n,
        skill=skill,
        lower=skill - REACH * error,
        upper=skill + REACH * error,
        p_below=holm(stats.norm.cdf(z)),
        p_little=holm(stats.norm.cdf((skill - LITTLE) / error) + few),
    )


def _sum(source, values, m):
    return np.bincount(source, values, m)


def _sums(source, values, m):
    return np.column_stack([_sum(source, column, m) for column in values.T])
