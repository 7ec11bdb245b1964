"""Do rows resemble those before them? Signs of a series, or of a sorted table."""

import numpy as np
from scipy import stats

from skdataquality.utils._frames._columns import as_numbers, iterate_columns

FEWEST_ROWS = 50
ALIKE = 0.3  # rank correlation of neighbouring rows
UNLIKELY = 1e-6


def columns_alike_nearby(X, *, least=ALIKE, unlikely=UNLIKELY):
    """Columns in which neighbouring rows resemble each other.

    The ranks of a numeric column correlate with those of the row before by ``least`` or
    more, and not by chance (p below ``unlikely`` over the number of columns).

    Returns
    -------
    correlations : dict
        By column name or position.
    """
    found: dict = {}
    if not hasattr(X, "shape") or X.shape[0] < FEWEST_ROWS or X.shape[1] == 0:
        return found
    for name, values in iterate_columns(X):
        numbers = as_numbers(values)
        if numbers is None:
            continue
        numbers = numbers.astype(float)
        known = np.isfinite(numbers[1:]) & np.isfinite(numbers[:-1])
        first, second = numbers[:-1][known], numbers[1:][known]
        if known.sum() < FEWEST_ROWS or _is_constant(first) or _is_constant(second):
            continue
        correlation, p_value = stats.spearmanr(first, second)
        if correlation >= least and p_value < unlikely / X.shape[1]:
            found[name] = float(correlation)
    return found


def _is_constant(numbers):
    return numbers.min() == numbers.max()
