"""What class probabilities must be; errors name argument, value and cure."""

import numpy as np

from skdataquality.utils._frames import row_blocks
from skdataquality.utils._validation import positions

ROW_SUM_TOLERANCE = 1e-3
PROBABILITY_BLOCK = 2**17  # cells


def check_pred_proba(pred_proba, n_samples, n_classes, *, name="pred_proba"):
    """Check an (n_samples, n_classes) matrix of probabilities, within 1e-3.

    Float32 and read-only memory maps are taken as they are, without a copy.
    """
    proba = as_proba_matrix(pred_proba, n_samples, n_classes, name=name)
    check_proba_values(proba, name=name)
    return proba


def as_proba_matrix(pred_proba, n_samples, n_classes, *, name="pred_proba"):
    """Check type and shape as `check_pred_proba` does, but not the values."""
    proba = np.asarray(pred_proba)
    _check_probability_shape(proba, n_samples, n_classes, name)
    return proba


def check_partial_proba(pred_proba, n_samples, n_classes, *, name="pred_proba"):
    """Check probabilities where rows without a prediction are NaN throughout.

    Returns them and the mask of the rows that have one.
    """
    proba = as_proba_matrix(pred_proba, n_samples, n_classes, name=name)
    covered = ~np.isnan(proba[:, 0])
    covered[~covered] = ~np.isnan(proba[~covered]).all(axis=1)
    for rows in row_blocks(proba.shape, PROBABILITY_BLOCK):
        known = np.where(covered[rows, None], proba[rows], 1 / n_classes)
        check_proba_values(known, name=name, first_row=rows.start)
    return proba, covered


def _check_probability_shape(proba, n_samples, n_classes, name):
    if proba.ndim == 0:
        raise ValueError(
            f"{name} is of type {type(proba.item()).__name__}: pass a dense array or "
            f"data frame, one row per sample and one column per class."
        )
    if proba.ndim != 2:
        raise ValueError(
            f"{name} has {proba.ndim} dimension(s), shape {proba.shape}; pass one row "
            f"per sample and one column per class."
        )
    if proba.dtype.kind != "f":
        raise ValueError(
            f"{name} has dtype {proba.dtype}; pass probabilities as floats "
            f"(the output of predict_proba, not of predict)."
        )
    if proba.shape[0] != n_samples:
        raise ValueError(
            f"{name} has {proba.shape[0]} rows but y has {n_samples}: pass the same "
            f"rows, in the same order."
        )
    if proba.shape[1] != n_classes:
        raise ValueError(
            f"{name} has {proba.shape[1]} columns but there are {n_classes} classes: "
            f"pass `classes` (the fitted estimator's classes_) when y lacks a class."
        )


def check_proba_values(proba, *, name="pred_proba", first_row=0):
    """Raise unless rows are probabilities; `first_row` is the number of the first.

    Works in blocks that stay in cache, which is twice as fast on wide matrices.
    """
    for rows in row_blocks(proba.shape, PROBABILITY_BLOCK):
        if not _are_clearly_probabilities(proba[rows]):
            _check_probability_block(proba[rows], name, first_row + rows.start)


def _are_clearly_probabilities(proba):
    """Take a fast look that NaN, infinity and every doubtful sum fail.

    Without negative values no value can be above a sum of about 1.
    """
    if proba.dtype not in (np.float32, np.float64):
        return False
    with np.errstate(invalid="ignore"):
        sums = proba @ np.ones(proba.shape[1], dtype=proba.dtype)
    off = np.abs(sums - 1).max()
    return bool(off <= ROW_SUM_TOLERANCE / 2 and proba.min() >= 0)


def _check_probability_block(proba, name, first_row):
    low, high = proba.min(), proba.max()
    if np.isnan(low) or np.isnan(high):
        bad = np.isnan(proba).any(axis=1)
        raise ValueError(
            f"{name} contains NaN in row(s) {positions(bad, first_row)}: leave out "
            f"rows without a prediction."
        )
    if low < 0:
        raise ValueError(
            f"{name} has negative values (smallest {low:g}): pass probabilities, not "
            f"decision_function or log-probabilities."
        )
    if high > 1 + ROW_SUM_TOLERANCE:
        raise ValueError(
            f"{name} has values above 1 (largest {high:g}): divide each row by its sum."
        )
    sums = proba.sum(axis=1, dtype=np.float64)
    bad = np.abs(sums - 1) > ROW_SUM_TOLERANCE
    if bad.any():
        raise ValueError(
            f"{name} has rows that do not sum to 1 (row(s) "
            f"{positions(bad, first_row)}, first sum {sums[bad][0]:g}): divide each "
            f"row by its sum."
        )
