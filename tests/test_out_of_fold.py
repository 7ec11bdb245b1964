"""The out-of-fold engine: no row is predicted by a model that has seen it."""

import pickle
import warnings
from dataclasses import FrozenInstanceError

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import BaggingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.model_selection import (
    KFold,
    PredefinedSplit,
    StratifiedKFold,
    cross_val_predict,
)
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier
from threadpoolctl import threadpool_limits

from skdataquality.model_selection import out_of_fold
from skdataquality.utils._folds import aligned_proba

NAMES = np.array(["cat", "dog", "eel"])


def make_data(n=60, n_classes=3, seed=0):
    rng = np.random.default_rng(seed)
    codes = np.arange(n) % n_classes
    X = rng.normal(size=(n, 4))
    X[:, 0] += codes
    return X, NAMES[codes]


def by_scikit_learn(estimator, X, y, cv, **kwargs):
    with threadpool_limits(1, user_api="blas"):
        return cross_val_predict(
            estimator, X, y, cv=cv, method="predict_proba", **kwargs
        )


@pytest.mark.parametrize(
    "estimator",
    [
        LogisticRegression(),
        DecisionTreeClassifier(max_depth=3, random_state=0),
        make_pipeline(StandardScaler(), GaussianNB()),
    ],
    ids=lambda e: type(e).__name__,
)
def test_equals_cross_val_predict_to_the_bit(estimator):
    X, y = make_data()
    cv = StratifiedKFold(4, shuffle=True, random_state=0)
    result = out_of_fold(estimator, X, y, cv=cv)
    np.testing.assert_array_equal(result.proba, by_scikit_learn(estimator, X, y, cv))
    np.testing.assert_array_equal(result.classes, NAMES)
    np.testing.assert_array_equal(result.n_predictions, 1)
    assert result.covered.all()
    assert len(result.splits) == 4
    assert result.n_twins_dropped == 0
    assert result.new_proba is None


def test_jobs_and_global_state_do_not_matter():
    X, y = make_data()
    estimator = RandomForestClassifier(5, random_state=0)
    before = pickle.dumps((X, y, np.random.get_state()))  # noqa: NPY002
    results = [
        out_of_fold(estimator, X, y, X_new=X[:3], n_jobs=n_jobs, random_state=7)
        for n_jobs in (1, 2)
    ]
    np.testing.assert_array_equal(results[0].proba, results[1].proba)
    np.testing.assert_array_equal(results[0].new_proba, results[1].new_proba)
    assert pickle.dumps((X, y, np.random.get_state())) == before  # noqa: NPY002
    assert not hasattr(estimator, "classes_")  # a clone was fitted
    other_seed = out_of_fold(estimator, X, y, random_state=8).proba
    assert (other_seed != results[0].proba).any()


@pytest.mark.parametrize(
    "estimator", [KNeighborsClassifier(1), LinearSVC()], ids=lambda e: type(e).__name__
)
@settings(max_examples=6, deadline=None)
@given(row=st.integers(0, 59), shift=st.integers(1, 2))
def test_a_row_never_sees_its_own_label(estimator, row, shift):
    X, y = make_data()
    splits = list(KFold(3, shuffle=True, random_state=0).split(X))
    changed = y.copy()
    changed[row] = NAMES[(np.searchsorted(NAMES, y[row]) + shift) % 3]
    before = out_of_fold(estimator, X, y, cv=splits).proba
    after = out_of_fold(estimator, X, changed, cv=splits).proba
    held_out = next(test for _, test in splits if row in test)
    np.testing.assert_array_equal(before[held_out], after[held_out])


def test_labels_do_matter_elsewhere():
    X, y = make_data()
    splits = list(KFold(3, shuffle=True, random_state=0).split(X))
    changed = np.where(np.arange(60) == 0, "eel", y)
    before, after = (
        out_of_fold(GaussianNB(), X, labels, cv=splits).proba for labels in (y, changed)
    )
    assert (before != after).any()


def test_repeats_are_averaged():
    X, y = make_data()
    repeated = out_of_fold(GaussianNB(), X, y, cv=3, n_repeats=4, random_state=0)
    np.testing.assert_array_equal(repeated.n_predictions, 4)
    assert len(repeated.splits) == 12
    parts = [
        out_of_fold(GaussianNB(), X, y, cv=list(repeated.splits[i : i + 3])).proba
        for i in range(0, 12, 3)
    ]
    np.testing.assert_allclose(repeated.proba, np.mean(parts, axis=0), rtol=1e-12)
    assert (parts[0] != parts[1]).any()


def test_repeats_need_folds_of_our_own():
    X, y = make_data()
    with pytest.raises(ValueError, match="n_repeats=2 needs cv=None or a number"):
        out_of_fold(GaussianNB(), X, y, cv=KFold(3), n_repeats=2)


