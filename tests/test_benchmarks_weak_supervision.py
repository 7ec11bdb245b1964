"""The benchmark of votes: its figures and drawn votes, without data and peers."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.weak_supervision import comments, end_to_end, peers, scores, speed
from benchmarks.weak_supervision.data import (
    NO_GOLD,
    draw_one_sided,
    draw_votes,
    load_crowd,
)
from benchmarks.weak_supervision.simulation import accuracies_of_votes


def test_ties_count_by_chance():
    proba = [[0.5, 0.5, 0.0], [0.2, 0.8, 0.0], [0.4, 0.4, 0.2], [1 / 3] * 3]
    found = scores.expected_accuracy(proba, np.array([0, 1, 2, 0]))
    assert found == pytest.approx((1 / 2 + 1 + 0 + 1 / 3) / 4)
    assert np.isnan(scores.expected_accuracy([[np.nan, 1.0]], np.array([1])))


def test_confidence_that_is_kept_leaves_no_gap():
    truth = np.repeat([0, 1], [80, 20])
    proba = np.tile([0.8, 0.2], (100, 1))
    shuffled = np.random.default_rng(0).permutation(100)
    assert scores.calibration_error(proba, truth[shuffled], 1) == pytest.approx(0)
    sure = np.tile([1.0, 0.0], (100, 1))
    assert scores.calibration_error(sure, truth[shuffled], 1) == pytest.approx(0.2)


def test_log_loss_is_that_of_the_true_class():
    found = scores.log_loss([[0.25, 0.75], [1.0, 0.0]], np.array([0, 0]))
    assert found == pytest.approx(np.log(4) / 2)


def test_drawn_sources_are_as_good_as_asked_for():
    accuracies = np.array([0.55, 0.9])
    votes, truth = draw_votes(20000, accuracies, 5, coverage=0.5, shares=[0.2] * 5)
    np.testing.assert_allclose(accuracies_of_votes(votes, truth), accuracies, atol=0.02)
    assert (votes != NO_GOLD).mean() == pytest.approx(0.5, abs=0.01)


def test_drawn_functions_know_one_class():
    votes, _ = draw_one_sided(20000, 6, 2, coverage=0.1, shares=[0.8, 0.2])
    assert [set(column) for column in votes.T] == [{-1, 0}, {-1, 1}] * 3
    assert (votes != NO_GOLD).mean() == pytest.approx(0.1, abs=0.03)


def test_a_drawn_crowd_has_a_truth_for_each_task():
    crowd = load_crowd("drawn")
    votes, labels = crowd.wide
    assert votes.shape[0] == crowd.truth.size == crowd.tasks.size
    assert (votes != NO_GOLD).sum() == len(crowd.frame)
    assert labels.tolist() == [0, 1]


def test_who_does_not_answer_says_why():
    def absent():
        import a_package_that_nobody_has  # noqa: F401

    def fails():
        raise AttributeError("has no tags.\nmore")

    assert peers.ask(absent) == (None, "a_package_that_nobody_has is not installed")
    assert peers.ask(fails) == (None, "AttributeError: has no tags")
    assert peers.ask(int, "3") == (3, "")


def test_gold_labels_are_as_good_from_where_they_stay_ahead():
    gold = [(10, 70), (20, 85), (50, 80), (100, 90)]
    lines = [("", end_to_end.GOLD_ONLY, *line) for line in gold]
    lines += [("a", "some", 0, 82), ("a", "best", 0, 95), ("a", "silent", 0, np.nan)]
    rows = pd.DataFrame(lines, columns=["functions", "method", "n_gold", "f1"])
    found = end_to_end.break_even(rows).set_index("method")["gold labels"]
    assert found.to_dict() == {"some": "100", "best": "over 100"}


def test_the_size_of_a_task_is_read():
    assert speed._numbers("rte") == ("rte",)
    assert speed._numbers("100 x 20") == (100,)
    assert speed._numbers("100 x 20 x 3") == (100, 20, 3)


def test_written_functions_vote_on_what_they_describe():
    texts = ["Please SUBSCRIBE to my channel", "nice song", "http://a.b"]
    votes = end_to_end.written(texts)
    assert votes.shape == (3, len(comments.FUNCTIONS)) == (3, 10)
    assert set(votes[0][votes[0] >= 0]) == {comments.SPAM, comments.HAM}  # it is short
    assert set(votes[1][votes[1] >= 0]) == {comments.HAM}
