"""Class priors: shares of weight, prior correction, and EM for an unknown prior."""

import numpy as np

EM_MAX_STEPS = 2000


def class_shares(codes, n_classes, sample_weight=None):
    """Share of (weighted) rows in each class; sums to 1."""
    counts = np.bincount(codes, weights=sample_weight, minlength=n_classes)
    return counts / counts.sum()


def correct_prior(proba, old, new):
    """Move class probabilities from one prior to another.

    ``p'_k = p_k (new_k / old_k) / sum_j p_j (new_j / old_j)``, exact for a calibrated
    model whose class likelihoods the remedy left alone (C. Elkan, "The foundations of
    cost-sensitive learning", IJCAI 2001, Th. 2). A class of share 0 in ``old``, the
    prior of the training rows, keeps probability 0; a row without any left becomes
    ``new``.
    """
    ratio = np.divide(new, old, out=np.zeros_like(new, dtype=float), where=old > 0)
    moved = proba * ratio
    total = moved.sum(axis=1, keepdims=True)
    return np.where(total > 0, moved / np.where(total > 0, total, 1), new)


def em_prior(proba, prior, *, start=None, tolerance=1e-9):
    """Estimate the class prior of unlabelled rows by expectation maximisation.

    Assumes label shift: P(x | y) is the same, and ``proba``, of the new rows,
    calibrated for ``prior``, from where it starts by default. Stops when the shares
    change by less than ``tolerance``, summed over classes. M. Saerens, P. Latinne, C.
    Decaestecker, "Adjusting the outputs of a classifier to new a priori probabilities",
    Neural Computation 14, 2002.
    """
    estimate = prior if start is None else start
    for _ in range(EM_MAX_STEPS):
        previous = estimate
        estimate = correct_prior(proba, prior, previous).mean(axis=0)
        if np.abs(estimate - previous).sum() < tolerance:
            break
    return estimate
