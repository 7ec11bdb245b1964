"""Classifiers that take the labels 0 to k - 1 only, as XGBoost's do, take any here."""

import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.datasets import make_classification
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skdataquality import diagnose
from skdataquality.compose import RemediedClassifier
from skdataquality.duplicates import Deduplicator
from skdataquality.imbalance import ClassBalanceWeighter
from skdataquality.label_noise import (
    LabelErrorDetector,
    LabelErrorPruner,
    LabelQualityWeighter,
    NoisePruningClassifier,
)
from skdataquality.model_selection import compare_remedies, out_of_fold
from skdataquality.shift import ShiftWeightedClassifier, TargetData


class NumberedOnly(ClassifierMixin, BaseEstimator):
    """Logistic regression that refuses labels as XGBClassifier does."""

    def fit(self, X, y, sample_weight=None):
        """Refuse labels that are not 0 to k - 1."""
        expected = np.arange(np.unique(y).size)
        if not np.array_equal(np.unique(y), expected):
            raise ValueError(
                f"Invalid classes inferred from unique values of `y`.  Expected: "
                f"{expected}, got {np.unique(y)}"
            )
        self.model_ = LogisticRegression().fit(X, y, sample_weight)
        self.classes_ = expected
        return self

    def predict(self, X):
        return self.model_.predict(X)

    def predict_proba(self, X):
        return self.model_.predict_proba(X)


CODES = np.arange(150) % 3
X, _ = make_classification(150, 4, random_state=0)
X[:, 0] += 3 * CODES
NAMES = np.array(["ann", "bob", "cid"])[CODES]
PIPE = make_pipeline(StandardScaler(), NumberedOnly())
DETECTOR = LabelErrorDetector(PIPE, cv=3, random_state=0)
RUNS = {
    "RemediedClassifier": lambda m: RemediedClassifier(m, Deduplicator()),
    "nothing": lambda m: RemediedClassifier(m),
    "a weighter": lambda m: RemediedClassifier(m, ClassBalanceWeighter()),
    "NoisePruningClassifier": lambda m: NoisePruningClassifier(
        m, detector=LabelErrorDetector(m, cv=3, random_state=0)
    ),
    "ShiftWeightedClassifier": lambda m: ShiftWeightedClassifier(
        m, X_target=TargetData(X[::2]), random_state=0
    ),
}


@pytest.mark.parametrize("model", [NumberedOnly(), PIPE], ids=["alone", "pipeline"])
@pytest.mark.parametrize("name", RUNS)
def test_wrappers_predict_as_with_numbers(name, model):
    named = RUNS[name](model).fit(X, NAMES)
    numbered = RUNS[name](model).fit(X, CODES)
    assert named.classes_.tolist() == ["ann", "bob", "cid"]
    assert named.predict(X).tolist() == np.unique(NAMES)[numbered.predict(X)].tolist()
    np.testing.assert_array_equal(named.predict_proba(X), numbered.predict_proba(X))


def test_detectors_and_functions_say_the_same_as_of_numbers():
    named, numbered = (
        LabelErrorDetector(PIPE, cv=3, random_state=0).fit(X, y) for y in (NAMES, CODES)
    )
    np.testing.assert_array_equal(named.sample_scores_, numbered.sample_scores_)
    named, numbered = (
        out_of_fold(PIPE, X, y, cv=3, random_state=0).proba for y in (NAMES, CODES)
    )
    np.testing.assert_array_equal(named, numbered)


def test_a_comparison_and_a_diagnosis_take_names():
    remedies = {"dedup": Deduplicator(), "prune": LabelErrorPruner(DETECTOR)}
    compare_remedies(PIPE, remedies, X, NAMES, cv=3, random_state=0)
    diagnose(X, NAMES, estimator=PIPE, cv=3, random_state=0)
    weighter = LabelQualityWeighter(DETECTOR).fit(X, NAMES)
    assert weighter.predict_weight(X, NAMES).shape == (150,)


def test_a_class_that_is_gone_is_no_trouble():
    y = CODES * 1  # without class 1 the labels are 0 and 2
    clf = RemediedClassifier(NumberedOnly()).fit(X[y != 1], y[y != 1])
    assert clf.classes_.tolist() == [0, 2]
    assert set(clf.predict(X).tolist()) <= {0, 2}
    assert clf.predict_proba(X).shape == (150, 2)


def test_other_errors_are_the_models_own():
    clf = RemediedClassifier(NumberedOnly())
    with pytest.raises(ValueError, match="Input X contains NaN"):
        clf.fit(np.where(X > 2, np.nan, X), CODES)
    with pytest.raises(ValueError, match="Invalid classes inferred"):
        clf.fit(np.where(X > 2, np.nan, X), NAMES)
