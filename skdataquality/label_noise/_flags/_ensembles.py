"""Several models on the same labels: how much to trust each, and their mean."""

import numpy as np
from scipy.optimize import minimize
from scipy.special import softmax

from skdataquality.label_noise._confident import TOLERANCE, match_members, row_chunks
from skdataquality.label_noise._flags._plateau import most_probable
from skdataquality.label_noise._flags._scores import check_scoring, quality_scores
from skdataquality.utils._prediction_guards import warn_of_predictions
from skdataquality.utils._probabilities import (
    as_proba_matrix,
    check_proba_values,
)

TEMPERATURES = (1e-4, 1e-3, 1e-2, 1e-1, 1e0, 1e1, 1e2, 2e2)
ROUNDING = np.finfo(float).eps


def _check_members(y, pred_probas, classes):
    """Return a LabelledProba per member, their values checked."""
    members = list(match_members(y, _by_name(pred_probas), classes))
    for member in members:
        member.check_values()
    return members


def _by_name(pred_probas):
    """Members by the name they have in messages."""
    if getattr(pred_probas, "ndim", None) == 2 or len(pred_probas) == 0:
        raise ValueError(
            f"pred_probas must list the probabilities of each member, got "
            f"{type(pred_probas).__name__} of length {len(pred_probas)}: pass "
            f"[proba_of_first, proba_of_second]."
        )
    return {f"pred_probas[{i}]": proba for i, proba in enumerate(pred_probas)}


def _as_member(proba, name):
    shape = np.shape(proba)
    rows, classes = shape if len(shape) == 2 else (0, 0)  # the shape is refused there
    return as_proba_matrix(proba, rows, classes, name=name)


def _refuse_other_columns(named):
    """Refuse data frames whose columns are not the same classes in the same order."""
    columns = {k: list(p.columns) for k, p in named.items() if hasattr(p, "columns")}
    first = next(iter(columns), None)
    for name, names in columns.items():
        if names != columns[first]:
            raise ValueError(
                f"{name} has the columns {names[:10]} but {first} has "
                f"{columns[first][:10]}: pass the same classes in the same order."
            )


def _check_weights(weights, n_members):
    if weights is None:
        return np.full(n_members, 1 / n_members)
    values = np.asarray(weights, dtype=float)
    if values.shape != (n_members,):
        raise ValueError(
            f"weights has shape {values.shape} but there are {n_members} members: pass "
            f"one number per member."
        )
    if not (np.isfinite(values).all() and values.min() >= 0 and values.any()):
        raise ValueError(
            f"weights={values.tolist()} must be finite, 0 or more and not all 0."
        )
    return values / values.sum()


def _accuracy_weights(members):
    predicted = [most_probable(member)[0] for member in members]
    return np.mean(np.equal(predicted, members[0].codes), axis=1)


def _log_loss_search_weights(members):
    losses = np.array([_log_loss(_renormalized_confidence(m)) for m in members])
    candidates = softmax(np.multiply.outer(TEMPERATURES, -losses), axis=1)
    confidence = _self_confidences(members)
    return min(candidates, key=lambda weights: _log_loss(confidence @ weights))


def _self_confidences(members):
    return np.column_stack([member.self_confidence for member in members])


def _renormalized_confidence(member):
    """Self-confidence after zeros are raised to 1e-6 and rows sum to 1 again."""
    sums = np.empty(member.codes.size)
    for rows, proba in member.chunks():
        sums[rows] = np.maximum(proba, TOLERANCE).sum(axis=1, dtype=float)
    return np.maximum(member.self_confidence, TOLERANCE) / sums


def _log_loss(confidence):
    return -np.log(np.clip(confidence, ROUNDING, 1 - ROUNDING)).mean()


def _stacking_weights(members):
    confidence = _self_confidences(members)

    def loss_and_gradient(logits):
        weights = softmax(logits)
        mixed = confidence @ weights
        loss = -np.log(np.maximum(mixed, TOLERANCE)).mean()
        share = np.where(mixed > TOLERANCE, 1 / np.maximum(mixed, TOLERANCE), 0)
        slope = -(share @ confidence) / mixed.size
        return loss, weights * (slope - weights @ slope)

    found = minimize(
        loss_and_gradient, np.zeros(len(members)), jac=True, method="L-BFGS-B"
    )
    return softmax(found.x)


WEIGHTINGS = {
    "uniform": lambda members: np.ones(len(members)),
    "accuracy": _accuracy_weights,
    "log_loss_search": _log_loss_search_weights,
    "stacking": _stacking_weights,
}


