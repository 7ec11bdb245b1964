"""Slices in which a model fails: what is found, what is not, and what is said of it."""

import json

import matplotlib as mpl
import numpy as np
import pandas as pd
import polars as pl
import pytest

from skdataquality.imbalance import WeakSlicesDisplay, weak_slices
from skdataquality.imbalance._slices._columns import read_columns
from skdataquality.imbalance._slices._scan import Risk, table_of, z_of_slices
from skdataquality.utils._stats import newcombe

mpl.use("agg")
N = 1200


def table(rng, n=N):
    return pd.DataFrame(
        {
            "age": rng.normal(50, 10, n),
            "count": rng.integers(0, 6, n),
            "city": rng.choice(["Ulm", "Bonn", "Kiel", "Jena"], n),
            "dose": np.where(rng.random(n) < 0.1, np.nan, rng.random(n)),
        }
    )


def weak_in(rows, rng, *, error=0.1, weak=0.5):
    """Labels, and predictions that are wrong more often in some rows."""
    y = rng.integers(0, 2, len(rows))
    is_wrong = rng.random(len(rows)) < np.where(rows, weak, error)
    return y, np.where(is_wrong, 1 - y, y)


@pytest.fixture(scope="module")
def ulm():
    rng = np.random.default_rng(0)
    X = table(rng)
    rows = ((X["city"] == "Ulm") & (X["age"] > 50)).to_numpy()
    return X, *weak_in(rows, rng), rows


@pytest.fixture(scope="module")
def found(ulm):
    return weak_slices(*ulm[:3])


# -- what is found ---------------------------------------------------------------------


def test_a_pair_is_found_once_and_its_echoes_are_folded(ulm, found):
    rows = ulm[3]
    assert len(found) == 1
    (only,) = found.slices
    assert set(only.columns) == {"age", "city"}
    mask = found.mask(0)
    assert (mask & rows).sum() / (mask | rows).sum() > 0.7
    assert "city = 'Ulm'" in only.echoes
    assert only.difference.lower > 0
    assert only.q_value <= found.level


@pytest.mark.parametrize(
    ("column", "rows_of", "description"),
    [
        ("city", lambda X: X["city"] == "Jena", "city = 'Jena'"),
        ("count", lambda X: X["count"] == 3, "count = 3"),
        ("dose", lambda X: X["dose"].isna(), "dose missing"),
    ],
)
def test_one_condition_is_enough(column, rows_of, description):
    rng = np.random.default_rng(1)
    X = table(rng)
    rows = rows_of(X).to_numpy()
    found = weak_slices(X, *weak_in(rows, rng))
    assert [each.description for each in found.slices] == [description]
    np.testing.assert_array_equal(found.mask(0), rows)
    assert found.slices[0].columns == (column,)


def test_the_figures_are_those_of_the_rows(ulm, found):
    _, y, y_pred, _ = ulm
    (only,), mask, wrong = found.slices, found.mask(0), y != y_pred
    assert only.n_rows == mask.sum()
    assert only.share == mask.mean()
    assert only.error.estimate == pytest.approx(wrong[mask].mean())
    assert only.error_elsewhere == pytest.approx(wrong[~mask].mean())
    assert only.difference.estimate == pytest.approx(
        wrong[mask].mean() - wrong[~mask].mean()
    )
    assert found.error == wrong.mean()


def test_slices_are_the_same_rows_on_any_table(ulm, found):
    X = ulm[0]
    np.testing.assert_array_equal(found.mask(0, X), found.mask(0))
    np.testing.assert_array_equal(found.mask(0, X[:9]), found.mask(0)[:9])
    np.testing.assert_array_equal(found.mask(0, pl.from_pandas(X)), found.mask(0))
    with pytest.raises(ValueError, match="X lacks a column"):
        found.mask(0, X[["age"]])
    with pytest.raises(ValueError, match=r"i=1.*1 slices"):
        found.mask(1)


def test_two_slices_are_told_apart():
    rng = np.random.default_rng(2)
    X = table(rng, 2000)
    first, second = (X["city"] == "Ulm").to_numpy(), X["dose"].isna().to_numpy()
    found = weak_slices(X, *weak_in(first | second, rng))
    assert {each.columns for each in found.slices[:2]} == {("city",), ("dose",)}


