"""Probabilities restored to a prior: exactly by arithmetic, or by held-out rows."""

import pickle
import warnings

import numpy as np
import pandas as pd
import pytest
import sklearn
import skops.io
from imblearn.over_sampling import SMOTE, RandomOverSampler
from imblearn.under_sampling import (
    EditedNearestNeighbours,
    NearMiss,
    RandomUnderSampler,
)
from numpy.testing import assert_allclose, assert_array_equal
from scipy.special import expit
from sklearn.base import BaseEstimator
from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import make_classification
from sklearn.ensemble import (
    BaggingClassifier,
    ExtraTreesClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
    VotingClassifier,
)
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

from skdataquality.base import SKOPS_TYPES
from skdataquality.compose import RemediedClassifier, RemedyChain
from skdataquality.compose._calibration import SMOOTHING, fit_temperature
from skdataquality.compose._prior_calibration import FOLDS
from skdataquality.duplicates import Deduplicator
from skdataquality.exceptions import PriorNotCalibratedWarning
from skdataquality.imbalance import ClassBalanceWeighter
from skdataquality.utils._folds import make_splits
from skdataquality.verified import VerifiedLabels

LR = LogisticRegression()
FOREST = RandomForestClassifier(20, random_state=0)
WEIGHTS = ClassBalanceWeighter()
UNDER = RandomUnderSampler(random_state=0)
OVER = RandomOverSampler(random_state=0)
MADE = SMOTE(random_state=0)
BEFORE = -3.0, np.array([1.0, -0.7])  # of the logistic model that rows are drawn from


