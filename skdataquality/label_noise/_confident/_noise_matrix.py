"""What a noise matrix must be, said in words that name the cure."""

import numpy as np

from skdataquality.utils._probabilities import ROW_SUM_TOLERANCE


def check_noise_matrix(noise_matrix, n_classes, *, empty_columns=False):
    """Return P(given | true), one column per true class, as float64 columns of sum 1.

    With `empty_columns` a column may be 0 throughout, as :func:`noise_matrices` gives
    for a class that no row is counted in.
    """
    noise = np.array(noise_matrix, dtype=float)
    if noise.shape != (n_classes, n_classes):
        raise ValueError(
            f"noise_matrix has shape {noise.shape} but there are {n_classes} classes: "
            f"pass one row per given label and one column per true class."
        )
    if not np.all(noise >= 0):
        raise ValueError(
            f"noise_matrix has negative or NaN values (smallest {noise.min():g}): pass "
            f"the probabilities P(given label | true class)."
        )
    sums = noise.sum(axis=0)
    off = np.abs(sums - 1) > ROW_SUM_TOLERANCE
    if empty_columns:
        off &= sums > 0
    if off.any():
        transposed = np.allclose(noise.sum(axis=1), 1, atol=ROW_SUM_TOLERANCE)
        cure = (
            "its rows do: pass noise_matrix.T"
            if transposed
            else "divide each column by its sum"
        )
        raise ValueError(
            f"noise_matrix must have columns that sum to 1, one for each true class; "
            f"column {np.flatnonzero(off)[0]} sums to {sums[off][0]:g}. Its cure: "
            f"{cure}."
        )
    return noise / np.where(sums > 0, sums, 1)


def is_singular(noise_matrix):
    """Whether some true classes cannot be told apart by the labels they get."""
    return np.linalg.matrix_rank(noise_matrix) < noise_matrix.shape[0]


def refuse_singular(noise_matrix):
    """Raise if some true classes cannot be told apart by the labels they get."""
    if is_singular(noise_matrix):
        raise ValueError(
            f"noise_matrix has rank {np.linalg.matrix_rank(noise_matrix)} for "
            f"{noise_matrix.shape[0]} classes: some true classes get the same labels "
            f"and cannot be told apart. Merge those classes, or pass a matrix with "
            f"less noise."
        )


def symmetric_noise(rate, n_classes):
    """Return P(given | true) of noise that replaces labels by any other alike."""
    noise = np.full((n_classes, n_classes), rate / (n_classes - 1))
    np.fill_diagonal(noise, 1 - rate)
    return noise
