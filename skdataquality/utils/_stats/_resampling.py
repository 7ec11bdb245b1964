"""The bootstrap, within strata if wished."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from skdataquality.utils._stats._checks import (
    check_integer,
    check_n_rows,
    check_open_unit,
    check_scalar,
)
from skdataquality.utils._stats._interval import Interval
from skdataquality.utils._stats._types import RandomState

_MAX_UNDEFINED_SHARE = 0.05  # of bootstrap replicates; above it no interval is given


def bootstrap_interval(
    statistic: Callable[..., float],
    *arrays: ArrayLike,
    strata: ArrayLike | None = None,
    n_resamples: int = 1000,
    level: float = 0.95,
    random_state: RandomState = None,
) -> Interval:
    """Percentile bootstrap interval of a statistic of rows (Efron 1979).

    Rows are drawn with replacement, the same rows from every array, within `strata`
    (integer codes) if these are given. The ends are order statistics of the replicates,
    rounded outwards. Memory beside the input is O(rows), independent of `n_resamples`,
    of which `2 / (1 - level)` are the fewest: each tail holds one.

    The estimate is the statistic of the arrays as given. Resamples in which it is NaN
    are left out; if they are more than 5 % of all, or the estimate is NaN, the ends are
    NaN. Ends that leave out the estimate, where resamples are biased, are moved to it.
    `method` says so. No draw touches numpy's global generator.

    >>> import numpy as np
    >>> interval = bootstrap_interval(np.mean, np.arange(100), random_state=0)
    >>> interval.estimate, interval.method
    (49.5, 'percentile bootstrap, 1000 resamples')
    """

    def one(*rows_of):
        return [check_scalar(statistic(*rows_of))]

    (interval,) = bootstrap_intervals(
        one,
        *arrays,
        strata=strata,
        n_resamples=n_resamples,
        level=level,
        random_state=random_state,
    )
    return interval


def bootstrap_intervals(
    statistic: Callable[..., ArrayLike],
    *arrays: ArrayLike,
    strata: ArrayLike | None = None,
    n_resamples: int = 1000,
    level: float = 0.95,
    random_state: RandomState = None,
) -> list[Interval]:
    """Intervals of all values of a statistic that is an array, from the same resamples.

    Each is that of :func:`bootstrap_interval` for this value alone.
    """
    tail = (1 - check_open_unit("level", level)) / 2
    check_integer("n_resamples", n_resamples, minimum=math.ceil(1 / tail - 1e-6))
    rows_of = [np.asarray(array) for array in arrays]
    draw = _row_drawer(check_n_rows(rows_of), strata, _make_generator(random_state))
    estimates = np.asarray(statistic(*rows_of), dtype=float)
    replicates = np.full((n_resamples, estimates.size), np.nan)
    if not np.isnan(estimates).all():
        for i in range(n_resamples):
            rows = draw()
            replicates[i] = statistic(*(array[rows] for array in rows_of))
    return [
        _percentile_interval(estimate, column, tail, level, strata is not None)
        for estimate, column in zip(estimates.tolist(), replicates.T, strict=True)
    ]


def _percentile_interval(
    estimate: float,
    replicates: NDArray[np.float64],
    tail: float,
    level: float,
    in_strata: bool,
) -> Interval:
    if math.isnan(estimate):
        words = "no interval: the statistic is undefined on the data"
        return Interval(estimate, math.nan, math.nan, words, level)
    n_resamples = replicates.size
    defined = replicates[~np.isnan(replicates)]
    n_undefined = n_resamples - defined.size
    words = f"percentile bootstrap, {n_resamples} resamples"
    words += " within strata" if in_strata else ""
    words += f", {n_undefined} of them undefined" if n_undefined else ""
    if n_undefined > _MAX_UNDEFINED_SHARE * n_resamples:
        return Interval(estimate, math.nan, math.nan, f"no interval: {words}", level)
    lower = float(np.quantile(defined, tail, method="lower"))
    upper = float(np.quantile(defined, 1 - tail, method="higher"))
    if not lower <= estimate <= upper:
        words += ", biased: widened to hold the estimate"
    return Interval(estimate, min(lower, estimate), max(upper, estimate), words, level)


def interval_of_draws(
    estimate: float, draws: ArrayLike, *, method: str, level: float = 0.95
) -> Interval:
    """Interval of a number from draws of it, however made, by order statistics.

    Draws that are NaN are left out. The ends hold the estimate; they are NaN if it is.

    >>> interval_of_draws(0.5, np.arange(101) / 100, method="drawn").lower
    0.02
    """
    tail = (1 - check_open_unit("level", level)) / 2
    drawn = np.asarray(draws, dtype=np.float64)
    drawn = drawn[~np.isnan(drawn)]
    if math.isnan(estimate) or not drawn.size:
        return Interval(estimate, math.nan, math.nan, method, level)
    lower = float(np.quantile(drawn, tail, method="lower"))
    upper = float(np.quantile(drawn, 1 - tail, method="higher"))
    return Interval(estimate, min(lower, estimate), max(upper, estimate), method, level)


def _make_generator(random_state: RandomState) -> np.random.Generator:
    """Return a Generator; a RandomState gives (and advances by) its seed."""
    if isinstance(random_state, np.random.Generator):
        return random_state
    if isinstance(random_state, np.random.RandomState):
        return np.random.default_rng(random_state.randint(0, 2**31 - 1, size=4))
    if random_state is not None:
        check_integer("random_state", random_state, minimum=0)
    return np.random.default_rng(random_state)


def _row_drawer(
    n_rows: int, strata: ArrayLike | None, rng: np.random.Generator
) -> Callable[[], NDArray[np.intp]]:
    """Return a function that draws `n_rows` rows with replacement, within strata."""
    if strata is None:
        return lambda: rng.integers(0, n_rows, size=n_rows)
    codes = np.asarray(strata)
    if codes.shape != (n_rows,) or codes.dtype.kind not in "iub":
        raise ValueError(
            f"strata has shape {codes.shape} and dtype {codes.dtype}; pass one integer "
            f"code for each of the {n_rows} rows, for example from numpy.unique("
            "labels, return_inverse=True)"
        )
    order = np.argsort(codes, kind="stable")
    _, first, counts = np.unique(codes[order], return_index=True, return_counts=True)
    first_of_row, size_of_row = np.repeat(first, counts), np.repeat(counts, counts)

    def draw() -> NDArray[np.intp]:
        # random() * size is below size, and far faster than integers(size)
        within = (rng.random(n_rows) * size_of_row).astype(np.intp)
        return order[first_of_row + within]

    return draw