def drawn(n, seed=0):
    """Return rows whose probabilities are known, labels and these probabilities."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 2))
    p = expit(BEFORE[0] + X @ BEFORE[1])
    return X, (rng.random(n) < p).astype(int), p


@pytest.fixture(scope="module")
def rare():
    return make_classification(
        400, n_features=6, weights=[0.88], flip_y=0.04, random_state=0
    )


# -- exact by arithmetic -----------------------------------------------------------


@pytest.mark.parametrize("remedy", [UNDER, OVER, WEIGHTS], ids=repr)
def test_a_right_model_recovers_the_true_probabilities(remedy):
    X, y, p = drawn(60_000)
    model = LogisticRegression(C=np.inf)
    clf = RemediedClassifier(model, remedy).fit(X, y)
    assert clf.prior_correction_ == "analytic"
    assert_allclose(clf.train_prior_, [0.5, 0.5], rtol=1e-12)
    assert_allclose(clf.class_prior_[1], y.mean(), rtol=1e-12)
    error = np.abs(clf.predict_proba(X)[:, 1] - p)
    raw = np.abs(clf.estimator_.predict_proba(X)[:, 1] - p)
    assert error.mean() < 0.005 < 0.2 < raw.mean()


def test_weights_are_a_shift_of_the_intercept():
    """In the limit: slopes stay, the intercept moves by the log ratio of the odds."""
    X, y, _ = drawn(60_000)
    clf = RemediedClassifier(LogisticRegression(C=np.inf), WEIGHTS).fit(X, y)
    assert_allclose(clf.estimator_.coef_[0], BEFORE[1], atol=0.05)
    shift = np.log((1 - y.mean()) / y.mean())
    assert_allclose(clf.estimator_.intercept_, BEFORE[0] + shift, atol=0.05)


def test_under_sampling_is_dal_pozzolos_formula(rare):
    """``p = beta p_s / (beta p_s - p_s + 1)``, beta the share of the majority kept."""
    X, y = rare
    clf = RemediedClassifier(LR, UNDER, calibration=None).fit(X, y)
    sampled = clf.estimator_.predict_proba(X)[:, 1]
    beta = (y == 1).sum() / (y == 0).sum()
    expected = beta * sampled / (beta * sampled - sampled + 1)
    assert_allclose(clf.predict_proba(X)[:, 1], expected, rtol=1e-9)
    # and a threshold t on p is t / (t + beta (1 - t)) on p_s
    t = 0.3
    assert_array_equal(
        clf.predict_proba(X)[:, 1] >= t, sampled >= t / (t + beta * (1 - t))
    )


def test_shares_are_those_of_weights(rare):
    X, y = rare
    w = np.random.default_rng(1).uniform(0, 3, len(y)).round()
    clf = RemediedClassifier(LR, OVER).fit(X, y, sample_weight=w)
    kept = clf.lineage_.origin
    assert_allclose(clf.train_prior_[1], np.average(y[kept], weights=w[kept]))
    assert_allclose(clf.class_prior_[1], np.average(y, weights=w))
    balanced = RemediedClassifier(LR, WEIGHTS).fit(X, y, sample_weight=w)
    assert_allclose(balanced.train_prior_, [0.5, 0.5])
    assert_allclose(balanced.class_prior_[1], np.average(y, weights=w))


# -- which of the two --------------------------------------------------------------


@pytest.mark.parametrize(
    ("estimator", "remedy", "expected"),
    [
        (LR, None, "none"),
        (LR, Deduplicator(), "none"),
        (FOREST, Deduplicator(), "none"),
        (LinearSVC(), MADE, "none"),  # there are no probabilities
        (LR, WEIGHTS, "analytic"),
        (LR, UNDER, "analytic"),
        (LR, OVER, "analytic"),
        (LR, RemedyChain([Deduplicator(), UNDER, WEIGHTS]), "analytic"),
        (HistGradientBoostingClassifier(max_iter=5), WEIGHTS, "calibrated"),
        (HistGradientBoostingClassifier(max_iter=5), OVER, "calibrated"),
        (make_pipeline(StandardScaler(), LR), OVER, "analytic"),
        (CalibratedClassifierCV(FOREST, cv=2), UNDER, "analytic"),
        (CalibratedClassifierCV(FOREST, cv=2), WEIGHTS, "analytic"),
        (CalibratedClassifierCV(FOREST, cv=2), OVER, "calibrated"),
        (LR, MADE, "calibrated"),
        (LR, RandomOverSampler(shrinkage=0.5, random_state=0), "calibrated"),
        (LR, EditedNearestNeighbours(), "calibrated"),
        (LR, NearMiss(), "calibrated"),
        (LR, RemedyChain([MADE, UNDER]), "calibrated"),
        (LR, RemedyChain([Deduplicator(), MADE]), "calibrated"),
        (FOREST, WEIGHTS, "calibrated"),
        (FOREST, UNDER, "calibrated"),
        (ExtraTreesClassifier(5, random_state=0), WEIGHTS, "calibrated"),
        (BaggingClassifier(LR, 3, random_state=0), OVER, "calibrated"),
        (make_pipeline(StandardScaler(), FOREST), WEIGHTS, "calibrated"),
        (GridSearchCV(FOREST, {"max_depth": [2]}, cv=2), UNDER, "calibrated"),
        (
            VotingClassifier([("a", LR), ("b", FOREST)], voting="soft"),
            UNDER,
            "calibrated",
        ),
        (RemediedClassifier(FOREST), UNDER, "calibrated"),
    ],
    ids=repr,
)
def test_the_arithmetic_is_kept_where_it_is_exact(estimator, remedy, expected):
    X, y, _ = drawn(1500)
    clf = RemediedClassifier(estimator, remedy).fit(X, y)
    assert clf.prior_correction_ == expected
    assert (clf.calibration_ is not None) == (expected == "calibrated")
    for unmoved in (clf.set_params(prior="resampled"), clf.set_params(remedy=None)):
        assert unmoved.fit(X, y).prior_correction_ == "none"


def test_rows_that_were_dropped_tell_whether_arithmetic_holds():
    """A fit on few rows of many columns is too sure of itself, on many it is not."""
    X, y, _ = drawn(2000)
    noise = np.random.default_rng(1).normal(size=(len(y), 60))
    model = LogisticRegression(C=np.inf, max_iter=1000)
    for table, expected in ((X, "analytic"), (np.c_[X, noise], "calibrated")):
        clf = RemediedClassifier(model, UNDER).fit(table, y)
        assert clf.prior_correction_ == expected
    kept = clf.lineage_.origin  # the decision is that of the rows kept, all the same
    assert_array_equal(clf.predict(table[kept]), clf.estimator_.predict(table[kept]))


class OneHeavierRow(BaseEstimator):
    """A weighter whose weights differ within a class."""

    def fit(self, X, y):
        self.sample_weight_ = np.where(np.arange(len(y)) == 0, 5.0, 1.0 + 3 * y)
        return self

    def predict_weight(self, X, y):
        return np.ones(len(y))


def test_weights_that_differ_in_a_class_are_calibrated(rare):
    assert RemediedClassifier(LR, OneHeavierRow()).fit(*rare).calibration_ is not None


def test_nothing_is_restored_where_classes_are_even():
    X, y = make_classification(200, random_state=0)
    assert_array_equal(np.bincount(y), 100)
    clf = RemediedClassifier(FOREST, WEIGHTS).fit(X, y)
    assert clf.prior_correction_ == "analytic"
    assert_allclose(clf.predict_proba(X), clf.estimator_.predict_proba(X), atol=1e-12)


def test_the_user_may_have_always_or_never(rare):
    X, y = rare
    always = RemediedClassifier(LR, WEIGHTS, calibration=2).fit(X, y)
    assert always.prior_correction_ == "calibrated"
    cv = StratifiedKFold(2, shuffle=True, random_state=1)
    other = RemediedClassifier(LR, WEIGHTS, calibration=cv).fit(X, y)
    assert other.calibration_.temperature != always.calibration_.temperature
    never = RemediedClassifier(FOREST, MADE, calibration=None).fit(X, y)
    assert never.prior_correction_ == "analytic"
    assert RemediedClassifier(LR, calibration=2).fit(X, y).prior_correction_ == "none"
    for wrong in ("platt", 1, 1.5):
        with pytest.raises(ValueError, match=r"calibration|cv=1"):
            RemediedClassifier(LR, MADE, calibration=wrong).fit(X, y)


# -- by held-out rows --------------------------------------------------------------


def held_out(model, remedy, X, y):
    """Return held-out probabilities, and the scaling, step by step."""
    proba = np.zeros((len(y), 2))
    for train, test in make_splits(X, y, cv=FOLDS, random_state=0)[0]:
        X_new, y_new = sklearn.clone(remedy).fit_resample(X[train], y[train])
        proba[test] = sklearn.clone(model).fit(X_new, y_new).predict_proba(X[test])
    return proba, fit_temperature(proba, y, smoothing=SMOOTHING)


@pytest.mark.parametrize("model", [LR, FOREST], ids=repr)
def test_only_training_parts_are_edited(rare, model):
    X, y = rare
    clf = RemediedClassifier(model, MADE).fit(X, y)
    proba, scaling = held_out(model, MADE, X, y)
    # a forest sums its trees as they come
    assert_allclose(clf.calibration_.temperature, scaling.temperature, rtol=1e-9)
    assert_allclose(clf.calibration_.bias, scaling.bias, rtol=1e-9)
    assert_allclose(scaling.apply(proba)[:, 1].mean(), y.mean(), rtol=1e-4)
    raw = clf.estimator_.predict_proba(X)
    assert_allclose(clf.predict_proba(X), scaling.apply(raw))
    # Platt scaling is a line of log-odds that rises
    order = np.argsort(raw[:, 1], kind="stable")
    assert (np.diff(clf.predict_proba(X)[order, 1]) >= 0).all()


@pytest.mark.parametrize(
    ("model", "remedy"),
    [
        (RandomForestClassifier(50, min_samples_leaf=5, random_state=0), WEIGHTS),
        (HistGradientBoostingClassifier(max_iter=40, random_state=0), MADE),
        (LR, EditedNearestNeighbours()),
    ],
    ids=repr,
)
def test_the_mean_probability_is_the_prevalence_where_arithmetic_fails(model, remedy):
    X, y, _ = drawn(3000)
    X_new, _, p_new = drawn(5000, seed=1)
    mean, error = {}, {}
    for calibration in (None, "auto"):
        clf = RemediedClassifier(model, remedy, calibration=calibration).fit(X, y)
        proba = clf.predict_proba(X_new)[:, 1]
        mean[calibration] = abs(proba.mean() / p_new.mean() - 1)
        error[calibration] = np.square(proba - p_new).mean()
    assert mean["auto"] < 0.15 < mean[None]
    assert error["auto"] < error[None]


def test_decisions_and_the_fit_are_those_without_calibration(rare):
    X, y = rare
    one = RemediedClassifier(LR, MADE).fit(X, y)
    other = RemediedClassifier(LR, MADE, calibration=None).fit(X, y)
    assert_array_equal(one.estimator_.coef_, other.estimator_.coef_)
    assert_array_equal(one.predict(X), other.predict(X))
    again = RemediedClassifier(LR, MADE).fit(X, y)
    assert_array_equal(again.predict_proba(X), one.predict_proba(X))
    by_proba = RemediedClassifier(LR, MADE, decision="proba").fit(X, y)
    assert_array_equal(by_proba.predict(X), one.predict_proba(X).argmax(axis=1))


@pytest.mark.parametrize("p", [0.02, 0.5])
def test_a_given_prior_is_one_more_exact_step(rare, p):
    X, y = rare
    ours = RemediedClassifier(LR, MADE).fit(X, y).predict_proba(X)
    given = RemediedClassifier(LR, MADE, prior={0: 1 - p, 1: p}).fit(X, y)
    assert given.prior_correction_ == "calibrated"
    odds = ours[:, 1] / ours[:, 0] * (p / (1 - p)) * (1 - y.mean()) / y.mean()
    assert_allclose(given.predict_proba(X)[:, 1], odds / (1 + odds), rtol=1e-9)


def test_weights_count_in_the_calibration(rare):
    X, y = rare
    w = np.random.default_rng(0).uniform(0, 2, len(y)).round()
    clf = RemediedClassifier(FOREST, UNDER).fit(X, y, sample_weight=w)
    assert_allclose(clf.class_prior_[1], np.average(y, weights=w))
    proba = clf.predict_proba(X[w > 0])[:, 1]
    assert 0.7 < np.average(proba, weights=w[w > 0]) / clf.class_prior_[1] < 1.6
    # rows of weight 0 are absent
    kept = w > 0
    less = RemediedClassifier(FOREST, UNDER).fit(
        X[kept], y[kept], sample_weight=w[kept]
    )
    assert_array_equal(less.predict_proba(X), clf.predict_proba(X))


class SeesGroups(BaseEstimator):
    """A sampler that lists the groups of every call, and drops a row of class 0."""

    calls: list = []

    def fit_resample(self, X, y, *, groups=None):
        self.calls.append(groups)
        rows = np.setdiff1d(np.arange(len(y)), np.flatnonzero(y == 0)[:1])
        self.sample_indices_ = rows
        return X[rows], y[rows]


def test_groups_stay_whole(rare):
    X, y = rare
    groups = pd.Series(np.arange(len(y)) // 4)
    SeesGroups.calls.clear()
    RemediedClassifier(LR, SeesGroups()).fit(X, y, groups=groups)
    assert len(SeesGroups.calls) == 1 + FOLDS
    for seen in SeesGroups.calls:
        assert set(np.unique(seen, return_counts=True)[1]) == {4}


class SeesVerified(BaseEstimator):
    """A sampler that lists what it was told of verified labels."""

    calls: list = []

    def fit_resample(self, X, y, *, verified=None):
        self.calls.append((verified, y))
        self.sample_indices_ = np.arange(len(y))
        return X, y


def test_verified_labels_follow_the_folds(rare):
    X, y = rare
    rows = np.arange(0, len(y), 7)
    SeesVerified.calls.clear()
    clf = RemediedClassifier(LR, SeesVerified())
    clf.fit(X, y, verified=VerifiedLabels(rows, y[rows]))
    assert len(SeesVerified.calls) == 1 + FOLDS
    for verified, labels in SeesVerified.calls:
        assert_array_equal(labels[verified.rows], verified.labels)
    n_seen = [verified.rows.size for verified, _ in SeesVerified.calls]
    assert sum(n_seen[1:]) == (FOLDS - 1) * n_seen[0]


def test_routed_metadata_follow_the_folds(rare):
    X, y = rare
    w = np.random.default_rng(0).uniform(0, 2, len(y))
    with sklearn.config_context(enable_metadata_routing=True):
        inner = LogisticRegression().set_fit_request(sample_weight="trust")
        clf = RemediedClassifier(inner, OVER, calibration=3)
        trusted = clf.fit(X, y, trust=w).calibration_.temperature
        assert clf.fit(X, y).calibration_.temperature != trusted


def test_what_cleaning_removed_does_not_count(rare):
    X, y = rare
    twice = np.r_[X, X[y == 1]], np.r_[y, y[y == 1]]
    chain = RemedyChain([Deduplicator(), MADE])
    clf = RemediedClassifier(LR, chain).fit(*twice)
    assert_allclose(clf.class_prior_[1], y.mean())
    once = RemediedClassifier(LR, MADE).fit(X, y)
    assert_array_equal(clf.predict_proba(X), once.predict_proba(X))


def test_three_classes_and_one_that_vanished():
    X, y = make_classification(
        600, n_informative=4, n_classes=3, weights=[0.7, 0.2], random_state=0
    )
    clf = RemediedClassifier(LR, MADE).fit(X, y)
    assert clf.prior_correction_ == "calibrated"
    assert_allclose(clf.predict_proba(X).mean(axis=0), clf.class_prior_, atol=0.02)

    class DropsTwo(BaseEstimator):
        def fit_resample(self, X, y):
            self.sample_indices_ = np.flatnonzero(y != 2)
            return X[self.sample_indices_], y[self.sample_indices_]

    for prior in ("original", {0: 0.2, 1: 0.3, 2: 0.5}):
        clf = RemediedClassifier(LR, DropsTwo(), prior=prior).fit(X, y)
        proba = clf.predict_proba(X)
        assert clf.prior_correction_ == "calibrated"
        assert (proba[:, 2] == 0).all()
        assert_allclose(proba.sum(axis=1), 1)


def test_too_few_rows_are_said(rare):
    X, y = rare
    few = np.r_[np.flatnonzero(y == 0), np.flatnonzero(y == 1)[:5]]
    with pytest.warns(
        PriorNotCalibratedWarning, match=r"rarest class has 5 row.*fewer than 6"
    ):
        clf = RemediedClassifier(FOREST, WEIGHTS).fit(X[few], y[few])
    assert clf.prior_correction_ == "analytic"
    # SMOTE needs six rows of a class, and two thirds of seven are fewer
    few = np.r_[np.flatnonzero(y == 0), np.flatnonzero(y == 1)[:7]]
    with pytest.warns(PriorNotCalibratedWarning, match="could not be fitted"):
        clf = RemediedClassifier(LR, MADE).fit(X[few], y[few])
    assert clf.prior_correction_ == "analytic"
    assert np.isfinite(clf.predict_proba(X)).all()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        RemediedClassifier(LR, MADE, calibration=None).fit(X[few], y[few])


def test_folds_that_were_asked_for_and_fail_raise(rare):
    X, y = rare
    few = np.r_[np.flatnonzero(y == 0), np.flatnonzero(y == 1)[:7]]
    with pytest.raises(ValueError, match=r"(?s)calibration=3, but .*not be fitted"):
        RemediedClassifier(LR, MADE, calibration=3).fit(X[few], y[few])


def test_a_saved_classifier_predicts_the_same(rare):
    X, y = rare
    clf = RemediedClassifier(LR, OVER, calibration=2, keep_lineage=False).fit(X, y)
    expected = clf.predict_proba(X)
    assert_array_equal(pickle.loads(pickle.dumps(clf)).predict_proba(X), expected)
    dumped = skops.io.dumps(clf)
    known = set(skops.io.get_untrusted_types(data=dumped))
    trusted = [*SKOPS_TYPES, *(t for t in known if t.startswith("imblearn"))]
    loaded = skops.io.loads(dumped, trusted=trusted)
    assert_array_equal(loaded.predict_proba(X), expected)
