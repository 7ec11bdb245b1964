"""Weights that grow with the quality of the label: :class:`LabelQualityWeighter`."""

from numbers import Real

import numpy as np
from sklearn.base import clone

from skdataquality.base import BaseWeighter
from skdataquality.compose._weights import fit_parameters
from skdataquality.label_noise._confident import LabelledProba
from skdataquality.label_noise._detectors import default_ensemble, verdicts_of
from skdataquality.label_noise._flags import SCORES, quality_scores
from skdataquality.label_noise._remedies._pruning import (
    fit_detector,
    unfitted_detector,
    with_rows_of,
)
from skdataquality.utils._fits import default_fit
from skdataquality.utils._folds import aligned_proba, fit_labels, trusted_rows
from skdataquality.utils._sklearn import HasMethods, Interval, fit_context, take_rows
from skdataquality.utils._validation import encode_labels
from skdataquality.verified import as_verified

FLOOR = 0.01


def quality_weights(scores, *, floor=FLOOR):
    """Turn label qualities in [0, 1] into raw weights in [floor, 1], not yet of mean 1.

    NaN, a row without a prediction, gets the mean of the others.
    """
    scores = np.asarray(scores, dtype=float)
    known = scores[~np.isnan(scores)]
    if known.size == 0 or known.min() < 0 or known.max() > 1:
        seen = f"[{known.min():g}, {known.max():g}]" if known.size else "only NaN"
        raise ValueError(
            f"sample_scores_ of the detector must be in [0, 1] to weight rows by them, "
            f"got {seen}: rescale them in the detector, or prune by issue_mask_."
        )
    return np.maximum(np.where(np.isnan(scores), known.mean(), scores), floor)


