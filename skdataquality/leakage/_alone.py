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
    presence of a value. ``error_removed`` is the share, at most 1, of the errors of
    always naming the largest class that naming the likeliest class of each level
    avoids.
    """

    view: View
    told: int
    by_fold: np.ndarray
    by_class: np.ndarray
    error_removed: float
    missing_auc: float | None = None

    @property
    def strength(self):
        """Mean of the AUC over the folds."""
        return float(self.by_class[self.told])

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
    right = np.take_along_axis(counts, shares.argmax(axis=2)[:, :, None], axis=2)
    errors = size.sum() - size.max()
    return ColumnAlone(
        view=view,
        told=told,
        by_fold=aucs[:, told],
        by_class=by_class,
        error_removed=float(1 - (size.sum() - right.sum()) / max(errors, 1)),
    )


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
