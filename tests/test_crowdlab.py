"""What CROWDLAB and the question of whom to ask promise, without a peer."""

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from numpy.testing import assert_allclose, assert_array_equal

from skdataquality.exceptions import SingleVotesWarning
from skdataquality.weak_supervision import (
    DawidSkene,
    LongVotes,
    consensus,
    crowdlab,
    relabel_scores,
)


def crowd(seed=0, n_rows=400, skills=(0.9, 0.8, 0.7, 0.6, 0.35), coverage=0.6, K=3):
    """Truth, votes with -1 and probabilities of an independent model."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(K, size=n_rows)
    right = rng.random((n_rows, len(skills))) < skills
    wrong = (truth[:, None] + rng.integers(1, K, size=right.shape)) % K
    votes = np.where(right, truth[:, None], wrong)
    votes[rng.random(votes.shape) > coverage] = -1
    logits = rng.normal(size=(n_rows, K)) + 2 * np.eye(K)[truth]
    proba = np.exp(logits)
    return truth, votes, proba / proba.sum(axis=1, keepdims=True)


def test_it_beats_votes_and_model_and_knows_how_good_annotators_are():
    truth, votes, proba = crowd(n_rows=2_000)
    result = crowdlab(votes, proba)
    asked = result.n_votes > 0
    right = (result.labels == truth)[asked]
    counts = np.stack([(votes == k).sum(axis=1) for k in range(3)], axis=1)
    assert right.mean() > (counts.argmax(axis=1) == truth)[asked].mean() + 0.03
    assert right.mean() > (proba.argmax(axis=1) == truth)[asked].mean() + 0.03
    assert (np.diff(result.annotator_quality) < 0).all()
    assert (np.diff(result.annotator_weight) <= 0).all()
    assert list(result.worst_annotators(2)) == [4, 3]
    low = result.quality[asked] < np.median(result.quality[asked])
    assert right[~low].mean() > right[low].mean() + 0.05
    doubtful = result.needs_vote[asked]
    assert 0.05 < doubtful.mean() < 0.6
    assert right[~doubtful].mean() > right[doubtful].mean() + 0.05


def test_posterior_is_a_probability_whose_largest_is_mostly_the_consensus():
    """The last pass weighs anew; where it differs, a vote is needed."""
    _, votes, proba = crowd()
    result = crowdlab(votes, proba)
    assert_allclose(result.posterior.sum(axis=1), 1, atol=1e-12)
    assert (result.posterior >= 0).all()
    own = result.posterior[np.arange(400), result.labels]
    assert_array_equal(result.quality, own)
    same = result.labels == result.posterior.argmax(axis=1)
    assert same.mean() > 0.9
    assert result.needs_vote[~same].all()


@pytest.mark.parametrize("K", [2, 4])
def test_neither_order_nor_form_nor_names_matter(K):
    rng = np.random.default_rng(1)
    _, votes, proba = crowd(1, K=K)
    expected = crowdlab(votes, proba)
    rows, people = rng.permutation(len(votes)), rng.permutation(votes.shape[1])
    shuffled = crowdlab(votes[rows][:, people], proba[rows])
    assert_array_equal(shuffled.labels, expected.labels[rows])
    assert_allclose(shuffled.quality, expected.quality[rows], atol=1e-9)
    assert_array_equal(shuffled.needs_vote, expected.needs_vote[rows])
    assert_allclose(
        shuffled.annotator_quality, expected.annotator_quality[people], atol=1e-9
    )
    names = np.array(["a", "b", "c", "d"][:K])
    row, source = np.nonzero(votes >= 0)
    words = pd.DataFrame(np.where(votes >= 0, names[votes], None))
    full = np.vstack([votes, np.zeros(votes.shape[1], dtype=int)])  # no row is empty
    more = np.vstack([proba, np.eye(K)[:1]])
    with_last = crowdlab(full, more)
    n = len(votes)
    at = np.append(row, np.full(votes.shape[1], n))
    who = np.append(source, np.arange(votes.shape[1]))
    said = np.append(names[votes[row, source]], np.full(votes.shape[1], "a"))
    used = np.unique(at)
    for same, given, kept in (
        (words, proba, expected),
        (sp.csr_array(votes + 1), proba, expected),
        (LongVotes(at, who, said), more[used], None),
    ):
        found = crowdlab(same, given)
        if kept is None:
            assert_allclose(found.quality, with_last.quality[used], atol=1e-9)
            continue
        assert_allclose(found.quality, kept.quality, atol=1e-9)
        assert found.model_weight == pytest.approx(kept.model_weight)


def test_a_row_without_votes_has_the_model_and_moves_no_other():
    _, votes, proba = crowd(2)
    votes[:20] = -1
    whole, voted = crowdlab(votes, proba), crowdlab(votes[20:], proba[20:])
    assert_allclose(whole.posterior[:20], proba[:20], atol=1e-12)
    assert whole.needs_vote[:20].all()
    assert np.isnan(whole.agreement[:20]).all()
    assert_allclose(whole.quality[20:], voted.quality, atol=1e-12)
    assert_allclose(whole.annotator_quality, voted.annotator_quality, atol=1e-12)


def test_a_row_without_a_prediction_has_the_votes():
    _, votes, proba = crowd(3)
    votes[:2] = [[0, 0, 0, -1, 1], [-1, -1, -1, -1, -1]]
    proba[:2] = np.nan
    result = crowdlab(votes, proba)
    assert result.labels[0] == 0
    assert_allclose(result.posterior[:2].sum(axis=1), 1)
    shares = np.bincount(votes[votes >= 0]) / (votes >= 0).sum()
    assert_allclose(result.posterior[1], shares)
    assert result.needs_vote[1]


def test_one_vote_can_turn_exactly_the_rows_that_need_one():
    """Counted by hand: equal weights, a model that says nothing."""
    votes = np.array([[0, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 1], [1, 1, 1, 1]] * 10)
    result = crowdlab(votes, np.full((40, 2), 0.5))
    assert_array_equal(result.needs_vote, [False, False, True, False] * 10)


def test_single_votes_are_judged_by_the_model():
    proba = np.array([[0.9, 0.1], [0.2, 0.8], [0.7, 0.3]])
    votes = [[0, None], [None, 0], [1, None]]
    with pytest.warns(SingleVotesWarning, match="labelled twice"):
        result = crowdlab(votes, proba)
    assert_array_equal(result.labels, [0, 0, 1])
    assert_allclose(result.quality, [0.9, 0.2, 0.3])
    assert_array_equal(result.needs_vote, [False, True, True])
    assert_allclose(result.annotator_quality, [0.6, 0.2])
    assert "judged by the classifier" in repr(result)


def test_an_annotator_without_a_vote_has_no_quality():
    _, votes, proba = crowd(4)
    votes = np.column_stack([votes, np.full(len(votes), -1)])
    result = crowdlab(votes, proba)
    assert np.isnan(result.annotator_quality[5])
    assert result.annotator_n_votes[5] == 0
    assert 5 not in result.worst_annotators(9)


def test_one_class_is_certain():
    result = crowdlab([["a", "a"], ["a", None]], [[1.0], [1.0]])
    assert_allclose(result.quality, 1)
    assert not result.needs_vote.any()


def test_sure_models_and_humble_ones_give_the_same_scores():
    _, votes, proba = crowd(5)
    sharp = proba**3 / (proba**3).sum(axis=1, keepdims=True)
    assert_allclose(
        relabel_scores(votes, proba, calibrate=True),
        relabel_scores(votes, sharp, calibrate=True),
        atol=1e-4,
    )
    assert_allclose(
        crowdlab(votes, proba, calibrate=True).quality,
        crowdlab(votes, sharp, calibrate=True).quality,
        atol=1e-4,
    )


def test_who_is_asked_first():
    votes = np.array([[0, 0, 0], [0, 0, -1], [0, 1, -1], [1, 1, 1], [-1, -1, -1]])
    votes = np.tile(votes, (20, 1))
    proba = np.tile([[0.6, 0.4]], (100, 1))
    scores = relabel_scores(votes, proba)
    assert_array_equal(scores, crowdlab(votes, proba).ask_scores)
    three, two, split, _, none = scores[:5]
    assert split < two < three
    assert none < two
    assert ((scores > 0) & (scores < 1)).all()


def test_asking_by_the_scores_is_worth_more_than_asking_anyone():
    gained = dict.fromkeys(["scores", "random", "fewest votes"], 0.0)
    for seed in range(3):
        skills = 0.8, 0.75, 0.7, 0.6
        truth, votes, proba = crowd(seed, n_rows=1_500, skills=skills, coverage=0.5)
        rng = np.random.default_rng(seed)
        orders = {
            "scores": relabel_scores(votes, proba).argsort(kind="stable"),
            "random": rng.permutation(1_500),
            "fewest votes": (votes >= 0).sum(axis=1).argsort(kind="stable"),
        }
        answers = np.where(rng.random(1_500) < 0.8, truth, (truth + 1) % 3)
        for name, order in orders.items():
            asked = np.full(1_500, -1)
            asked[order[:300]] = answers[order[:300]]
            more = crowdlab(np.column_stack([votes, asked]), proba)
            gained[name] += (more.labels == truth).mean() / 3
    assert gained["scores"] > gained["random"] + 0.008
    assert gained["scores"] > gained["fewest votes"] + 0.004


def test_frames_have_a_line_for_each_row_and_annotator():
    _, votes, proba = crowd(6)
    result = crowdlab(pd.DataFrame(votes, columns=list("vwxyz")), proba)
    rows, people = result.to_frame(), result.annotators_to_frame()
    assert_array_equal(rows["label"], result.labels)
    assert_array_equal(rows["ask_score"], result.ask_scores)
    assert people["annotator"].tolist() == list("zyxwv")
    assert people["quality"].is_monotonic_increasing
    assert "lowest quality={'z': " in repr(result)
    assert "<table>" in result._repr_html_()


@pytest.mark.parametrize(
    ("votes", "proba", "said"),
    [
        ([[0, 1], [1, 1]], [[0.5, 0.5]], "pred_proba has 1 rows"),
        ([[0, 1], [1, 2]], [[0.5, 0.5]] * 2, "2 columns but there are 3 classes"),
        ([[0, 1], [1, 1]], [[0.5, 0.7]] * 2, "do not sum to 1"),
        ([[None, None]], [[0.5, 0.5]], "no vote"),
        ([0, 1], [[0.5, 0.5]] * 2, "2D"),
    ],
)
@pytest.mark.parametrize("function", [crowdlab, relabel_scores])
def test_what_does_not_fit_is_refused(function, votes, proba, said):
    with pytest.raises(ValueError, match=said):
        function(votes, np.array(proba))


def test_nothing_is_changed():
    _, votes, proba = crowd(7)
    votes.flags.writeable = proba.flags.writeable = False
    frozen = proba.copy()
    result = crowdlab(votes, proba, calibrate=True)
    assert result.posterior is not proba
    assert_array_equal(frozen, proba)


@pytest.mark.parametrize("label_model", [None, DawidSkene()])
def test_an_annotator_who_never_votes_changes_nothing(label_model):
    rng = np.random.default_rng(0)
    truth = (rng.random(100) < 0.15).astype(int)
    right = rng.random((100, 6)) < [0.95, 0.95, 0.9, 0.5, 0.5, 0.4]
    votes = np.where(right, truth[:, None], 1 - truth[:, None])
    votes[rng.random(votes.shape) < 0.5] = -1
    proba = rng.dirichlet([1, 1], 100)
    first = consensus(votes, proba, label_model)
    second = consensus(np.c_[votes, np.full(100, -1)], proba, label_model)
    np.testing.assert_allclose(first.ask_scores, second.ask_scores, atol=1e-9)
    qualities = second.annotator_quality[:6]
    np.testing.assert_allclose(first.annotator_quality, qualities, atol=1e-9)
    np.testing.assert_array_equal(first.needs_vote, second.needs_vote)