def assert_uncovered(result, rows):
    expected = np.zeros(result.covered.size, dtype=bool)
    expected[rows] = True
    np.testing.assert_array_equal(~result.covered, expected)
    np.testing.assert_array_equal(np.isnan(result.proba).all(axis=1), expected)
    np.testing.assert_array_equal(result.n_predictions == 0, expected)
    np.testing.assert_allclose(result.proba[~expected].sum(axis=1), 1)


def test_rows_that_are_never_tested_are_not_covered():
    X, y = make_data()
    fold = np.arange(60) // 3 % 3 - 1  # every third triple is never tested
    result = out_of_fold(GaussianNB(), X, y, cv=PredefinedSplit(fold))
    assert_uncovered(result, np.flatnonzero(fold == -1))


def test_a_class_that_a_training_fold_lacks():
    X, y = make_data()
    eels = np.flatnonzero(y == "eel")
    rest = np.flatnonzero(y != "eel")
    splits = [(rest[20:], np.r_[eels, rest[:20]]), (np.r_[eels, rest[:20]], rest[20:])]
    result = out_of_fold(LogisticRegression(), X, y, cv=splits)
    assert_uncovered(result, eels)
    assert (result.proba[rest[:20], 2] == 0).all()
    assert (result.proba[rest[20:], 2] > 0).all()


def test_a_training_fold_of_one_class_predicts_nothing():
    X, y = make_data(n_classes=2)
    cats = np.flatnonzero(y == "cat")
    some, others = np.arange(40), np.arange(40, 60)
    splits = [(cats[cats < 40], others), (others, some)]
    result = out_of_fold(LogisticRegression(), X, y, cv=splits, X_new=X[:2].tolist())
    assert_uncovered(result, others)
    assert np.isnan(result.new_proba[0]).all()
    assert np.isfinite(result.new_proba[1]).all()


def test_a_class_with_one_row_stays_without_a_prediction():
    X, y = make_data(n_classes=2)
    y = y.copy()
    y[17] = "eel"
    result = out_of_fold(LogisticRegression(), X, y, random_state=0)
    assert_uncovered(result, [17])
    assert len(result.splits) == 5


@pytest.mark.parametrize(
    "estimator", [LinearSVC(), RidgeClassifier()], ids=lambda e: type(e).__name__
)
@pytest.mark.parametrize("n_classes", [2, 3])
def test_decision_functions_are_calibrated(estimator, n_classes):
    X, y = make_data(n_classes=n_classes)
    X[:, 0] += 5 * np.searchsorted(NAMES, y)
    result = out_of_fold(estimator, X, y, random_state=0)
    assert result.proba.shape == (60, n_classes)
    assert result.covered.all()
    assert result.proba.min() >= 0
    np.testing.assert_allclose(result.proba.sum(axis=1), 1)
    best = result.classes[result.proba.argmax(axis=1)]
    assert (best == y).mean() > 0.8


def test_classes_too_rare_to_calibrate_are_not_covered():
    X, y = make_data(n_classes=2)
    y = y.copy()
    y[[3, 8]] = "eel"  # one eel in each training fold: none left to hold out
    splits = list(StratifiedKFold(2).split(X, y))
    result = out_of_fold(LinearSVC(), X, y, cv=splits)
    assert_uncovered(result, [3, 8])
    rare = np.where(np.arange(60) < 2, "dog", "cat")
    splits = list(StratifiedKFold(2).split(X, rare))
    nothing = out_of_fold(LinearSVC(), X, rare, cv=splits)
    assert not nothing.covered.any()


class Spy(ClassifierMixin, BaseEstimator):
    """Nearest mean with a decision function; remembers what it saw."""

    seen: list = []

    def fit(self, X, y, sample_weight=None):
        self.classes_ = np.unique(y)
        self.rows_ = set(X[:, 0].tolist())
        weight = np.ones(len(y)) if sample_weight is None else sample_weight
        self.center_ = np.average(X[:, 1], weights=weight)
        Spy.seen.append(("fit", self.rows_, None if sample_weight is None else weight))
        return self

    def decision_function(self, X):
        Spy.seen.append(("predict", self.rows_, set(X[:, 0].tolist())))
        return X[:, 1] - self.center_

    def predict(self, X):
        return self.classes_[(X[:, 1] > self.center_).astype(int)]


def test_calibration_keeps_twins_together_too():
    rng = np.random.default_rng(0)
    twins = np.repeat(np.arange(30), 2)
    X = np.column_stack([twins, rng.normal(size=60)])
    y = rng.integers(0, 2, 30)[twins]
    Spy.seen = []
    result = out_of_fold(Spy(), X, y, cv=3, duplicate_groups=twins, random_state=0)
    predictions = [seen[1:] for seen in Spy.seen if seen[0] == "predict"]
    assert len(predictions) > 3 * len(result.splits)  # inner folds and outer ones
    for fitted, predicted in predictions:
        assert not fitted & predicted


