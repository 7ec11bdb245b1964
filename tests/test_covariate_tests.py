"""Tests of columns and of all of them together: closed forms, and what they promise."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from numpy.testing import assert_allclose
from scipy import stats
from scipy.signal import lfilter
from sklearn.datasets import load_iris

from skdataquality.exceptions import OverlapWarning
from skdataquality.shift import ShiftDetector, TargetData
from skdataquality.shift._detection import covariate_tests, is_sorted_by
from skdataquality.utils._stats import autocorrelation_time, mann_whitney_auc


def by_column(found):
    return {test.column: test for test in found.columns}


def series(rng, n, correlation, d=2):
    noise = rng.normal(size=(n + 300, d))
    scale = (1 - correlation**2) ** 0.5
    return lfilter([scale], [1, -correlation], noise, axis=0)[300:]


def test_numbers_are_compared_by_kolmogorov_smirnov():
    rng = np.random.default_rng(0)
    X, X_target = rng.normal(size=(200, 1)), rng.normal(0.3, 1.2, size=(150, 1))
    X[:20], X_target[:10] = np.nan, np.nan
    (test,) = covariate_tests(X, X_target).columns
    ours, theirs = X[20:, 0], X_target[10:, 0]
    expected = stats.ks_2samp(ours, theirs, method="asymp")
    assert test.distance.estimate == pytest.approx(expected.statistic)
    rows = round(ours.size * theirs.size / (ours.size + theirs.size))
    assert test.p_distance == pytest.approx(
        stats.kstwo.sf(expected.statistic, rows), rel=1e-9
    )
    assert test.p_missing == pytest.approx(
        stats.fisher_exact([[20, 180], [10, 140]]).pvalue
    )
    assert test.missing.estimate == pytest.approx(10 / 150 - 20 / 200)


def test_categories_are_compared_by_chi_squared_with_rare_levels_together():
    ours = list("a" * 60 + "b" * 36 + "cdef")
    theirs = list("a" * 40 + "b" * 52 + "ghij" + "cdkl")
    frames = [pd.DataFrame({"x": side, "n": range(100)}) for side in (ours, theirs)]
    test = by_column(covariate_tests(*frames))["x"]
    table = [[60, 36, 4], [40, 52, 8]]
    assert test.p_distance == pytest.approx(stats.chi2_contingency(table).pvalue)
    assert test.distance.estimate == pytest.approx(0.2)
    assert test.distance.lower < 0.2 < test.distance.upper


def test_a_column_of_another_class_of_values_is_found_as_what_it_is():
    rng = np.random.default_rng(1)
    n = 300

    def make(moved):
        return pd.DataFrame(
            {
                "number": rng.normal(size=n),
                "moved": rng.normal(moved, 1, size=n),
                "holes": np.where(rng.random(n) < 0.1 + 0.3 * moved, np.nan, 1.0),
                "text": rng.choice(list("abc"), n),
                "new": rng.choice(["x", "y"] if moved else ["x", "z"], n),
                "flag": rng.random(n) < 0.5,
            }
        )

    found = covariate_tests(make(0), make(1))
    assert set(found.drifted_columns) == {"moved", "holes", "new"}
    kinds = {test.column: test.kind for test in found.columns}
    assert kinds["number"] == "number"
    assert kinds["text"] == kinds["flag"] == "category"
    effects = [test.effect for test in found.columns]
    assert effects == sorted(effects, reverse=True)


@pytest.mark.parametrize("write", [lambda d: d, lambda d: d.strftime("%Y-%m-%d")])
def test_dates_are_numbers(write):
    dates = pd.date_range("2020-01-01", periods=400)
    sides = [pd.DataFrame({"day": write(d)}) for d in (dates[:200], dates[200:])]
    found = covariate_tests(*sides)
    assert found.domain_auc.estimate > 0.99
    assert found.columns[0].kind == "date"
    assert found.columns[0].distance.estimate == 1


def test_containers_may_differ_and_types_that_disagree_are_named():
    rng = np.random.default_rng(2)
    X = pd.DataFrame({"a": rng.normal(size=90), "b": list("xyz") * 30})
    rows = pl.DataFrame({"b": list("xyy") * 30, "a": rng.normal(size=90)})
    both = covariate_tests(X, rows), covariate_tests(X, rows.to_pandas())
    assert both[0].p_value == both[1].p_value
    with pytest.warns(OverlapWarning, match="column a: numbers in X, text in X_target"):
        odd = covariate_tests(X, rows.with_columns(a=pl.lit("no number")))
    assert [test.column for test in odd.columns] == ["b"]


def test_p_values_are_never_nan_and_1_without_anything_to_test():
    X = pd.DataFrame(
        {
            "gone": np.full(40, np.nan),
            "constant": np.ones(40),
            "half": [np.nan] * 40,
            "far": [np.inf, -np.inf] * 20,
        }
    )
    target = X.assign(half=1.0)
    tests = by_column(covariate_tests(X, target))
    assert tests["gone"].p_value == tests["constant"].p_value == 1
    assert tests["far"].p_value == 1
    assert tests["half"].p_value < 1e-10
    assert all(np.isfinite([t.p_distance, t.p_missing]).all() for t in tests.values())
    same = covariate_tests(X, X)
    assert same.p_value == 1
    assert not same.is_drifted


def test_what_is_too_small_to_matter_is_not_drift():
    rng = np.random.default_rng(3)
    X, X_target = rng.normal(size=(20_000, 2)), rng.normal(size=(20_000, 2))
    X_target[:, 0] += 0.08
    found = covariate_tests(X, X_target, most_rows=40_000)
    assert found.p_value < 1e-4
    assert found.is_too_small
    assert not found.is_drifted
    assert covariate_tests(X, X_target, most_rows=40_000, min_effect=0.01).is_drifted


def test_a_correlation_alone_is_found():
    rng = np.random.default_rng(4)
    X, X_target = rng.normal(size=(600, 4)), rng.normal(size=(600, 4))
    X_target[:, 1] = 0.6 * X_target[:, 0] + 0.8 * X_target[:, 1]
    found = covariate_tests(X, X_target)
    assert found.p_classifiers < 1e-4 < found.p_columns
    assert found.is_drifted
    assert found.drifted_columns == ()


def test_few_alarms_where_nothing_changed():
    alarms = 0
    for seed in range(12):
        rng = np.random.default_rng(seed)
        X, X_target = rng.normal(size=(60, 3)), rng.normal(size=(50, 3))
        alarms += covariate_tests(X, X_target, random_state=seed).p_value < 0.05
    assert alarms <= stats.binom.isf(1e-3, 12, 0.06)


# -- rows that depend on each other ----------------------------------------------------


@pytest.mark.parametrize("correlation", [0, 0.5, 0.9])
def test_the_autocorrelation_time_of_a_series_is_its_closed_form(correlation):
    expected = (1 + correlation) / (1 - correlation)
    times = [
        autocorrelation_time(
            series(np.random.default_rng(seed), 3000, correlation, 1).ravel()
        )
        for seed in range(8)
    ]
    assert_allclose(np.mean(times), expected, rtol=0.25)


def test_fewer_effective_rows_are_less_evidence():
    rng = np.random.default_rng(5)
    scores, flags = rng.normal(size=80), np.repeat([0, 1], 40)
    scores[40:] += 0.7
    auc, p_value = mann_whitney_auc(scores, flags)
    less = mann_whitney_auc(scores, flags, effective_share=0.25)
    assert less[0] == auc
    assert p_value < less[1] < 0.5


@pytest.mark.parametrize("known", [True, False])
def test_a_series_that_goes_on_is_no_shift_and_a_new_level_is(known):
    order = np.arange(800)
    times = {"time": order, "time_target": order} if known else {}
    alarms = moved = 0
    for seed in range(5):
        X = series(np.random.default_rng(seed), 1600, 0.85)
        found = covariate_tests(X[:800], X[800:], **times)
        assert found.dependence == "series"
        assert found.effective_rows < 200
        alarms += found.is_drifted
        moved += covariate_tests(X[:800], X[800:] + 2, **times).is_drifted
    assert alarms <= 1
    assert moved == 5


def test_rows_are_put_in_the_order_of_time():
    X = series(np.random.default_rng(6), 1200, 0.85)
    order = np.random.default_rng(0).permutation(600)
    given = np.arange(600)
    plain = covariate_tests(X[:600], X[600:], time=given, time_target=given)
    mixed = covariate_tests(
        X[:600][order], X[600:][order], time=order, time_target=order
    )
    assert mixed.p_value == plain.p_value


def test_too_few_effective_rows_cannot_be_trusted():
    walk = np.cumsum(np.random.default_rng(7).normal(size=(400, 2)), axis=0)
    found = covariate_tests(walk[:200], walk[200:])
    assert not found.is_trusted
    assert found.why_not == "few_effective_rows"
    assert found.p_value == 1
    assert not found.is_drifted


def test_rows_of_new_groups_are_counted_as_groups():
    alarms = 0
    for seed in range(5):
        rng = np.random.default_rng(seed)
        groups = np.repeat(np.arange(60), 20)
        X = rng.normal(size=(60, 2))[groups] + 0.3 * rng.normal(size=(1200, 2))
        given = {"groups": groups[:600], "groups_target": groups[600:]}
        alarms += covariate_tests(X[:600], X[600:], **given).is_drifted
        assert covariate_tests(X[:600], X[600:] + 2, **given).is_drifted
    assert alarms <= 1
    few = {"groups": np.arange(600) // 100, "groups_target": np.arange(600) // 100}
    few["groups_target"] = few["groups_target"] + 6
    assert covariate_tests(X[:600], X[600:], **few).why_not == "few_groups"
    one = covariate_tests(X[:600], X[600:], groups=groups[:600])
    assert one.why_not == "groups_unknown"


def test_the_group_that_moved_is_told_from_the_mix_of_groups():
    rng = np.random.default_rng(8)
    groups, theirs = rng.integers(0, 4, 400), rng.integers(0, 4, 400)
    means = 2.0 * np.arange(4)
    X = rng.normal(means[groups, None], 1, size=(400, 2))
    moved = rng.normal(means[theirs, None], 1, size=(400, 2))
    moved[theirs == 2] += 1.5
    found = covariate_tests(X, moved, groups=groups, groups_target=theirs)
    assert found.moved_groups == (2,)
    assert not found.only_mix
    theirs = rng.choice(4, 400, p=[0.6, 0.2, 0.1, 0.1])
    mixed = rng.normal(means[theirs, None], 1, size=(400, 2))
    found = covariate_tests(X, mixed, groups=groups, groups_target=theirs)
    assert found.moved_groups == ()
    assert found.only_mix
    assert found.is_drifted


def test_times_of_one_side_are_refused():
    X = np.zeros((30, 1))
    with pytest.raises(ValueError, match="time was given without time_target"):
        covariate_tests(X, X, time=np.arange(30))


def test_a_table_sorted_by_its_labels_is_no_series():
    X, y = load_iris(return_X_y=True)
    ours, theirs = X[::2], X[1::2]
    assert covariate_tests(ours, theirs).dependence == "series"
    assert is_sorted_by(y)
    assert not is_sorted_by(y[::-1][np.arange(150) % 100])
    assert not is_sorted_by(np.arange(9))
    assert covariate_tests(ours, theirs, is_ordered=False).dependence == ""
    target = TargetData(theirs + 1)
    found = ShiftDetector(X_target=target, random_state=0).fit(ours, y[::2])
    assert found.drifted_
