"""What a calibrated joint says of true classes: noise matrices and prior."""

from dataclasses import dataclass

import numpy as np

from skdataquality.label_noise._confident._joint import TINY, TOLERANCE
from skdataquality.label_noise._confident._noise_matrix import is_singular
from skdataquality.utils._shown import ShownResult

HIGHEST_NOISE_RATE = 0.9999
LOWEST_CONVERGED_PRIOR = 1e-5
N_ROUNDS, N_STEPS = 3, 5  # more would blow up small deviations


@dataclass(frozen=True, eq=False, repr=False)
class NoiseMatrices(ShownResult):
    """How labels arise from true classes, and the reverse.

    Attributes
    ----------
    noise_matrix : ndarray of shape (n_classes, n_classes)
        Noise transition matrix: probability of the given label (row) for a row of
        the true class (column). Columns sum to 1.
    inverse_noise_matrix : ndarray of shape (n_classes, n_classes)
        Probability of the true class (row) for a row with the given label (column).
        Columns sum to 1.
    prior : ndarray of shape (n_classes,)
        Estimated frequency of each true class, above 0; sums to 1.
    """

    noise_matrix: np.ndarray
    inverse_noise_matrix: np.ndarray
    prior: np.ndarray


def latent_estimates(joint, prior_method="counts", converge=False):
    """Estimate noise matrices and prior; `noise_matrices` says how."""
    label_counts, true_counts = joint.sum(axis=1), joint.sum(axis=0)
    frequency = label_counts / label_counts.sum()
    noise = _divide(joint, true_counts)
    inverse = _divide(joint.T, label_counts)
    prior = PRIOR_METHODS[prior_method](noise, inverse, frequency, true_counts)
    prior = _as_prior(prior, TOLERANCE)
    noise, inverse = _limit_noise_rates(noise), _limit_noise_rates(inverse)
    if converge:
        noise, inverse, prior = _converge(noise, inverse, prior, frequency)
    return NoiseMatrices(noise, inverse, prior)


def _diagonal_prior(noise, inverse, frequency, true_counts):
    return _divide(inverse.diagonal(), noise.diagonal()) * frequency


def _equation_prior(noise, inverse, frequency, true_counts):
    if is_singular(noise):
        raise ValueError(
            "prior_method='equation' cannot be solved: some true classes get the same "
            "labels or no row is counted in them. Use prior_method='counts'."
        )
    return np.linalg.solve(noise, frequency)


def _marginal_prior(noise, inverse, frequency, true_counts):
    return true_counts / true_counts.sum()


def _total_probability_prior(noise, inverse, frequency, true_counts):
    return inverse @ frequency


PRIOR_METHODS = {
    "counts": _diagonal_prior,
    "equation": _equation_prior,
    "marginal": _marginal_prior,
    "total_probability": _total_probability_prior,
}


def _converge(noise, inverse, prior, frequency):
    """Compute each estimate from the others by Bayes' rule until they agree."""
    for _ in range(N_ROUNDS):
        for _ in range(N_STEPS):
            inverse = _limit_noise_rates(_divide((noise * prior).T, frequency))
            prior = _diagonal_prior(noise, inverse, frequency, None)
            prior = _as_prior(prior, TOLERANCE)
        noise = _limit_noise_rates(_divide((inverse * frequency).T, prior))
    prior = _as_prior(prior, LOWEST_CONVERGED_PRIOR)
    return _limit_noise_rates(noise), _limit_noise_rates(inverse), prior


def _divide(values, divisor):
    return values / np.maximum(divisor, TINY)


def _as_prior(values, lowest):
    values = np.clip(values, lowest, 1)
    return values / values.sum()


def _limit_noise_rates(matrix):
    """Keep rates off the diagonal below 1 and let the columns sum to 1 again."""
    limited = np.clip(matrix, 0, HIGHEST_NOISE_RATE)
    np.fill_diagonal(limited, matrix.diagonal())
    return _divide(limited, limited.sum(axis=0))
