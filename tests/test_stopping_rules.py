"""When stopping rules say stop, and what they measure."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.metrics import cohen_kappa_score
from sklearn.naive_bayes import GaussianNB

from skdataquality.active_learning import (
    BudgetExhausted,
    ClassificationChange,
    ExpectedGain,
    OverallUncertainty,
    StabilizingPredictions,
)
from skdataquality.active_learning._simulation._agreement_rules import kappa

N = 200
RULES = [
    BudgetExhausted(60),
    ClassificationChange(),
    ExpectedGain(),
    OverallUncertainty(),
    StabilizingPredictions(),
]
OF_MODELS = RULES[1:]


@pytest.fixture(params=RULES, ids=lambda rule: type(rule).__name__)
def rule(request):
    return clone(request.param)


def table(seed=0):
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 2, N)
    return rng.normal(size=(N, 3)) + 2.0 * truth[:, None], truth


def asked(rule, *, X=None, mark=lambda y: y, n_rounds=9, estimator=None, seed=0):
    """Answers of a rule while labels grow by twenty."""
    rows, truth = table(seed)
    X = rows if X is None else X
    answers = []
    for n in range(20, 20 * n_rounds + 1, 20):
        y = np.where(np.arange(N) < n, truth, -1)
        model = clone(estimator or GaussianNB()).fit(X[:n], truth[:n])
        answers.append(rule.should_stop(model, X, mark(y)))
    return answers


class Says:
    """A model that predicts what it was told."""

    def __init__(self, labels, proba=None):
        self.labels = np.asarray(labels)
        self.classes_ = np.unique(self.labels)
        self.proba = proba

    def predict(self, X):
        return self.labels

    def predict_proba(self, X):
        return self.proba


def labels_known(n, of=10):
    return np.where(np.arange(of) < n, np.arange(of) % 2, -1)


# ------------------------------------------------------------------------- kappa


def test_identical_constant_predictions_agree_wholly():
    assert kappa(["a"] * 5, ["a"] * 5) == 1.0


def test_constants_that_differ_do_not_agree_beyond_chance():
    assert kappa([0, 0, 0], [1, 1, 1]) == 0.0


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=30
    ).filter(lambda pairs: len({label for pair in pairs for label in pair}) > 1)
)
def test_kappa_is_that_of_scikit_learn(pairs):
    first, second = map(np.array, zip(*pairs, strict=True))
    assert kappa(first, second) == pytest.approx(cohen_kappa_score(first, second))
    assert kappa(first, first) == 1.0 or np.unique(first).size == 1


# ---------------------------------------------------------------------- all rules


def test_marks_of_unlabelled_rows_and_containers_mean_the_same(rule):
    X, _ = table()
    expected = asked(clone(rule))
    frame = pd.DataFrame(X, columns=["a", "b", "c"])
    nan = asked(clone(rule), X=frame, mark=lambda y: np.where(y < 0, np.nan, y))
    none = asked(clone(rule), mark=lambda y: np.where(y < 0, None, y.astype(object)))
    assert expected == nan == none


def test_asked_again_without_new_labels_it_repeats_its_answer(rule):
    X, truth = table()
    y = np.where(np.arange(N) < 60, truth, -1)
    model = GaussianNB().fit(X[:60], truth[:60])
    answers = {rule.should_stop(model, X, y) for _ in range(6)}
    assert len(answers) == len(rule.values_) == 1


def test_a_clone_has_seen_nothing(rule):
    first = asked(rule)
    assert asked(clone(rule)) == first


def test_the_order_of_rows_does_not_matter(rule):
    X, truth = table()
    if "max_rows" in rule.get_params():
        rule.set_params(max_rows=50)
    mirrored = clone(rule)
    answers = [[], []]
    for n in range(20, 181, 20):
        model = GaussianNB().fit(X[:n], truth[:n])
        y = np.where(np.arange(N) < n, truth, -1)
        answers[0].append(rule.should_stop(model, X, y))
        answers[1].append(mirrored.should_stop(model, X[::-1], y[::-1]))
    assert answers[0] == answers[1]
    np.testing.assert_allclose(rule.values_, mirrored.values_)


def test_another_table_or_fewer_labels_are_refused(rule):
    X, truth = table()
    y = np.where(np.arange(N) < 60, truth, -1)
    model = GaussianNB().fit(X[:60], truth[:60])
    rule.should_stop(model, X, y)
    with pytest.raises(ValueError, match="clone"):
        rule.should_stop(model, X[:100], y[:100])
    with pytest.raises(ValueError, match="clone"):
        rule.should_stop(model, X, np.where(np.arange(N) < 40, truth, -1))


@pytest.mark.parametrize("rule", OF_MODELS, ids=lambda rule: type(rule).__name__)
def test_without_a_model_no_rule_of_models_stops(rule):
    X, _ = table()
    rule = clone(rule)
    assert not rule.should_stop(None, X, np.where(np.arange(N) < 5, 0, -1))
    assert np.isnan(rule.values_).all()


@pytest.mark.parametrize("rule", OF_MODELS, ids=lambda rule: type(rule).__name__)
def test_sparse_rows_and_decision_functions_serve(rule):
    X, _ = table()
    answers = asked(clone(rule), X=sp.csr_array(X), estimator=RidgeClassifier())
    assert len(answers) == 9


@pytest.mark.parametrize("rule", OF_MODELS, ids=lambda rule: type(rule).__name__)
def test_text_rows_are_read_by_the_model_alone(rule):
    texts = np.array([f"row {i}" for i in range(N)], dtype=object)
    rule = clone(rule).set_params(max_rows=50)
    assert len(asked(rule, X=texts, estimator=DummyClassifier())) == 9
    assert rule.stop_rows_.shape == (50,)


# ---------------------------------------------------------------------- each rule


def test_the_budget_is_exhausted_by_as_many_labels():
    assert asked(BudgetExhausted(60), n_rounds=4) == [False, False, True, True]


def test_models_that_never_change_are_stable_after_three_comparisons():
    rule = StabilizingPredictions(n_rounds=3)
    answers = [
        rule.should_stop(Says([1] * 10), np.eye(10), labels_known(n))
        for n in range(2, 8)
    ]
    assert answers == [False, False, False, True, True, True]
    assert rule.values_[1:] == [1.0] * 5


def test_kappa_of_each_round_is_that_of_its_model_and_the_one_before():
    rule = StabilizingPredictions()
    said = np.random.default_rng(0).integers(0, 3, (5, 10))
    for n, labels in enumerate(said, start=2):
        rule.should_stop(Says(labels), np.eye(10), labels_known(n))
    expected = [cohen_kappa_score(a, b) for a, b in pairwise(said)]
    np.testing.assert_allclose(rule.values_[1:], expected)


def test_changed_predictions_are_counted():
    rule = ClassificationChange(0.1)
    said = np.zeros((3, 10), dtype=int)
    said[1, :3] = 1
    said[2, :4] = 1
    answers = [
        rule.should_stop(Says(labels), np.eye(10), labels_known(n))
        for n, labels in enumerate(said, start=2)
    ]
    assert rule.values_[1:] == [0.3, 0.1]
    assert answers == [False, False, True]


@pytest.mark.parametrize(("certain", "entropy"), [(0.5, 1.0), (1.0, 0.0)])
def test_entropy_is_a_share_of_the_highest(certain, entropy):
    proba = np.tile([certain, 1 - certain], (10, 1))
    rule = OverallUncertainty()
    stop = rule.should_stop(Says([0, 1] * 5, proba), np.eye(10), labels_known(4))
    assert rule.values_[0] == pytest.approx(entropy, abs=1e-9)
    assert stop == (entropy < 0.05)


def test_the_latest_model_marks_the_earlier_ones_by_its_probabilities():
    proba = np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]])
    classes = np.array(["a", "b"])
    mark = ExpectedGain._mark
    assert mark(proba, classes, np.array(["a", "b", "a"])) == pytest.approx(2.3 / 3)
    assert mark(proba, classes, np.array(["a", "a", "c"])) == pytest.approx(1.1 / 3)


@pytest.mark.parametrize(("step", "stops"), [(0, True), (1, False)])
def test_models_that_agree_expect_no_gain_and_changing_ones_do(step, stops):
    rule = ExpectedGain(more=1.0)
    for n in range(2, 10):
        said = (np.arange(20) >= 18 - step * n).astype(int)
        stop = rule.should_stop(
            Says(said, np.eye(2)[said]), np.eye(20), labels_known(n, 20)
        )
    assert stop == stops
    assert (rule.values_[-1] < 0.01) == stops


def test_more_labels_are_expected_to_gain_more():
    gains = []
    for more in (10, 40, 1.0, 3.0):
        rule = ExpectedGain(more=more)
        asked(rule, n_rounds=5, estimator=LogisticRegression())
        gains.append(rule.values_[-1])
    assert gains == sorted(gains)
    assert gains[0] < gains[-1]


@pytest.mark.parametrize(
    "rule",
    [
        StabilizingPredictions(1.5),
        StabilizingPredictions(n_rounds=0),
        ClassificationChange(-0.1),
        ExpectedGain(0),
        ExpectedGain(more=0),
        OverallUncertainty(0),
        BudgetExhausted(0),
    ],
    ids=repr,
)
def test_parameters_out_of_range_are_refused(rule):
    X, truth = table()
    with pytest.raises(ValueError, match="must be"):
        rule.should_stop(GaussianNB().fit(X, truth), X, truth)
