"""What all other columns say together, class by class: :class:`Others`."""

import numpy as np
from scipy import stats

from skdataquality.leakage._alone import classes_judged, removed_share
from skdataquality.leakage._beside import log_odds, together

MOST_CLASSES_ASKED = 10  # largest ones: each needs models of its own
TELL_MUCH = 0.75
FAR_BEYOND_CHANCE = 0.001  # the strongest is chosen


class Others:
    """Additive models of sets of columns, one for each class, kept once fitted.

    Parameters
    ----------
    codes : ndarray of shape (n_samples,), int
        Classes of the rows.
    fold : ndarray of shape (n_samples,), int
        Fold in which each row is held out.
    n_classes : int

    Attributes
    ----------
    asked : ndarray of int
        The largest classes that can be judged, at most ten.
    """

    def __init__(self, codes, fold, n_classes):
        self.codes, self.fold, self.n_classes = codes, fold, n_classes
        size = np.bincount(codes, minlength=n_classes)
        largest = np.argsort(-size, kind="stable")[:MOST_CLASSES_ASKED]
        self.asked = np.sort(largest[classes_judged(size)[largest]])
        self._scores: dict = {}

    def score(self, columns, code):
        """Out-of-fold log odds of one class in each row."""
        if self.n_classes == 2 and code == 0:
            return -self.score(columns, 1)
        key = (*(a.view.column for a in columns), code)
        if key not in self._scores:
            self._scores[key] = together(
                columns, self.codes, self.fold, self.n_classes, code
            )
        return self._scores[key]

    def scores(self, columns):
        """One column for each of the classes asked, and the rows that are of one."""
        rows = np.flatnonzero(np.isin(self.codes, self.asked))
        by_class = [self.score(columns, code)[rows] for code in self.asked]
        return np.column_stack(by_class), rows

    def error_removed(self, columns):
        """Share of the errors of guessing that they avoid together."""
        score, rows = self.scores(columns)
        given = np.searchsorted(self.asked, self.codes[rows])
        size = np.bincount(given, minlength=self.asked.shape[0])
        rarity = np.log(rows.shape[0] / size - 1)  # equally large classes
        named = given[(score + rarity).argmax(axis=1) == given]
        return removed_share(np.bincount(named, minlength=size.shape[0]), size)


def tells_more(alone, others, told):
    """Whether a column tells every class better than others that tell much do."""
    aucs = []
    for code in told.asked:
        inside = told.codes == code
        own = log_odds(alone, told.codes, told.fold, told.n_classes, code)
        rest = told.score(others, code)
        first, second, p_value = compare_aucs(own, rest, inside)
        if first <= second or p_value >= FAR_BEYOND_CHANCE:
            return False
        aucs.append(second)
    return np.mean(aucs) >= TELL_MUCH


def compare_aucs(first, second, inside):
    """Return two areas under ROC curves of the same rows, and the p value of DeLong."""
    placed = [_placements(score, inside) for score in (first, second)]
    aucs = [float(of_inside.mean()) for of_inside, _ in placed]
    gains = [a - b for a, b in zip(*placed, strict=True)]
    variance = sum(gain.var(ddof=1) / gain.shape[0] for gain in gains)
    z = abs(aucs[0] - aucs[1]) / np.sqrt(max(variance, 1e-12))
    return *aucs, float(2 * stats.norm.sf(z))


def _placements(score, inside):
    """Share of the other side that each row of either side is ordered rightly with."""
    rank = stats.rankdata(score)
    sides = []
    for own, sign in ((inside, 1), (~inside, -1)):
        among = stats.rankdata(score[own])
        below = (rank[own] - among) / (~own).sum()
        sides.append(below if sign == 1 else 1 - below)
    return sides
