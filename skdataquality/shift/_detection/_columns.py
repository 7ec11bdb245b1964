"""Which columns differ most between training and target rows."""

import numpy as np
from scipy import stats

from skdataquality.utils._draws import draw_rows
from skdataquality.utils._frames import (
    as_numbers,
    cell_codes,
    iterate_columns,
    missing_mask,
)

SHOWN = 5
ROWS = 20_000  # of the pooled table that are looked at


def columns_that_differ(pooled, is_target, random_state=0):
    """List the columns whose distribution differs most, one by one.

    ``distance`` is the largest difference of the distribution functions of numbers
    (Kolmogorov-Smirnov), or of any share of categories (total variation), in [0, 1], 1:
    no overlap. The seed is for the rows looked at, where there are more than 20,000.
    """
    side = np.asarray(is_target, dtype=bool)
    rows = draw_rows(side.shape[0], ROWS, random_state)
    table = []
    for name, values in iterate_columns(pooled):
        values, theirs = values[rows], side[rows]
        gone = missing_mask(values)
        table.append(
            {
                "column": name,
                "distance": _distance(values, gone, theirs),
                "missing_in_training": float(gone[~theirs].mean()),
                "missing_in_target": float(gone[theirs].mean()),
            }
        )
    return sorted(table, key=lambda row: -row["distance"])[:SHOWN]


def _distance(values, gone, theirs):
    """Largest of the distances of the known cells and of the missing shares."""
    missing = abs(gone[theirs].mean() - gone[~theirs].mean())
    ours, theirs = ~theirs & ~gone, theirs & ~gone
    if not ours.any() or not theirs.any():
        return float(missing)
    numbers = as_numbers(values, "fiubmM")
    if numbers is None:
        known = _total_variation(values[ours], values[theirs])
    else:
        with np.errstate(divide="ignore"):  # of a p value that is not used
            test = stats.ks_2samp(numbers[ours], numbers[theirs], method="asymp")
        known = test.statistic
    return float(max(known, missing))


def _total_variation(first, second):
    codes = cell_codes(np.concatenate([first, second]))
    n = int(codes.max()) + 1
    ours = np.bincount(codes[: first.size], minlength=n) / first.size
    theirs = np.bincount(codes[first.size :], minlength=n) / second.size
    return float(np.abs(ours - theirs).sum() / 2)
