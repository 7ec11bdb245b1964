"""Are there more rows that nobody agrees on than accuracies explain? `split_rows`."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

FEWEST, MOST = 3, 60  # votes of a row
CHUNK = 4_000_000  # cells of an intermediate array
TINY = 1e-9
REACH = stats.norm.isf(0.025)


@dataclass(frozen=True, eq=False)
class SplitRows:
    """Rows of three votes or more of which no class has more than two thirds.

    Attributes
    ----------
    undecided : ndarray of shape (n_rows,), bool
        Rows of two votes or more of which no class has more than half.
    rows : int
        Rows with 3 to 60 votes.
    expected : float
        Split rows among them if sources err independently of rows.
    excess, lower, upper : float
        Share of the rows that are split beyond those expected, with its 95 % interval;
        NaN without rows.
    p_value : float
        One-sided.
    dispersion : float
        How much votes for the leading class vary from row to row, as a multiple of what
        independent errors lead to: above 1 if some rows are harder than others.
    p_uneven : float
        One-sided, that it is 1.
    """

    undecided: np.ndarray
    rows: int
    expected: float
    excess: float
    lower: float
    upper: float
    p_value: float
    dispersion: float
    p_uneven: float


def split_rows(evidence):
    """Count split rows, and how many of them independent errors lead to.

    Votes for a class are a sum of independent Bernoulli variables given the truth,
    whose distribution is computed exactly; so, therefore, is that of the votes for the
    class with more than half.
    """
    votes = evidence.votes
    per_row = np.bincount(votes.row, minlength=votes.n_rows)
    most = votes.counts().max(axis=1)
    undecided = (per_row > 1) & (2 * most <= per_row)
    mask = (per_row >= FEWEST) & (3 * most <= 2 * per_row)
    asked = np.flatnonzero((per_row >= FEWEST) & (per_row <= MOST))
    if asked.size == 0:
        nan = float("nan")
        return SplitRows(undecided, 0, 0.0, nan, nan, nan, nan, nan, nan)
    starts = np.searchsorted(votes.row, asked)
    lengths = per_row[asked]
    # the votes for the leading class, half of all where it has fewer
    leading = np.maximum(most[asked], lengths // 2)
    chance, expected, fourth = np.empty((3, asked.size))
    squares = np.empty(asked.size)
    step = max(1, CHUNK // (votes.n_classes**2 * (int(lengths.max()) + 1)))
    for at in range(0, asked.size, step):
        part = slice(at, at + step)
        law = _law_of_leading(evidence, starts[part], lengths[part])
        number = np.arange(law.shape[1])
        chance[part] = (law * (3 * number <= 2 * lengths[part, None])).sum(axis=1)
        away = number - (law @ number)[:, None]
        expected[part] = (law * away**2).sum(axis=1)
        fourth[part] = (law * away**4).sum(axis=1)
        squares[part] = np.square(leading[part] - law @ number)
    return SplitRows(
        undecided,
        asked.size,
        *_beyond(mask[asked], chance),
        *_dispersion(squares, expected, fourth),
    )


def _beyond(seen, chance):
    """Return the expected number, the share beyond, its interval and p value."""
    n, share = seen.size, seen.mean()
    error = np.sqrt((chance * (1 - chance)).sum())
    z = (seen.sum() - chance.sum()) / error if error > TINY else 0.0
    excess = float(share - chance.mean())
    spread = float(REACH * max(error / n, np.sqrt(share * (1 - share) / n)))
    p_value = float(stats.norm.sf(z))
    return float(chance.sum()), excess, excess - spread, excess + spread, p_value


def _dispersion(squares, expected, fourth):
    """Compare squared distances from the mean with their expectation."""
    error = np.sqrt(np.maximum(fourth - np.square(expected), 0).sum())
    if error < TINY:
        return 1.0, 1.0
    z = (squares.sum() - expected.sum()) / error
    return float(squares.sum() / expected.sum()), float(stats.norm.sf(z))


def _law_of_leading(evidence, starts, lengths):
    """Return the law of the votes for the leading class, shape (n, most + 1).

    All that is at most half of the votes counts as half.
    """
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
    half = lengths // 2
    leads = np.arange(most + 1) > half[:, None]  # no two classes have more than half
    law = np.einsum("nzct,z->nt", counts, prior) * leads
    law[np.arange(starts.size), half] = np.clip(1 - law.sum(axis=1), 0, 1)
    return law
