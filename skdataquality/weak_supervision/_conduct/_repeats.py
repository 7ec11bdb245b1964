"""Do two functions fire and say the same on the same rows? :func:`repeated_votes`."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy import stats

from skdataquality.utils._stats import holm

MOST_SOURCES = 3_000  # of whose pairs a matrix is made


@dataclass(frozen=True, eq=False)
class RepeatedVotes:
    """One line per pair of sources that say the same on a row at least.

    Attributes
    ----------
    first, second : ndarray of shape (n_pairs,), int
    same : ndarray of shape (n_pairs,), float
        Rows on which both vote and say the same.
    expected : ndarray of shape (n_pairs,), float
        Of them, by independence given the truth.
    repeated : ndarray of shape (n_pairs,), float
        Share of the votes of the one with fewer, beyond those expected, that the other
        casts too.
    z, p_value : ndarray of shape (n_pairs,), float
        One-sided, Holm over all pairs of sources.
    """

    first: np.ndarray
    second: np.ndarray
    same: np.ndarray
    expected: np.ndarray
    repeated: np.ndarray
    z: np.ndarray
    p_value: np.ndarray


def repeated_votes(votes, posterior):
    r"""Compare how often two sources say the same with independence given the truth.

    With W rows of a truth, by the posterior, of which the sources say c on :math:`a_c`
    and :math:`b_c`, they say the same on :math:`\sum_c a_c b_c / W` of them by chance,
    with the variance of a hypergeometric number (Mantel and Haenszel 1959). Abstaining
    counts as not saying c: two functions that fire on the same rows are seen although
    they never disagree.
    """
    m, n_classes = votes.n_sources, votes.n_classes
    hot = sp.csr_array(votes.one_hot)
    cells = (hot.T @ hot).tocoo()
    alike = (cells.row % n_classes == cells.col % n_classes) & (
        cells.row // n_classes < cells.col // n_classes
    )
    key = cells.row[alike] // n_classes * np.int64(m) + cells.col[alike] // n_classes
    pairs, place = np.unique(key, return_inverse=True)
    same = np.bincount(place, cells.data[alike], pairs.size)
    first, second = np.divmod(pairs, m)
    size = posterior.sum(axis=0)
    said = (hot.T @ posterior).reshape(m, n_classes, n_classes)  # source, vote, truth
    expected, variance = np.zeros(pairs.size), np.zeros(pairs.size)
    for truth in np.flatnonzero(size > 1):
        total = size[truth]
        for vote in range(n_classes):
            a, b = said[first, vote, truth], said[second, vote, truth]
            expected += a * b / total
            spread = a * b * (total - a) * (total - b)
            variance += np.maximum(spread, 0) / (total**2 * (total - 1))
    n = np.bincount(votes.source, minlength=m)
    room = np.minimum(n[first], n[second]) - expected
    can = (variance > 1e-9) & (room > 1e-9)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(can, (same - expected) / np.sqrt(variance), np.nan)
        repeated = np.where(can, (same - expected) / room, np.nan)
    n_never = m * (m - 1) // 2 - pairs.size
    p_value = holm(np.append(stats.norm.sf(z), np.ones(n_never)))[: pairs.size]
    return RepeatedVotes(first, second, same, expected, repeated, z, p_value)