class LabelQualityWeighter(BaseWeighter):
    """Weight rows by the quality of their label.

    Training rows get what the detector, by models that did not see them, finds their
    label worth; new rows get what a final model does.

    Parameters
    ----------
    detector : detector, default=None
        Unfitted, with ``sample_scores_`` in [0, 1] once fitted. None is
        :class:`LabelErrorDetector` with its default classifier.
    estimator : classifier, default=None
        Final model for ``predict_weight``; needs ``predict_proba``. It is fitted on
        the rows that the detector does not flag. None is the ``estimator`` of the
        detector; if it has none, the default of :class:`LabelErrorDetector`.
    floor : float, default=0.01
        Least quality, in (0, 1]: a lower one counts as this, so that no class vanishes
        and a hard row of a rare class keeps a say. 1 weights all rows alike.
    random_state : int, RandomState instance or None, default=None
        For the default detector.

    Attributes
    ----------
    sample_weight_ : ndarray of shape (n_samples,)
        Mean 1 (weighted by the ``sample_weight`` passed to ``fit``); higher is better.
    effective_sample_size_ : float
        Between 1 and n_samples; higher is better.
    detector_ : fitted detector
    estimator_ : classifier
        The final model.
    classes_ : ndarray of shape (n_classes,)
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)

    See Also
    --------
    LabelErrorPruner : Drops the worst rows instead.
    NoisePruningClassifier : The same around a classifier, ``strategy="reweight"``.
    skdataquality.compose.RemediedClassifier : Fits an estimator with these weights.

    Notes
    -----
    On training rows ``predict_weight`` differs from ``sample_weight_``: the final model
    has seen them. A quality is a score, not the probability of a right label. Wrong
    where the classes overlap: rows near the border lose weight though nothing is wrong
    with them.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.linear_model import LogisticRegression
    >>> from skdataquality.label_noise import LabelErrorDetector, LabelQualityWeighter
    >>> X, y = load_iris(return_X_y=True)
    >>> y[0] = 2  # a setosa called virginica
    >>> detector = LabelErrorDetector(LogisticRegression(max_iter=1000), random_state=0)
    >>> weighter = LabelQualityWeighter(detector).fit(X, y)
    >>> int(weighter.sample_weight_.argmin())
    0
    >>> new = weighter.predict_weight(X[:1], [0])  # called setosa, as it is
    >>> bool(new[0] > weighter.sample_weight_[0])
    True
    """

    _needs_labels = True
    _parameter_constraints: dict = {
        "detector": [HasMethods("fit"), None],
        "estimator": [HasMethods(["fit", "predict_proba"]), None],
        "floor": [Interval(Real, 0, 1, closed="right")],
        "random_state": ["random_state"],
    }

    def __init__(
        self, detector=None, *, estimator=None, floor=FLOOR, random_state=None
    ):
        self.detector = detector
        self.estimator = estimator
        self.floor = floor
        self.random_state = random_state

    @fit_context(prefer_skip_nested_validation=False)
    def fit(
        self,
        X,
        y=None,
        *,
        sample_weight=None,
        groups=None,
        X_target=None,
        verified=None,
    ):
        """Learn the weights of the training rows and the final model.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
        y : array-like of shape (n_samples,)
            Labels of any type, in at least two classes.
        sample_weight : array-like of shape (n_samples,), default=None
            A weight k means that the row counts k times. The learned weights multiply
            it: their mean weighted by it is 1.
        groups : array-like of shape (n_samples,), default=None
            Rows of one group stay in one fold of the detector.
        X_target : TargetData, default=None
            Ignored: labels are judged where they are.
        verified : VerifiedLabels or array-like of shape (n_samples,), bool, \
                default=None
            Labels of some of exactly these rows that a person has checked, or a mask
            of the rows whose label is verified right: their quality is 1, and 0 where
            the given label is wrong.

        Returns
        -------
        self : object
        """
        return self._learn(X, y, sample_weight, groups=groups, verified=verified)

    def _fit_weights(self, X, y, sample_weight, groups, verified):
        detector = unfitted_detector(self.detector, random_state=self.random_state)
        chosen = self.estimator
        if chosen is None:
            chosen = getattr(detector, "estimator", None)
        model = self._final_model(chosen, X)
        self.classes_, codes = encode_labels(y)
        y = self.classes_[codes]
        verified = as_verified(verified, y)
        verdicts = verdicts_of(verified, codes, self.classes_)
        self.detector_ = fit_detector(
            detector,
            X,
            y,
            sample_weight=sample_weight,
            groups=groups,
            verified=verified,
        )
        scores = verdicts.scores(self.detector_.sample_scores_)
        raw = quality_weights(scores, floor=self.floor)
        rows = np.arange(codes.size)
        if sample_weight is not None:
            rows = np.flatnonzero(sample_weight)
        unflagged = ~np.asarray(detector.issue_mask_, dtype=bool)
        rows = trusted_rows(rows, verdicts.trusted(unflagged), codes)
        weight = None if sample_weight is None else sample_weight[rows]
        params = fit_parameters(model, sample_weight=weight)
        with default_fit(chosen is None):
            self.estimator_ = fit_labels(model, take_rows(X, rows), y[rows], params)
        return raw

    def _final_model(self, chosen, X):
        model = default_ensemble(X) if chosen is None else clone(chosen)
        if not hasattr(model, "predict_proba"):
            raise ValueError(
                f"detector={self.detector!r} has an estimator without predict_proba, "
                f"which cannot weight new rows: pass estimator=, a classifier with it."
            )
        return model

    def _raw_weights(self, X, y):
        codes = encode_labels(y, classes=self.classes_)[1]
        proba = aligned_proba(self.estimator_, X, self.classes_)
        method = getattr(self.detector_, "score_method", None)
        scores = quality_scores(
            LabelledProba(codes, proba, self.classes_),
            method if method in SCORES else "self_confidence",
        )
        return quality_weights(scores, floor=self.floor)

    def __sklearn_tags__(self):
        detector = unfitted_detector(self.detector, random_state=self.random_state)
        return with_rows_of(detector, super().__sklearn_tags__())
