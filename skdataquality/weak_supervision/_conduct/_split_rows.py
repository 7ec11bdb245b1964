"""Are there more rows that nobody agrees on than accuracies explain? `split_rows`."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

FEWEST, MOST = 3, 60  # votes of a row
CHUNK = 4_000_000  # cells of an intermediate array
REACH = stats.norm.isf(0.025)


@dataclass(frozen=True, eq=False)
class SplitRows:
    """Rows of three votes or more of which no class has more than two thirds.

    Attributes
    ----------
    mask : ndarray of shape (n_rows,), bool
    rows : int
        Rows with 3 to 60 votes.
    expected : float
        Split rows among them if sources err independently of rows.
    excess, lower, upper : float
        Share of the rows that are split beyond those expected, with its 95 % interval;
        NaN without rows.
    p_value : float
        One-sided.
    """

    mask: np.ndarray
    rows: int
    expected: float
    excess: float
    lower: float
    upper: float
    p_value: float


def split_rows(evidence):
    """Count split rows, and how many of them independent errors lead to.

    Whether no class has more than two thirds of the votes of a row follows from the
    numbers of votes for each class, sums of independent Bernoulli variables given the
    truth, whose distribution is computed exactly.
    """
    votes = evidence.votes
    per_row = np.bincount(votes.row, minlength=votes.n_rows)
    mask = (per_row >= FEWEST) & (3 * votes.counts().max(axis=1) <= 2 * per_row)
    asked = np.flatnonzero((per_row >= FEWEST) & (per_row <= MOST))
    if asked.size == 0:
        nan = float("nan")
        return SplitRows(mask, 0, 0.0, nan, nan, nan, nan)
    starts = np.searchsorted(votes.row, asked)
    chance = np.empty(asked.size)
    width = votes.n_classes**2 * (int(per_row[asked].max()) + 1)
    step = max(1, CHUNK // width)
    for at in range(0, asked.size, step):
        part = slice(at, at + step)
        chance[part] = _chance(evidence, starts[part], per_row[asked[part]])
    seen, n = float(mask[asked].sum()), asked.size
    expected = float(chance.sum())
    error = np.sqrt((chance * (1 - chance)).sum())
    p = float(stats.norm.sf((seen - expected) / error)) if error > 1e-9 else 1.0
    share = seen / n
    spread = REACH * max(error / n, np.sqrt(share * (1 - share) / n))
    excess = (seen - expected) / n
    return SplitRows(mask, n, expected, excess, excess - spread, excess + spread, p)


def _chance(evidence, starts, lengths):
    """Chance of each row to be split, by prior and confusion."""
    votes, prior = evidence.votes, evidence.prior
    n_classes, most = votes.n_classes, int(lengths.max())
    # of each row, truth and class: the chance of 0, 1, ... votes for the class
    counts = np.zeros((starts.size, n_classes, n_classes, most + 1))
    counts[..., 0] = 1
    for t in range(most):
        some = np.flatnonzero(lengths > t)
        p = evidence.confusion[votes.source[starts[some] + t]][..., None]
        now = counts[some]
        after = now * (1 - p)
        after[..., 1:] += now[..., :-1] * p
        counts[some] = after
    wins = 3 * np.arange(most + 1) > 2 * lengths[:, None]
    agreed = (counts * wins[:, None, None, :]).sum(axis=(2, 3))  # no two classes win
    return np.clip(1 - agreed @ prior, 0, 1)
