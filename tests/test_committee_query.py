"""A committee asks for rows on which its members disagree."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import entropy
from sklearn.base import clone
from sklearn.ensemble import (
    AdaBoostClassifier,
    BaggingClassifier,
    RandomForestClassifier,
    RandomForestRegressor,
    VotingClassifier,
)
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LinearRegression, LogisticRegression, RidgeClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import NearestCentroid
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from skdataquality.active_learning import CommitteeQuery
from skdataquality.active_learning._marks import read_part_numbers
from skdataquality.active_learning._strategies._disagreement import (
    MEASURES,
    disagreement,
    spread,
)


def votes(seed, n_members=4, n_rows=7, n_classes=3):
    rng = np.random.default_rng(seed)
    return rng.dirichlet(np.ones(n_classes), size=(n_members, n_rows))


def pool(seed=0, n=120, n_labeled=30, n_classes=3):
    rng = np.random.default_rng(seed)
    truth = rng.integers(n_classes, size=n)
    X = rng.normal(size=(n, 4)) + 1.5 * np.eye(4)[truth]
    return X, np.where(np.arange(n) < n_labeled, truth, -1)


def quantity(seed=0, n=120, n_labeled=30):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 3))
    y = X[:, 0] ** 2 + 0.1 * rng.normal(size=n) - 1
    return X, np.where(np.arange(n) < n_labeled, y, np.nan)


# ---------------------------------------------------------------- measures
@given(st.integers(0, 50))
@settings(max_examples=20, deadline=None)
def test_kl_is_the_mean_divergence_of_members_from_their_mean(seed):
    proba = votes(seed)
    expected = entropy(proba, proba.mean(axis=0)[None], axis=2).mean(axis=0)
    np.testing.assert_allclose(disagreement(iter(proba), "kl"), expected, atol=1e-12)


def test_vote_entropy_is_that_of_the_shares_of_votes():
    said = votes(1, n_members=5).argmax(axis=2)
    shares = np.stack([(said == k).mean(axis=0) for k in range(3)], axis=1)
    found = disagreement(iter(np.eye(3)[said]), "vote_entropy")
    np.testing.assert_allclose(found, entropy(shares, axis=1), atol=1e-12)


def test_members_that_say_the_same_do_not_disagree():
    same = [votes(2)[0]] * 5
    np.testing.assert_allclose(disagreement(iter(same), "kl"), 0, atol=1e-12)


def test_consensus_entropy_is_at_least_the_divergence():
    proba = votes(3)
    consensus = disagreement(iter(proba), "consensus_entropy")
    assert (consensus >= disagreement(iter(proba), "kl")).all()


@given(st.floats(-1e9, 1e9), st.integers(0, 50))
@settings(max_examples=30, deadline=None)
def test_spread_is_the_standard_deviation_wherever_numbers_lie(shift, seed):
    numbers = np.random.default_rng(seed).normal(size=(6, 9))
    moved = numbers + shift
    np.testing.assert_allclose(spread(iter(moved)), moved.std(axis=0), rtol=1e-5)


# ---------------------------------------------------------------- committees
@pytest.mark.parametrize("measure", MEASURES)
def test_what_is_picked_depends_neither_on_jobs_nor_on_the_order_of_rows(measure):
    X, y = pool()
    query = CommitteeQuery(DecisionTreeClassifier(), measure=measure, random_state=3)
    rows = clone(query).fit(X, y).query(8)
    parallel = clone(query).set_params(n_jobs=2).fit(X, y).query(8)
    np.testing.assert_array_equal(parallel, rows)
    order = np.random.default_rng(0).permutation(y.size)
    moved = clone(query).fit(X[order], y[order]).query(8)
    np.testing.assert_array_equal(order[moved], rows)


def test_every_member_knows_every_class_however_few_its_rows():
    X, y = pool(n_labeled=40)
    y[np.flatnonzero(y == 2)[1:]] = -1
    fitted = CommitteeQuery(LogisticRegression(), n_members=6, random_state=0).fit(X, y)
    assert len(fitted.estimators_) == 6
    assert all(m.classes_.tolist() == [0, 1, 2] for m in fitted.estimators_)


def test_trees_of_a_forest_vote_as_they_do_inside_it():
    X, y = pool()
    forest = RandomForestClassifier(12, random_state=0)
    query = CommitteeQuery(forest, committee="ensemble", measure="consensus_entropy")
    for table in (X, pd.DataFrame(X, columns=list("abcd"))):
        fitted = query.fit(table, y)
        expected = entropy(fitted.estimator_.predict_proba(table), axis=1)
        np.testing.assert_allclose(fitted.score_samples(table), expected, atol=1e-9)


@pytest.mark.parametrize("labels", [["b", "c", "a"], [1, 2, 7]])
def test_members_of_bagging_on_some_columns_name_classes_as_it_does(labels):
    X, y = pool()
    named = np.full(y.size, None)
    named[y >= 0] = np.array(labels, dtype=object)[y[y >= 0]]
    bagging = BaggingClassifier(GaussianNB(), max_features=2, random_state=0)
    query = CommitteeQuery(bagging, committee="ensemble", measure="consensus_entropy")
    fitted = query.fit(X, named)
    expected = entropy(fitted.estimator_.predict_proba(X), axis=1)
    np.testing.assert_allclose(fitted.score_samples(X), expected, atol=1e-9)


def test_members_of_voting_see_the_data_frame():
    X, y = pool()
    X = pd.DataFrame(X, columns=list("abcd"))
    models = [("a", GaussianNB()), ("b", LogisticRegression())]
    voting = VotingClassifier(models, voting="soft")
    query = CommitteeQuery(voting, committee="ensemble", measure="consensus_entropy")
    expected = entropy(query.fit(X, y).estimator_.predict_proba(X), axis=1)
    np.testing.assert_allclose(query.score_samples(X), expected, atol=1e-9)


def test_listed_members_may_be_fitted_before_and_need_no_probabilities():
    X, y = pool()
    known = y >= 0
    members = [
        FrozenEstimator(GaussianNB().fit(X[known], y[known])),
        RidgeClassifier(),
        NearestCentroid(),
    ]
    query = CommitteeQuery(committee=members, measure="vote_entropy")
    said = np.stack([clone(m).fit(X[known], y[known]).predict(X) for m in members])
    shares = np.stack([(said == k).mean(axis=0) for k in range(3)], axis=1)
    found = query.fit(X, y).score_samples(X)
    np.testing.assert_allclose(found, entropy(shares, axis=1), atol=1e-12)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"committee": [GaussianNB()]}, "at least 2"),
        ({"committee": [GaussianNB(), LinearRegression()]}, "classifiers only"),
        (
            {"estimator": AdaBoostClassifier(), "committee": "ensemble"},
            "a list of estimators",
        ),
        ({"n_members": 1}, "n_members"),
        ({"measure": "margin"}, "measure"),
    ],
)
def test_what_is_no_committee_is_refused_with_a_cure(arguments, said):
    with pytest.raises(ValueError, match=said):
        CommitteeQuery(**arguments).fit(*pool())


def test_weights_reach_every_member():
    X, y = pool()
    weight = np.where(y == 0, 1e-9, 1.0)
    model = LogisticRegression()
    fitted = CommitteeQuery(model, random_state=0).fit(X, y, sample_weight=weight)
    assert not any((m.predict(X) == 0).any() for m in fitted.estimators_)


# ---------------------------------------------------------------- batches
def test_near_copies_are_not_asked_for_while_other_rows_are_left():
    rng = np.random.default_rng(0)
    X, y = pool(n=200)
    copies = np.repeat(X[[150]], 60, axis=0) + 1e-9 * rng.normal(size=(60, 4))
    X, y = np.vstack([X, copies]), np.r_[y, np.full(60, -1)]
    rows = CommitteeQuery(GaussianNB(), random_state=0).fit(X, y).query(12)
    assert ((rows == 150) | (rows >= 200)).sum() <= 1


def test_the_first_row_is_the_one_of_most_disagreement():
    X, y = pool()
    fitted = CommitteeQuery(LogisticRegression(), measure="kl", random_state=0)
    scores = fitted.fit(X, y).score_samples(X)
    assert scores[fitted.query(5)[0]] == scores[y < 0].max()


def test_a_unanimous_committee_still_asks_for_distinct_rows():
    X, y = pool()
    same = FrozenEstimator(GaussianNB().fit(X[y >= 0], y[y >= 0]))
    fitted = CommitteeQuery(committee=[same, same], measure="kl").fit(X, y)
    assert np.unique(fitted.query(9)).size == 9


# ---------------------------------------------------------------- regression
def test_scores_of_a_regressor_are_the_spread_of_its_trees():
    X, y = quantity()
    forest = RandomForestRegressor(15, random_state=0)
    fitted = CommitteeQuery(forest, committee="ensemble").fit(X, y)
    said = np.stack([tree.predict(X) for tree in fitted.estimators_])
    np.testing.assert_allclose(fitted.score_samples(X), said.std(axis=0), atol=1e-9)
    assert not hasattr(fitted, "classes_")


def test_minus_one_is_a_number_and_missing_values_are_not_known():
    X, y = quantity()
    y[:3] = -1
    query = CommitteeQuery(DecisionTreeRegressor(), n_members=3, random_state=0)
    rows = query.fit(X, y).query(6)
    assert query.labeled_mask_.sum() == 30
    assert np.isnan(y[rows]).all()
    as_none = np.where(np.isnan(y), None, y.astype(object))
    for same in (as_none, pd.array(as_none, dtype="Float64")):
        np.testing.assert_array_equal(clone(query).fit(X, same).query(6), rows)
    marked = clone(query).set_params(unlabeled=-9).fit(X, np.nan_to_num(y, nan=-9))
    np.testing.assert_array_equal(marked.query(6), rows)


def test_rows_far_from_what_is_known_are_asked_for_in_regression():
    X = np.linspace(0, 10, 201).reshape(-1, 1)
    y = np.where(X[:, 0] < 4, np.sin(X[:, 0]), np.nan)
    y[200] = 5.0
    query = CommitteeQuery(DecisionTreeRegressor(), n_members=20, random_state=0)
    assert (X[query.fit(X, y).query(5), 0] > 3).all()


@pytest.mark.parametrize(
    ("y", "said"),
    [
        (["a", None, "b"], "the estimator is a regressor"),
        ([1.0, np.inf, np.nan], "infinity at position"),
    ],
)
def test_what_is_no_number_is_refused(y, said):
    with pytest.raises(ValueError, match=said):
        read_part_numbers(y, 3)


def test_numbers_are_read_without_one_too():
    assert not read_part_numbers(None, 4).is_labeled.any()
    assert not read_part_numbers([np.nan] * 4, 4).suffice
    assert not read_part_numbers([2, 2, np.nan], 3).suffice
    assert read_part_numbers([2, 3, np.nan], 3).suffice


@pytest.mark.parametrize("measure", MEASURES)
def test_frozen_members_may_know_classes_that_no_row_is_labelled_with(measure):
    X, y = pool()
    truth = pool(n_labeled=120)[1]
    y[y == 2] = -1
    model = FrozenEstimator(LogisticRegression().fit(X, truth))
    other = FrozenEstimator(GaussianNB().fit(X, truth))
    query = CommitteeQuery(model, committee=[model, other], measure=measure).fit(X, y)
    votes = [
        np.eye(3)[m.predict(X)] if measure == "vote_entropy" else m.predict_proba(X)
        for m in (model, other)
    ]
    np.testing.assert_allclose(query.score_samples(X), disagreement(votes, measure))
    assert (y[query.query(5)] == -1).all()
