"""Label quality: one number per row, low where the label looks wrong, and its order."""

import numpy as np
from scipy.special import xlogy

from skdataquality.label_noise._confident import (
    TOLERANCE,
    match_labels,
    threshold_shift,
)
from skdataquality.utils._prediction_guards import warn_of_predictions

FEW_CLASSES = 64


def _self_confidence(proba, codes):
    return proba[np.arange(codes.size), codes]


def _normalized_margin(proba, codes):
    confidence = _self_confidence(proba, codes)
    proba[np.arange(codes.size), codes] = -1
    return (confidence - proba.max(axis=1) + 1) / 2


def _confidence_weighted_entropy(proba, codes):
    confidence = np.maximum(_self_confidence(proba, codes), TOLERANCE)
    entropy = -xlogy(proba, proba).sum(axis=1) / np.log(proba.shape[1])
    doubt = entropy / confidence
    return np.log(doubt + 1) / np.maximum(doubt, TOLERANCE)


SCORES = {
    "self_confidence": _self_confidence,
    "normalized_margin": _normalized_margin,
    "confidence_weighted_entropy": _confidence_weighted_entropy,
}


def check_scoring(method, adjust):
    """Raise unless the method is known and can be adjusted, if it must."""
    if method not in SCORES:
        raise ValueError(f"method={method!r} is unknown: use one of {list(SCORES)}.")
    if adjust and method == "confidence_weighted_entropy":
        raise ValueError(
            "adjust=True is not defined for method='confidence_weighted_entropy': pass "
            "adjust=False, or method='self_confidence' or 'normalized_margin'."
        )


def quality_scores(data, method, adjust=False):
    """Score checked rows; `label_quality_scores` says how."""
    if method == "self_confidence" and not adjust:
        data.check_values()
        return np.clip(data.self_confidence, 0, 1)
    shift = threshold_shift(data) if adjust else 0.0
    scores = np.empty(data.codes.size)
    # Reductions over a few columns are faster when the columns are contiguous.
    few = data.n_classes < FEW_CLASSES
    for rows, values in data.chunks():
        proba = np.array(values, dtype=float, order="F" if few else "C")
        if adjust:
            proba += shift
            proba /= proba.sum(axis=1, keepdims=True)
        scores[rows] = SCORES[method](proba, data.codes[rows])
    return np.clip(scores, 0, 1, out=scores)


def label_quality_scores(
    y, pred_proba, *, classes=None, method="self_confidence", adjust=False
):
    """Score how well each given label agrees with the predicted probabilities.

    Parameters
    ----------
    y : array-like of shape (n_samples,)
        Given labels of any type: integers, strings, booleans, pandas categorical.
    pred_proba : array-like of shape (n_samples, n_classes)
        Out-of-sample class probabilities, float; each row sums to 1 within 1e-3.
        Columns in the order of `classes`. Float32 and memory maps are not copied.
    classes : array-like of shape (n_classes,), default=None
        Every class in the order of the columns; None takes the sorted labels in `y`.
    method : {"self_confidence", "normalized_margin", \
            "confidence_weighted_entropy"}, default="self_confidence"
        Probability of the given label; or half of one plus its distance to the most
        probable other class; or the entropy of the row over that probability,
        mapped to [0, 1].
    adjust : bool, default=False
        Subtract from each probability the mean self-confidence of its class first, so
        that rare or hard classes are not accused for their low probabilities. Not
        defined for "confidence_weighted_entropy".

    Returns
    -------
    scores : ndarray of shape (n_samples,), float64
        Between 0 and 1; higher is better, low scores are suspicious.

    Raises
    ------
    ValueError
        If labels are missing, unknown or of one class only, if probabilities are not
        probabilities or do not fit `y`, if `method` is unknown, or if `adjust` is
        combined with "confidence_weighted_entropy".

    Notes
    -----
    Scores rank rows; they are not probabilities of a wrong label, and scores of two
    models or methods are not comparable. They mislead when the probabilities are
    in-sample, and where classes overlap a correct label scores low as well. The
    margin suits ensembles, forests and neighbours; the self-confidence suits one
    linear model or boosting. "confidence_weighted_entropy" gives 0 to a row of
    probability 0 and 1 only, even if the label agrees: avoid it for models that
    are that sure.

    References
    ----------
    .. [1] C. Northcutt, L. Jiang, I. Chuang, "Confident Learning: Estimating
       Uncertainty in Dataset Labels", Journal of Artificial Intelligence Research 70,
       1373-1411, 2021.

    Examples
    --------
    >>> from skdataquality.label_noise import label_quality_scores
    >>> proba = [[0.9, 0.1, 0.0], [0.2, 0.3, 0.5], [0.1, 0.8, 0.1]]
    >>> label_quality_scores(["a", "b", "c"], proba)
    array([0.9, 0.3, 0.1])
    >>> label_quality_scores(["a", "b", "c"], proba, method="normalized_margin")
    array([0.9 , 0.4 , 0.15])
    """
    data = match_labels(y, pred_proba, classes)
    check_scoring(method, adjust)
    scores = quality_scores(data, method, adjust)
    warn_of_predictions(data.codes, data.proba, data.classes)
    return scores