def test_errors_that_rise_towards_a_point_are_one_slice():
    rng = np.random.default_rng(14)
    x = rng.normal(size=4000)
    y, y_pred = weak_in(np.ones(4000, bool), rng, weak=0.6 * np.exp(-4 * x**2))
    found = weak_slices(x[:, None], y, y_pred)
    assert len(found) == 1
    assert any(echo.startswith("column 0 in ") for echo in found.slices[0].echoes)


def test_dates_are_cut_and_said_as_dates():
    rng = np.random.default_rng(3)
    days = np.datetime64("2024-01-01") + rng.integers(0, 200, N).astype("m8[D]")
    rows = days > np.datetime64("2024-06-15")
    found = weak_slices(pd.DataFrame({"day": days}), *weak_in(rows, rng))
    assert found.slices[0].description.startswith("day > 2024-06-")
    np.testing.assert_array_equal(
        found.mask(0, pd.DataFrame({"day": days.astype(str)})), found.mask(0)
    )


# -- what chance does ------------------------------------------------------------------


def test_clean_tables_have_no_weak_slice():
    n_found = 0
    for seed in range(15):
        rng = np.random.default_rng(seed)
        X = table(rng, 500)
        n_found += len(weak_slices(X, *weak_in(np.zeros(500, bool), rng))) > 0
    # 4 of 15 has a probability of .006 at .05
    assert n_found < 4


def test_calibrated_probabilities_have_no_weak_slice():
    n_found = 0
    for seed in range(10):
        rng = np.random.default_rng(seed)
        X = table(rng, 500)
        sure = 1 / (1 + np.exp(-X["age"].to_numpy() / 25))
        y, predicted = rng.integers(0, 2, 500), rng.random(500) < sure
        proba = np.column_stack([1 - sure, sure])
        proba[y == 0] = proba[y == 0, ::-1]
        # y is the class of the largest probability, at its rate
        labels = np.where(predicted, y, 1 - y)
        found = weak_slices(X, labels, pred_proba=proba)
        n_found += any(each.measure == "calibration" for each in found.slices)
    assert n_found < 4


def test_a_slice_of_wrong_probabilities_is_found_without_more_errors():
    rng = np.random.default_rng(4)
    X = table(rng, 2000)
    rows = (X["city"] == "Kiel").to_numpy()
    sure = rng.uniform(0.55, 0.95, 2000)
    y, y_pred = weak_in(rows, rng, error=1 - sure, weak=0.25)
    sure[rows] = rng.uniform(0.85, 0.95, rows.sum())
    proba = np.column_stack([1 - sure, sure])
    proba[y_pred == 0] = proba[y_pred == 0, ::-1]
    found = weak_slices(X, y, pred_proba=proba)
    first = found.slices[0]
    assert (first.measure, first.description) == ("calibration", "city = 'Kiel'")
    assert first.gap > 0.1
    assert abs(first.gap_elsewhere) < 0.05
    assert "too high" in found.summary


