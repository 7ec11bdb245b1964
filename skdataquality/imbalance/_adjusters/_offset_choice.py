"""Which offsets to take: those that win on rows that did not choose them."""

from typing import NamedTuple

import numpy as np

from skdataquality.compose._calibration import SMALLEST, SMOOTHING, fit_temperature
from skdataquality.compose._priors import class_shares
from skdataquality.imbalance._adjusters._offset_search import (
    decide,
    score_each,
    search_offsets,
)

EXPECTED_ROWS = 100  # of the rarest class, whose labels are worth as much as expected
STRENGTHS = np.linspace(0, 1.5, 31)  # of the logarithm of the class shares
N_GROUPS = 20  # that are left out in turn, for the standard error of a difference
KINDS = ("none", "shares", "each")


class Offsets(NamedTuple):
    """Offsets of calibrated log-probabilities, and how they were chosen."""

    values: np.ndarray  # (n_classes,), the first is 0
    kind: str
    calibration: object  # TemperatureScaling or None
    scores: dict  # of each kind, on rows that chose nothing


def choose_offsets(proba, codes, folds, score, *, calibrate=True, weight=None):
    """Tune offsets on out-of-fold probabilities, as freely as other rows bear out.

    There are three kinds: none, ``-tau log pi`` with one ``tau`` for the class shares
    ``pi``, and one offset for each class. Each is calibrated and tuned without the rows
    of one fold and decides these, in turn.

    Parameters
    ----------
    proba : ndarray of shape (n_samples, n_classes)
    codes : ndarray of shape (n_samples,)
    folds : ndarray of shape (n_samples,), int
    score : DecisionScore
    calibrate : bool, default=True
    weight : ndarray of shape (n_samples,), default=None

    Returns
    -------
    chosen : Offsets
    """
    weight = np.ones(codes.size) if weight is None else weight
    held_out = {kind: np.empty(codes.size, dtype=np.intp) for kind in KINDS}
    for fold in np.unique(folds):
        out, rest = folds == fold, folds != fold
        scaling, found = _tune(proba[rest], codes[rest], weight[rest], score, calibrate)
        log_proba = _calibrated(proba[out], scaling)
        for kind, offsets in found.items():
            held_out[kind][out] = decide(log_proba, offsets)
    kind, scores = _simplest_of_the_best(held_out, codes, weight, score)
    scaling, found = _tune(proba, codes, weight, score, calibrate)
    values = found[kind] - found[kind][0]
    return Offsets(values, kind, scaling, scores)


def log_probabilities(proba):
    """Logarithms, finite also where a probability is 0."""
    return np.log(np.maximum(proba, SMALLEST))


def _calibrated(proba, scaling):
    return log_probabilities(proba if scaling is None else scaling.apply(proba))


def _tune(proba, codes, weight, score, calibrate):
    """Return the calibration, and offsets of each kind."""
    scaling = None
    if calibrate:
        scaling = fit_temperature(
            proba, codes, sample_weight=weight, smoothing=SMOOTHING
        )
    log_proba = _calibrated(proba, scaling)
    shares = class_shares(codes, proba.shape[1], weight)
    towards = -np.log(shares, out=np.zeros_like(shares), where=shares > 0)
    truth = np.zeros(proba.shape)
    truth[np.arange(codes.size), codes] = weight
    if calibrate and score.has_cells:
        truth = _partly_expected(truth, np.exp(log_proba))
    along = score_each(log_proba, truth, score, np.outer(STRENGTHS, towards))
    start = STRENGTHS[int(np.argmax(along))] * towards
    each = search_offsets(log_proba, truth, score, start)
    return scaling, {"none": np.zeros(shares.size), "shares": start, "each": each}


def _partly_expected(truth, proba):
    """Spread the weight of rows over classes by their calibrated probabilities.

    With few rows of a class the metric of the labels found jumps with single rows; the
    one that is expected of the probabilities does not. It counts as that of as many
    rows as `EXPECTED_ROWS` of the rarest class.
    """
    counts = truth.sum(axis=0)
    rarest = counts[counts > 0].min()
    own = rarest / (rarest + EXPECTED_ROWS)
    return own * truth + (1 - own) * truth.sum(axis=1, keepdims=True) * proba


def _simplest_of_the_best(held_out, codes, weight, score):
    scores = {k: score.of_rows(codes, said, weight) for k, said in held_out.items()}
    if max(scores.values()) == -np.inf:
        raise ValueError(
            f"scoring={score.scoring!r} is undefined for the decisions of every offset "
            f"that was tried: pass a metric that is a number for all decisions, such "
            f"as 'balanced_accuracy'."
        )
    chosen = "shares" if scores["shares"] > scores["none"] else "none"
    gain = scores["each"] - scores[chosen]
    if gain > _standard_error(held_out["each"], held_out[chosen], codes, weight, score):
        chosen = "each"
    return chosen, scores


def _standard_error(one, other, codes, weight, score):
    """Of the difference of two scores; groups of rows of all classes are left out."""
    rank = np.empty(codes.size, dtype=np.intp)
    rank[np.argsort(codes, kind="stable")] = np.arange(codes.size)
    groups = [rank % N_GROUPS != group for group in range(N_GROUPS)]
    gaps = [
        score.of_rows(codes[kept], one[kept], weight[kept])
        - score.of_rows(codes[kept], other[kept], weight[kept])
        for kept in groups
    ]
    defined = [gap for gap in gaps if np.isfinite(gap)] or [0.0]
    return float(np.sqrt((N_GROUPS - 1) * np.var(defined)))