def ensemble_weights(y, pred_probas, *, classes=None, method="uniform"):
    """Weigh models by how well they predict the given labels.

    Parameters
    ----------
    y : array-like of shape (n_samples,)
        Given labels of any type: integers, strings, booleans, pandas categorical.
    pred_probas : sequence of array-likes of shape (n_samples, n_classes)
        Out-of-sample class probabilities of each model, as for
        :func:`find_label_issues`.
    classes : array-like of shape (n_classes,), default=None
        Every class in the order of the columns; None takes the sorted labels in `y`.
    method : {"uniform", "accuracy", "log_loss_search", "stacking"}, default="uniform"
        - "uniform": equal weights;
        - "accuracy": in proportion to the share of labels predicted;
        - "log_loss_search": in proportion to ``exp(-T * log_loss)`` with the T, from
          1e-4 to 200, for which the weighted mean has the least log loss;
        - "stacking": the weights for which the weighted mean has the least log loss.

    Returns
    -------
    weights : ndarray of shape (n_models,), float64
        0 or more; they sum to 1. A higher weight is more trust.

    Raises
    ------
    ValueError
        If labels are missing, unknown or of one class only, if probabilities are not
        probabilities or do not fit `y`, if no model predicts any label, or if
        `method` is unknown.

    Notes
    -----
    The given labels are the judge, wrong ones included: a model that has seen them
    gets all the weight, so the probabilities must be out-of-fold. The plain mean is
    hard to beat with few rows or many wrong labels.

    References
    ----------
    .. [1] J. Kuan, J. Mueller, "Model-agnostic label quality scoring to detect
       real-world label errors", ICML DataPerf Workshop, 2022.
    .. [2] L. Breiman, "Stacked regressions", Machine Learning 24, 49-64, 1996.

    Examples
    --------
    >>> from skdataquality.label_noise import ensemble_weights
    >>> good, poor = [[0.9, 0.1], [0.2, 0.8]], [[0.6, 0.4], [0.7, 0.3]]
    >>> ensemble_weights(["a", "b"], [good, poor], method="accuracy").round(2)
    array([0.67, 0.33])
    """
    members = _check_members(y, pred_probas, classes)
    if method not in WEIGHTINGS:
        raise ValueError(
            f"method={method!r} is unknown: use one of {list(WEIGHTINGS)}."
        )
    for member in members:
        warn_of_predictions(
            member.codes, member.proba, member.classes, name="pred_probas"
        )
    weights = WEIGHTINGS[method](members)
    if not weights.any():
        raise ValueError(
            f"method={method!r} leaves no weight: no model predicts a single label. "
            f"Check that `classes` has the order of the columns."
        )
    return weights / weights.sum()


def ensemble_proba(pred_probas, weights=None):
    """Average the probabilities of several models.

    Parameters
    ----------
    pred_probas : sequence of array-likes of shape (n_samples, n_classes)
        Class probabilities of each model; each row sums to 1 within 1e-3. The same
        rows and classes in the same order. Memory maps are read in parts.
    weights : array-like of shape (n_models,), default=None
        0 or more, such as :func:`ensemble_weights` returns; None is equal weights.

    Returns
    -------
    proba : ndarray of shape (n_samples, n_classes)
        Weighted mean; rows sum to 1. float32 if all models are, else float64.

    Raises
    ------
    ValueError
        If values are not probabilities, shapes differ or weights do not fit.

    Notes
    -----
    The mean of models that err on different rows ranks labels better than any of
    them; of models that share an error it does not. It is less sure than its members.

    References
    ----------
    .. [1] C. Genest, J. Zidek, "Combining probability distributions: a critique and
       an annotated bibliography", Statistical Science 1, 114-135, 1986, section 3.

    Examples
    --------
    >>> from skdataquality.label_noise import ensemble_proba
    >>> ensemble_proba([[[0.9, 0.1]], [[0.5, 0.5]]], weights=[3, 1])
    array([[0.8, 0.2]])
    """
    named = _by_name(pred_probas)
    members = [_as_member(proba, name) for name, proba in named.items()]
    shape = members[0].shape
    if any(member.shape != shape for member in members):
        raise ValueError(
            f"pred_probas have shapes {[member.shape for member in members]}: pass the "
            f"same rows and classes of each member."
        )
    _refuse_other_columns(named)
    weights = _check_weights(weights, len(members))
    mean = np.empty(shape, dtype=np.result_type(np.float32, *members))
    for rows in row_chunks(*shape):
        total = np.zeros(mean[rows].shape)
        for name, member, weight in zip(named, members, weights, strict=True):
            check_proba_values(member[rows], name=name, first_row=rows.start)
            total += weight * member[rows]
        mean[rows] = total / total.sum(axis=1, keepdims=True)
    return mean


def ensemble_quality_scores(
    y,
    pred_probas,
    *,
    classes=None,
    method="self_confidence",
    adjust=False,
    weights=None,
):
    """Average the label quality scores of several models.

    Parameters
    ----------
    y : array-like of shape (n_samples,)
        Given labels of any type: integers, strings, booleans, pandas categorical.
    pred_probas : sequence of array-likes of shape (n_samples, n_classes)
        Out-of-sample class probabilities of each model, as for
        :func:`find_label_issues`.
    classes : array-like of shape (n_classes,), default=None
        Every class in the order of the columns; None takes the sorted labels in `y`.
    method, adjust
        As for :func:`label_quality_scores`.
    weights : array-like of shape (n_models,), default=None
        0 or more, such as :func:`ensemble_weights` returns; None is equal weights.

    Returns
    -------
    scores : ndarray of shape (n_samples,), float64
        Between 0 and 1; higher is better, low scores are suspicious.

    Raises
    ------
    ValueError
        If labels are missing, unknown or of one class only, if probabilities are not
        probabilities or do not fit `y`, if `method` is unknown, or if weights do not
        fit.

    Notes
    -----
    It equals the score of the mean of the probabilities for "self_confidence"
    without `adjust` only. For the others, and for everything but scores, prefer
    ``label_quality_scores(y, ensemble_proba(pred_probas), method=...)``.

    References
    ----------
    .. [1] J. Kuan, J. Mueller, "Model-agnostic label quality scoring to detect
       real-world label errors", ICML DataPerf Workshop, 2022.

    Examples
    --------
    >>> from skdataquality.label_noise import ensemble_quality_scores
    >>> first, second = [[0.9, 0.1], [0.2, 0.8]], [[0.6, 0.4], [0.7, 0.3]]
    >>> ensemble_quality_scores(["a", "b"], [first, second])
    array([0.75, 0.55])
    """
    members = _check_members(y, pred_probas, classes)
    check_scoring(method, adjust)
    weights = _check_weights(weights, len(members))
    for member in members:
        warn_of_predictions(
            member.codes, member.proba, member.classes, name="pred_probas"
        )
    scores = [quality_scores(member, method, adjust) for member in members]
    return np.clip(weights @ np.array(scores), 0, 1)