def test_twins_are_kept_apart_or_dropped():
    X, y = make_data()
    twins = np.repeat(np.arange(20), 3)
    ours = out_of_fold(GaussianNB(), X, y, duplicate_groups=twins, random_state=0)
    assert ours.n_twins_dropped == 0
    plain = out_of_fold(GaussianNB(), X, y, cv=KFold(4), duplicate_groups=twins)
    # 60 rows in 4 blocks of 15 cut no triple; 7 blocks cut some
    assert plain.n_twins_dropped == 0
    cut = out_of_fold(GaussianNB(), X, y, cv=KFold(7), duplicate_groups=twins.tolist())
    assert cut.n_twins_dropped > 0
    for result in (ours, plain, cut):
        assert result.covered.all()
        for train, test in result.splits:
            assert not set(twins[train]) & set(twins[test])


def test_groups_are_kept_together():
    X, y = make_data()
    groups = np.repeat(np.arange(20), 3)
    result = out_of_fold(GaussianNB(), X, y, groups=groups, random_state=0)
    for train, test in result.splits:
        assert not set(groups[train]) & set(groups[test])


@pytest.mark.filterwarnings("ignore:Some inputs do not have OOB scores")
@pytest.mark.parametrize("n_estimators", [3, 60])
def test_out_of_bag_is_the_one_of_the_forest(n_estimators):
    X, y = make_data()
    forest = RandomForestClassifier(n_estimators, oob_score=True, random_state=0)
    result = out_of_fold(forest.set_params(oob_score=False), X, y, cv="oob")
    expected = forest.set_params(oob_score=True).fit(X, y).oob_decision_function_
    has = result.covered
    assert has.all() == (n_estimators == 60)
    np.testing.assert_array_equal(result.proba[has], expected[has])
    assert not (np.nan_to_num(expected[~has]) > 0).any()
    assert np.isnan(result.proba[~has]).all()
    assert result.splits == ()


def test_out_of_bag_leaves_rows_with_twins_uncovered():
    X, y = make_data()
    twins = np.arange(60)
    twins[[5, 40]] = 3
    forest = RandomForestClassifier(60, random_state=0)
    result = out_of_fold(
        forest, X, y, cv="oob", duplicate_groups=twins, X_new=X[:2], n_jobs=1
    )
    assert_uncovered(result, [3, 5, 40])
    np.testing.assert_array_equal(
        result.new_proba, forest.fit(X, y).predict_proba(X[:2])[None]
    )


@pytest.mark.parametrize(
    ("estimator", "groups", "message"),
    [
        (LogisticRegression(), None, "cv='oob' needs a bagged ensemble.*Logistic"),
        (RandomForestClassifier(bootstrap=False), None, "bootstrap=True"),
        (BaggingClassifier(), np.arange(60), "cv='oob' cannot keep groups apart"),
    ],
)
def test_out_of_bag_is_refused_where_there_is_none(estimator, groups, message):
    X, y = make_data()
    with pytest.raises(ValueError, match=message):
        out_of_fold(estimator, X, y, cv="oob", groups=groups)


def test_fit_parameters_are_sliced():
    X, y = make_data()
    weight = np.random.default_rng(0).uniform(0.1, 3, 60)
    cv = StratifiedKFold(3)
    result = out_of_fold(
        LogisticRegression(), X, y, cv=cv, fit_params={"sample_weight": weight}
    )
    expected = by_scikit_learn(
        LogisticRegression(), X, y, cv, params={"sample_weight": weight}
    )
    np.testing.assert_array_equal(result.proba, expected)
    unweighted = out_of_fold(LogisticRegression(), X, y, cv=cv)
    assert (unweighted.proba != result.proba).any()
    pipe = make_pipeline(StandardScaler(), LogisticRegression())
    routed = out_of_fold(
        pipe, X, y, cv=cv, fit_params={"logisticregression__sample_weight": weight}
    )
    plain = out_of_fold(pipe, X, y, cv=cv)
    assert (routed.proba != plain.proba).any()


def test_new_rows_are_predicted_by_every_fold():
    X, y = make_data()
    new = X[:7] + 0.5
    result = out_of_fold(GaussianNB(), X, y, cv=4, X_new=new, random_state=0)
    assert result.new_proba.shape == (4, 7, 3)
    for (train, _), proba in zip(result.splits, result.new_proba, strict=True):
        expected = GaussianNB().fit(X[train], y[train]).predict_proba(new)
        np.testing.assert_array_equal(proba, expected)