def test_rows_of_groups_count_as_fewer(ulm):
    X, y, y_pred, _ = ulm
    rng = np.random.default_rng(5)
    groups = np.repeat(np.arange(N // 40), 40)
    by_group = np.repeat(rng.random(N // 40) < 0.3, 40)
    y_pred = np.where(by_group, 1 - y, y)
    X = X.assign(place=groups % 6)
    assert len(weak_slices(X, y, y_pred, max_order=1)) > 0
    assert len(weak_slices(X, y, y_pred, max_order=1, groups=groups)) == 0


# -- what must not matter --------------------------------------------------------------


def test_the_order_of_rows_does_not_matter(ulm, found):
    X, y, y_pred, _ = ulm
    order = np.random.default_rng(6).permutation(N)
    again = weak_slices(X.iloc[order].reset_index(drop=True), y[order], y_pred[order])
    assert again.to_dict() == found.to_dict()
    np.testing.assert_array_equal(again.mask(0), found.mask(0)[order])


def test_rising_transforms_and_other_names_of_values_do_not_matter(ulm, found):
    X, y, y_pred, _ = ulm
    other = X.assign(age=np.exp(X["age"] / 10), city=X["city"].str[::-1] + "!")
    again = weak_slices(other, y, y_pred)
    np.testing.assert_array_equal(again.mask(0), found.mask(0))
    assert again.slices[0].q_value == found.slices[0].q_value
    assert "city = 'mlU!'" in again.slices[0].description


def test_containers_do_not_matter(ulm, found):
    X, y, y_pred, _ = ulm
    assert weak_slices(pl.from_pandas(X), y, y_pred).to_dict() == found.to_dict()
    numbers = X[["age", "count"]].to_numpy()
    by_position = weak_slices(numbers, y.tolist(), y_pred.tolist())
    assert by_position.n_rows == N


def test_rows_twice_are_as_clear_and_clearer(ulm, found):
    X, y, y_pred, rows = ulm
    twice = weak_slices(pd.concat([X, X], ignore_index=True), [*y] * 2, [*y_pred] * 2)
    mask = twice.mask(0)[:N]
    assert (mask & rows).sum() / (mask | rows).sum() > 0.7
    first, before = twice.slices[0], found.slices[0]
    assert first.error.upper - first.error.lower < (
        before.error.upper - before.error.lower
    )


def test_rows_without_a_prediction_are_left_out(ulm):
    X, y, y_pred, _ = ulm
    proba = np.where(y_pred[:, None] == [0, 1], 0.8, 0.2)
    proba[::3] = np.nan
    found = weak_slices(X, y, pred_proba=proba, min_rows=30)
    kept = np.arange(N) % 3 > 0
    assert found.n_rows == kept.sum()
    assert not any(found.mask(i)[~kept].any() for i in range(len(found)))


# -- why -------------------------------------------------------------------------------


def test_labels_in_doubt_make_a_slice_mislabelled(ulm, found):
    X, y, y_pred, rows = ulm
    wrong = y != y_pred
    assert found.slices[0].reason == "hard"
    assert "not given" in found.slices[0].because
    flagged = wrong & rows
    said = weak_slices(X, y, y_pred, flagged=flagged).slices[0]
    assert said.reason == "mislabelled"
    few = wrong & (np.arange(N) % 7 == 0)
    assert weak_slices(X, y, y_pred, flagged=few).slices[0].reason == "hard"


def test_a_class_that_is_rare_there_is_under_represented():
    rng = np.random.default_rng(7)
    X = table(rng, 2000)
    rows = (X["city"] == "Bonn").to_numpy()
    y = (rng.random(2000) < np.where(rows, 0.2, 0.6)).astype(int)
    missed = rows & (y == 1) & (rng.random(2000) < 0.9)
    wrong = missed | (rng.random(2000) < 0.04)
    first = weak_slices(X, y, np.where(wrong, 1 - y, y)).slices[0]
    assert (first.description, first.reason) == ("city = 'Bonn'", "under-represented")
    assert first.because.startswith("class 1 has ")


def test_a_value_of_few_rows_is_under_represented():
    rng = np.random.default_rng(8)
    X = table(rng, 2000)
    X.loc[rng.random(2000) < 0.05, "city"] = "Köln"
    rows = (X["city"] == "Köln").to_numpy()
    first = weak_slices(X, *weak_in(rows, rng)).slices[0]
    assert first.reason == "under-represented"
    assert "fewer than half of an even share" in first.because


# -- the parts -------------------------------------------------------------------------


def test_counts_of_slices_are_those_of_their_rows():
    X = table(np.random.default_rng(9), 300)
    columns, _ = read_columns(X, 30)
    grids = [columns[0].coarse, columns[3].coarse]
    joint = table_of(grids, 30)
    events = np.arange(300) % 3 == 0
    (sums,) = joint.sums(events.astype(float))
    width = len(grids[1].conditions)
    for k in range(0, joint.valid.size, 97):
        first, second = divmod(joint.valid[k], width)
        mask = grids[0].conditions[first].holds(X["age"].to_numpy())
        mask = mask & grids[1].conditions[second].holds(X["dose"].to_numpy())
        assert (joint.n_rows[k], sums[k]) == (mask.sum(), (mask & events).sum())


def test_z_of_one_value_is_the_root_of_the_deviance():
    X = pd.DataFrame({"a": ["x"] * 40 + ["y"] * 60})
    columns, _ = read_columns(X, 30)
    joint = table_of([columns[0].fine], 30)
    events = np.zeros(100)
    events[:20] = 1  # 20 of 40 x, none of y
    z = z_of_slices(joint, Risk(events, np.full(100, 0.2)))
    seen = np.array([[19.5, 20.5], [0.5, 59.5]])
    expected = np.array([[8, 32], [12, 48]])
    deviance = 2 * (seen * np.log(seen / expected)).sum()
    assert z == pytest.approx([np.sqrt(deviance)])


def test_cuts_are_values_and_coarse_ones_are_among_the_fine():
    x = np.random.default_rng(10).normal(size=997)
    columns, _ = read_columns(pd.DataFrame({"x": x}), 20)
    fine = {c.high for c in columns[0].fine.conditions if c.low is None}
    coarse = {c.high for c in columns[0].coarse.conditions if c.low is None}
    assert coarse < fine < set(x)


def test_the_interval_of_a_difference_has_the_level_asked_for():
    narrow, wide = newcombe(56, 70, 48, 80), newcombe(56, 70, 48, 80, level=0.999)
    assert wide.lower < narrow.lower < narrow.estimate < narrow.upper < wide.upper
    assert wide.level == 0.999


# -- what is said ----------------------------------------------------------------------


def test_columns_that_cannot_be_cut_are_said():
    rng = np.random.default_rng(11)
    X = table(rng).assign(
        id=[f"r{i}" for i in range(N)], one=1, none=np.nan, odd=[{"a": 1}] * N
    )
    found = weak_slices(X, *weak_in(np.zeros(N, bool), rng), max_order=1)
    assert set(found.skipped) == {"id", "one", "none", "odd"}
    assert found.skipped["one"] == "constant"
    assert len(found) == 0
    assert found.summary.startswith("None of ")


def test_wide_tables_have_no_pairs():
    rng = np.random.default_rng(12)
    X = rng.integers(3, size=(100, 41))
    y, y_pred = weak_in(np.zeros(100, bool), rng)
    found = weak_slices(X, y, y_pred)
    assert "41 columns" in found.limits[0]
    assert found.n_compared == weak_slices(X, y, y_pred, max_order=1).n_compared


def test_a_model_without_errors_has_no_slice(ulm):
    X, y, _, _ = ulm
    assert len(weak_slices(X, y, y)) == 0
    assert len(weak_slices(X, y, 1 - y)) == 0


def test_results_are_frames_json_and_plain_text(found):
    frame = found.to_frame()
    assert frame["description"].tolist() == [found.slices[0].description]
    assert json.loads(json.dumps(found.to_dict()))["n_rows"] == N
    empty = weak_slices(np.arange(N)[:, None], [0, 1] * 600, [0, 1] * 600)
    assert list(empty.to_frame().columns) == list(frame.columns)


def test_hostile_text_is_harmless():
    rng = np.random.default_rng(13)
    nasty = "\x1b[31m<img src=x>\u202e"
    X = pd.DataFrame({nasty: rng.choice([nasty, "b"], N, p=[0.3, 0.7])})
    found = weak_slices(X, *weak_in((X[nasty] == nasty).to_numpy(), rng))
    assert "\x1b" not in found.summary + repr(found)
    assert "<img" not in found._repr_html_()
    assert "\x1b" not in found.plot().labels_[0]


def test_the_display_draws_every_slice(found):
    display = found.plot()
    assert display.labels_ == [found.slices[0].description]
    assert len(display.points_) == 1
    empty = WeakSlicesDisplay(weak_slices(np.arange(N)[:, None], [0, 1] * 600, [1] * N))
    assert empty.plot(ax=display.ax_).labels_ == []
    with pytest.raises(ValueError, match="max_slices=0"):
        found.plot(max_slices=0)


# -- bad input -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"y_pred": None}, "y_pred and pred_proba are None"),
        ({"y_pred": ["a"] * N}, "none of the classes"),
        ({"y_pred": [0] * 9}, "y_pred has 9"),
        ({"y_pred": np.full((N, 2), 0.5)}, "probabilities as pred_proba="),
        ({"flagged": np.ones(N)}, "flagged has dtype float64"),
        ({"max_order": 3}, "max_order=3"),
        ({"min_rows": 0}, "min_rows=0"),
        ({"level": 1.0}, "level=1.0"),
        ({"groups": [1, 2]}, "groups has 2"),
        ({"X": ["some text"] * N}, "X holds texts"),
        ({"y": np.linspace(0, 1, N)}, "Unknown label type: continuous"),
        ({"pred_proba": np.full((N, 2), np.nan)}, "NaN in all rows"),
        ({"groups": [None] * 600 + ["a"] * 600}, "groups has 600 missing"),
    ],
)
def test_wrong_arguments_raise(ulm, options, message):
    X, y, y_pred, _ = ulm
    given = {"X": X, "y": y, "y_pred": y_pred} | options
    with pytest.raises(ValueError, match=message) as raised:
        weak_slices(**given)
    assert len(str(raised.value).split("\n")) <= 3
