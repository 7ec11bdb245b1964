"""Scores of a model on test rows that it has seen, and on those that it has not."""

import numpy as np
from sklearn.base import clone, is_regressor

from skdataquality.compose._default import default_model
from skdataquality.utils._first_guesses import wrong_object
from skdataquality.utils._fits import default_fit
from skdataquality.utils._folds import aligned_proba
from skdataquality.utils._scoring import KnownScore
from skdataquality.utils._stats import (
    Interval,
    effective_share,
    interval_of_draws,
    proportion_interval,
)
from skdataquality.utils._validation import as_label_array, encode_labels, is_quantity

RESAMPLES = 200
MEANS = ("accuracy", "neg_mean_absolute_error")  # of one value a row
METHOD = f"bootstrap of rows, {RESAMPLES} resamples, rows that repeat each other as one"


class TestScores:
    """Predictions of test rows by a model that was fitted on the training rows.

    Parameters
    ----------
    group : ndarray of shape (n_test,), int
        Rows that repeat each other count together.
    """

    __test__ = False  # pytest collects what is named so

    def __init__(self, estimator, X_train, y_train, X_test, y_test, *, scoring, group):
        if estimator is not None and (
            said := wrong_object("estimator", estimator, "estimator")
        ):
            raise ValueError(said)
        y_train, y_test = as_label_array(y_train), as_label_array(y_test)
        numbers = is_quantity(y_train) if estimator is None else is_regressor(estimator)
        self._group = np.unique(group, return_inverse=True)[1]
        model = (
            default_model(X_train, regression=numbers, X_target=X_test)
            if estimator is None
            else clone(estimator)
        )
        with default_fit(estimator is None):
            model.fit(X_train, y_train)
        default = "neg_mean_absolute_error" if numbers else "accuracy"
        self.name = default if scoring is None else scoring
        if numbers:
            self._known = KnownScore(self.name)
            self._predicted = np.asarray(model.predict(X_test), dtype=float)
            self._labels = np.asarray(y_test, dtype=float)
            self._values = -np.abs(self._predicted - self._labels)
            return
        classes = encode_labels(np.concatenate([y_train, y_test]))[0]
        self._known = KnownScore(self.name, classes)
        self._predicted = _proba(model, X_test, classes)
        self._labels = np.searchsorted(classes, y_test)
        self._values = self._predicted.argmax(axis=1) == self._labels

    def of(self, rows, random_state):
        """Interval of the score of the rows of a mask."""
        rows = np.flatnonzero(rows)
        if rows.size == 0:
            return Interval(np.nan, np.nan, np.nan, "no such rows")
        if self.name == "accuracy":
            right = self._values[rows]
            share = effective_share(right, self._group[rows])
            return proportion_interval(
                int(right.sum()), rows.size, effective_share=share
            )
        draws = [self._score(rows, w) for w in self._weights(rows, random_state)]
        return interval_of_draws(
            self._score(rows, np.ones(rows.size)), draws, method=METHOD
        )

    def gain(self, rows, random_state):
        """Score of all rows, less that of the rows of a mask."""
        every = np.arange(self._labels.shape[0])
        chosen = np.flatnonzero(rows)
        if chosen.size == 0:
            return Interval(np.nan, np.nan, np.nan, "no such rows")

        def difference(weight):
            return self._score(every, weight) - self._score(chosen, weight[chosen])

        draws = [difference(w) for w in self._weights(every, random_state)]
        return interval_of_draws(difference(np.ones(every.size)), draws, method=METHOD)

    def _weights(self, rows, random_state):
        """Yield how often each row is drawn, with all that repeat it."""
        rng = np.random.default_rng(random_state)
        member = np.unique(self._group[rows], return_inverse=True)[1]
        n_groups = member.max() + 1
        for _ in range(RESAMPLES):
            drawn = rng.integers(0, n_groups, n_groups)
            yield np.bincount(drawn, minlength=n_groups)[member].astype(float)

    def _score(self, rows, weight):
        """Score with weights; NaN where they leave nothing to score."""
        kept = rows[weight > 0]
        weight = weight[weight > 0]
        if kept.size == 0:
            return np.nan
        if self.name in MEANS:
            return float(np.average(self._values[kept], weights=weight))
        if self._known.classes is None:
            predicted, labels = self._predicted[kept], self._labels[kept]
            return self._known.of_numbers(predicted, labels, weight)
        table = np.zeros((kept.size, self._known.classes.size))
        table[np.arange(kept.size), self._labels[kept]] = weight
        return self._known.of_labels(self._predicted[kept], table, strict=False)


def _proba(model, X, classes):
    """Probabilities of all classes; without any, 1 for the class that is predicted."""
    if hasattr(model, "predict_proba"):
        return aligned_proba(model, X, classes)
    return (np.asarray(model.predict(X))[:, None] == classes[None, :]).astype(float)
