"""Fits of classifiers that take the labels 0 to k - 1 only, such as XGBoost's."""

from contextlib import suppress

import numpy as np
from sklearn.base import (
    BaseEstimator,
    ClassifierMixin,
    MetaEstimatorMixin,
    clone,
    is_classifier,
)
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted


def _inner_has(name):
    return lambda self: hasattr(getattr(self, "estimator_", self.estimator), name)


class LabelEncoded(ClassifierMixin, MetaEstimatorMixin, BaseEstimator):
    """Classifier that gives its estimator the numbers of the classes as labels.

    It takes the place of an estimator that refused the labels themselves.

    Parameters
    ----------
    estimator : classifier

    Attributes
    ----------
    estimator_ : classifier
        Fitted on the positions of the labels in ``classes_``.
    classes_ : ndarray of shape (n_classes,)
    """

    def __init__(self, estimator):
        self.estimator = estimator

    def fit(self, X, y, **params):
        """Fit a clone on the numbers of the classes."""
        self.classes_, codes = np.unique(y, return_inverse=True)
        self.estimator_ = clone(self.estimator).fit(X, codes, **params)
        return self

    def predict(self, X):
        """Return labels."""
        check_is_fitted(self)
        codes = np.asarray(self.estimator_.predict(X)).ravel()
        return self.classes_[codes.astype(np.intp)]

    @available_if(_inner_has("predict_proba"))
    def predict_proba(self, X):
        """Return the probabilities of the estimator, one column per class."""
        check_is_fitted(self)
        return self.estimator_.predict_proba(X)

    @available_if(_inner_has("decision_function"))
    def decision_function(self, X):
        """Return the decision function of the estimator."""
        check_is_fitted(self)
        return self.estimator_.decision_function(X)


def fit_labels(model, X, y, params):
    """Fit a model, or, where it refuses the labels, a copy on their numbers.

    Returns what was fitted: the model, or a :class:`LabelEncoded` around a copy. The
    labels are to blame if they are not 0 to k - 1 and the same fit on such numbers
    succeeds; any other error is the model's own.
    """
    try:
        model.fit(X, y, **params)
    except (ValueError, TypeError):
        if not is_classifier(model) or _are_numbered(y):
            raise
        encoded = LabelEncoded(clone(model))
        with suppress(Exception):  # the first error says what is wrong
            return encoded.fit(X, y, **params)
        raise
    return model


def _are_numbered(y):
    """Whether labels are the numbers 0 to k - 1, each present."""
    classes = np.unique(y)
    return classes.dtype.kind in "iu" and np.array_equal(
        classes, np.arange(classes.size)
    )
