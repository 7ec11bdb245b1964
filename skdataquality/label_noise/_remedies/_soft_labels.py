"""Soft labels: how probable each true class is, given the label and the features."""

import numpy as np

from skdataquality.base import protect_classes
from skdataquality.compose._soft_copies import (
    NEGLIGIBLE,
    soft_copies,
    without_negligible,
)
from skdataquality.label_noise._confident import check_noise_matrix, match_partial
from skdataquality.label_noise._detectors import verdicts_of
from skdataquality.label_noise._remedies._pruning import label_trust, reason_to_change
from skdataquality.lineage import Lineage
from skdataquality.utils._prediction_guards import (
    known_to_be_held_out,
    warn_of_predictions,
)
from skdataquality.utils._validation import encode_labels

N_DENOISING_STEPS = 20
TINY = 1e-12


def true_label_posterior(y, pred_proba, noise_matrix, *, classes=None, denoise=False):
    """Find the probability of each true class, given the label and the features.

    By Bayes' rule, row i gets ``q[i, t] * noise_matrix[y[i], t]``, divided by its sum
    over the true classes t, where q is ``pred_proba`` [1]_.

    Parameters
    ----------
    y : array-like of shape (n_samples,)
        Given labels of any type: integers, strings, booleans, pandas categorical.
    pred_proba : array-like of shape (n_samples, n_classes)
        Out-of-sample class probabilities, float; each row sums to 1 within 1e-3, or is
        NaN throughout where there is no prediction.
    noise_matrix : array-like of shape (n_classes, n_classes)
        P(given label | true class) with columns that sum to 1, as
        :func:`noise_matrices` estimates it; a column of zeros says that no row has
        that true class.
    classes : array-like of shape (n_classes,), default=None
        Every class in the order of the columns; None takes the sorted labels in `y`.
    denoise : bool, default=False
        Whether `pred_proba` is the probability of the *given* label, from a model that
        learned from noisy rows, and is first unmixed: 20 steps of
        ``q *= (pred_proba / (q @ noise_matrix.T)) @ noise_matrix``. False takes it as
        the probability of the true class, which suits a detector that leaves flagged
        rows out of its training.

    Returns
    -------
    posterior : ndarray of shape (n_samples, n_classes), float64
        Between 0 and 1; rows sum to 1. Where the label is impossible under every
        class, and where there is no prediction, all of it is on the given label.

    Raises
    ------
    ValueError
        If labels, probabilities or the matrix are not what they should be.

    Notes
    -----
    Right only for noise that depends on nothing but the true class: where rows are
    mislabelled because they are ambiguous, `denoise` does clear harm.

    References
    ----------
    .. [1] G. Patrini et al., "Making deep neural networks robust to label noise: a
       loss correction approach", CVPR 2017.

    Examples
    --------
    >>> from skdataquality.label_noise import true_label_posterior
    >>> noise = [[0.9, 0.2], [0.1, 0.8]]  # a fifth of the dogs are called cats
    >>> true_label_posterior(["cat", "dog"], [[0.5, 0.5], [0.5, 0.5]], noise).round(3)
    array([[0.818, 0.182],
           [0.111, 0.889]])
    """
    classes, codes, proba, covered = match_partial(y, pred_proba, classes)
    warn_of_predictions(codes, proba, classes, rows=np.flatnonzero(covered))
    noise = check_noise_matrix(noise_matrix, classes.size, empty_columns=True)
    proba = np.where(covered[:, None], proba, 0.0).astype(float, copy=False)
    if denoise:
        proba = _unmix(proba, noise)
    return posterior_of(codes, proba, noise[codes])


def posterior_of(codes, proba, likelihood):
    """Return the posterior of checked inputs; 0 in `proba` where none is known.

    ``likelihood[i, t]`` is P(given label of row i | true class t).
    """
    joint = proba * likelihood
    peak = joint.max(axis=1, keepdims=True)
    possible = peak > 0
    np.divide(joint, peak, out=joint, where=possible)  # tiny numbers would not sum to 1
    posterior = np.zeros_like(joint)
    posterior[np.arange(codes.size), codes] = 1
    total = joint.sum(axis=1, keepdims=True)
    return np.divide(joint, total, out=posterior, where=possible)


def _unmix(proba, noise):
    """Solve ``q @ noise.T = proba`` for probabilities q; every step makes it likelier.

    The steps are those of expectation maximisation (Richardson-Lucy).
    """
    q = proba.copy()
    for _ in range(N_DENOISING_STEPS):
        q *= (proba / np.maximum(q @ noise.T, TINY)) @ noise
        q /= np.maximum(q.sum(axis=1, keepdims=True), TINY)
    return q


def soften(detector, y, *, min_samples_per_class, verified=None):
    """Repeat each row once per class that it may truly belong to.

    The best `min_samples_per_class` rows of a class that would vanish from them keep
    their given label. A verified row has the verified label alone; one of which
    only that it is wrong is known is spread over the other classes. Returns lineage,
    labels and weights, which sum to 1 over the copies of a row; no copy has less than
    `NEGLIGIBLE`, but for the heaviest.
    """
    for name in ("pred_proba_", "noise_matrix_"):
        if not hasattr(detector, name):
            raise ValueError(
                f"detector={detector!r} sets no {name} in fit, which strategy='soft' "
                f"needs: use strategy='reweight', or LabelErrorDetector."
            )
    classes, codes = encode_labels(y, classes=getattr(detector, "classes_", None))
    with known_to_be_held_out():
        posterior = true_label_posterior(
            y,
            getattr(detector, "last_round_proba_", detector.pred_proba_),
            detector.noise_matrix_,
            classes=classes,
        )
    verdicts = verdicts_of(verified, codes, classes)
    posterior = without_negligible(_as_verified(posterior, codes, verdicts))
    lost = posterior[np.arange(codes.size), codes] == 0
    stays = lost & ~protect_classes(
        lost,
        codes,
        classes,
        trust=label_trust(detector, verdicts),
        minimum=min_samples_per_class,
    )
    posterior[stays] = 0
    posterior[stays, codes[stays]] = 1
    rows, new_codes, weight = soft_copies(posterior)
    lineage = Lineage.from_selection(
        rows,
        n_in=codes.size,
        relabelled=new_codes != codes[rows],
        change_reason=reason_to_change(verdicts)[rows],
    )
    return lineage, classes[new_codes], weight


def _as_verified(posterior, codes, verdicts):
    known = np.flatnonzero(verdicts.is_right | (verdicts.codes != codes))
    posterior[known] = np.eye(posterior.shape[1])[verdicts.codes[known]]
    wrong = np.flatnonzero(verdicts.is_wrong & (verdicts.codes == codes))
    others = posterior[wrong] + NEGLIGIBLE  # or nothing may be left
    others[np.arange(wrong.size), codes[wrong]] = 0
    posterior[wrong] = others / others.sum(axis=1, keepdims=True)
    return posterior