def mixed_frame():
    X, y = make_data()
    data = {"x": X[:, 0], "t": np.array(["u", "v", "w"])[np.arange(60) % 3]}
    model = make_pipeline(
        ColumnTransformer(
            [("n", StandardScaler(), ["x"]), ("c", OneHotEncoder(), ["t"])]
        ),
        LogisticRegression(),
    )
    return data, y, model


def test_frames_reach_the_estimator_as_frames():
    data, y, model = mixed_frame()
    cv = StratifiedKFold(3)
    pandas = pd.DataFrame(data, index=np.arange(60)[::-1] // 2)
    expected = by_scikit_learn(model, pandas, y, cv)
    categories = pd.Categorical(y, categories=[*NAMES, "unused"])
    for X, labels in (
        (pandas, pd.Series(y, index=pandas.index)),
        (pl.DataFrame(data), pl.Series(y)),
        (pandas, pd.Series(categories, index=pandas.index)),
    ):
        result = out_of_fold(model, X, labels, cv=cv, X_new=X[:2])
        if isinstance(X, pd.DataFrame):
            np.testing.assert_array_equal(result.proba, expected)
        # another library may lay the columns out otherwise
        np.testing.assert_allclose(result.proba, expected, rtol=1e-9)
        assert result.new_proba.shape == (3, 2, 3)


@pytest.mark.parametrize("kind", [sp.csr_matrix, sp.csr_array, sp.csc_array])
def test_sparse_rows(kind):
    X, y = make_data()
    cv = StratifiedKFold(3)
    result = out_of_fold(LogisticRegression(), kind(X), y, cv=cv)
    expected = by_scikit_learn(LogisticRegression(), kind(X), y, cv)
    np.testing.assert_array_equal(result.proba, expected)


def test_lists_and_read_only_float32():
    X, y = make_data()
    X = X.astype(np.float32)
    X.flags.writeable = False
    cv = StratifiedKFold(3)
    as_array = out_of_fold(GaussianNB(), X, y, cv=cv).proba
    as_list = out_of_fold(
        GaussianNB(), X.astype(float).tolist(), y.tolist(), cv=cv
    ).proba
    np.testing.assert_allclose(as_array, as_list, rtol=1e-4)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"groups": [1, 2]}, "groups has 2 rows"),
        ({"duplicate_groups": [1, 2]}, "duplicate_groups has 2 rows"),
        ({"trusted": [True, False]}, "trusted has 2 rows"),
        ({"n_repeats": 0}, "n_repeats=0 must be at least 1"),
        ({"y": ["a", "b"]}, "X has 60, y has 2 rows"),
        ({"y": [np.nan] * 60}, r"y has 60 missing labels"),
        ({"estimator": StandardScaler()}, "StandardScaler has neither predict_proba"),
    ],
)
def test_wrong_arguments_are_named(change, message):
    X, y = make_data()
    arguments = {"estimator": GaussianNB(), "X": X, "y": y, **change}
    with pytest.raises(ValueError, match=message):
        out_of_fold(arguments.pop("estimator"), **arguments)


def test_the_result_is_frozen_and_compared_by_identity():
    X, y = make_data()
    first, second = (out_of_fold(GaussianNB(), X, y, random_state=0) for _ in range(2))
    with pytest.raises(FrozenInstanceError):
        first.proba = second.proba
    assert first != second  # arrays have no truth value to compare by


def test_only_trusted_rows_train():
    X, y = make_data()
    trusted = np.arange(60) >= 15
    cv = StratifiedKFold(3)
    result = out_of_fold(GaussianNB(), X, y, cv=cv, trusted=trusted.tolist())
    for (train, test), (every, _) in zip(result.splits, cv.split(X, y), strict=True):
        np.testing.assert_array_equal(train, every[trusted[every]])
        expected = GaussianNB().fit(X[train], y[train]).predict_proba(X[test])
        np.testing.assert_array_equal(result.proba[test], expected)
    none_left = out_of_fold(GaussianNB(), X, y, cv=cv, trusted=y != "cat")
    cats = np.flatnonzero(y == "cat")
    for (train, _), (every, _) in zip(none_left.splits, cv.split(X, y), strict=True):
        # a class that would vanish keeps its rows
        assert set(np.intersect1d(train, cats)) == set(np.intersect1d(every, cats))


def test_aligned_proba_fills_lacking_classes_with_zero():
    X, y = make_data()
    model = GaussianNB().fit(X[y != "dog"], y[y != "dog"])
    proba = aligned_proba(model, X, NAMES)
    np.testing.assert_array_equal(proba[:, [0, 2]], model.predict_proba(X))
    np.testing.assert_array_equal(proba[:, 1], 0)


def test_default_folds_do_not_warn_without_need():
    X, y = make_data()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(out_of_fold(GaussianNB(), X, y).splits) == 5
