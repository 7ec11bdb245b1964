"""Scores on the true labels end where their metric does; gains do not."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose
from sklearn.datasets import make_classification
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score, get_scorer

from skdataquality.imbalance import ClassBalanceWeighter
from skdataquality.model_selection import compare_remedies
from skdataquality.model_selection._verification import _truth
from skdataquality.model_selection._verification._ranges import range_of, within
from skdataquality.utils._sklearn import metric_of
from skdataquality.utils._stats import Interval

GREATEST = {
    "accuracy": 1,
    "balanced_accuracy": 1,
    "f1": 1,
    "jaccard": 1,
    "roc_auc": 1,
    "matthews_corrcoef": 1,
    "neg_log_loss": 0,
    "neg_brier_score": 0,
}


class Oracle(LogisticRegression):
    """Answers a column of the rows, and is as sure as can be."""

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        return self

    def predict(self, X):
        return X[:, 0].astype(int)

    def predict_proba(self, X):
        return np.stack([1 - X[:, 0], X[:, 0]], axis=1)

    def decision_function(self, X):
        return X[:, 0]


@pytest.mark.parametrize("metric", GREATEST)
def test_the_greatest_score_is_that_of_who_knows(metric):
    y = np.repeat([0, 1], 20)
    scorer, oracle = get_scorer(metric), Oracle().fit(None, y)
    least, greatest = range_of(metric_of(scorer))
    assert greatest == GREATEST[metric]
    assert_allclose(scorer(oracle, y[:, None], y), greatest, atol=1e-12)
    worst = scorer(oracle, 1 - y[:, None], y)
    assert least <= worst
    if math.isfinite(least):
        assert_allclose(worst, least, atol=1e-12)


def test_scores_of_which_nothing_is_known_stay():
    assert range_of((balanced_accuracy_score, 1, {"adjusted": True})) == (-1, 1)
    unknown = (np.median, 1, {})
    score = Interval(7.0, -3.0, 12.0, "verified labels")
    assert within(score, unknown) == score
    assert within(7.0, unknown) == 7


@pytest.fixture(scope="module")
def comparison():
    X, truth = make_classification(
        300, n_informative=6, class_sep=2.0, flip_y=0, random_state=0
    )
    lost = np.random.default_rng(0).random(300) < 0.3
    return compare_remedies(
        LogisticRegression(),
        {"balance": ClassBalanceWeighter()},
        X,
        np.where(lost, 0, truth),
        scoring=["accuracy", "balanced_accuracy", "f1", "roc_auc", "neg_log_loss"],
        random_state=0,
    ), truth


def test_scores_are_cut_off_and_gains_are_not(comparison, monkeypatch):
    """Draw 6 puts the accuracy of the better one above 1."""
    given, truth = comparison
    plan = given.plan_verification(30, random_state=6)
    answers = plan.verified(truth[plan.rows])
    cut = given.verify(answers)
    with monkeypatch.context() as patch:
        patch.setattr(_truth, "within", lambda score, function: score)
        raw = given.verify(answers)
    assert raw.true_means_["accuracy"]["balance"].estimate > 1
    assert raw.true_means_["f1"]["nothing"].upper > 1
    assert cut.true_means_["accuracy"]["balance"].estimate == 1
    assert any("accuracy: scores estimated beyond" in note for note in cut.notes_)
    assert not any("cut off" in note for note in raw.notes_)
    for metric, means in cut.true_means_.items():
        for mean in means.values():
            ends = [getattr(mean, name, mean) for name in ("estimate", "upper")]
            assert max(ends) <= GREATEST[metric]
        rows, before = (c.table(metric, labels="true") for c in (cut, raw))
        for row, was in zip(rows, before, strict=True):
            assert row | {"score": 0} == pytest.approx(was | {"score": 0}, nan_ok=True)
    assert cut.best_ == raw.best_
