"""What each row adds to a metric, written out for the metrics that are asked most.

Every function takes labels, responses and weights w of n rows, of mean 1, and returns
the value of the metric and the influence of each row: n w times the derivative of the
value in w. Influences sum to 0; for a mean over rows they are w times the rows less
their mean.
"""

from collections.abc import Callable
from functools import partial
from itertools import combinations
from typing import Any

import numpy as np
from sklearn.metrics import (
    accuracy_score,
    brier_score_loss,
    log_loss,
    mean_absolute_error,
    mean_squared_error,
    r2_score,
    roc_auc_score,
    root_mean_squared_error,
)

from skdataquality.utils._frames import sorted_codes
from skdataquality.utils._scoring import (
    MOST_CELLS,
    count_cells,
    scores_of_cells,
    slopes_of_cells,
)


def influence_by_formula(func, kwargs, y, response, weights=None):
    """Return value and influences, or None where no formula is known."""
    if y.ndim != 1:
        return None
    weights = np.ones(y.size) if weights is None else weights
    formula = _FORMULAS.get(func)
    if formula is None:
        return _by_cells(func, kwargs, y, response, weights)
    if func is roc_auc_score:
        return formula(y, response, weights, kwargs)
    return formula(y, response, weights)


def _by_cells(func, kwargs, y, response, weights):
    if response.ndim != 1:
        return None
    (classes, codes), (answers, said) = sorted_codes(y), sorted_codes(response)
    if classes.size * answers.size > MOST_CELLS:
        return None
    scores = partial(scores_of_cells, func, kwargs, classes, answers)
    cells = count_cells((classes.size, answers.size), codes, said, weights=weights)
    if scores(cells) is None:
        return None
    value, slopes = slopes_of_cells(scores, cells)
    return float(value), weights * slopes[codes, said]


def _mean(rows, weights):
    value = float((weights * rows).mean())
    return value, weights * (rows - value)


def _accuracy(y, predicted, weights):
    return _mean((y == predicted).astype(float), weights)


def _coded(y, response):
    """Classes as columns of probabilities; None if the columns are others."""
    classes, codes = np.unique(y, return_inverse=True)
    if response.ndim == 1:
        response = np.stack([1 - response, response], axis=1)
    return (codes, response) if response.shape[1] == classes.size else None


def _log_loss(y, response, weights):
    coded = _coded(y, response)
    if coded is None:
        return None
    codes, proba = coded
    eps = np.finfo(proba.dtype).eps
    said = proba[np.arange(codes.size), codes]
    return _mean(-np.log(np.clip(said, eps, 1 - eps)), weights)


def _brier(y, response, weights):
    coded = _coded(y, response)
    if coded is None:
        return None
    codes, proba = coded
    wrong = np.square(proba).sum(axis=1) + 1 - 2 * proba[np.arange(codes.size), codes]
    return _mean(wrong / 2 if response.ndim == 1 else wrong, weights)


def _squared_error(y, predicted, weights):
    return _mean(np.square(y - predicted), weights)


def _absolute_error(y, predicted, weights):
    return _mean(np.abs(y - predicted), weights)


def _root_squared_error(y, predicted, weights):
    squared, influence = _squared_error(y, predicted, weights)
    if squared == 0:
        return None
    return float(np.sqrt(squared)), influence / (2 * np.sqrt(squared))


def _r2(y, predicted, weights):
    spread = np.square(y - np.average(y, weights=weights))
    if not spread.any():
        return None
    lost = np.square(y - predicted)
    share = (weights * lost).sum() / (weights * spread).sum()
    influence = weights * (share * spread - lost) / (weights * spread).mean()
    return float(1 - share), influence


def _auc(positive, scores, weights, n_rows):
    """AUC by placements: DeLong, DeLong and Clarke-Pearson (1988)."""
    level = np.unique(scores, return_inverse=True)[1]
    in_class = np.where(positive, weights, 0.0), np.where(positive, 0.0, weights)
    sizes = [weight.sum() for weight in in_class]
    # share of the other class below a score, ties half
    masses = [np.bincount(level, weights=weight) for weight in in_class]
    below = [(np.cumsum(mass) - mass / 2)[level] for mass in masses]
    above = np.where(positive, below[1] / sizes[1], 1 - below[0] / sizes[0])
    value = float((in_class[0] * above).sum() / sizes[0])
    size = np.where(positive, *sizes)
    return value, weights * (above - value) * (n_rows / size)


def _roc_auc(y, response, weights, kwargs):
    classes, codes = np.unique(y, return_inverse=True)
    if response.ndim == 1:
        if classes.size != 2:
            return None
        return _auc(codes == 1, response, weights, y.size)
    if response.shape[1] != classes.size or classes.size < 3:
        return None
    average = kwargs.get("average", "macro")
    if kwargs.get("multi_class") == "ovo":
        return _auc_of_pairs(codes, response, weights) if average == "macro" else None
    parts = [
        _auc(codes == k, response[:, k], weights, y.size) for k in range(classes.size)
    ]
    values = np.array([value for value, _ in parts])
    influences = np.stack([influence for _, influence in parts])
    if average == "macro":
        return float(values.mean()), influences.mean(axis=0)
    share = np.bincount(codes, weights=weights) / y.size
    value = float(share @ values)
    return value, share @ influences + weights * (values[codes] - value)


def _auc_of_pairs(codes, response, weights):
    values, influence = [], np.zeros(codes.size)
    for pair in combinations(range(response.shape[1]), 2):
        rows = np.flatnonzero(np.isin(codes, pair))
        for k in pair:
            value, of_rows = _auc(
                codes[rows] == k, response[rows, k], weights[rows], codes.size
            )
            values.append(value)
            influence[rows] += of_rows
    return float(np.mean(values)), influence / len(values)


_FORMULAS: dict[Any, Callable[..., Any]] = {
    accuracy_score: _accuracy,
    log_loss: _log_loss,
    brier_score_loss: _brier,
    mean_squared_error: _squared_error,
    mean_absolute_error: _absolute_error,
    root_mean_squared_error: _root_squared_error,
    r2_score: _r2,
    roc_auc_score: _roc_auc,
}
