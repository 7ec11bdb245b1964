"""Arguments of the statistics, refused with name, value and cure."""

import math
import numbers
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from skdataquality.utils._stats._types import FloatArray


def check_open_unit(name: str, value: float) -> float:
    if not 0 < value < 1:
        raise ValueError(f"{name}={value!r}; pass a number strictly between 0 and 1")
    return float(value)


def check_not_negative(name: str, value: float) -> float:
    if not 0 <= value < math.inf:
        raise ValueError(f"{name}={value!r}; pass a finite number of at least 0")
    return float(value)


def check_integer(name: str, value: Any, *, minimum: int) -> None:
    is_integer = isinstance(value, numbers.Integral) and not isinstance(value, bool)
    if not is_integer or value < minimum:
        raise ValueError(f"{name}={value!r}; pass an integer of at least {minimum}")


def check_vector(name: str, values: ArrayLike, *, min_size: int) -> FloatArray:
    """Return a finite one-dimensional float64 array."""
    vector = np.asarray(values, dtype=np.float64)
    if vector.ndim != 1 or vector.size < min_size:
        raise ValueError(
            f"{name} has shape {vector.shape}; pass a one-dimensional array of at "
            f"least {min_size} numbers"
        )
    bad = np.flatnonzero(~np.isfinite(vector))
    if bad.size:
        raise ValueError(
            f"{name}[{bad[0]}] is {vector[bad[0]]} ({bad.size} of {vector.size} values "
            "are not finite); drop or repair them first"
        )
    return vector


def check_weights(weights: ArrayLike) -> FloatArray:
    w = check_vector("weights", weights, min_size=1)
    if w.min() < 0 or w.max() == 0:
        raise ValueError(
            f"weights range from {w.min()} to {w.max()}; pass weights of at least 0, "
            "one of them positive"
        )
    return w


def check_counts(count: ArrayLike, nobs: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return both as float64 arrays of one shape."""
    successes, trials = np.broadcast_arrays(
        np.asarray(count, dtype=np.float64), np.asarray(nobs, dtype=np.float64)
    )
    whole = (successes == np.floor(successes)) & (trials == np.floor(trials))
    possible = whole & (successes >= 0) & (successes <= trials) & (trials < math.inf)
    if not possible.all():
        at = np.flatnonzero(~possible)[0]
        raise ValueError(
            f"count={successes.flat[at]:g} of nobs={trials.flat[at]:g} is impossible; "
            "pass whole numbers with 0 <= count <= nobs"
        )
    return successes, trials


def check_n_rows(arrays: list[NDArray[Any]]) -> int:
    shapes = [array.shape for array in arrays]
    lengths = {shape[0] if shape else 0 for shape in shapes}
    if len(lengths) != 1 or 0 in lengths:
        raise ValueError(
            f"arrays have shapes {shapes}; pass at least one array, all with the same "
            "number of rows and at least one row"
        )
    return lengths.pop()


def check_scalar(value: Any) -> float:
    if np.ndim(value) != 0:
        raise ValueError(
            f"statistic returned an array of shape {np.shape(value)}; let it return "
            "one number"
        )
    return float(value)
