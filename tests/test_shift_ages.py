"""Evidence of the lens of shift: by age, by group, and columns that are constant."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from skdataquality.shift import shift_lens
from skdataquality.shift._detection import covariate_tests
from skdataquality.shift._lens._ages import by_age
from skdataquality.shift._lens._one_valued import constant_on_one_side
from skdataquality.shift._lens._reweighted import rows_of_shares
from skdataquality.shift._lens._rows_apart import tell_rows_apart


def test_old_rows_are_told_from_target_rows_and_new_ones_are_not():
    rng = np.random.default_rng(0)
    time = np.datetime64("2020-01-01") + np.arange(1000) * np.timedelta64(1, "D")
    X = rng.normal(np.linspace(-4, 0, 1000)[:, None], 1, size=(1000, 2))
    X_target = rng.normal(size=(300, 2))
    tests = covariate_tests(X, X_target)
    sample = tell_rows_apart(X, X_target, tests)
    right = (np.arange(1000) % 10 < 8).astype(float)
    right[:5] = np.nan
    lines = by_age(time, right, sample)
    assert [line["from"] for line in lines][:2] == ["2020-01-01", "2020-07-19"]
    assert [line["rows"] for line in lines] == [200] * 5
    aucs = [line["domain_auc"] for line in lines]
    assert aucs == sorted(aucs, reverse=True)
    assert aucs[0] > 0.95 > 0.65 > aucs[-1]
    assert_allclose([line["accuracy"].estimate for line in lines[1:]], 0.8)


def test_the_group_that_moved_is_listed_first_and_a_new_mix_alone_moves_none():
    rng = np.random.default_rng(1)
    groups, theirs = np.repeat(["a", "b"], [600, 200]), np.repeat(["a", "b"], 200)
    level = {"a": 0.0, "b": 2.0}
    X = rng.normal([[level[g]] * 2 for g in groups])
    X_target = rng.normal([[level[g]] * 2 for g in theirs])
    options = {"groups": groups, "groups_target": theirs}
    mix = shift_lens(X, X_target=X_target, **options)
    assert mix.reason_code == "mix_of_groups"
    assert min(line["p_value"] for line in mix.evidence["by group"]) > 0.05
    X_target[theirs == "b", 0] += 1.5
    moved = shift_lens(X, X_target=X_target, **options)
    assert (moved.verdict, moved.reason_code) == ("found", "shifted")
    assert moved.evidence["by group"][0]["group"] == "b"


@pytest.mark.parametrize("gone", [np.nan, None])
def test_columns_constant_on_one_side_are_named(gone):
    ours = pd.DataFrame({"off": [0.0] * 3, "text": ["a"] * 3, "both": [1, 2, 3]})
    theirs = pd.DataFrame({"off": [0.0, 1, 2], "text": ["a", gone, "a"], "both": 7})
    assert constant_on_one_side(ours, theirs) == [
        {"column": "off", "constant_in": "training rows"},
        {"column": "text", "constant_in": "training rows"},
        {"column": "both", "constant_in": "target rows"},
    ]
    assert constant_on_one_side(theirs, theirs) == []


def test_as_many_rows_as_can_be_are_drawn_to_other_shares():
    codes = np.repeat([0, 1, 2], [60, 30, 10])
    rows = rows_of_shares(codes, np.array([0.5, 0.0, 0.5]), 0)
    assert np.bincount(codes[rows], minlength=3).tolist() == [10, 0, 10]
    rows = rows_of_shares(codes, np.array([0.6, 0.3, 0.1]), 0)
    assert np.array_equal(rows, np.arange(100))
