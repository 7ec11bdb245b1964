"""Decisions for other class shares and for costs follow the formulas."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn import config_context
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import RandomForestClassifier
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.svm import LinearSVC

from skdataquality.imbalance import LogitAdjustedClassifier

LR = LogisticRegression()


def rows(n, shares, seed=0):
    rng = np.random.default_rng(seed)
    y = rng.choice(len(shares), n, p=shares)
    return rng.normal(size=(n, len(shares))) + 1.2 * np.eye(len(shares))[y], y


X, Y = rows(600, [0.7, 0.2, 0.1])
X2, Y2 = rows(600, [0.85, 0.15])
PLAIN = LogisticRegression().fit(X, Y)
PLAIN2 = LogisticRegression().fit(X2, Y2)
SHARES = np.bincount(Y) / Y.size


def test_the_class_is_that_of_the_largest_log_probability_less_that_of_its_share():
    for tau in (0.5, 1, 2):
        clf = LogitAdjustedClassifier(LR, tau=tau).fit(X, Y)
        expected = (PLAIN.predict_log_proba(X) - tau * np.log(SHARES)).argmax(axis=1)
        assert_array_equal(clf.predict(X), expected)
        assert_array_equal(clf.predict_proba(X), PLAIN.predict_proba(X))
        assert_array_equal(clf.decision_function(X).argmax(axis=1), expected)


def test_for_two_classes_the_threshold_is_the_prevalence():
    clf = LogitAdjustedClassifier(LR).fit(X2, Y2)
    expected = PLAIN2.predict_proba(X2)[:, 1] > Y2.mean()
    assert_array_equal(clf.predict(X2), expected.astype(int))
    assert_array_equal(clf.decision_function(X2) > 0, expected)


def test_for_two_classes_costs_are_a_threshold():
    costs = np.array([[0.5, 3.0], [7.0, 1.0]])
    clf = LogitAdjustedClassifier(LR, costs=costs).fit(X2, Y2)
    threshold = 2.5 / (2.5 + 6)
    expected = PLAIN2.predict_proba(X2)[:, 1] > threshold
    assert_array_equal(clf.predict(X2), expected.astype(int))


@pytest.mark.parametrize("beta", [0.1, 0.4])
def test_a_prior_is_that_of_elkan_and_of_under_sampling(beta):
    base = Y2.mean()
    other = base / (base + beta * (1 - base))  # negatives kept with chance beta
    clf = LogitAdjustedClassifier(LR, prior={0: 1 - other, 1: other}).fit(X2, Y2)
    p = PLAIN2.predict_proba(X2)[:, 1]
    moved = clf.predict_proba(X2)[:, 1]
    elkan = other * (p - p * base) / (base - p * base + other * p - base * other)
    assert_allclose(moved, elkan)
    assert_allclose(beta * moved / (beta * moved - moved + 1), p)
    assert_array_equal(clf.predict(X2), moved > 0.5)


def test_weights_that_move_a_threshold_decide_as_costs_do():
    """Theorem 1 of Elkan, for a learner that heeds weights exactly."""
    rng = np.random.default_rng(0)
    cells = rng.integers(0, 4, 4000)
    y = (rng.random(4000) < np.array([0.05, 0.2, 0.4, 0.7])[cells]).astype(int)
    Z = np.eye(4)[cells]
    exact = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000)
    clf = LogitAdjustedClassifier(exact, costs={0: 1, 1: 4}).fit(Z, y)
    threshold = 1 / 5
    weight = np.where(y == 0, threshold / (1 - threshold), 1.0)
    weighted = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000)
    weighted.fit(Z, y, sample_weight=weight)
    assert_array_equal(clf.predict(Z), weighted.predict(Z))


def test_costs_of_several_classes_are_least_in_expectation():
    costs = np.array([[0, 1, 2], [5, 0, 1], [20, 3, 0]])
    clf = LogitAdjustedClassifier(LR, costs=costs).fit(X, Y)
    expected = (PLAIN.predict_proba(X) @ costs).argmin(axis=1)
    assert_array_equal(clf.predict(X), expected)


def test_costs_decide_under_the_moved_probabilities():
    prior = {0: 0.2, 1: 0.2, 2: 0.6}
    clf = LogitAdjustedClassifier(LR, prior=prior, costs={0: 1, 1: 3, 2: 1}).fit(X, Y)
    proba = clf.predict_proba(X)
    costs = np.array([[0, 1, 1], [3, 0, 3], [1, 1, 0]])
    assert_array_equal(clf.predict(X), (proba @ costs).argmin(axis=1))
    equal = LogitAdjustedClassifier(LR, prior=prior, costs=1 - np.eye(3)).fit(X, Y)
    assert_array_equal(equal.predict(X), proba.argmax(axis=1))


@pytest.mark.parametrize("prior", [None, {0: 0.1, 1: 0.3, 2: 0.6}])
def test_no_strength_leaves_the_decisions_of_the_estimator(prior):
    forest = RandomForestClassifier(20, random_state=0)
    clf = LogitAdjustedClassifier(forest, tau=0, prior=prior).fit(X[:300], Y[:300])
    plain = RandomForestClassifier(20, random_state=0).fit(X[:300], Y[:300])
    assert_array_equal(clf.predict(X), plain.predict(X))


def test_a_declared_prior_is_decided_for_as_if_equal_ones_were_none():
    uniform = dict.fromkeys(range(3), 1 / 3)
    told = LogitAdjustedClassifier(LR, prior=uniform, tau=0.7).fit(X, Y)
    silent = LogitAdjustedClassifier(LR, tau=0.7).fit(X, Y)
    assert_array_equal(told.predict(X), silent.predict(X))


def test_ties_go_to_the_first_class():
    y = np.repeat([0, 1, 2], [3, 2, 1])
    clf = LogitAdjustedClassifier(DummyClassifier()).fit(np.zeros((6, 1)), y)
    assert_array_equal(clf.predict(np.zeros((2, 1))), [0, 0])


def test_a_frozen_estimator_is_not_fitted_again():
    clf = LogitAdjustedClassifier(FrozenEstimator(PLAIN)).fit(X[:200], Y[:200])
    shares = np.bincount(Y[:200]) / 200
    expected = (PLAIN.predict_proba(X) / shares).argmax(axis=1)
    assert_array_equal(clf.predict(X), expected)
    with pytest.raises(ValueError, match="knows the class 2, of which y has no row"):
        LogitAdjustedClassifier(FrozenEstimator(PLAIN)).fit(X[Y < 2], Y[Y < 2])


def test_shares_are_those_of_the_weights():
    weight = np.where(Y == 2, 5, 1)
    clf = LogitAdjustedClassifier(LR).fit(X, Y, sample_weight=weight)
    again = np.repeat(np.arange(Y.size), weight)
    assert_allclose(clf.class_prior_, np.bincount(Y[again]) / again.size)
    dropped = LogitAdjustedClassifier(LR).fit(X, Y, sample_weight=(Y < 2).astype(int))
    assert dropped.class_prior_[2] == 0
    assert not (dropped.predict(X) == 2).any()


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"prior": {0: 0.5, 1: 0.2, 2: 0.2}}, "sum to 1"),
        ({"prior": {0: 0.5, 1: 0.5}}, "one probability for each class"),
        ({"costs": np.ones((2, 2))}, r"shape \(2, 2\)"),
        ({"costs": {0: 1, 1: -1, 2: 1}}, "0 or more"),
        ({"costs": {0: 1}}, "no cost for"),
        ({"tau": -1}, "tau"),
    ],
)
def test_what_cannot_be_is_refused_before_a_fit(parameters, said):
    class Never(LogisticRegression):
        def fit(self, X, y, sample_weight=None):
            raise AssertionError

    with pytest.raises(ValueError, match=said):
        LogitAdjustedClassifier(Never(), **parameters).fit(X, Y)


def test_an_estimator_without_probabilities_is_refused():
    with pytest.raises(ValueError, match="wrap it in CalibratedClassifierCV"):
        LogitAdjustedClassifier(LinearSVC()).fit(X, Y)


def test_it_is_searched_and_routed():
    grid = {"tau": [0, 0.5, 1], "estimator__C": [0.1, 1]}
    search = GridSearchCV(LogitAdjustedClassifier(LR), grid, cv=3).fit(X, Y)
    assert search.best_score_ > 0.5
    weight = np.where(Y == 2, 5.0, 1.0)
    plain = LogitAdjustedClassifier(LR).fit(X, Y, sample_weight=weight)
    with config_context(enable_metadata_routing=True):
        asking = LogisticRegression().set_fit_request(sample_weight=True)
        routed = LogitAdjustedClassifier(asking).fit(X, Y, sample_weight=weight)
    assert_array_equal(plain.predict(X), routed.predict(X))
