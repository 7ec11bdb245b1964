"""Decisions tuned out of fold, for any number of classes."""

import warnings

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.datasets import make_classification
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import (
    accuracy_score,
    balanced_accuracy_score,
    f1_score,
    get_scorer,
    make_scorer,
    recall_score,
)

from skdataquality.imbalance import TunedOffsetClassifierCV
from skdataquality.imbalance._adjusters._decision_scores import DecisionScore
from skdataquality.imbalance._adjusters._offset_search import decide, search_offsets

LR = LogisticRegression()


def rows(n, shares, seed=0, apart=1.2):
    """Rows of normal classes, true log-probabilities, and classes."""
    rng = np.random.default_rng(seed)
    shares = np.asarray(shares)
    y = rng.choice(shares.size, n, p=shares)
    X = rng.normal(size=(n, shares.size)) + apart * np.eye(shares.size)[y]
    logits = apart * X + np.log(shares)
    return X, logits - np.logaddexp.reduce(logits, axis=1, keepdims=True), y


def one_hot(y, n_classes, weight=1.0):
    truth = np.zeros((y.size, n_classes))
    truth[np.arange(y.size), y] = weight
    return truth


# -- search ------------------------------------------------------------------------


@pytest.mark.parametrize("scoring", ["f1", "balanced_accuracy", "matthews_corrcoef"])
def test_for_two_classes_no_threshold_is_better(scoring):
    _, log_proba, y = rows(300, [0.85, 0.15])
    score = DecisionScore(scoring, np.array([0, 1]))
    found = search_offsets(log_proba, one_hot(y, 2), score, np.zeros(2))
    reached = score.of_rows(y, decide(log_proba, found), None)
    metric = get_scorer(scoring)._score_func
    p = np.exp(log_proba[:, 1])
    thresholds = np.r_[-1, np.unique(p)]
    assert reached == pytest.approx(max(metric(y, p > t) for t in thresholds))


@pytest.mark.parametrize("scoring", ["f1_macro", "balanced_accuracy"])
def test_no_single_offset_would_gain_more(scoring):
    _, log_proba, y = rows(250, [0.7, 0.2, 0.1])
    score = DecisionScore(scoring, np.arange(3))
    found = search_offsets(log_proba, one_hot(y, 3), score, np.zeros(3))
    reached = score.of_rows(y, decide(log_proba, found), None)
    assert reached >= score.of_rows(y, decide(log_proba, np.zeros(3)), None)
    for k in range(3):
        for step in np.linspace(-4, 4, 201):
            moved = found + step * np.eye(3)[k]
            other = score.of_rows(y, decide(log_proba, moved), None)
            assert other <= reached + 1e-12


def test_what_the_search_reaches_is_what_scikit_learn_says():
    _, log_proba, y = rows(200, [0.6, 0.3, 0.1])
    labels = np.array(["a", "b", "c"])
    for scorer in (
        make_scorer(f1_score, average="macro"),  # by formula
        make_scorer(f1_score, average="macro", zero_division=1),  # one by one
        make_scorer(lambda a, b: np.mean(a == b)),  # by rows
    ):
        score = DecisionScore(scorer, labels)
        decided = decide(log_proba, np.array([0, 0.5, 1]))
        said = scorer._score_func(labels[y], labels[decided], **scorer._kwargs)
        assert score.of_rows(y, decided, None) == pytest.approx(said)


def test_a_loss_is_made_small():
    _, log_proba, y = rows(200, [0.6, 0.3, 0.1])
    loss = make_scorer(lambda a, b: np.mean(a != b), greater_is_better=False)
    score = DecisionScore(loss, np.arange(3))
    start = np.array([0, 5.0, 0])
    found = search_offsets(log_proba, one_hot(y, 3), score, start)
    right = accuracy_score(y, decide(log_proba, found))
    assert right > accuracy_score(y, decide(log_proba, start)) + 0.1


