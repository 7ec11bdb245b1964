"""Class priors: shares of weight, prior correction, and EM for an unknown prior."""

import numpy as np

EM_MAX_STEPS = 2000


def class_shares(codes, n_classes, sample_weight=None):
    """Share of (weighted) rows in each class; sums to 1.

    Parameters
    ----------
    codes : ndarray of shape (n_samples,), int
    n_classes : int
    sample_weight : ndarray of shape (n_samples,), default=None

    Returns
    -------
    prior : ndarray of shape (n_classes,)
    """
    counts = np.bincount(codes, weights=sample_weight, minlength=n_classes)
    return counts / counts.sum()


def correct_prior(proba, old, new):
    """Move class probabilities from one prior to another.

    ``p'_k = p_k (new_k / old_k) / sum_j p_j (new_j / old_j)``, exact for a calibrated
    model whose class likelihoods the remedy left alone [1]_.

    Parameters
    ----------
    proba : ndarray of shape (n_samples, n_classes)
    old : ndarray of shape (n_classes,)
        Prior the model was trained on; a class of share 0 keeps probability 0.
    new : ndarray of shape (n_classes,)
        Prior to predict for.

    Returns
    -------
    proba : ndarray of shape (n_samples, n_classes)
        Rows sum to 1; a row without any probability left becomes ``new``.

    References
    ----------
    .. [1] C. Elkan, "The foundations of cost-sensitive learning", IJCAI 2001, Th. 2.
    """
    ratio = np.divide(new, old, out=np.zeros_like(new, dtype=float), where=old > 0)
    moved = proba * ratio
    total = moved.sum(axis=1, keepdims=True)
    return np.where(total > 0, moved / np.where(total > 0, total, 1), new)


def em_prior(proba, prior, *, start=None, tolerance=1e-9):
    """Estimate the class prior of unlabelled rows by expectation maximisation.

    Assumes label shift: P(x | y) is the same, and ``proba`` calibrated for ``prior``.

    Parameters
    ----------
    proba : ndarray of shape (n_samples, n_classes)
        Probabilities of a model trained under ``prior``, on the new rows.
    prior : ndarray of shape (n_classes,)
    start : ndarray of shape (n_classes,), default=None
        Where to start; None is ``prior``.
    tolerance : float, default=1e-9
        Stop when the shares change by less, summed over classes.

    Returns
    -------
    new_prior : ndarray of shape (n_classes,)
        Sums to 1.

    References
    ----------
    .. [1] M. Saerens, P. Latinne, C. Decaestecker, "Adjusting the outputs of a
       classifier to new a priori probabilities", Neural Computation 14, 2002.
    """
    estimate = prior if start is None else start
    for _ in range(EM_MAX_STEPS):
        previous = estimate
        estimate = correct_prior(proba, prior, previous).mean(axis=0)
        if np.abs(estimate - previous).sum() < tolerance:
            break
    return estimate
