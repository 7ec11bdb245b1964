"""Do two sources agree more than what they know explains? :func:`pair_agreement`."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from skdataquality.utils._draws import draw_rows
from skdataquality.utils._stats import holm
from skdataquality.weak_supervision._votes import Votes

FEWEST_ROWS = 20  # that both vote on
FEWEST_SOURCES = 4  # of three, agreement is what accuracies are fitted to
MOST_PAIRS = 20_000_000
CHUNK = 2_000_000  # cells of an intermediate array
REACH = stats.norm.isf(0.025)


@dataclass(frozen=True, eq=False)
class PairAgreement:
    """One line per pair of sources that vote on enough rows together.

    Attributes
    ----------
    first, second : ndarray of shape (n_pairs,), int
    rows, agree : ndarray of shape (n_pairs,), int
    expected : ndarray of shape (n_pairs,), float
        Rows on which they would agree if they erred independently, beside what all
        other pairs do more, since some rows are harder than others.
    copied, lower : ndarray of shape (n_pairs,), float
        Share of the other rows on which they agree too; lower end of its interval.
    p_value : ndarray of shape (n_pairs,), float
        One-sided, Holm over pairs.
    """

    first: np.ndarray
    second: np.ndarray
    rows: np.ndarray
    agree: np.ndarray
    expected: np.ndarray
    copied: np.ndarray
    lower: np.ndarray
    p_value: np.ndarray

    def copies(self, level, least):
        """Pairs that agree beyond chance, and on a good part of the other rows."""
        mask = (self.p_value < level) & (self.lower > least)
        worst = np.flatnonzero(mask)
        return worst[np.lexsort((worst, -self.copied[worst]))]


def pair_agreement(evidence):
    """Ask of every pair whether it agrees more than independent errors explain.

    On a row where both vote, the truth has the posterior of all other votes, and the
    chance to agree given the truth is that of independent votes with the confusion of
    each. The sum over rows is compared with what was seen by a z test. Hard rows let
    honest sources err together: the excess of all other pairs together is expected of
    a pair too.
    """
    votes = evidence.votes
    if votes.n_sources < FEWEST_SOURCES:
        return _result(*np.zeros((2, 0), dtype=np.intp), *np.zeros((4, 0)))
    key, n, agree, chance, squared = _sums(evidence)
    enough = n >= FEWEST_ROWS
    rest_excess = (agree - chance).sum() - (agree - chance)
    rest_room = np.maximum((n - chance).sum() - (n - chance), 1e-9)
    base = np.clip(rest_excess / rest_room, 0, 0.95)
    expected = chance + base * (n - chance)
    # of e + g (1 - e), with e the chance and g the excess of the others
    variance = (1 - base) * (chance - squared + base * (n - 2 * chance + squared))
    key = key[enough]
    first, second = np.divmod(key, votes.n_sources)
    kept = (values[enough] for values in (n, agree, expected, variance))
    return _result(first, second, *kept)


def _result(first, second, n, agree, expected, variance):
    room = np.maximum(n - expected, 1e-9)
    can = (variance > 1e-6) & (room > 0.5)
    error = np.sqrt(np.maximum(variance, 1e-12))
    z = np.where(can, (agree - 0.5 - expected) / error, np.nan)  # of whole numbers
    copied = np.where(can, (agree - expected) / room, np.nan)
    return PairAgreement(
        first=first,
        second=second,
        rows=n.astype(np.intp),
        agree=agree.astype(np.intp),
        expected=expected,
        copied=copied,
        lower=copied - REACH * error / room,
        p_value=holm(stats.norm.sf(z)),
    )


def _sums(evidence):
    """Sum over rows of each pair: 1, agreement, its chance, the chance squared."""
    votes = _few_enough(evidence.votes)
    table = np.maximum(evidence.confusion, 1e-10)
    # a pair is (smaller, larger) source, since votes of a row are sorted by source
    keys, sums = [], []
    for first, second in _pairs(votes, CHUNK // votes.n_classes**2):
        j, k = evidence.votes.source[first], evidence.votes.source[second]
        truth = evidence.without(first, second)
        alike = np.einsum("nzc,nzc->nz", table[j], table[k])
        chance = np.clip((truth * alike).sum(axis=1), 0, 1)
        agree = evidence.votes.code[first] == evidence.votes.code[second]
        key = j.astype(np.int64) * votes.n_sources + k
        found, place = np.unique(key, return_inverse=True)
        weights = (None, agree, chance, np.square(chance))
        keys.append(found)
        sums.append([np.bincount(place, w, found.size) for w in weights])
    if not keys:
        return np.zeros(0, dtype=np.int64), *np.zeros((4, 0))
    found, place = np.unique(np.concatenate(keys), return_inverse=True)
    columns = np.concatenate(sums, axis=1)
    return found, *(np.bincount(place, c, found.size) for c in columns)


@dataclass(frozen=True)
class _SomeVotes:
    """Numbers of some votes and the rows that they are of."""

    number: np.ndarray
    row: np.ndarray
    n_sources: int
    n_classes: int


def _few_enough(votes: Votes):
    """Votes of so many rows that their pairs can be looked at one by one."""
    per_row = np.bincount(votes.row, minlength=votes.n_rows).astype(float)
    n_pairs = (per_row * (per_row - 1) / 2).sum()
    number = np.arange(votes.n_votes)
    if n_pairs > MOST_PAIRS:
        most = max(1, int(votes.n_rows * MOST_PAIRS / n_pairs))
        drawn = np.zeros(votes.n_rows, dtype=bool)
        drawn[draw_rows(votes.n_rows, most, 0)] = True
        number = number[drawn[votes.row]]
    return _SomeVotes(number, votes.row[number], votes.n_sources, votes.n_classes)


def _pairs(votes, most):
    """Yield numbers of two votes of one row, some at a time."""
    most = max(1, most)
    for lag in range(1, votes.number.size):
        at = np.flatnonzero(votes.row[lag:] == votes.row[:-lag])
        if at.size == 0:
            return
        for start in range(0, at.size, most):
            some = at[start : start + most]
            yield votes.number[some], votes.number[some + lag]
