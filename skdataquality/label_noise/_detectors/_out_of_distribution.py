"""Rows unlike those a classifier was trained on, told from its probabilities."""

import numpy as np
from scipy.special import entr

from skdataquality.label_noise._confident import (
    check_labelled_proba,
    row_chunks,
    threshold_shift,
)
from skdataquality.utils._prediction_guards import warn_of_predictions
from skdataquality.utils._probabilities import check_pred_proba

GEN_EXPONENT = 0.1
GEN_CLASSES = 100  # the most probable ones


def _entropy(proba):
    return 1 - entr(proba).sum(axis=1) / np.log(proba.shape[1])


def _least_confidence(proba):
    return proba.max(axis=1)


def _generalized_entropy(proba):
    kept = min(GEN_CLASSES, proba.shape[1])
    largest = np.partition(proba, -kept, axis=1)[:, -kept:]
    largest = np.minimum(np.sort(largest, axis=1), 1)  # fixes the order of the sum
    return 1 - ((largest * (1 - largest)) ** GEN_EXPONENT).mean(axis=1)


SCORES = {
    "entropy": _entropy,
    "least_confidence": _least_confidence,
    "generalized_entropy": _generalized_entropy,
}


def out_of_distribution_scores(pred_proba, y=None, *, classes=None, method="entropy"):
    """Score how typical rows are by how sure a classifier is of their class.

    Parameters
    ----------
    pred_proba : array-like of shape (n_samples, n_classes)
        Out-of-sample class probabilities, float; each row sums to 1 within 1e-3.
        Float32 and memory maps are not copied.
    y : array-like of shape (n_samples,), default=None
        Given labels. If passed, the mean self-confidence of each class is first
        subtracted from its probabilities, so that rows of rare or hard classes do not
        look strange for their low probabilities.
    classes : array-like of shape (n_classes,), default=None
        Every class in the order of the columns; None takes the sorted labels in `y`.
        Used with `y` only.
    method : {"entropy", "least_confidence", "generalized_entropy"}, default="entropy"
        One minus the entropy over its maximum; or the largest probability [1]_; or one
        minus the mean of ``(p (1 - p)) ** 0.1`` over the 100 most probable classes
        [2]_, which is made for many classes and not defined with `y`.

    Returns
    -------
    scores : ndarray of shape (n_samples,), float64
        Between 0 and 1; higher is more typical, low scores are suspicious. Without `y`
        a row of equal probabilities has entropy score 0, a sure one 1.

    Raises
    ------
    ValueError
        If probabilities are not probabilities or of one class only, if labels are
        missing, unknown or do not fit, if `method` is unknown, or if `y` is combined
        with "generalized_entropy".

    See Also
    --------
    KNNOutlierDetector : Tells strange rows from the features.
    label_quality_scores : Whether the label of a row is right.

    Notes
    -----
    A low score says that the classes are hard to tell apart there: between two classes
    as well as far from both. A classifier may be sure of rows like none it has seen,
    trees always and linear models far out, and then the score misses them. Do not
    read a cut-off into it; rank.

    References
    ----------
    .. [1] D. Hendrycks, K. Gimpel, "A Baseline for Detecting Misclassified and
       Out-of-Distribution Examples in Neural Networks", ICLR 2017.
    .. [2] X. Liu, Y. Lochman, C. Zach, "GEN: Pushing the Limits of Softmax-Based
       Out-of-Distribution Detection", CVPR 2023, equation 4.

    Examples
    --------
    >>> from skdataquality.label_noise import out_of_distribution_scores
    >>> proba = [[1.0, 0.0], [0.9, 0.1], [0.5, 0.5]]
    >>> out_of_distribution_scores(proba).round(2)
    array([1.  , 0.53, 0.  ])
    >>> out_of_distribution_scores(proba, method="least_confidence")
    array([1. , 0.9, 0.5])
    """
    if method not in SCORES:
        raise ValueError(f"method={method!r} is unknown: use one of {list(SCORES)}.")
    proba, shift = _checked(pred_proba, y, classes, method)
    return typicality(proba, shift, method)


def typicality(proba, shift, method="entropy"):
    """Score checked rows after adding `shift`, one number per class or None."""
    scores = np.empty(proba.shape[0])
    for chunk in row_chunks(*proba.shape):
        part = proba[chunk].astype(float, copy=False)
        if shift is not None:
            part = part + shift
            part /= part.sum(axis=1, keepdims=True)
        scores[chunk] = SCORES[method](part)
    return np.clip(scores, 0, 1, out=scores)


def _checked(pred_proba, y, classes, method):
    """Return the probabilities and what to add to those of each class, or None."""
    if y is None:
        proba = np.asarray(pred_proba)
        n_samples, n_classes = proba.shape if proba.ndim == 2 else (0, 0)
        if classes is not None:
            n_classes = len(classes)
        proba = check_pred_proba(proba, n_samples, n_classes)
        if n_classes < 2:
            raise ValueError(
                f"pred_proba has {n_classes} column(s): scores need the probabilities "
                f"of two classes or more."
            )
        return proba, None
    if method == "generalized_entropy":
        raise ValueError(
            "y cannot adjust method='generalized_entropy': leave out y, or use "
            "'entropy' or 'least_confidence'."
        )
    data = check_labelled_proba(y, pred_proba, classes)
    warn_of_predictions(data.codes, data.proba, data.classes, depth=2)
    return data.proba, threshold_shift(data)
