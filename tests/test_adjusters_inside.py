"""Adjusters inside scikit-learn's tools and ours, with weights, groups and few rows."""

import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest
from imblearn.under_sampling import RandomUnderSampler
from joblib import parallel_config
from numpy.testing import assert_allclose, assert_array_equal
from sklearn import config_context
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.cluster import KMeans
from sklearn.datasets import make_classification
from sklearn.ensemble import (
    BaggingClassifier,
    IsolationForest,
    StackingClassifier,
    VotingClassifier,
)
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression, Perceptron
from sklearn.metrics import balanced_accuracy_score
from sklearn.model_selection import GridSearchCV, GroupKFold, KFold, cross_validate
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

from skdataquality.compose import RemediedClassifier, apply_remedy
from skdataquality.duplicates import DuplicateGroupKFold
from skdataquality.exceptions import FewFoldsWarning
from skdataquality.imbalance import (
    ClassBalanceWeighter,
    LogitAdjustedClassifier,
    TunedOffsetClassifierCV,
)
from skdataquality.model_selection import compare_remedies

LR = LogisticRegression()
RNG = np.random.default_rng(0)
Y = RNG.choice(3, 400, p=[0.75, 0.15, 0.1])
X = RNG.normal(size=(400, 3)) + 1.3 * np.eye(3)[Y]
TUNED = TunedOffsetClassifierCV(LR, cv=3, random_state=0)
ADJUSTERS = [TUNED, LogitAdjustedClassifier(LR)]


def names(estimator):
    return type(estimator).__name__


@pytest.mark.parametrize("adjuster", ADJUSTERS, ids=names)
def test_they_work_inside(adjuster):
    for outer in (
        make_pipeline(StandardScaler(), adjuster),
        CalibratedClassifierCV(adjuster, cv=2),
        VotingClassifier([("a", adjuster), ("b", LR)], voting="soft"),
        StackingClassifier([("a", adjuster), ("b", LR)], cv=2),
        BaggingClassifier(adjuster, 2, random_state=0),
        RemediedClassifier(adjuster, ClassBalanceWeighter()),
    ):
        fitted = clone(outer).fit(X, Y)
        assert_allclose(fitted.predict_proba(X).sum(axis=1), 1)
        assert set(fitted.predict(X)) <= {0, 1, 2}
    scores = cross_validate(adjuster, X, Y, cv=3, scoring="balanced_accuracy")
    plain = cross_validate(LR, X, Y, cv=3, scoring="balanced_accuracy")
    assert scores["test_score"].mean() > plain["test_score"].mean()


def test_scoring_and_calibration_are_searched():
    grid = {"scoring": ["balanced_accuracy", "accuracy"], "calibration": [None, "bcts"]}
    search = GridSearchCV(TUNED, grid, scoring="balanced_accuracy", cv=3).fit(X, Y)
    assert search.best_params_["scoring"] == "balanced_accuracy"


@pytest.mark.parametrize("adjuster", ADJUSTERS, ids=names)
def test_they_are_remedies_to_compare(adjuster):
    bare = clone(adjuster).set_params(estimator=None)
    assert apply_remedy(LR, bare).estimator is LR
    assert apply_remedy(Perceptron(), adjuster) is adjuster
    found = compare_remedies(
        LR, {"move": bare}, X, Y, scoring="balanced_accuracy", cv=5, random_state=0
    )
    assert found.ranking_[0] == "move"


@pytest.mark.parametrize("frame", [pd.DataFrame, pl.DataFrame])
@pytest.mark.parametrize("adjuster", ADJUSTERS, ids=names)
def test_frames_and_text_labels_change_nothing(adjuster, frame):
    labels = np.array(["a", "b", "c"])[Y]
    table = frame({name: X[:, j] for j, name in enumerate("xyz")})
    plain = clone(adjuster).fit(X, Y)
    other = clone(adjuster).fit(table, labels)
    assert_array_equal(
        np.array(["a", "b", "c"])[plain.predict(X)], other.predict(table)
    )


