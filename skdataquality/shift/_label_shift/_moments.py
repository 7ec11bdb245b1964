"""Class shares from moments: what a model says of target rows, and of each class."""

import numpy as np
from scipy.optimize import lsq_linear, nnls

from skdataquality.compose._priors import class_shares

RLLS_DELTA = 0.05
RLLS_SHRINKAGE = 0.01
RLLS_MAX_STEPS = 50
RLLS_TOLERANCE = 1e-6


def bbse(oof_proba, codes, target_proba, *, soft=True, sample_weight=None):
    """Estimate target class shares by black box shift estimation.

    The shares q >= 0 that bring ``sum_j q_j mean(f(x) | y = j)``, of training rows,
    nearest to the mean of f over target rows, where f are probabilities or, "hard",
    the class of the largest.

    Parameters
    ----------
    oof_proba : ndarray of shape (n_samples, n_classes)
        Out-of-fold probabilities of training rows; every class has a row.
    codes : ndarray of shape (n_samples,), int
    target_proba : ndarray of shape (..., n_target, n_classes)
        By the same models: one table, or one for each fold's model.
    soft : bool, default=True
    sample_weight : ndarray of shape (n_samples,), default=None

    Returns
    -------
    prior : ndarray of shape (n_classes,)
        Non-negative, sums to 1.

    References
    ----------
    .. [1] Z. Lipton, Y. Wang, A. Smola, "Detecting and correcting for label shift with
       black box predictors", ICML 2018.
    """
    by_class, mean = _means(oof_proba, codes, target_proba, soft, sample_weight)
    return solve_shares(by_class, mean)


def rlls(oof_proba, codes, target_proba, *, soft=True, sample_weight=None):
    """Estimate target class shares by regularised learning under label shift.

    As :func:`bbse`, for the change of the weights from 1, which is held back by a ridge
    that shrinks with the number of training rows. Parameters and result are those of
    :func:`bbse`.

    References
    ----------
    .. [1] K. Azizzadenesheli, A. Liu, F. Yang, A. Anandkumar, "Regularized learning
       for domain adaptation under label shifts", ICLR 2019.
    """
    by_class, mean = _means(oof_proba, codes, target_proba, soft, sample_weight)
    n_classes = mean.size
    shares = class_shares(codes, n_classes, sample_weight)
    joint = by_class * shares  # C_kj = mean of f_k(x) 1(y = j)
    log_term = 2 * np.log(2 * n_classes / RLLS_DELTA) / codes.size
    penalty = RLLS_SHRINKAGE * (log_term + 3 * np.sqrt(log_term / 2))
    change = _shrunken(joint, mean - joint.sum(axis=1), penalty)
    prior = shares * (1 + change)
    return prior / prior.sum()


def _shrunken(matrix, gap, penalty):
    """Minimise ``|matrix @ x - gap| + penalty |x|`` over x >= -1, by least squares."""
    n = gap.size
    ridge, change = penalty, np.zeros(n)
    for _ in range(RLLS_MAX_STEPS):
        rows = np.vstack([matrix, np.sqrt(ridge) * np.eye(n)])
        previous, change = (
            change,
            lsq_linear(rows, np.r_[gap, np.zeros(n)], bounds=(-1, np.inf)).x,
        )
        size = np.linalg.norm(change)
        if np.linalg.norm(change - previous) <= RLLS_TOLERANCE * max(size, 1):
            break
        if size > 0:
            ridge = penalty * np.linalg.norm(matrix @ change - gap) / size
    return change


def solve_shares(by_class, mean):
    """Shares q >= 0, of sum 1, for which ``by_class @ q`` is nearest to ``mean``."""
    shares = nnls(by_class, mean)[0]
    total = shares.sum()
    return shares / total if total > 0 else np.full(mean.size, 1 / mean.size)


def class_means(values, codes, n_classes, sample_weight=None):
    """Mean of the values of each class, in columns: shape (n_values, n_classes)."""
    weight = np.ones(codes.size) if sample_weight is None else sample_weight
    member = np.zeros((codes.size, n_classes))
    member[np.arange(codes.size), codes] = weight
    return values.T @ (member / member.sum(axis=0))


def said(proba, soft):
    """Probabilities as they are or, "hard", 1 for the class of the largest."""
    if soft:
        return proba
    return np.eye(proba.shape[-1])[proba.argmax(axis=-1)]


def _means(oof_proba, codes, target_proba, soft, sample_weight):
    n_classes = oof_proba.shape[1]
    by_class = class_means(said(oof_proba, soft), codes, n_classes, sample_weight)
    return by_class, said(target_proba, soft).reshape(-1, n_classes).mean(axis=0)
