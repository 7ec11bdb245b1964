"""From the probability of being a target row to the density ratio."""

import numpy as np
from scipy.special import logit

from skdataquality.utils._stats import effective_sample_size

SMALLEST = 1e-6
SEPARABLE_AUC = 0.99
FEW_EFFECTIVE_ROWS = 0.05
FEWEST_EFFECTIVE_ROWS = 30  # of fewer a weighted score says nothing
SMALLEST_IN_TESTS = 1e-4  # of a probability: one row that is sure must not decide
LARGEST_WEIGHT = 0.995  # quantile at which weights are cut for scores


def target_odds(domain_proba):
    """Odds of being a target row: the density ratio, but for the numbers of rows."""
    p = np.clip(domain_proba, SMALLEST, 1 - SMALLEST)
    return p / (1 - p)


def clipped_logit(proba, smallest=SMALLEST_IN_TESTS):
    """Log odds of probabilities, which are at least ``smallest`` from 0 and 1."""
    return logit(np.clip(proba, smallest, 1 - smallest))


def cut_weights(weights, quantile=LARGEST_WEIGHT, *, like=None):
    """Cut weights at a quantile; mean 1.

    ``like`` are the weights whose quantile and mean count, by default these.
    """
    like = weights if like is None else like
    most = np.quantile(like, quantile)
    return np.minimum(weights, most) / np.minimum(like, most).mean()


def why_not_trusted(domain_auc, weights):
    """Say why no score weighted so can be trusted, or None: the one rule for it."""
    if domain_auc > SEPARABLE_AUC:
        return f"target rows hardly overlap (domain AUC {domain_auc:.3f})"
    n_rows, effective = weights.shape[0], effective_sample_size(weights)
    if effective < max(FEW_EFFECTIVE_ROWS * n_rows, FEWEST_EFFECTIVE_ROWS):
        return f"weights would rest on {effective:.0f} of {n_rows} rows"
    return None


def density_ratio(domain_proba, n_target):
    """Weights of training rows, from held-out probabilities of being a target row.

    Cut at their 99.5 % quantile; mean 1.
    """
    return cut_weights(target_odds(domain_proba) * domain_proba.shape[0] / n_target)
