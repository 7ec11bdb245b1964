"""What y must be where it is a number to predict."""

from contextlib import suppress

import numpy as np
import scipy.sparse as sp
from sklearn.utils.validation import column_or_1d

from skdataquality.utils._frames import missing_mask


def as_value_array(y, *, name="y"):
    """Return numbers as a 1-D float array, or raise naming what is wrong with them.

    Labels, missing, infinite or complex values and several columns are refused.
    """
    if y is None:
        raise ValueError(
            f"{name}=None: requires y to be passed, but the target y is None."
        )
    if sp.issparse(y):
        raise ValueError(f"{name} is a sparse matrix; pass a 1-D array of numbers.")
    values = np.asarray(y)
    if values.dtype.kind == "c":
        raise ValueError(
            f"{name} has complex values. Complex data not supported: pass real numbers."
        )
    if values.ndim != 1 and values.shape[1:] != (1,):
        raise ValueError(
            f"{name} has shape {values.shape}. Multilabel and multioutput targets are "
            f"not supported; pass one column of numbers."
        )
    values = _as_numbers(column_or_1d(values, warn=True, input_name=name), name)
    bad = ~np.isfinite(values)
    if bad.any():
        raise ValueError(
            f"Input {name} contains NaN or infinity in {int(bad.sum())} row(s), first "
            f"row {int(bad.argmax())} (from 0): drop those rows or give them a value."
        )
    return values


def _as_numbers(values, name):
    if values.dtype.kind == "O" and not any(isinstance(v, str) for v in values):
        values = np.where(missing_mask(values), np.nan, values)
        with suppress(TypeError, ValueError):
            values = values.astype(np.float64)
    if values.dtype.kind not in "iuf":
        raise ValueError(
            f"{name} holds values such as {values[:3].tolist()!r}, which are no "
            f"numbers to predict. Use LabelErrorDetector (or LabelErrorPruner) for "
            f"class labels."
        )
    return values.astype(np.float64)
