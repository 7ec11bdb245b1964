"""Clean tables are what they say: halves, sizes, errors, and nothing repeated."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from skdataquality.datasets import clean_families, make_clean_table

FAMILIES = [family for half in clean_families().values() for family in half]


def test_two_halves_of_unlike_families():
    tuning, held_out = clean_families().values()
    assert list(clean_families()) == ["tuning", "held out"]
    assert not set(tuning) & set(held_out)
    assert len(FAMILIES) >= 25
    assert min(len(tuning), len(held_out)) >= 12
    with pytest.raises(ValueError, match="family='cats' is none of"):
        make_clean_table("cats")


@pytest.mark.parametrize("family", FAMILIES)
def test_a_table_is_drawn_by_its_seed(family):
    first, same, other = (make_clean_table(family, random_state=s) for s in (0, 0, 1))
    pd.testing.assert_frame_equal(first.X, same.X)
    np.testing.assert_array_equal(first.y, same.y)
    assert not first.X.equals(other.X)
    n = len(first.y)
    assert len(first.X) == n >= 40
    assert n / 2 - 1 <= len(first.X_target) == len(first.y_target) <= n / 2 + 1
    assert list(first.X_target.columns) == list(first.X.columns)
    assert set(first.y_target.tolist()) <= set(first.y.tolist())
    assert len(set(first.y.tolist())) > 1
    assert first.groups is None or len(first.groups) == n


@pytest.mark.parametrize("error", [0.05, 0.10, 0.20, 0.30])
def test_the_best_model_errs_as_often_as_the_family_says(error):
    family = f"normal, error {100 * error:.0f} %"
    table = make_clean_table(family, n_samples=20_000, random_state=0)
    model = LogisticRegression().fit(table.X, table.y)
    errs = 1 - model.score(table.X_target, table.y_target)
    assert errs == pytest.approx(error, abs=0.01)


@pytest.mark.parametrize("family", ["decisive measurement", "decisive grade"])
def test_a_decisive_column_errs_in_three_percent(family):
    table = make_clean_table(family, n_samples=20_000, random_state=0)
    column = table.X.iloc[:, [0]]
    model = LogisticRegression().fit(column, table.y)
    assert 1 - model.score(column, table.y) == pytest.approx(0.03, abs=0.01)


def test_visits_of_a_subject_share_their_label():
    table = make_clean_table("repeated subjects", n_samples=300, random_state=0)
    by_subject = pd.Series(table.y).groupby(table.groups)
    assert (by_subject.nunique() == 1).all()
    assert by_subject.size().mean() == pytest.approx(5, abs=1)
