"""Does noise depend on the class only? :func:`noise_plateau`."""

from dataclasses import dataclass

import numpy as np

from skdataquality.label_noise._confident import match_labels
from skdataquality.utils._prediction_guards import warn_of_predictions
from skdataquality.utils._shown import ShownResult
from skdataquality.utils._stats import Interval, proportion_interval

ANCHOR_SHARE = 0.4  # most confident rows of each predicted class
CLASS_CONDITIONAL = 0.6
FEATURE_DEPENDENT = 0.3
LEAST_DISAGREEMENT = 0.05  # below it a good model's own errors decide
FEWEST_ANCHORS = 30
USEFUL_ERROR = 0.8  # of the error of always naming the largest class


@dataclass(frozen=True, repr=False)
class NoisePlateau(ShownResult):
    """How often sure predictions contradict labels, beside all predictions.

    Attributes
    ----------
    ratio : float
        `contradicted` over `disagreement`; near 1 for noise that depends on the class
        only, towards 0 for noise on hard rows, for overlapping classes and for right
        labels. NaN if no label disagrees.
    grade : {"class-conditional", "mixed", "feature-dependent", "weak model", \
            "cannot tell"}
        From 0.6, from 0.3, or below. "weak model" if labels are predicted hardly
        better than by always naming the largest class: it disagrees everywhere, so
        the ratio says nothing. "cannot tell" with fewer than 30 sure predictions,
        with less than 5 % disagreement, or if the interval of `contradicted` allows a
        ratio of 0.6 where the estimate is lower.
    contradicted : Interval
        Share of the labels that contradict the most confident 40 % of each predicted
        class.
    disagreement : Interval
        Share of all labels that are not the most probable class.
    n_contradicted, n_confident : int
        The rows whose share is `contradicted`, and those it is a share of.
    """

    ratio: float
    grade: str
    contradicted: Interval
    disagreement: Interval
    n_contradicted: int
    n_confident: int


def noise_plateau(y, pred_proba, *, classes=None):
    """Compare how often sure predictions and all predictions contradict the labels.

    Noise that depends on the true class only hits sure and unsure rows alike: the share
    of contradicted labels stays on a plateau however confident the model is. Where
    people mislabel hard rows it falls towards 0, and then flagged rows are candidates
    for review, not for deletion.

    Parameters
    ----------
    y : array-like of shape (n_samples,)
        Given labels of any type.
    pred_proba : array-like of shape (n_samples, n_classes)
        Out-of-sample class probabilities, columns in the order of `classes`.
    classes : array-like of shape (n_classes,), default=None
        None takes the sorted labels in `y`.

    Returns
    -------
    plateau : NoisePlateau

    Raises
    ------
    ValueError
        If labels or probabilities are unusable, as in :func:`confident_joint`.

    Notes
    -----
    A warning sign, not a test: there is no p value, and the cuts were set on simulated
    noise. Overlapping classes lower the ratio like feature-dependent noise; a weak
    model raises it to 1, and so does strong feature-dependent noise (20 % and more),
    which the model learns.

    References
    ----------
    .. [1] R. Poyiadzi et al., "Statistical hypothesis testing for class-conditional
       label noise", arXiv 2103.02630.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.label_noise import noise_plateau
    >>> rng = np.random.default_rng(0)
    >>> p = rng.beta(0.2, 0.2, 2000)
    >>> proba = np.column_stack([1 - p, p])
    >>> truth = (p > 0.5).astype(int)
    >>> flipped = np.where(rng.random(2000) < 0.1, 1 - truth, truth)
    >>> noise_plateau(flipped, proba).grade
    'class-conditional'
    >>> hard = np.where(rng.random(2000) < p, 1, 0)
    >>> noise_plateau(hard, proba).grade
    'feature-dependent'
    """
    data = match_labels(y, pred_proba, classes)
    plateau = plateau_of(data.codes, *most_probable(data))
    warn_of_predictions(data.codes, data.proba, data.classes)
    return plateau


def most_probable(data):
    """Return the most probable class of each row and its probability."""
    predicted = np.empty(data.codes.size, dtype=np.intp)
    confidence = np.empty(data.codes.size)
    for rows, proba in data.chunks():
        best = proba.argmax(axis=1)
        predicted[rows] = best
        confidence[rows] = proba[np.arange(best.size), best]
    return predicted, confidence


def _anchor_rows(predicted, confidence):
    """Row numbers of the most confident 40 % of each predicted class."""
    order = np.lexsort((-confidence, predicted))
    size = np.bincount(predicted)
    rank = np.arange(order.size) - np.repeat(np.cumsum(size) - size, size)
    return order[rank < np.ceil(ANCHOR_SHARE * size)[predicted[order]]]


def plateau_of(codes, predicted, confidence):
    """Return the :class:`NoisePlateau` of predictions with their confidence."""
    wrong = predicted != codes
    anchors = _anchor_rows(predicted, confidence)
    n_contradicted = int(wrong[anchors].sum())
    contradicted = proportion_interval(n_contradicted, anchors.size)
    disagreement = proportion_interval(int(wrong.sum()), wrong.size)
    share = disagreement.estimate
    ratio = contradicted.estimate / share if share else np.nan
    useful = is_useful(share, codes)
    return NoisePlateau(
        ratio=float(ratio),
        grade=_grade(ratio, contradicted, share, anchors.size, useful),
        contradicted=contradicted,
        disagreement=disagreement,
        n_contradicted=n_contradicted,
        n_confident=anchors.size,
    )


def is_useful(error, codes):
    """Whether a model errs clearly less often than always naming the largest class."""
    return error <= USEFUL_ERROR * (1 - np.bincount(codes).max() / codes.size)


def _grade(ratio, contradicted, disagreement, n_anchors, useful):
    if n_anchors < FEWEST_ANCHORS or disagreement < LEAST_DISAGREEMENT:
        return "cannot tell"
    if not useful:
        return "weak model"
    if ratio >= CLASS_CONDITIONAL:
        return "class-conditional"
    if contradicted.upper / disagreement >= CLASS_CONDITIONAL:
        return "cannot tell"
    return "mixed" if ratio >= FEATURE_DEPENDENT else "feature-dependent"