@pytest.mark.parametrize("scoring", ["f1_macro", "balanced_accuracy", "accuracy"])
def test_a_weight_of_three_is_three_rows(scoring):
    _, log_proba, y = rows(150, [0.7, 0.2, 0.1])
    weight = np.random.default_rng(1).integers(1, 4, y.size)
    score = DecisionScore(scoring, np.arange(3))
    weighted = search_offsets(log_proba, one_hot(y, 3, weight), score, np.zeros(3))
    again = np.repeat(np.arange(y.size), weight)
    repeated = search_offsets(
        log_proba[again], one_hot(y[again], 3), score, np.zeros(3)
    )
    assert_array_equal(weighted, repeated)


def test_nothing_moves_where_nothing_is_gained():
    y = np.array([0, 1, 2] * 5)
    log_proba = np.log(np.full((15, 3), 0.1) + 0.7 * np.eye(3)[y])
    score = DecisionScore("f1_macro", np.arange(3))
    found = search_offsets(log_proba, one_hot(y, 3), score, np.zeros(3))
    assert_array_equal(found, np.zeros(3))


# -- classifier --------------------------------------------------------------------


@pytest.mark.parametrize("shares", [[0.9, 0.1], [0.8, 0.14, 0.06]])
@pytest.mark.parametrize("scoring", ["balanced_accuracy", "f1_macro"])
def test_the_metric_it_is_tuned_for_rises(shares, scoring):
    X, _, y = rows(4000, shares)
    clf = TunedOffsetClassifierCV(LR, scoring=scoring, random_state=0)
    clf.fit(X[:2000], y[:2000])
    scorer = get_scorer(scoring)
    gain = scorer(clf, X[2000:], y[2000:]) - scorer(clf.estimator_, X[2000:], y[2000:])
    assert gain > 0.015
    assert clf.best_score_ == pytest.approx(scorer(clf, X[2000:], y[2000:]), abs=0.04)


def test_the_threshold_of_two_classes_is_the_decision():
    X, _, y = rows(500, [0.8, 0.2])
    clf = TunedOffsetClassifierCV(LR, random_state=0).fit(X, y)
    p = clf.predict_proba(X)[:, 1]
    assert_array_equal(clf.predict(X), (p > clf.best_threshold_).astype(int))
    assert_array_equal(clf.predict(X), (clf.decision_function(X) > 0).astype(int))


def test_probabilities_are_calibrated_and_offsets_have_no_part_in_them():
    X, _, y = rows(2000, [0.7, 0.2, 0.1])
    sharp = LogisticRegression(C=1e-3)  # says too little
    tuned = TunedOffsetClassifierCV(sharp, random_state=0).fit(X, y)
    other = TunedOffsetClassifierCV(sharp, scoring="accuracy", random_state=0).fit(X, y)
    assert_allclose(tuned.predict_proba(X), other.predict_proba(X), atol=1e-12)
    assert_allclose(tuned.predict_proba(X).mean(axis=0), tuned.class_prior_, atol=0.02)
    assert get_scorer("neg_log_loss")(tuned, X, y) > (
        get_scorer("neg_log_loss")(tuned.estimator_, X, y) + 0.02
    )
    plain = TunedOffsetClassifierCV(sharp, calibration=None, random_state=0).fit(X, y)
    assert_array_equal(plain.predict_proba(X), plain.estimator_.predict_proba(X))


def test_ten_rows_of_a_class_are_not_overfitted():
    gains = []
    for seed in range(10):
        X, _, y = rows(4000, [0.9, 0.08, 0.02], seed=seed)
        few = np.r_[np.flatnonzero(y < 2)[:500], np.flatnonzero(y == 2)[:10]]
        held_out = np.setdiff1d(np.arange(y.size), few)
        clf = TunedOffsetClassifierCV(LR, random_state=0, scoring="f1_macro")
        clf.fit(X[few], y[few])
        said = [m.predict(X[held_out]) for m in (clf, clf.estimator_)]
        tuned, plain = (f1_score(y[held_out], s, average="macro") for s in said)
        gains.append(tuned - plain)
    assert np.mean(gains) > 0
    assert min(gains) > -0.05


