"""Probabilistic labels for estimators that take one label a row: weighted copies."""

import numpy as np

NEGLIGIBLE = 1e-3  # a copy of a row with less weight is left out


def without_negligible(posterior):
    """Set probabilities below `NEGLIGIBLE` to 0, but for the largest of a row."""
    heaviest = posterior.max(axis=1, keepdims=True)
    kept = np.where(posterior >= np.minimum(NEGLIGIBLE, heaviest), posterior, 0)
    return kept / kept.sum(axis=1, keepdims=True)


def soft_copies(posterior):
    """Return row, number of the class and weight of every copy, sorted by row.

    There is one for each probability above 0; those of a row sum to its sum.
    """
    rows, codes = np.nonzero(posterior)
    return rows, codes, posterior[rows, codes]
