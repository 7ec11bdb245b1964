"""VerifiedLabels holds what a person said, and refuses the table it is not of."""

import pickle

import numpy as np
import pytest

from skdataquality.verified import VerifiedLabels, as_verified

Y = np.array(["a", "b", "a", "b", "a"])


def test_says_which_given_labels_are_wrong():
    verified = VerifiedLabels([4, 0, 1], ["a", "b", None])
    assert verified.is_wrong(Y).tolist() == [False, True, True]


def test_survives_pickling_and_a_second_construction():
    first = VerifiedLabels([4, 0], ["a", "b"], [0.5, np.nan], reviewer="kim")
    again = VerifiedLabels(**first.to_dict())
    assert pickle.loads(pickle.dumps(first)).to_dict() == again.to_dict()


def test_weights_stand_for_all_rows_that_could_be_drawn():
    """Simple random sampling of m from n rows: weights sum to n, answered or not."""
    verified = VerifiedLabels(
        [0, 1, 2], [1, 1, 0], [0.1] * 3, cannot_say=[7], unanswered=[8]
    )
    assert np.isclose(verified.weight.sum(), 5 / 0.1)


def test_a_row_that_no_plan_drew_stands_for_itself():
    verified = VerifiedLabels([0, 1], [1, 1], [0.1, np.nan])
    assert verified.weight.tolist() == [10.0, 1.0]
    assert verified.is_drawn.tolist() == [True, False]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"rows": [0, 0], "labels": [1, 1]}, "twice"),
        ({"rows": [0, 1], "labels": [1]}, "one for each row"),
        ({"rows": [-1], "labels": [1]}, "numbered from 0"),
        ({"rows": [0.5], "labels": [1]}, "row numbers"),
        ({"rows": [5], "labels": [1], "n_rows": 5}, "row 5"),
        ({"rows": [0], "labels": [1], "cannot_say": [0]}, "twice"),
        ({"rows": [0], "labels": [1], "inclusion_probability": [0.0]}, "chance"),
        ({"rows": [0], "labels": [1], "inclusion_probability": ["a"]}, "no number"),
        ({"rows": [0], "labels": [True], "given": [0]}, "True, but labels of the"),
        ({"rows": [0], "labels": [1], "purpose": "fun"}, "purpose"),
    ],
)
def test_refuses_what_cannot_be(arguments, message):
    with pytest.raises(ValueError, match=message):
        VerifiedLabels(**arguments)


@pytest.mark.parametrize(
    ("arguments", "y", "message"),
    [
        ({}, Y[:3], "row 3"),
        ({"n_rows": 6}, Y, "6 rows"),
        ({"given": ["a"]}, Y, "first in row 3, labelled 'a'"),
    ],
)
def test_refuses_another_table(arguments, y, message):
    verified = VerifiedLabels([3], ["a"], **arguments)
    with pytest.raises(ValueError, match=message):
        verified.check_table(y)


def test_rows_are_renumbered_for_a_table_made_of_some():
    """A row that the other table has twice is verified twice; a made row is not."""
    verified = VerifiedLabels(
        [4, 0, 2], ["x", "y", None], [0.1, 0.2, np.nan], cannot_say=[1], n_rows=5
    )
    taken = verified.take([4, -1, 1, 2, 4])
    assert taken.rows.tolist() == [0, 3, 4]
    assert taken.labels.tolist() == ["x", None, "x"]
    np.testing.assert_array_equal(taken.inclusion_probability, [0.1, np.nan, 0.1])
    assert taken.cannot_say.tolist() == [2]
    assert taken.n_rows == 5
    assert VerifiedLabels([], []).take([0, 1]).rows.size == 0


def test_a_mask_says_that_the_label_is_right():
    for mask in ([True, False, True, False, False], np.array([1, 0, 1, 0, 0], bool)):
        verified = as_verified(mask, Y)
        assert verified.rows.tolist() == [0, 2]
        assert not verified.is_wrong(Y).any()
    assert as_verified(None, Y) is None


@pytest.mark.parametrize("mask", [[0, 1, 0, 1, 0], [True, False], [[True] * 5], "yes"])
def test_what_is_no_mask_is_refused(mask):
    with pytest.raises(ValueError, match="pass VerifiedLabels, or a mask of shape"):
        as_verified(mask, Y)


def test_rows_picked_by_hand_alone_weigh_one():
    assert VerifiedLabels([0, 1], [1, 1]).weight.tolist() == [1.0, 1.0]


def test_one_row_is_one_row():
    assert repr(VerifiedLabels([3], ["cat"])).startswith(
        "VerifiedLabels(1 row verified"
    )