def test_pure_noise_stays_undecided():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(400, 3)), rng.choice(3, 400, p=[0.9, 0.07, 0.03])
    clf = TunedOffsetClassifierCV(LR, random_state=0).fit(X, y)
    assert clf.best_score_ == pytest.approx(1 / 3, abs=0.1)


@pytest.mark.parametrize(
    ("scoring", "y", "said"),
    [
        ("roc_auc", [0, 1], "needs probabilities or scores"),
        ("neg_log_loss", [0, 1], "needs probabilities or scores"),
        ("f1", ["a", "b"], r"make_scorer\(metric, pos_label='b'\)"),
        ("f1", [0, 1, 2], "f1_macro"),
        ("neg_brier_score", [0, 1], "needs probabilities or scores"),
        (lambda e, X, y: e.predict_proba(X)[0, 0], [0, 1], "asks for predict_proba"),
        (lambda e, X, y: e.score(X, y), [0, 1], "more than predict and classes_"),
        (lambda e, X, y: float(X[:, 0] @ (e.predict(X) == y)), [0, 1], "reads X"),
        (lambda e, X, y: np.asarray(X, float).sum(), [0, 1], "reads X"),
        (lambda e, X, y: X["amount"].sum(), [0, 1], "reads X"),
        (lambda e, X, y: "high", [0, 1], "returns a str, not a number"),
        (lambda e, X, y: np.nan, [0, 1], "undefined for the decisions of every"),
        (make_scorer(f1_score, average=None), [0, 1], "returns a ndarray, not a"),
        (make_scorer(f1_score, pos_label=1), ["a", "b"], r"is about \[1\], and y has"),
        (
            make_scorer(recall_score, labels=[1], average="macro"),
            ["a", "b"],
            r"is about \[1\], and y has",
        ),
        (make_scorer(f1_score), [0, 1, 2], r"^scoring=make_scorer\(f1_score"),
        (make_scorer(f1_score, average="samples"), [0, 1], "does not fit the classes"),
        ("neg_mean_squared_error", ["a", "b"], "does not fit the classes"),
    ],
)
def test_what_offsets_cannot_be_tuned_for_is_refused(scoring, y, said):
    X, _ = make_classification(60, random_state=0)
    with pytest.raises(ValueError, match=said):
        TunedOffsetClassifierCV(LR, scoring=scoring).fit(X, np.resize(y, 60))


def test_a_metric_that_some_decisions_leave_undefined_is_tuned_without_a_warning():
    X, _, y = rows(400, [0.85, 0.15])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        clf = TunedOffsetClassifierCV(
            LR, scoring="neg_negative_likelihood_ratio", random_state=0
        ).fit(X, y)
    assert np.isfinite(clf.best_score_)


def test_a_scorer_that_names_the_class_is_heard():
    X, _, y = rows(600, [0.8, 0.2])
    labels = np.array(["no", "yes"])[y]
    scorer = make_scorer(f1_score, pos_label="yes")
    named = TunedOffsetClassifierCV(LR, scoring=scorer, random_state=0).fit(X, labels)
    coded = TunedOffsetClassifierCV(LR, scoring="f1", random_state=0).fit(X, y)
    assert_array_equal(named.offsets_, coded.offsets_)
    assert named.best_score_ == coded.best_score_


def test_scores_say_what_each_kind_reaches():
    X, _, y = rows(1000, [0.8, 0.2])
    clf = TunedOffsetClassifierCV(LR, random_state=0).fit(X, y)
    assert set(clf.scores_) == {"none", "shares", "each"}
    assert clf.best_score_ == clf.scores_[clf.offset_kind_]
    assert clf.best_score_ > balanced_accuracy_score(y, clf.estimator_.predict(X))
