"""How good probabilities of classes are where the truth is known."""

import numpy as np


def expected_accuracy(proba, truth):
    """Return the share of right labels, expected if ties were broken at random.

    Parameters
    ----------
    proba : array-like of shape (n_rows, n_classes)
    truth : array-like of shape (n_rows,)
        Number of the true class.
    """
    proba = np.asarray(proba, dtype=float)
    if np.isnan(proba).any():
        return np.nan
    best = proba.max(axis=1, keepdims=True)
    tied = np.isclose(proba, best, rtol=1e-9, atol=1e-12)
    return float((tied[np.arange(len(truth)), truth] / tied.sum(axis=1)).mean())


def log_loss(proba, truth):
    """Mean of minus the log of the true class's probability, floored at 1e-6."""
    right = np.asarray(proba)[np.arange(len(truth)), truth]
    return float(np.log(1 / np.clip(right, 1e-6, 1)).mean())


def calibration_error(proba, truth, n_bins=10):
    """Mean distance of confidence and share right, in bins of equally many rows."""
    proba = np.asarray(proba)
    confidence, is_right = proba.max(axis=1), proba.argmax(axis=1) == truth
    bins = np.array_split(np.argsort(confidence, kind="stable"), n_bins)
    gaps = [
        abs(confidence[rows].mean() - is_right[rows].mean()) * rows.size
        for rows in bins
    ]
    return float(np.sum(gaps) / confidence.size)
