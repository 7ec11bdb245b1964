"""What models say of the given labels once answers have mended the table."""

import warnings
from dataclasses import dataclass

import numpy as np

from skdataquality.exceptions import WeakModelWarning
from skdataquality.label_noise import LabelErrorDetector, label_quality_scores
from skdataquality.verified import VerifiedLabels


@dataclass(frozen=True)
class Judgement:
    """Scores of the given labels by models that learned from the mended ones.

    Attributes
    ----------
    scores : ndarray of shape (n_samples,), float
        Quality of the given label, higher is better; NaN without a prediction.
    suggested : ndarray of shape (n_samples,), int
        Code of the most probable class; of the given one without a prediction.
    """

    scores: np.ndarray
    suggested: np.ndarray


def judge_given(X, codes, classes, verdicts, *, groups, score_method, **options):
    """Fit a detector on labels mended by the answers, and score the given labels.

    Parameters
    ----------
    X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
    codes : ndarray of shape (n_samples,), int
        Given class of each row.
    classes : ndarray of shape (n_classes,)
    verdicts : Verdicts
    groups : array-like of shape (n_samples,) or None
    score_method : str
    **options : dict
        Parameters of :class:`LabelErrorDetector`.

    Returns
    -------
    judgement : Judgement
    """
    nothing = Judgement(np.full(codes.size, np.nan), codes.copy())
    if np.unique(verdicts.codes).size < 2:
        return nothing  # one class is left: no model can doubt a label
    detector = LabelErrorDetector(**options)
    with warnings.catch_warnings():
        # what weak models flag wrongly is counted by the answers
        warnings.simplefilter("ignore", WeakModelWarning)
        detector.fit(
            X,
            classes[verdicts.codes],
            groups=groups,
            verified=_as_they_are_now(verdicts, codes, classes),
        )
    proba = np.zeros((codes.size, classes.size))
    proba[:, np.searchsorted(classes, detector.classes_)] = detector.pred_proba_
    covered, judged = detector.covered_, nothing
    judged.scores[covered] = label_quality_scores(
        classes[codes[covered]], proba[covered], classes=classes, method=score_method
    )
    judged.suggested[covered] = proba[covered].argmax(axis=1)
    return judged


def _as_they_are_now(verdicts, codes, classes):
    """Return the answers as verified labels of the mended table, or None for none."""
    rows = np.flatnonzero(verdicts.is_verified)
    if rows.size == 0:
        return None
    labels = np.array([*classes[verdicts.codes[rows]].tolist(), None], dtype=object)
    labels = labels[:-1]
    labels[is_unmended(verdicts, codes)[rows]] = None
    return VerifiedLabels(rows, labels, n_rows=codes.size)


def is_unmended(verdicts, codes):
    """Mask of the rows of which only that the given label is wrong is known."""
    return verdicts.is_wrong & (verdicts.codes == codes)
