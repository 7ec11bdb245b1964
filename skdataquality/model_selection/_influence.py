"""What each row adds to any metric: by formula, by cells, by leaving rows out.

Influences are of the score as the scorer gives it, greater is better. They belong to
the rows of one run of a cross-validation, pooled over its folds.
"""

import warnings

import numpy as np
from sklearn import config_context
from sklearn.metrics import max_error, median_absolute_error

from skdataquality.model_selection._row_formulas import influence_by_formula
from skdataquality.utils._frames import sorted_codes
from skdataquality.utils._sklearn import parameters_of

MAX_CELLS = 50  # more values of label and prediction: rows are left out in groups
N_GROUPS = 30  # of rows left out; a variance from fewer is itself too uncertain
_NOT_SMOOTH = {max_error, median_absolute_error}  # the jackknife fails for quantiles
_STEP = 1e-6  # share of all weight by which that of a cell is raised


def influence_of_rows(metric, y, response, weights=None):
    """Return the influence of each row, shape (n_rows,), None where this cannot be.

    Parameters
    ----------
    metric : tuple
        Function, sign and keywords.
    y : ndarray of shape (n_rows,)
    response : ndarray of shape (n_rows,) or (n_rows, n_classes)
        What the function is given beside the labels.
    weights : ndarray of shape (n_rows,), default=None
        What rows weigh in the metric; a row that weighs 0 has no influence.
    """
    if weights is None:
        return _influence_of_rows(metric, y, response, None)
    rows = np.flatnonzero(weights)
    given = weights[rows] / weights[rows].mean()
    found = _influence_of_rows(metric, y[rows], response[rows], given)
    if found is None:
        return None
    influence = np.zeros(y.size)
    influence[rows] = found * (y.size / rows.size)
    return influence


def _influence_of_rows(metric, y, response, weights):
    func, sign, kwargs = metric
    pooled = _value(func, kwargs, y, response, weights)
    found = influence_by_formula(func, kwargs, y, response, weights)
    # keywords may change what is computed: a formula is used only if it is this metric
    if found is None or not _is_same(found[0], pooled):
        found = _by_cells(func, kwargs, y, response, weights)
    if found is None or not _is_same(found[0], pooled):
        return None
    return sign * found[1] if np.isfinite(found[1]).all() else None


def influence_of_groups(metric, y, response, groups, weights=None):
    """Return the influence of each row by leaving out groups of rows (jackknife).

    Rows of a group, codes from 0, get equal parts of what leaving out the group
    changes, so that the variance over the groups is the delete-a-group jackknife's.
    None if the metric is no average, but changes when every row is there twice, or is a
    quantile.
    """
    func, sign, kwargs = metric
    if func in _NOT_SMOOTH or not _is_an_average(func, kwargs, y, response, weights):
        return None
    sizes = np.bincount(groups)
    kept = [np.flatnonzero(groups != g) for g in range(sizes.size)]
    without = np.array(
        [_value(func, kwargs, y[i], response[i], _of(weights, i)) for i in kept]
    )
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


def _of(weights, rows):
    return None if weights is None else weights[rows]


def _by_cells(func, kwargs, y, response, given):
    """Differentiate in the weight of each pair of label and prediction that occurs."""
    if response.ndim != 1 or y.ndim != 1 or not takes_weights(func, kwargs):
        return None
    labels, code = sorted_codes(y)
    answers, answer = sorted_codes(response)
    cells, cell = np.unique(code * answers.size + answer, return_inverse=True)
    if cells.size > MAX_CELLS:
        return None
    of_cells = labels[cells // answers.size], answers[cells % answers.size]

    def value(weights):
        return _value(func, kwargs, *of_cells, weights)

    given = np.ones(y.size) if given is None else given
    weights = np.bincount(cell, weights=given)
    here, step = value(weights), _STEP * y.size
    if not _is_same(here, value(2 * weights)):
        return None
    there = [value(weights + step * unit) for unit in np.eye(cells.size)]
    slope = (np.array(there) - here) / step
    return here, given * (slope * y.size)[cell]


def takes_weights(func, kwargs):
    """Whether a function of a metric takes weights of rows."""
    return "sample_weight" in parameters_of(func).keys() - kwargs.keys()


def _is_an_average(func, kwargs, y, response, weights):
    once = _value(func, kwargs, y, response, weights)
    rows = np.tile(np.arange(y.size), 2)
    twice = _value(func, kwargs, y[rows], response[rows], _of(weights, rows))
    return _is_same(once, twice)


def _value(func, kwargs, y, response, weights=None):
    """Value of the metric; NaN where it has none, as in a group without a class."""
    with warnings.catch_warnings(), config_context(skip_parameter_validation=True):
        warnings.simplefilter("ignore")
        try:
            if weights is not None:
                kwargs = kwargs | {"sample_weight": weights}
            return float(func(y, response, **kwargs))
        except Exception:  # of a function that is not ours; its folds had a score
            return np.nan


def _is_same(value, other):
    return bool(np.isclose(value, other, rtol=1e-6, atol=1e-9))