def test_the_number_of_jobs_changes_nothing():
    one = clone(TUNED).fit(X, Y)
    with parallel_config("threading"):
        two = clone(TUNED).set_params(n_jobs=2).fit(X, Y)
    assert_array_equal(one.offsets_, two.offsets_)
    assert_array_equal(one.predict_proba(X), two.predict_proba(X))


def test_rows_of_weight_0_are_not_there():
    weight = np.ones(Y.size)
    weight[::7] = 0
    weighted = clone(TUNED).fit(X, Y, sample_weight=weight)
    without = clone(TUNED).fit(X[weight > 0], Y[weight > 0])
    assert_allclose(weighted.offsets_, without.offsets_)
    assert_allclose(weighted.predict_proba(X), without.predict_proba(X))


def test_a_weight_is_a_repetition_where_folds_keep_twins_together():
    weight = np.random.default_rng(1).integers(1, 3, Y.size)
    again = np.repeat(np.arange(Y.size), weight)
    fold = np.arange(Y.size) % 4

    def folds(rows):
        here = fold[rows]
        return [
            (np.flatnonzero(here != k), np.flatnonzero(here == k)) for k in range(4)
        ]

    exact = LogisticRegression(tol=1e-10, max_iter=1000)
    clf = TunedOffsetClassifierCV(exact, scoring="f1_macro")
    weighted = clone(clf).set_params(cv=folds(np.arange(Y.size)))
    repeated = clone(clf).set_params(cv=folds(again))
    weighted.fit(X, Y, sample_weight=weight)
    repeated.fit(X[again], Y[again])
    assert weighted.offset_kind_ == repeated.offset_kind_
    assert_allclose(weighted.offsets_, repeated.offsets_, atol=1e-3)
    assert weighted.best_score_ == pytest.approx(repeated.best_score_, abs=1e-3)


def test_groups_stay_in_one_fold():
    """Rows that come several times are no proof of what the model knows."""
    rng = np.random.default_rng(0)
    person = np.repeat(np.arange(100), 6)
    y = rng.choice(2, 100, p=[0.8, 0.2])[person]
    rows = rng.normal(size=(100, 5))[person] + 0.01 * rng.normal(size=(600, 5))
    near = TunedOffsetClassifierCV(KNeighborsClassifier(3), random_state=0)
    apart = clone(near).fit(rows, y, groups=person)
    mixed = clone(near).fit(rows, y)
    assert mixed.best_score_ > 0.95
    assert apart.best_score_ < 0.65
    split = clone(near).set_params(cv=GroupKFold(5)).fit(rows, y, groups=person)
    assert split.best_score_ < 0.65
    twins = clone(near).set_params(cv=DuplicateGroupKFold(random_state=0))
    assert twins.fit(rows[::6][person], y).best_score_ < 0.65


def test_weights_and_groups_are_routed():
    weight, groups = np.where(Y == 2, 3.0, 1.0), np.arange(Y.size) // 4
    plain = clone(TUNED).fit(X, Y, sample_weight=weight, groups=groups)
    with config_context(enable_metadata_routing=True):
        asking = LogisticRegression().set_fit_request(sample_weight=True)
        routed = clone(TUNED).set_params(estimator=asking)
        routed.fit(X, Y, sample_weight=weight, groups=groups)
        assert_array_equal(routed.offsets_, plain.offsets_)
        assert_array_equal(routed.predict(X), plain.predict(X))


def test_a_decision_function_is_calibrated():
    clf = TunedOffsetClassifierCV(LinearSVC(), random_state=0)
    clf.fit(X, Y)
    assert_allclose(clf.predict_proba(X).sum(axis=1), 1)
    assert_allclose(clf.predict_proba(X).mean(axis=0), np.bincount(Y) / 400, atol=0.03)
    plain = LinearSVC().fit(X, Y).predict(X)
    assert balanced_accuracy_score(Y, clf.predict(X)) > (
        balanced_accuracy_score(Y, plain) + 0.05
    )


