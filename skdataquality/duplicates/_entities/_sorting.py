"""What a table is sorted by: :func:`sorting_of`."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from skdataquality.utils._frames import (
    are_documents,
    as_numbers,
    cell_codes,
    iterate_columns,
    missing_mask,
)

IN_ORDER = 0.99  # of the steps of a sorted column
STANDS_TOGETHER = 0.95  # of the repeats of a value, of one by which rows are sorted
FEWEST_EACH = 20  # rows of a level by which a table is sorted


@dataclass(frozen=True)
class Sorting:
    """What a table is sorted by, and columns that explain the order.

    ``rising`` never fall, in the whole table or within levels that stand together;
    ``along`` are their values. ``strata`` are lists of codes of levels that stand
    together, the label among them in any case; ``counters`` count the rows and mean
    nothing.
    """

    rising: tuple = ()
    along: tuple = ()
    together: tuple = ()
    counters: tuple = ()
    strata: tuple = ()

    @property
    def names(self):
        return (*self.together, *self.rising)


def sorting_of(X, y=None):
    """Find the columns by which a table is sorted."""
    has_columns = not are_documents(X) and hasattr(X, "shape")
    columns = dict(iterate_columns(X)) if has_columns else {}
    kinds = {name: _kind_of_order(values) for name, values in columns.items()}
    counters = tuple(name for name, kind in kinds.items() if kind == "counter")
    strata = {
        n: cell_codes(columns[n]) for n, kind in kinds.items() if kind == "together"
    }
    together = list(strata)
    rising = {n: _ranks(columns[n]) for n, kind in kinds.items() if kind == "rising"}
    if y is not None:
        kind = _kind_of_order(y)
        if kind in ("rising", "counter"):
            rising["label"] = _ranks(y)
        if kind == "together":
            together.append("label")
        strata["label"] = cell_codes(y) if kind == "together" else _strata_of(y)
    inside = [np.diff(strata[name]) == 0 for name in together]
    if inside:
        rest = (name for name, kind in kinds.items() if kind is None)
        within = np.logical_and.reduce(inside)
        rising |= {n: _ranks(columns[n]) for n in rest if _rises(columns[n], within)}
    return Sorting(
        tuple(rising),
        tuple(rising.values()),
        tuple(together),
        counters,
        tuple(strata.values()),
    )


def _kind_of_order(values):
    """Return how a column is sorted, None if it is not."""
    codes = cell_codes(values)
    n, n_levels = codes.shape[0], int(codes.max(initial=0)) + 1
    if n_levels < 2:
        return None
    runs = 1 + np.count_nonzero(np.diff(codes))
    if runs <= 1.05 * n_levels and n_levels * FEWEST_EACH <= n:
        return "together"
    numbers = as_numbers(values)
    if numbers is None:
        repeats = n - n_levels
        stands = repeats >= FEWEST_EACH and n - runs >= STANDS_TOGETHER * repeats
        return "rising" if stands else None
    if n_levels <= n / FEWEST_EACH:
        return None
    if _is_counter(numbers, values):
        return "counter"
    return "rising" if _rises(values, np.ones(n - 1, dtype=bool)) else None


def _is_counter(numbers, values):
    known = numbers[~missing_mask(values)].astype(float)
    with np.errstate(invalid="ignore", over="ignore"):  # of infinite and huge cells
        return known.size > values.size / 2 and np.ptp(np.diff(known)) == 0


def _rises(values, within):
    """Whether (nearly) all steps go one way, of those that ``within`` says count."""
    numbers = as_numbers(values)
    if numbers is None:
        return False
    numbers = np.where(missing_mask(values), np.nan, numbers.astype(float))
    with np.errstate(invalid="ignore", over="ignore"):
        steps = np.diff(numbers)[within]
    steps = steps[~np.isnan(steps)]
    different = np.unique(numbers[~np.isnan(numbers)]).size
    if different <= values.size / FEWEST_EACH or steps.size < values.size / 2:
        return False
    return max((steps >= 0).mean(), (steps <= 0).mean()) >= IN_ORDER


def _ranks(values):
    """Ranks of numbers, or of texts in the order in which they stand, in [-1, 1]."""
    numbers = as_numbers(values)
    cells = cell_codes(values) if numbers is None else numbers.astype(float)
    ranks = stats.rankdata(np.nan_to_num(cells, nan=-np.inf, posinf=np.inf))
    return 2 * ranks / ranks.size - 1


def _strata_of(y):
    """Return classes, or tenths of a quantity, as codes."""
    codes = cell_codes(y)
    n, n_levels = codes.shape[0], int(codes.max(initial=0)) + 1
    numbers = as_numbers(y)
    if n_levels <= n / FEWEST_EACH or numbers is None:
        return codes
    tenths = 10 * stats.rankdata(numbers.astype(float), method="min") // (n + 1)
    return np.unique(tenths, return_inverse=True)[1]
