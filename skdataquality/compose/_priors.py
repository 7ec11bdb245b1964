"""Class priors: shares of weight, prior correction, and EM for an unknown prior."""

from collections.abc import Mapping
from numbers import Real
from reprlib import repr as shortened

import numpy as np

EM_MAX_STEPS = 2000


def class_shares(codes, n_classes, sample_weight=None):
    """Share of (weighted) rows in each class; sums to 1."""
    counts = np.bincount(codes, weights=sample_weight, minlength=n_classes)
    return counts / counts.sum()


def prior_from_dict(prior, classes):
    """Check ``{label: probability}`` and return it in the order of ``classes``."""
    if not isinstance(prior, Mapping):
        raise ValueError(
            f"prior={shortened(prior)}: pass a dict of one probability for each class."
        )
    labels = classes.tolist()
    if set(prior) != set(labels):
        named, known = (", ".join(sorted(map(repr, keys))) for keys in (prior, labels))
        raise ValueError(
            f"prior has the labels [{named}] but y has [{known}]: give one probability "
            f"for each class."
        )
    values = [prior[label] for label in labels]
    if not all(isinstance(p, Real) and float(p) >= 0 for p in values) or not np.isclose(
        sum(values), 1
    ):
        raise ValueError(
            f"prior={prior} must hold non-negative numbers that sum to 1: divide them "
            f"by their sum."
        )
    return np.asarray(values, dtype=float)


def correct_prior(proba, old, new):
    """Move class probabilities from one prior to another.

    ``p'_k = p_k (new_k / old_k) / sum_j p_j (new_j / old_j)``, exact for a calibrated
    model whose class likelihoods the remedy left alone (C. Elkan, "The foundations of
    cost-sensitive learning", IJCAI 2001, Th. 2). A class of share 0 in ``old``, the
    prior of the training rows, keeps probability 0; a row without any left becomes
    ``new``.
    """
    moved = proba * _ratio(new, old)
    total = moved.sum(axis=1, keepdims=True)
    return np.where(total > 0, moved / np.where(total > 0, total, 1), new)


def em_prior(proba, prior, *, start=None, tolerance=1e-9):
    """Estimate the class prior of unlabelled rows by expectation maximisation.

    Assumes label shift: P(x | y) is the same, and ``proba``, of the new rows,
    calibrated for ``prior``, from where it starts by default. Stops when the shares
    change by less than ``tolerance``, summed over classes. M. Saerens, P. Latinne, C.
    Decaestecker, "Adjusting the outputs of a classifier to new a priori probabilities",
    Neural Computation 14, 2002. Steps are extrapolated where that raises the
    likelihood: R. Varadhan, C. Roland, "Simple and globally convergent methods for
    accelerating the convergence of any EM algorithm", Scandinavian Journal of
    Statistics 35, 2008.
    """
    ratio = proba * _ratio(np.ones_like(prior, dtype=float), prior)

    def step(shares):
        mixed = ratio @ shares
        known = mixed > 0
        inverse = np.divide(1, mixed, out=np.zeros_like(mixed), where=known)
        moved = shares * (ratio.T @ inverse) + (~known).sum() * shares
        log_likelihood = np.log(mixed, out=np.zeros_like(mixed), where=known).sum()
        return moved / moved.sum(), log_likelihood

    estimate = np.asarray(prior if start is None else start, dtype=float)
    for _ in range(EM_MAX_STEPS // 3):
        first, _ = step(estimate)
        if np.abs(first - estimate).sum() < tolerance:
            return first
        second, reached = step(first)
        far = _extrapolate(estimate, first, second)
        estimate = second
        if far is not None:
            third, log_likelihood = step(far)
            estimate = third if log_likelihood >= reached else second
    return estimate


def _extrapolate(zeroth, first, second):
    """Shares further along the path of two steps; None if they leave the simplex."""
    change, bend = first - zeroth, second - 2 * first + zeroth
    curvature = float(np.linalg.norm(bend))
    if curvature == 0:
        return None
    length = max(1.0, float(np.linalg.norm(change)) / curvature)
    far = zeroth + 2 * length * change + length**2 * bend
    return far / far.sum() if (far > 0).all() else None


def _ratio(new, old):
    return np.divide(new, old, out=np.zeros_like(new, dtype=float), where=old > 0)