def order_label_issues(
    mask, y, pred_proba, *, classes=None, method="self_confidence", adjust=False
):
    """Sort flagged rows by label quality, worst first.

    Parameters
    ----------
    mask : array-like of shape (n_samples,), bool
        True for the rows to sort, as :func:`find_label_issues` returns.
    y : array-like of shape (n_samples,)
        Given labels of any type: integers, strings, booleans, pandas categorical.
    pred_proba : array-like of shape (n_samples, n_classes)
        Out-of-sample class probabilities, float; each row sums to 1 within 1e-3.
        Columns in the order of `classes`. Float32 and memory maps are not copied.
    classes : array-like of shape (n_classes,), default=None
        Every class in the order of the columns; None takes the sorted labels in `y`.
    method, adjust
        As for :func:`label_quality_scores`.

    Returns
    -------
    rows : ndarray of shape (n_flagged,), integers
        Row numbers; the first is the most doubtful, so that ``rows[:10]`` are the
        ten to look at first. Of equal scores the first row comes first, on any
        processor; cleanlab leaves their order to the processor's sort.

    Raises
    ------
    ValueError
        If `mask` is no mask of the rows, or as for :func:`label_quality_scores`.

    Notes
    -----
    The order is that of one score: the rule that set the flags may rank otherwise,
    and a correct label of an ambiguous row comes as early as a wrong one.

    References
    ----------
    .. [1] C. Northcutt, L. Jiang, I. Chuang, "Confident Learning: Estimating
       Uncertainty in Dataset Labels", Journal of Artificial Intelligence Research 70,
       1373-1411, 2021.

    Examples
    --------
    >>> from skdataquality.label_noise import order_label_issues
    >>> y, p_one = [0, 0, 1, 1], [0.7, 0.9, 0.8, 0.2]
    >>> mask = [True, True, False, True]
    >>> order_label_issues(mask, y, [[1 - p, p] for p in p_one])
    array([1, 3, 0])
    """
    data = match_labels(y, pred_proba, classes)
    check_scoring(method, adjust)
    flags = np.asarray(mask)
    if flags.dtype != bool or flags.shape != data.codes.shape:
        raise ValueError(
            f"mask has dtype {flags.dtype} and shape {flags.shape}, expected bool and "
            f"{data.codes.shape}: pass True or False for each row, not row numbers."
        )
    scores = quality_scores(data, method, adjust)
    warn_of_predictions(data.codes, data.proba, data.classes)
    rows = np.flatnonzero(flags)
    return rows[np.argsort(scores[rows], kind="stable")]