def test_an_estimator_that_only_predicts_is_refused():
    class Labels(LogisticRegression):
        @property
        def predict_proba(self):
            raise AttributeError

        @property
        def decision_function(self):
            raise AttributeError

    with pytest.raises(ValueError, match="neither predict_proba nor decision_function"):
        TunedOffsetClassifierCV(Labels()).fit(X, Y)


def test_a_frozen_estimator_is_tuned_on_other_rows():
    frozen = LogisticRegression().fit(X[:200], Y[:200])
    clf = TunedOffsetClassifierCV(FrozenEstimator(frozen), calibration=None)
    clf.fit(X[200:], Y[200:])
    assert_array_equal(clf.predict_proba(X), frozen.predict_proba(X))


@pytest.mark.parametrize("n_rare", [1, 2, 3, 5])
@pytest.mark.parametrize("estimator", [LR, LinearSVC()], ids=names)
def test_very_few_rows_of_a_class_do_no_harm(n_rare, estimator):
    few = np.r_[np.flatnonzero(Y < 2), np.flatnonzero(Y == 2)[:n_rare]]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FewFoldsWarning)
        clf = TunedOffsetClassifierCV(estimator, scoring="f1_macro", random_state=0)
        clf.fit(X[few], Y[few])
    assert clf.classes_.tolist() == [0, 1, 2]
    assert np.isfinite(clf.offsets_).all()
    assert_allclose(clf.predict_proba(X).sum(axis=1), 1)
    assert (clf.predict(X[few]) == 2).mean() < 0.15


def test_a_class_without_weight_is_never_predicted():
    clf = clone(TUNED).fit(X, Y, sample_weight=(Y < 2).astype(float))
    assert clf.classes_.tolist() == [0, 1, 2]
    assert np.isfinite(clf.offsets_).all()
    assert not (clf.predict(X) == 2).any()


def test_one_class_is_refused():
    with pytest.raises(ValueError, match=r"y has 1 class .* needs at least 2"):
        clone(TUNED).fit(X, np.zeros(Y.size, dtype=int))


WRAPPERS = [
    lambda model: TunedOffsetClassifierCV(model, random_state=0),
    lambda model: LogitAdjustedClassifier(model),
    lambda model: RemediedClassifier(model, RandomUnderSampler(random_state=0)),
]


@pytest.mark.parametrize("wrap", WRAPPERS)
@pytest.mark.parametrize("labels", [["no", "yes"], [1, 2], [-1, 0]])
def test_a_frozen_model_of_other_labels_is_refused(wrap, labels):
    X, y = make_classification(200, weights=[0.8], random_state=0)
    frozen = FrozenEstimator(LogisticRegression().fit(X, y))
    with pytest.raises(ValueError, match="knows the class .*of which y has no row"):
        wrap(frozen).fit(X, np.array(labels)[y]).predict_proba(X)


@pytest.mark.parametrize("wrap", WRAPPERS)
@pytest.mark.parametrize("model", [IsolationForest(), KMeans(2)])
def test_what_does_not_learn_labels_is_refused(wrap, model):
    X, y = make_classification(200, weights=[0.8], random_state=0)
    with pytest.raises(ValueError, match="is an? .* needs a classifier: pass one"):
        wrap(model).fit(X, y)


def test_a_class_that_no_fold_holds_out_is_refused():
    X, y = make_classification(200, weights=[0.8], random_state=0)
    order = np.argsort(y, kind="stable")
    clf = TunedOffsetClassifierCV(LogisticRegression(), cv=KFold(3))
    with pytest.raises(ValueError, match="no row of class 1 could be predicted"):
        clf.fit(X[order], y[order])
