"""What each row adds to any metric: by formula, by cells, by leaving rows out.

Influences are of the score as the scorer gives it, greater is better. They belong to
the rows of one run of a cross-validation, pooled over its folds.
"""

import warnings
from inspect import signature

import numpy as np
from sklearn import config_context
from sklearn.metrics import max_error, median_absolute_error

from skdataquality.model_selection._row_formulas import influence_by_formula
from skdataquality.utils._frames import sorted_codes

MAX_CELLS = 50  # more values of label and prediction: rows are left out in groups
N_GROUPS = 30  # of rows left out; a variance from fewer is itself too uncertain
_NOT_SMOOTH = {max_error, median_absolute_error}  # the jackknife fails for quantiles
_STEP = 1e-6  # share of all weight by which that of a cell is raised


def influence_of_rows(metric, y, response):
    """Return the influence of each row, shape (n_rows,), None where this cannot be.

    Parameters
    ----------
    metric : tuple
        Function, sign and keywords.
    y : ndarray of shape (n_rows,)
    response : ndarray of shape (n_rows,) or (n_rows, n_classes)
        What the function is given beside the labels.
    """
    func, sign, kwargs = metric
    pooled = _value(func, kwargs, y, response)
    found = influence_by_formula(func, kwargs, y, response)
    # keywords may change what is computed: a formula is used only if it is this metric
    if found is None or not _is_same(found[0], pooled):
        found = _by_cells(func, kwargs, y, response)
    if found is None or not _is_same(found[0], pooled):
        return None
    return sign * found[1] if np.isfinite(found[1]).all() else None


def influence_of_groups(metric, y, response, groups):
    """Return the influence of each row by leaving out groups of rows (jackknife).

    Rows of a group, codes from 0, get equal parts of what leaving out the group
    changes, so that the variance over the groups is the delete-a-group jackknife's.
    None if the metric is no average, but changes when every row is there twice, or is a
    quantile.
    """
    func, sign, kwargs = metric
    if func in _NOT_SMOOTH or not _is_an_average(func, kwargs, y, response):
        return None
    sizes = np.bincount(groups)
    kept = [np.flatnonzero(groups != g) for g in range(sizes.size)]
    without = np.array([_value(func, kwargs, y[i], response[i]) for i in kept])
    change = (without.mean() - without) * (y.size * (sizes.size - 1) / sizes.size)
    return sign * (change / sizes)[groups] if np.isfinite(change).all() else None


def groups_to_leave_out(codes, clusters=None):
    """Deal rows into groups of about equal class shares, clusters kept whole.

    >>> import numpy as np
    >>> groups_to_leave_out(np.array([0, 1, 1, 0]), np.array([5, 5, 8, 9]))
    array([0, 0, 2, 1])
    """
    first, member = np.arange(codes.size), np.arange(codes.size)
    if clusters is not None:
        _, first, member = np.unique(clusters, return_index=True, return_inverse=True)
    order = np.argsort(codes[first], kind="stable")
    group = np.empty(first.size, dtype=np.intp)
    group[order] = np.arange(first.size) % min(N_GROUPS, first.size)
    return group[member]


def _by_cells(func, kwargs, y, response):
    """Differentiate in the weight of each pair of label and prediction that occurs."""
    if response.ndim != 1 or y.ndim != 1 or not _takes_weights(func, kwargs):
        return None
    labels, code = sorted_codes(y)
    answers, answer = sorted_codes(response)
    cells, cell, count = np.unique(
        code * answers.size + answer, return_inverse=True, return_counts=True
    )
    if cells.size > MAX_CELLS:
        return None
    of_cells = labels[cells // answers.size], answers[cells % answers.size]

    def value(weights):
        return _value(func, kwargs, *of_cells, sample_weight=weights)

    weights = count.astype(float)
    here, step = value(weights), _STEP * y.size
    if not _is_same(here, value(2 * weights)):
        return None
    there = [value(weights + step * unit) for unit in np.eye(cells.size)]
    slope = (np.array(there) - here) / step
    return here, (slope * y.size)[cell]


def _takes_weights(func, kwargs):
    try:
        return "sample_weight" in signature(func).parameters.keys() - kwargs.keys()
    except (TypeError, ValueError):
        return False


def _is_an_average(func, kwargs, y, response):
    once = _value(func, kwargs, y, response)
    twice = _value(
        func, kwargs, np.concatenate([y, y]), np.concatenate([response, response])
    )
    return _is_same(once, twice)


def _value(func, kwargs, y, response, **weights):
    """Value of the metric; NaN where it has none, as in a group without a class."""
    with warnings.catch_warnings(), config_context(skip_parameter_validation=True):
        warnings.simplefilter("ignore")
        try:
            return float(func(y, response, **weights, **kwargs))
        except Exception:  # of a function that is not ours; its folds had a score
            return np.nan


def _is_same(value, other):
    return bool(np.isclose(value, other, rtol=1e-6, atol=1e-9))
