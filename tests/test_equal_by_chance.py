"""Rows that chance makes equal are no copies, however columns depend on each other."""

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_breast_cancer, load_digits, load_wine

from skdataquality import diagnose
from skdataquality.datasets import make_clean_table
from skdataquality.duplicates import duplicate_groups, duplicate_lens
from skdataquality.utils._duplicate_rows import repeated_rows
from skdataquality.utils._equal_by_chance import expected_equal_pairs


def survey(rng, n, n_items, noise=0.8):
    """Answers that share one cause: no tree of pairwise dependence describes them."""
    latent = rng.normal(size=(n, 1)) + noise * rng.normal(size=(n, n_items))
    return np.searchsorted([-1.2, -0.4, 0.4, 1.2], latent)


def with_total(rng, n):
    items = survey(rng, n, 6)
    return np.c_[items, items.sum(axis=1)]


def one_hot(rng, n):
    return pd.get_dummies(pd.DataFrame(survey(rng, n, 5)).astype(str)).to_numpy()


def two_parents(rng, n):
    weight, height = rng.normal(78, 13, n).round(), rng.normal(172, 9, n).round()
    index = (1e4 * weight / height**2).round(1)
    return np.c_[weight, height, index, rng.integers(0, 2, n)]


def hidden_classes(rng, n):
    shares = rng.dirichlet(np.full(4, 0.5), size=(3, 8))
    hidden = rng.integers(0, 3, n)
    draws = rng.random((n, 8, 1))
    return (draws > shares[hidden].cumsum(axis=2)).sum(axis=2)


def passengers(rng, n):
    """Class, sex and age group, and who survived: of 24 cells all are full."""
    grade = rng.choice(4, n, p=[0.15, 0.13, 0.32, 0.4])
    sex = rng.random(n) < np.array([0.45, 0.38, 0.28, 0.03])[grade]
    child = rng.random(n) < np.array([0.02, 0.08, 0.11, 0.0])[grade]
    return np.c_[grade, sex, child]


def steps(rng, n):
    """Each column is the one before it, one up or down."""
    return np.cumsum(rng.integers(-1, 2, (n, 6)), axis=1)


def rare_events(rng, n):
    return rng.random((n, 40)) < 0.03 * np.exp(rng.normal(size=(n, 1)))


BY_CHANCE = {
    "survey": lambda rng, n: survey(rng, n, 5),
    "long survey": lambda rng, n: survey(rng, n, 10),
    "close survey": lambda rng, n: survey(rng, n, 8, 0.5),
    "with total": with_total,
    "one-hot": one_hot,
    "two parents": two_parents,
    "hidden classes": hidden_classes,
    "passengers": passengers,
    "steps": steps,
    "rare events": rare_events,
}


@pytest.mark.parametrize("kind", BY_CHANCE)
@pytest.mark.parametrize("n", [300, 2000])
def test_dependence_explains_equal_rows(kind, n):
    suspects = 0
    for seed in range(5):
        X = BY_CHANCE[kind](np.random.default_rng([seed, n]), n)
        result = duplicate_lens(X, near=False)
        assert result.verdict in {"clear", "suspect"}
        assert result.remedies == ()
        assert repeated_rows(X) is None
        suspects += result.verdict == "suspect"
    assert suspects <= 1


@pytest.mark.parametrize("n_items", [5, 10])
def test_the_expectation_is_that_of_fresh_rows(n_items):
    """Two halves of one sample: the pairs equal across them are chance alone."""
    rng = np.random.default_rng(0)
    X = survey(rng, 40_000, n_items)
    groups = duplicate_groups(X)
    first, second = (
        np.bincount(groups[half], minlength=40_000).astype(float)
        for half in (slice(20_000), slice(20_000, None))
    )
    n = 2000
    across = first @ second / 20_000**2 * n * (n - 1) / 2
    estimates = [
        expected_equal_pairs(
            X[start : start + n], duplicate_groups(X[start : start + n])
        )
        for start in range(0, 20_000, n)
    ]
    assert np.median(estimates) / across == pytest.approx(1, abs=0.35)


def mixed(rng):
    return pd.DataFrame(make_clean_table("mixed with holes", random_state=0).X)


def numbers_and_grades(rng):
    return np.c_[rng.normal(size=(800, 4)), rng.integers(0, 3, (800, 2))]


RICH = {
    "breast cancer": lambda rng: load_breast_cancer().data,
    "digits": lambda rng: load_digits().data,
    "wine": lambda rng: load_wine().data,
    "mixed": mixed,
    "numbers and grades": numbers_and_grades,
    "short texts": lambda rng: pd.DataFrame(
        {"text": [f"one {a} of the {a * 7} texts" for a in rng.permutation(900)]}
    ),
}


@pytest.mark.parametrize("kind", RICH)
@pytest.mark.parametrize("share", [0.03, 0.05])
def test_copies_in_rich_tables_are_found(kind, share):
    rng = np.random.default_rng(1)
    X = pd.DataFrame(RICH[kind](rng))
    assert repeated_rows(X) is None
    copies = X.iloc[rng.choice(len(X), max(2, round(share * len(X))), replace=False)]
    X = pd.concat([X, copies], ignore_index=True)
    result = duplicate_lens(X, near=False)
    assert result.verdict == "found"
    assert result.remedies
    np.testing.assert_array_equal(repeated_rows(X), duplicate_groups(X))


def test_one_row_many_times_is_found_in_rich_columns_only():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(300, 4))
    X[:40] = X[0]
    assert duplicate_lens(X, near=False).verdict == "found"
    answers = survey(rng, 1000, 10)
    answers[:30] = 2  # who ticks the middle throughout copied nobody
    assert duplicate_lens(answers, near=False).verdict != "found"


def test_the_verdict_does_not_grow_with_the_table():
    X = survey(np.random.default_rng(0), 60_000, 8)
    assert duplicate_lens(X, near=False).verdict == "clear"


def test_plan_and_folds_leave_rows_that_are_equal_by_chance_alone():
    table = make_clean_table("survey, 5 items", n_samples=400, random_state=0)
    report = diagnose(table.X, table.y)
    duplicates = report.lenses["duplicates"]
    assert duplicates.verdict == "clear"
    assert duplicates.reason_code == "chance"
    assert "as different rows that happen to be equal may" in duplicates.summary
    assert "duplicates" not in [step["lens"] for step in report.plan]
    assert report.n_twins_dropped == 0


def test_readings_of_one_unit_are_no_near_copies():
    rng = np.random.default_rng(0)
    unit = np.repeat(np.arange(150), 2)
    X = rng.normal(size=(150, 5))[unit] + 0.03 * rng.normal(size=(300, 5))
    told = duplicate_lens(X, units=unit)
    assert (told.verdict, told.numbers["near_rows"]) == ("clear", 0)
    assert diagnose(X, unit % 7, groups=unit).lenses["duplicates"].verdict == "clear"
    in_order = duplicate_lens(X)
    assert (in_order.verdict, in_order.reason_code) == ("suspect", "near_in_order")
    assert in_order.remedies == ()
    apart = rng.permutation(300)
    assert duplicate_lens(X[apart]).verdict == "found"
    assert duplicate_lens(X[apart], units=unit[apart]).verdict == "clear"
