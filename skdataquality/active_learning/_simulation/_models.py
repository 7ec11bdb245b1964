"""Models of few labels, which may lack a class or know only one."""

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.dummy import DummyClassifier
from sklearn.utils.metaestimators import available_if

from skdataquality.utils._folds import aligned_proba
from skdataquality.utils._sklearn import take_rows


def fitted_on(estimator, X, y, rows, classes):
    """Fit a clone on the labelled rows, as a model that has all the classes.

    Of one class alone it predicts the constant.
    """
    labels = y[rows]
    few = take_rows(X, rows)
    if np.unique(labels).size < 2:
        return AllClasses(DummyClassifier(strategy="prior").fit(few, labels), classes)
    model = clone(estimator).fit(few, labels)
    known = getattr(model, "classes_", classes)
    return model if np.array_equal(known, classes) else AllClasses(model, classes)


def _has(name):
    return lambda self: hasattr(self.model, name)


def _only_decides(self):
    return hasattr(self.model, "decision_function") and not hasattr(
        self.model, "predict_proba"
    )


class AllClasses(ClassifierMixin, BaseEstimator):
    """A fitted model that lacks classes, among scorers that ask for all.

    Parameters
    ----------
    model : fitted classifier
    classes : ndarray of shape (n_classes,)
        All of them, sorted; one that the model lacks has probability 0.
    """

    def __init__(self, model, classes):
        self.model = model
        self.classes_ = classes

    def __sklearn_is_fitted__(self):
        return True

    def predict(self, X):
        """Predict as the model does."""
        return self.model.predict(X)

    @available_if(_has("predict_proba"))
    def predict_proba(self, X):
        """Probabilities of all classes."""
        return aligned_proba(self.model, X, self.classes_)

    @available_if(_only_decides)
    def decision_function(self, X):
        """Scores of all classes, lowest where the model lacks one."""
        said = np.asarray(self.model.decision_function(X))
        said = np.column_stack([-said, said]) if said.ndim == 1 else said
        scores = np.full((said.shape[0], self.classes_.size), said.min() - 1)
        scores[:, np.searchsorted(self.classes_, self.model.classes_)] = said
        return scores
