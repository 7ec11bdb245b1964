"""Metrics of decisions as functions of confusion matrices, of many at once.

A cell is the weight of the rows of one class, second to last axis, that got one answer,
last axis. Formulas take square cells of shape (..., n, n), answers in the order of the
classes, and agree with scikit-learn on what is left out: a class that no row has and no
answer names.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from imblearn.metrics import geometric_mean_score
from sklearn.metrics import (
    accuracy_score,
    balanced_accuracy_score,
    cohen_kappa_score,
    f1_score,
    fbeta_score,
    jaccard_score,
    matthews_corrcoef,
    precision_score,
    recall_score,
)

MOST_CELLS = 400  # pairs of class and answer; they are raised one by one
_STEP = 1e-6  # share of all weight by which that of a cell is raised


def scores_of_cells(func, kwargs, classes, answers, cells):
    """Return the scores of confusion matrices, shape (...,), None without a formula.

    Parameters
    ----------
    func, kwargs : callable and dict
        Metric of scikit-learn.
    classes : ndarray of shape (n_classes,)
    answers : ndarray of shape (n_answers,)
        Both sorted.
    cells : ndarray of shape (..., n_classes, n_answers)
    """
    formula, keywords = _FORMULAS.get(func, (None, ()))
    if formula is None or not kwargs.keys() <= {*keywords}:
        return None
    if kwargs.get("zero_division", "warn") not in ("warn", 0):
        return None
    names = np.union1d(classes, answers)
    if names.size == classes.size == answers.size:
        return formula(cells, names, **kwargs)
    square = np.zeros((*cells.shape[:-2], names.size, names.size))
    rows, columns = np.searchsorted(names, classes), np.searchsorted(names, answers)
    square[..., rows[:, None], columns] = cells
    return formula(square, names, **kwargs)


def slopes_of_cells(scores, cells):
    """Return the score of one matrix, and all weight times its slope in each cell.

    ``scores`` takes matrices of shape (n, n_classes, n_answers).
    """
    step = _STEP * cells.sum()
    raised = cells + step * np.eye(cells.size).reshape(-1, *cells.shape)
    here, *there = scores(np.concatenate([cells[None], raised]))
    return here, ((np.array(there) - here) / _STEP).reshape(cells.shape)


def count_cells(shape, *codes, weights=None):
    """Add up the weights of rows by their codes, one array of codes for each axis."""
    cell = np.ravel_multi_index(codes, shape)
    counts = np.bincount(cell, weights=weights, minlength=int(np.prod(shape)))
    return counts.reshape(shape)


def _over(top, bottom, otherwise=0.0):
    out = np.full(np.broadcast_shapes(top.shape, bottom.shape), otherwise)
    return np.divide(top, bottom, out=out, where=bottom != 0)


def _sums(cells):
    """Weight of each class that was got right, has it, and was answered."""
    return np.diagonal(cells, axis1=-2, axis2=-1), cells.sum(-1), cells.sum(-2)


def _accuracy(cells, names):
    right, true, _ = _sums(cells)
    return right.sum(-1) / true.sum(-1)


def _balanced_accuracy(cells, names, adjusted=False):
    right, true, _ = _sums(cells)
    n_classes = (true > 0).sum(-1)
    score = _over(right, true).sum(-1) / n_classes
    return (
        _over(score - 1 / n_classes, 1 - 1 / n_classes, np.nan) if adjusted else score
    )


def _geometric_mean(cells, names):
    right, true, said = _sums(cells)
    is_there = true + said > 0
    recalls = np.where(is_there, _over(right, true), 1.0)
    return recalls.prod(-1) ** (1 / is_there.sum(-1))


def _matthews(cells, names):
    right, true, said = _sums(cells)
    total = said.sum(-1)
    spread = (total**2 - (said**2).sum(-1)) * (total**2 - (true**2).sum(-1))
    both = right.sum(-1) * total - (true * said).sum(-1)
    return _over(both, np.sqrt(np.maximum(spread, 0.0)))


def _kappa(cells, names):
    right, true, said = _sums(cells)
    total = said.sum(-1)
    by_chance = total - (true * said).sum(-1) / total
    return 1 - _over(total - right.sum(-1), by_chance, np.nan)


def _precision(right, true, said):
    return right, said


def _recall(right, true, said):
    return right, true


def _jaccard(right, true, said):
    return right, true + said - right


def _f(right, true, said, beta=1.0):
    return (1 + beta**2) * right, beta**2 * true + said


def _share(
    parts, cells, names, average="binary", pos_label=1, zero_division="warn", **more
):
    """Average over classes of a share, whose top and bottom ``parts`` returns."""
    right, true, said = _sums(cells)
    top, bottom = parts(right, true, said, **more)
    if average == "micro":
        return _over(top.sum(-1), bottom.sum(-1))
    shares, is_there = _over(top, bottom), true + said > 0
    if average == "macro":
        return shares.sum(-1) / is_there.sum(-1)  # 0 of those that are not there
    if average == "weighted":
        return (shares * true).sum(-1) / true.sum(-1)
    if average != "binary":
        return None
    place = [i for i, name in enumerate(names.tolist()) if name == pos_label]
    n_there, it_is = is_there.sum(-1), is_there[..., place].any(-1)
    # scikit-learn refuses several classes, and two without this one
    return np.where(
        (n_there <= 2) & (it_is | (n_there < 2)), shares[..., place].sum(-1), np.nan
    )


_OF_SHARES = ("average", "pos_label", "zero_division")
_FORMULAS: dict[Any, tuple[Callable[..., Any], tuple[str, ...]]] = {
    accuracy_score: (_accuracy, ()),
    balanced_accuracy_score: (_balanced_accuracy, ("adjusted",)),
    geometric_mean_score: (_geometric_mean, ()),
    matthews_corrcoef: (_matthews, ()),
    cohen_kappa_score: (_kappa, ()),
    precision_score: (partial(_share, _precision), _OF_SHARES),
    recall_score: (partial(_share, _recall), _OF_SHARES),
    jaccard_score: (partial(_share, _jaccard), _OF_SHARES),
    f1_score: (partial(_share, _f), _OF_SHARES),
    fbeta_score: (partial(_share, _f), (*_OF_SHARES, "beta")),
}
