"""One consensus from votes, a label model, a classifier, or all of them."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.linear_model import LogisticRegression

from skdataquality.weak_supervision import (
    DawidSkene,
    MajorityVote,
    MultiAnnotatorClassifier,
    OneCoin,
    consensus,
    crowdlab,
)
from tests.test_crowdlab import crowd

MODELS = [DawidSkene(), OneCoin(), MajorityVote()]
pytestmark = pytest.mark.filterwarnings(
    "ignore::skdataquality.exceptions.WorseThanChanceWarning"
)


def test_a_label_model_says_what_it_says_alone():
    _, votes, _ = crowd()
    for model in (None, *MODELS):
        result = consensus(votes, label_model=model)
        alone = (model or DawidSkene()).fit(votes)
        assert_array_equal(result.labels, alone.predict(votes))
        assert_allclose(result.posterior, alone.predict_proba(votes))
        assert_allclose(result.annotator_quality, alone.accuracies_)
        assert not hasattr(model, "classes_") or model is alone


def test_with_probabilities_alone_it_is_crowdlab():
    _, votes, proba = crowd()
    assert_array_equal(
        consensus(votes, proba).posterior, crowdlab(votes, proba).posterior
    )


@pytest.mark.parametrize("model", MODELS, ids=repr)
def test_votes_and_classifier_together_are_better_than_each(model):
    truth, votes, proba = crowd(n_rows=2_000)
    both = consensus(votes, proba, model)
    asked = both.n_votes > 0
    right = (both.labels == truth)[asked]
    alone = (consensus(votes, None, model).labels == truth)[asked]
    assert right.mean() > alone.mean() + 0.03
    assert right.mean() > (proba.argmax(axis=1) == truth)[asked].mean() + 0.03
    assert right[~both.needs_vote[asked]].mean() > right[both.needs_vote[asked]].mean()
    assert "Bayes" in both.method


def test_quality_is_the_chance_to_be_right():
    truth, votes, proba = crowd(n_rows=4_000)
    for given in (None, proba):
        result = consensus(votes, given, DawidSkene())
        right = result.labels == truth
        assert abs(right.mean() - result.quality.mean()) < 0.03
        low = result.quality < 0.8
        assert abs(right[low].mean() - result.quality[low].mean()) < 0.06


def test_bayes_rule_by_hand():
    """Independent votes of known accuracy, and the true posterior of the features."""
    rng = np.random.default_rng(0)
    n = 20_000
    truth = (rng.random(n) < 0.3).astype(int)
    x = rng.normal(size=n) + 1.5 * truth
    odds = np.exp(1.5 * x - 1.125) * 3 / 7
    proba = np.column_stack([1 / (1 + odds), odds / (1 + odds)])
    accuracy = np.array([0.9, 0.8, 0.7, 0.7, 0.6])
    right = rng.random((n, 5)) < accuracy
    votes = np.where(right, truth[:, None], 1 - truth[:, None])
    signs = 2 * votes - 1
    expected = odds * np.exp(signs @ np.log(accuracy / (1 - accuracy)))
    result = consensus(votes, proba, DawidSkene())
    assert np.abs(result.posterior[:, 1] - expected / (1 + expected)).mean() < 0.02


@pytest.mark.parametrize("model", [*MODELS, None], ids=repr)
def test_neither_order_of_rows_nor_of_annotators_matters(model):
    rng = np.random.default_rng(1)
    _, votes, proba = crowd(1)
    rows, people = rng.permutation(len(votes)), rng.permutation(votes.shape[1])
    for given in (None, proba):
        expected = consensus(votes, given, model)
        moved = None if given is None else given[rows]
        found = consensus(votes[rows][:, people], moved, model)
        assert_array_equal(found.labels, expected.labels[rows])
        assert_allclose(found.quality, expected.quality[rows], atol=1e-6)
        assert_array_equal(found.needs_vote, expected.needs_vote[rows])


def test_one_vote_more_turns_the_rows_that_need_one():
    """Three annotators alike: two to one is turned by one vote, three to none not."""
    split = [[0, 0, 1], [0, 1, 0], [1, 0, 0], [1, 1, 0], [1, 0, 1], [0, 1, 1]]
    votes = np.array([[0, 0, 0]] * 20 + [[1, 1, 1]] * 20 + split * 2 + [[-1, -1, -1]])
    result = consensus(votes, label_model=OneCoin())
    assert not result.needs_vote[:40].any()
    assert result.needs_vote[40:].all()
    assert result.ask_scores.argmin() == 52
    assert result.ask_scores[:40].min() > result.ask_scores[40:].max()


def test_rows_and_annotators_without_votes_have_what_is_known():
    _, votes, proba = crowd(2)
    votes[:3] = -1
    votes = np.column_stack([votes, np.full(len(votes), -1)])
    alone = consensus(votes)
    assert_allclose(alone.posterior[:3], np.tile(alone.posterior[0], (3, 1)))
    both = consensus(votes, proba, DawidSkene())
    assert_array_equal(both.labels[:3], proba[:3].argmax(axis=1))
    proba[:4] = np.nan
    part = consensus(votes, proba, DawidSkene())
    assert_allclose(part.posterior[:3].sum(axis=1), 1)
    for result in (alone, both, part):
        assert result.needs_vote[:3].all()
        assert np.isnan(result.annotator_quality[5])
        assert np.isfinite(result.annotator_weight).all()
        assert np.isfinite(result.quality).all()


def test_few_lines_say_it():
    _, votes, _ = crowd(3)
    names = ["ann", "bob", "cy", "dan", "\x1b[31mred"]
    result = consensus(pd.DataFrame(votes, columns=names))
    assert "\x1b" not in repr(result) + result._repr_html_()
    assert len(repr(result).split("\n")) <= 5
    assert "method='DawidSkene'" in repr(result)
    assert len(result.to_frame()) == len(votes)


def test_a_label_model_inside_the_classifier():
    rng = np.random.default_rng(4)
    truth, votes, _ = crowd(4)
    X = rng.normal(size=(len(truth), 3)) + 2 * np.eye(3)[truth]
    clf = MultiAnnotatorClassifier(
        LogisticRegression(), label_model=DawidSkene(), random_state=0
    ).fit(X, votes)
    assert "Bayes" in clf.result_.method
    assert clf.score(X, truth) > 0.85
    assert clf.get_params()["label_model__strength"] == 2
    alone = consensus(votes)
    assert (clf.consensus_ == truth).mean() > (alone.labels == truth).mean() + 0.03


@pytest.mark.parametrize(
    ("votes", "said"),
    [
        ([[None, None]], "no vote"),
        ([0, 1, 1], "2D"),
        ([[-1, 1], [1, -1]], "missing_label"),
    ],
)
def test_what_is_no_table_of_votes_is_refused(votes, said):
    with pytest.raises(ValueError, match=said):
        consensus(votes)
