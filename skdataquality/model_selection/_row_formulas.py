"""What each row adds to a metric, written out for the metrics that are asked most.

Every function takes labels and responses of n rows and returns the value of the metric
and the influence of each row: n times the derivative of the value in the weight of the
row. Influences sum to 0; for a mean over rows they are the rows less their mean.
"""

from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
from scipy.stats import rankdata
from sklearn.metrics import (
    accuracy_score,
    balanced_accuracy_score,
    brier_score_loss,
    log_loss,
    mean_absolute_error,
    mean_squared_error,
    r2_score,
    roc_auc_score,
    root_mean_squared_error,
)


def influence_by_formula(func, kwargs, y, response):
    """Return value and influences, or None where no formula is known."""
    formula = _FORMULAS.get(func)
    if formula is None or y.ndim != 1:
        return None
    if func is roc_auc_score:
        return formula(y, response, kwargs)
    return formula(y, response)


def _mean(rows):
    value = float(rows.mean())
    return value, rows - value


def _accuracy(y, predicted):
    return _mean((y == predicted).astype(float))


def _balanced_accuracy(y, predicted):
    right = (y == predicted).astype(float)
    _, codes, sizes = np.unique(y, return_inverse=True, return_counts=True)
    recalls = np.bincount(codes, weights=right) / sizes
    influence = (right - recalls[codes]) * (y.size / (sizes.size * sizes[codes]))
    return float(recalls.mean()), influence


def _coded(y, response):
    """Classes as columns of probabilities; None if the columns are others."""
    classes, codes = np.unique(y, return_inverse=True)
    if response.ndim == 1:
        response = np.stack([1 - response, response], axis=1)
    return (codes, response) if response.shape[1] == classes.size else None


def _log_loss(y, response):
    coded = _coded(y, response)
    if coded is None:
        return None
    codes, proba = coded
    eps = np.finfo(proba.dtype).eps
    said = proba[np.arange(codes.size), codes]
    return _mean(-np.log(np.clip(said, eps, 1 - eps)))


def _brier(y, response):
    coded = _coded(y, response)
    if coded is None:
        return None
    codes, proba = coded
    wrong = np.square(proba).sum(axis=1) + 1 - 2 * proba[np.arange(codes.size), codes]
    return _mean(wrong / 2 if response.ndim == 1 else wrong)


def _squared_error(y, predicted):
    return _mean(np.square(y - predicted))


def _absolute_error(y, predicted):
    return _mean(np.abs(y - predicted))


def _root_squared_error(y, predicted):
    squared, influence = _squared_error(y, predicted)
    if squared == 0:
        return None
    return float(np.sqrt(squared)), influence / (2 * np.sqrt(squared))


def _r2(y, predicted):
    spread = np.square(y - y.mean())
    if not spread.any():
        return None
    lost = np.square(y - predicted)
    share = lost.sum() / spread.sum()
    return float(1 - share), (share * spread - lost) / spread.mean()


def _auc(positive, scores, n_rows):
    """AUC by placements: DeLong, DeLong and Clarke-Pearson (1988)."""
    n_positive = np.count_nonzero(positive)
    n_negative = positive.size - n_positive
    ranks, above = rankdata(scores), np.empty(scores.size)
    above[positive] = (ranks[positive] - rankdata(scores[positive])) / n_negative
    below = (ranks[~positive] - rankdata(scores[~positive])) / n_positive
    above[~positive] = 1 - below
    value = float(above[positive].mean())
    size = np.where(positive, n_positive, n_negative)
    return value, (above - value) * (n_rows / size)


def _roc_auc(y, response, kwargs):
    classes, codes = np.unique(y, return_inverse=True)
    if response.ndim == 1:
        return _auc(codes == 1, response, y.size) if classes.size == 2 else None
    if response.shape[1] != classes.size or classes.size < 3:
        return None
    average = kwargs.get("average", "macro")
    if kwargs.get("multi_class") == "ovo":
        return _auc_of_pairs(codes, response) if average == "macro" else None
    parts = [_auc(codes == k, response[:, k], y.size) for k in range(classes.size)]
    values = np.array([value for value, _ in parts])
    influences = np.stack([influence for _, influence in parts])
    if average == "macro":
        return float(values.mean()), influences.mean(axis=0)
    share = np.bincount(codes) / y.size
    value = float(share @ values)
    return value, share @ influences + values[codes] - value


def _auc_of_pairs(codes, response):
    values, influence = [], np.zeros(codes.size)
    for pair in combinations(range(response.shape[1]), 2):
        rows = np.flatnonzero(np.isin(codes, pair))
        for k in pair:
            value, of_rows = _auc(codes[rows] == k, response[rows, k], codes.size)
            values.append(value)
            influence[rows] += of_rows
    return float(np.mean(values)), influence / len(values)


_FORMULAS: dict[Any, Callable[..., Any]] = {
    accuracy_score: _accuracy,
    balanced_accuracy_score: _balanced_accuracy,
    log_loss: _log_loss,
    brier_score_loss: _brier,
    mean_squared_error: _squared_error,
    mean_absolute_error: _absolute_error,
    root_mean_squared_error: _root_squared_error,
    r2_score: _r2,
    roc_auc_score: _roc_auc,
}
