"""How well one column alone tells the class, out of fold and from counts."""

from dataclasses import dataclass, replace

import numpy as np

from skdataquality.leakage._levels import View, views_of
from skdataquality.utils._stats import fold_interval

SMOOTHING = 1.0  # rows of the overall class shares added to each level
FEWEST_OF_CLASS = 10  # rows: what tells fewer does so by luck


@dataclass(frozen=True)
class ColumnAlone:
    """The view of a column that tells most, with areas under the ROC curve.

    ``told`` is the code of the class that it tells best from the others; ``by_fold``
    the area for it on the held-out rows of each fold, ``by_class`` its mean over the
    folds for every class, NaN for one of few rows, and ``missing_auc`` that of the mere
    presence of a value. ``named`` counts, of the ``size`` rows of each class, those
    that it names rightly: a level names the class that is most frequent in it beyond
    the frequency of the class.
    """

    view: View
    told: int
    by_fold: np.ndarray
    by_class: np.ndarray
    named: np.ndarray
    size: np.ndarray
    missing_auc: float | None = None

    @property
    def strength(self):
        """Mean of the AUC over the folds."""
        return float(self.by_class[self.told])

    @property
    def n_levels(self):
        """How many values it is looked at by."""
        return np.unique(self.view.levels).shape[0]

    @property
    def error_removed(self):
        """Share of the errors of guessing that it avoids, of equally large classes."""
        return removed_share(self.named, self.size)

    @property
    def error_removed_surely(self):
        """Return the lower end of a 95 % interval of the same."""
        return surely_removed(self.named, self.size)

    @property
    def auc(self):
        """The same with its interval."""
        return fold_interval(self.by_fold)


def judge_alone(name, values, codes, fold, n_classes):
    """Score every view of one column and keep the one that tells most.

    ``fold`` is the fold in which each row is held out.
    """
    scored = [
        _score(view, codes, fold, n_classes)
        for view in views_of(name, values, codes, n_classes)
    ]
    best = max(scored, key=lambda alone: alone.strength)
    missing = [s for s in scored if s.view.what == "missing or not"]
    if not missing:
        return best
    told = missing[0].strength
    if told >= best.strength - 0.005:  # the plainer view explains it
        best = missing[0]
    return replace(best, missing_auc=told)


def classes_judged(size):
    """Mask of the classes of which enough rows are inside and outside."""
    return np.minimum(size, size.sum() - size) >= FEWEST_OF_CLASS


def _score(view, codes, fold, n_classes):
    counts = count_cells(view.levels, codes, fold, n_classes)
    shares = held_out_shares(counts)
    aucs = _auc_by_fold(shares, counts)
    size = counts.sum(axis=(0, 1))
    by_class = np.where(classes_judged(size), aucs.mean(axis=0), np.nan)
    told = int(np.nanargmax(by_class))
    return ColumnAlone(
        view=view,
        told=told,
        by_fold=aucs[:, told],
        by_class=by_class,
        named=_count_named(shares, counts),
        size=size,
    )


def _count_named(shares, counts):
    """Rows of each class in levels that name it, outside the fold of the row."""
    outside = counts.sum(axis=(0, 1)) - counts.sum(axis=0)
    prior = outside / outside.sum(axis=1, keepdims=True)
    beyond = shares / np.where(prior > 0, prior, 1)  # a level without rows says 1
    pick = beyond.argmax(axis=2)[:, :, None]
    right = np.take_along_axis(counts, pick, axis=2)
    return np.bincount(pick.ravel(), right.ravel(), minlength=counts.shape[2])


def removed_share(named, size):
    """Scale the mean recall of the classes: 0 is guessing, 1 is no error."""
    named, size = _of_classes_judged(named, size)
    return _beyond_chance((named / size).mean(), size.shape[0])


def surely_removed(named, size):
    """Lower end of the same, by the counts of Agresti and Coull in each class."""
    named, size = _of_classes_judged(named, size)
    n = size + 4
    recall = (named + 2) / n
    half = 1.96 * np.sqrt((recall * (1 - recall) / n).sum()) / n.shape[0]
    return _beyond_chance((named / size).mean() - half, n.shape[0])


def _of_classes_judged(named, size):
    """Rows named and all rows of each class; those of few rows are one class."""
    few = ~classes_judged(size)
    if size[few].sum() < FEWEST_OF_CLASS:
        return named[~few], size[~few]
    return (np.append(c[~few], c[few].sum()) for c in (named, size))


def _beyond_chance(recall, n_classes):
    return float(1 - (1 - recall) / (1 - 1 / max(2, n_classes)))


def count_cells(levels, codes, fold, n_classes):
    """Count rows by level, fold and class, shape (n_levels, n_folds, n_classes)."""
    n_levels, n_folds = int(levels.max()) + 1, int(fold.max()) + 1
    cell = (levels.astype(np.int64) * n_folds + fold) * n_classes + codes
    counts = np.bincount(cell, minlength=n_levels * n_folds * n_classes)
    return counts.reshape(n_levels, n_folds, n_classes)


def held_out_shares(counts):
    """Class shares of each level in the rows outside each fold, smoothed."""
    outside = counts.sum(axis=1, keepdims=True) - counts
    prior = outside.sum(axis=0)
    prior = prior / prior.sum(axis=1, keepdims=True)
    total = outside.sum(axis=2, keepdims=True)
    return (outside + SMOOTHING * prior) / (total + SMOOTHING)


def _auc_by_fold(shares, counts):
    """Area under the ROC curve of every fold and class; NaN where one side is empty."""
    rows = counts.sum(axis=2, keepdims=True)
    forth = _ordered_wins(shares, counts, rows)
    back = _ordered_wins(shares[::-1], counts[::-1], rows[::-1])
    positive = counts.sum(axis=0)
    pairs = positive * (rows.sum(axis=0) - positive)
    # two orders of tied levels: their mean counts every tie as half a win
    with np.errstate(invalid="ignore", divide="ignore"):
        return (forth + back) / (2 * pairs)


def _ordered_wins(shares, positive, rows):
    order = np.argsort(shares, axis=0, kind="stable")
    positive = np.take_along_axis(positive, order, axis=0)
    others = np.take_along_axis(np.broadcast_to(rows, shares.shape), order, axis=0)
    others = others - positive
    below = np.cumsum(others, axis=0) - others
    return (positive * (below + others / 2)).sum(axis=0)
