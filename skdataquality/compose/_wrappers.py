"""The bases of wrappers around a classifier and around a regressor."""

import numpy as np
from sklearn.base import (
    ClassifierMixin,
    RegressorMixin,
    is_classifier,
)
from sklearn.utils import get_tags
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted

from skdataquality.compose._base import BaseWrapper, estimator_has
from skdataquality.compose._default import (
    default_classifier,
    default_model,
    default_regressor,
)
from skdataquality.utils._folds import aligned_proba
from skdataquality.utils._validation import encode_labels

_NO_CLASSIFIERS = {
    "regressor": "a regressor",
    "outlier_detector": "an outlier detector",
    "clusterer": "a clusterer",
    "density_estimator": "a density estimator",
}


class ClassifierWrapper(ClassifierMixin, BaseWrapper):
    """Base of wrappers around a classifier; see :class:`BaseWrapper`."""

    def _get_estimator(self):
        return default_classifier() if self.estimator is None else self.estimator

    def _estimator_for(self, X):
        return default_model(X) if self.estimator is None else self.estimator

    def _check_y(self, X, y):
        self._refuse_regressor()
        self.classes_, codes = encode_labels(y)
        return self.classes_[codes]

    def _refuse_regressor(self):
        estimator = self._get_estimator()
        if kind := _NO_CLASSIFIERS.get(get_tags(estimator).estimator_type):
            raise ValueError(
                f"estimator={estimator!r} is {kind} and "
                f"{type(self).__name__} needs a classifier: pass one."
            )

    @available_if(estimator_has("predict_proba"))
    def predict_proba(self, X):
        """Predict class probabilities.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)

        Returns
        -------
        proba : ndarray of shape (n_samples, n_classes)
            Columns follow ``classes_``; a class that the edit removed has 0.
        """
        check_is_fitted(self)
        return aligned_proba(self.estimator_, X, self.classes_)

    @available_if(estimator_has("predict_proba"))
    def predict_log_proba(self, X):
        """Predict logarithms of class probabilities.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)

        Returns
        -------
        log_proba : ndarray of shape (n_samples, n_classes)
        """
        with np.errstate(divide="ignore"):
            return np.log(self.predict_proba(X))

    @available_if(estimator_has("decision_function"))
    def decision_function(self, X):
        """Return the decision function of the estimator fitted on the edited rows.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)

        Returns
        -------
        decision : ndarray of shape (n_samples,) or (n_samples, n_classes)
        """
        check_is_fitted(self)
        return self.estimator_.decision_function(X)

    def __sklearn_tags__(self):
        tags, inner = super().__sklearn_tags__(), get_tags(self._get_estimator())
        if inner.classifier_tags is not None:
            tags.classifier_tags.multi_class = inner.classifier_tags.multi_class
        return tags


class RegressorWrapper(RegressorMixin, BaseWrapper):
    """Base of wrappers around a regressor; see :class:`BaseWrapper`."""

    def _get_estimator(self):
        return default_regressor() if self.estimator is None else self.estimator

    def _estimator_for(self, X):
        if self.estimator is None:
            return default_model(X, regression=True)
        return self.estimator

    def _check_y(self, X, y):
        estimator = self._get_estimator()
        if is_classifier(estimator):
            raise ValueError(
                f"estimator={estimator!r} is a classifier and "
                f"{type(self).__name__} needs a regressor: pass one."
            )
        if y is None:
            raise ValueError(
                "y=None, but a target is needed: requires y to be passed, but the "
                "target y is None."
            )
        return np.asarray(y)
