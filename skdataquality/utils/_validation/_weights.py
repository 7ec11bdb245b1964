"""Weights of rows."""

import numpy as np
from sklearn.utils import check_array

from skdataquality.utils._validation._positions import positions


def check_weights(sample_weight, n_samples, *, name="sample_weight"):
    """Return weights as float64, or None; refuse negative, NaN, all zero, wrong length.

    A weight k means that the row counts k times; one number stands for all rows.
    """
    if sample_weight is None:
        return None
    weights = _one_number_per_row(sample_weight, n_samples, name)
    _refuse_bad(weights, name)
    return weights


def _one_number_per_row(sample_weight, n_samples, name):
    if isinstance(sample_weight, str):
        raise ValueError(
            f"{name}={sample_weight!r} is a text: pass one number per row of X."
        )
    if np.isscalar(sample_weight):
        sample_weight = np.full(n_samples, sample_weight)
    try:
        weights = check_array(
            sample_weight,
            ensure_2d=False,
            dtype=np.float64,
            ensure_all_finite=False,
            input_name=name,
        )
    except ValueError as error:
        if "could not convert" not in str(error):
            raise
        raise ValueError(
            f"{name} holds values that are no numbers ({error}): pass one number per "
            f"row of X."
        ) from error
    if weights.shape != (n_samples,):
        raise ValueError(
            f"{name}.shape == {weights.shape}, expected {(n_samples,)}. Sample weights "
            f"must be 1D array or scalar: pass one weight per row of X."
        )
    return weights


def _refuse_bad(weights, name):
    bad = ~np.isfinite(weights)
    if bad.any():
        raise ValueError(
            f"Input {name} contains NaN or infinity at position(s) {positions(bad)}: "
            f"every weight must be a finite number."
        )
    bad = weights < 0
    if bad.any():
        raise ValueError(
            f"Negative values in data passed to `{name}` (first "
            f"{weights[bad][0]:g} at position(s) {positions(bad)}): weights must be 0 "
            f"or positive."
        )
    if not weights.any():
        raise ValueError(
            f"{name} is zero for all {weights.size} rows. Sample weights must contain "
            f"at least one non-zero number."
        )
