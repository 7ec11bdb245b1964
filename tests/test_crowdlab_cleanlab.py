"""CROWDLAB and ActiveLab give what cleanlab gives, where cleanlab gives something."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from skdataquality.exceptions import SingleVotesWarning
from skdataquality.weak_supervision import crowdlab, relabel_scores

multiannotator = pytest.importorskip("cleanlab.multiannotator")
tools = pytest.importorskip("cleanlab.internal.multiannotator_utils")


def crowd(seed, n_rows=300, n_annotators=7, n_classes=3, coverage=0.4, skill=0.75):
    """Votes with NaN, one at least on each row, and probabilities of a model."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(n_classes, size=n_rows)
    skills = np.clip(rng.normal(skill, 0.15, n_annotators), 0.3, 1)
    right = rng.random((n_rows, n_annotators)) < skills
    guess = rng.integers(n_classes, size=right.shape)
    votes = np.where(right, truth[:, None], guess).astype(float)
    gone = rng.random(votes.shape) > coverage
    gone[np.arange(n_rows), rng.integers(n_annotators, size=n_rows)] = False
    votes[gone] = np.nan
    votes[:n_classes, 0] = np.arange(n_classes)
    logits = rng.normal(size=(n_rows, n_classes)) + 2 * np.eye(n_classes)[truth]
    proba = np.exp(logits)
    return votes, proba / proba.sum(axis=1, keepdims=True)


def peer(votes, proba):
    return multiannotator.get_label_quality_multiannotator(
        votes, proba, return_weights=True, verbose=False
    )


@pytest.mark.parametrize(
    "setting",
    [
        {},
        {"n_classes": 2},
        {"n_classes": 6, "n_annotators": 15},
        {"coverage": 0.1},
        {"coverage": 1.0, "n_annotators": 3},
        {"coverage": 1.0, "n_annotators": 4, "n_classes": 2, "skill": 0.5},
        {"skill": 0.45},
    ],
    ids=str,
)
@pytest.mark.parametrize("seed", range(3))
def test_consensus_quality_and_weights(setting, seed):
    votes, proba = crowd(seed, **setting)
    theirs, ours = peer(votes, proba), crowdlab(votes, proba)
    rows = theirs["label_quality"]
    assert_array_equal(ours.labels, rows["consensus_label"])
    assert_allclose(ours.quality, rows["consensus_quality_score"], atol=1e-8)
    assert_allclose(ours.agreement, rows["annotator_agreement"], atol=1e-12)
    assert_array_equal(ours.n_votes, rows["num_annotations"])
    assert_allclose(ours.annotator_weight, theirs["annotator_weight"], atol=1e-8)
    assert ours.model_weight == pytest.approx(theirs["model_weight"], abs=1e-8)
    people = theirs["annotator_stats"].sort_index()
    assert_allclose(ours.annotator_quality, people["annotator_quality"], atol=1e-8)
    assert_allclose(ours.annotator_agreement, people["agreement_with_consensus"])
    assert_array_equal(ours.annotator_n_votes, people["num_examples_labeled"])


def test_an_annotator_who_shares_no_row_weighs_as_the_mean():
    votes, proba = crowd(0)
    alone = np.full((20, 7), np.nan)
    votes = np.column_stack([np.vstack([votes, alone]), np.full(320, np.nan)])
    votes[300:, 7] = np.arange(20) % 3
    proba = np.vstack([proba, np.full((20, 3), 1 / 3)])
    theirs, ours = peer(votes, proba), crowdlab(votes, proba)
    assert_allclose(ours.annotator_weight, theirs["annotator_weight"], atol=1e-8)
    assert ours.annotator_quality[7] > 0  # NaN there


def test_ties_that_a_model_cannot_break_go_to_the_rarer_class():
    votes, proba = crowd(1, coverage=1.0, n_annotators=4)
    proba = np.full_like(proba, 1 / 3)
    assert_array_equal(
        crowdlab(votes, proba).labels,
        peer(votes, proba)["label_quality"]["consensus_label"],
    )


@pytest.mark.parametrize("seed", range(3))
def test_scores_for_asking(seed):
    votes, proba = crowd(seed)
    new = crowd(seed + 10)[1][:50]
    theirs = multiannotator.get_active_learning_scores(votes, proba, new)
    temperature = tools.find_best_temp_scaler(votes, proba)
    pool = np.vstack([votes, np.full((50, votes.shape[1]), np.nan)])
    both = np.vstack([proba, new])
    scaled = tools.temp_scale_pred_probs(both, temperature)
    ours = relabel_scores(pool, scaled, calibrate=False)
    assert_allclose(ours, np.concatenate(theirs), atol=1e-8)


def test_scores_for_asking_where_all_votes_are_single():
    votes, proba = crowd(4, coverage=0)
    votes[:3] = np.nan
    votes[:3, 1] = np.arange(3)
    theirs, _ = multiannotator.get_active_learning_scores(votes, proba)
    assert_allclose(relabel_scores(votes, proba), theirs, atol=1e-8)
    with pytest.warns(SingleVotesWarning):
        assert_array_equal(crowdlab(votes, proba).labels, np.nanmax(votes, axis=1))
