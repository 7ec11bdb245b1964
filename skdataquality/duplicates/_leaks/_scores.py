"""Scores of a model on test rows that it has seen, and on those that it has not."""

import numpy as np
from scipy import stats
from sklearn.base import clone, is_regressor

from skdataquality.compose._default import default_model
from skdataquality.utils._first_guesses import wrong_object
from skdataquality.utils._fits import default_fit
from skdataquality.utils._folds import aligned_proba
from skdataquality.utils._frames import column_names, is_frame, listed
from skdataquality.utils._scoring import KnownScore, jackknife_error
from skdataquality.utils._stats import (
    Interval,
    effective_share,
    proportion_interval,
    score_ends,
)
from skdataquality.utils._validation import (
    as_label_array,
    encode_labels,
    is_quantity,
)

NORMAL_95 = float(stats.norm.ppf(0.975))
MEANS = ("accuracy", "neg_mean_absolute_error")  # of one value a row
METHOD = "grouped jackknife, rows that repeat each other left out together"


class TestScores:
    """Predictions of test rows by a model that was fitted on the training rows.

    Parameters
    ----------
    group : ndarray of shape (n_test,), int
        Rows that repeat each other count together.
    """

    __test__ = False  # pytest collects what is named so

    def __init__(self, estimator, X_train, X_test, y_train, y_test, *, scoring, group):
        _check_estimator(estimator)
        _check_names(X_train, X_test)
        numbers = is_quantity(y_train) if estimator is None else is_regressor(estimator)
        if not numbers:
            y_train = as_label_array(y_train, name="y_train")
            y_test = as_label_array(y_test, name="y_test")
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
        _check_kinds(y_train, y_test)
        classes = encode_labels(np.concatenate([y_train, y_test]))[0]
        self._known = KnownScore(self.name, classes)
        self._predicted = _proba(model, X_test, classes)
        self._labels = np.searchsorted(classes, y_test)
        self._values = self._predicted.argmax(axis=1) == self._labels

    def of(self, rows):
        """Interval of the score of the rows of a mask."""
        if not rows.any():
            return Interval(np.nan, np.nan, np.nan, "no such rows")
        if self.name == "accuracy":
            return share_of(self._values[rows], self._group[rows])
        return self._jackknifed(self._score, rows)

    def gain(self, rows):
        """Score of all rows, less that of the rows of a mask."""
        if not rows.any():
            return Interval(np.nan, np.nan, np.nan, "no such rows")
        if self.name == "accuracy" and not rows.all():
            return self._gain_of_shares(rows)

        def difference(kept):
            return self._score(kept) - self._score(kept & rows)

        return self._jackknifed(difference, np.ones_like(rows))

    def _gain_of_shares(self, rows):
        """Newcombe's interval, which never collapses: both shares may be 1."""
        leaked = float(np.mean(~rows))
        (p, p_low, p_high), (q, q_low, q_high) = map(self._ends, (~rows, rows))
        return Interval(
            leaked * (p - q),
            leaked * (p - q - np.hypot(p - p_low, q_high - q)),
            leaked * (p - q + np.hypot(p_high - p, q - q_low)),
            "Newcombe, groups counted together",
        )

    def _ends(self, rows):
        """Share of right rows, with the ends of its score interval."""
        right, group = self._values[rows], self._group[rows]
        low, high = score_ends(right.mean(), right.size * worth(right, group))
        return float(right.mean()), float(low), float(high)

    def _jackknifed(self, statistic, rows):
        """Interval of a statistic of masks of rows, by leaving out groups of rows."""
        member = np.unique(self._group[rows], return_inverse=True)[1]
        n_groups = int(member.max()) + 1

        def without(kept):
            mask = rows.copy()
            mask[rows] = kept[member]
            return statistic(mask)

        estimate = statistic(rows)
        half = NORMAL_95 * jackknife_error(without, n_groups)
        return Interval(estimate, estimate - half, estimate + half, METHOD)

    def _score(self, rows):
        """Score the rows of a mask; NaN where they have none, if they are not all."""
        if not rows.any():
            return np.nan
        if self.name in MEANS:
            return float(self._values[rows].mean())
        predicted, labels = self._predicted[rows], self._labels[rows]
        if self._known.classes is None:
            return self._known.of_numbers(predicted, labels, np.ones(labels.size))
        table = labels[:, None] == np.arange(self._known.classes.size)
        return self._known.of_labels(
            predicted, table.astype(float), strict=bool(rows.all())
        )


def worth(values, group):
    """Share of the rows that says as much; where all are alike, one row a group."""
    if values.min() == values.max():
        return np.unique(group).size / values.size
    return effective_share(values, group)


def share_of(values, group):
    """Interval of the share of true values; rows of one group count together."""
    return proportion_interval(
        int(values.sum()), values.size, effective_share=worth(values, group)
    )


def _check_estimator(estimator):
    if estimator is None:
        return
    if said := wrong_object("estimator", estimator, "estimator"):
        raise ValueError(said)
    if not (hasattr(estimator, "fit") and hasattr(estimator, "predict")):
        raise ValueError(
            f"estimator is a {type(estimator).__name__}, which predicts nothing: pass "
            f"a classifier or a regressor, such as LogisticRegression()."
        )


def _check_names(X_train, X_test):
    """Refuse tables matched by position, whose names a model would refuse."""
    if not (is_frame(X_train) and is_frame(X_test)):
        return
    ours, theirs = column_names(X_train), column_names(X_test)
    if ours != theirs:
        raise ValueError(
            f"X_test has the columns {listed(theirs)} and X_train {listed(ours)}: name "
            f"them alike to score a model, or leave y_train and y_test out to count "
            f"twins."
        )


def _check_kinds(y_train, y_test):
    """Refuse texts beside numbers, of which none would agree."""
    kinds = [type(y.tolist()[0]).__name__ for y in (y_train, y_test)]
    if (kinds[0] == "str") != (kinds[1] == "str"):
        raise ValueError(
            f"y_train holds labels of type {kinds[0]} and y_test of type {kinds[1]}: "
            f"make them one type, for example with y_test.astype(y_train.dtype)."
        )


def _proba(model, X, classes):
    """Probabilities of all classes; without any, 1 for the class that is predicted."""
    if hasattr(model, "predict_proba"):
        return aligned_proba(model, X, classes)
    return (np.asarray(model.predict(X))[:, None] == classes[None, :]).astype(float)
