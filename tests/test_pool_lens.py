"""The lens of the pool: what labelled rows do not cover, and no false alarm."""

import json
import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, hypergeom
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from typer.testing import CliRunner

from skdataquality import diagnose
from skdataquality.active_learning import PoolLensResult, pool_lens
from skdataquality.active_learning._marks import refuse_unlabelled, warn_of_marks
from skdataquality.active_learning._pool._counts import adjusted, count_part
from skdataquality.cli._app import app
from skdataquality.compose import RemediedClassifier
from skdataquality.datasets import make_clean_table
from skdataquality.exceptions import UnlabelledRowsWarning
from skdataquality.imbalance import ClassBalanceWeighter
from skdataquality.model_selection import compare_remedies
from skdataquality.shift import TargetData
from skdataquality.utils._folds import out_of_fold

ACCUSED = ("found", "suspect")


def sides(n=200, m=1000, d=4, seed=0):
    """Labelled rows and a pool of one source."""
    rng = np.random.default_rng(seed)
    X, X_pool = rng.normal(size=(n, d)), rng.normal(size=(m, d))
    return X, rng.integers(2, size=n), X_pool


def frames(seed=0, **sizes):
    X, y, X_pool = sides(seed=seed, **sizes)
    rng = np.random.default_rng(seed)
    names = [f"x{j}" for j in range(X.shape[1])]
    X, X_pool = pd.DataFrame(X, columns=names), pd.DataFrame(X_pool, columns=names)
    X["site"] = rng.choice(list("abc"), len(X))
    X_pool["site"] = rng.choice(list("abc"), len(X_pool))
    return X, y, X_pool


# ---------------------------------------------------------------- mathematics
@given(st.integers(2, 60), st.integers(0, 40), st.integers(1, 30))
@settings(max_examples=60, deadline=None)
def test_the_p_value_of_a_part_is_hypergeometric(n_in, n_out, n_labeled):
    n = n_in + n_out + n_labeled
    inside = np.arange(n) < n_in
    is_labeled = np.arange(n) >= n - n_labeled
    part = count_part("region", "a", inside, is_labeled)
    seen = int((inside & is_labeled).sum())
    assert part.p_least == pytest.approx(hypergeom(n, n_labeled, n_in).pmf(0))
    if seen == 0:
        assert part.p_value == pytest.approx(part.p_least)
    assert part.expected == pytest.approx(n_in * n_labeled / n)


def test_parts_that_no_labels_could_show_cost_nothing():
    is_labeled = np.arange(1000) < 100
    large = count_part("region", "large", np.arange(1000) >= 500, is_labeled)
    tiny = [
        count_part("region", k, np.arange(1000) == 900 + k, is_labeled)
        for k in range(50)
    ]
    p_values, n_tests = adjusted([large, *tiny])
    assert n_tests == 1
    assert p_values[0] == large.p_value


@pytest.mark.parametrize("kind", ["normal", "heavy tails", "near copies", "codes"])
def test_rows_labelled_at_random_are_seldom_accused(kind):
    n_runs, accused = 24, 0
    for seed in range(n_runs):
        rng = np.random.default_rng(seed)
        share = (0.02, 0.1, 0.5)[seed % 3]
        X = rng.standard_t(1.5, size=(1200, 3))
        if kind == "normal":
            X = rng.normal(size=(1200, 6))
        elif kind == "near copies":
            X = np.repeat(X[:100], 12, axis=0) + 1e-6 * rng.normal(size=(1200, 3))
        elif kind == "codes":
            X = rng.integers(4, size=(1200, 3))
        labels = np.where(X[:, 0] > 0, 1.0, 0.0)
        y = np.where(rng.random(1200) < share, labels, np.nan)
        accused += pool_lens(X, y, random_state=seed).verdict in ACCUSED
    assert accused <= binom(n_runs, 0.05).ppf(0.995)


@pytest.mark.parametrize("family", ["mixed with holes", "categories"])
def test_clean_families_are_seldom_accused(family):
    accused = 0
    for seed in range(8):
        table = make_clean_table(family, n_samples=400, random_state=seed)
        y = np.array(table.y, dtype=object)
        y[np.random.default_rng(seed).random(400) > 0.2] = None
        accused += pool_lens(table.X, y, random_state=seed).verdict in ACCUSED
    assert accused <= binom(8, 0.05).ppf(0.995)


def test_groups_labelled_as_a_whole_are_no_false_alarm():
    accused = 0
    for seed in range(12):
        rng = np.random.default_rng(seed)
        groups = np.repeat(np.arange(60), 15)
        X = 4 * rng.normal(size=(60, 3))[groups] + rng.normal(size=(900, 3))
        labeled = np.isin(groups, rng.choice(60, 20, replace=False))
        y = np.where(labeled, groups % 2, np.nan)
        accused += pool_lens(X, y, groups=groups).verdict in ACCUSED
        if seed == 0:
            assert pool_lens(X, y).verdict == "found"  # rows are no evidence each
    assert accused <= binom(12, 0.05).ppf(0.995)


def test_the_share_far_from_labels_is_one_in_twenty_of_a_random_draw():
    shares = [
        pool_lens(*frames_of(seed), random_state=seed).numbers["far_share"].estimate
        for seed in range(12)
    ]
    assert np.mean(shares) == pytest.approx(0.05, abs=0.02)


def frames_of(seed):
    rng = np.random.default_rng(seed)
    X = rng.standard_t(3, size=(1500, 3))
    return X, np.where(rng.random(1500) < 0.2, 1.0 * (X[:, 0] > 0), np.nan)


# ---------------------------------------------------------------- findings
def test_a_region_without_labels_is_found_and_its_rows_are_named():
    X, y, X_pool = sides()
    X_pool[:80] += 5
    result = pool_lens(X, y, X_pool=X_pool)
    assert (result.verdict, result.reason_code) == ("found", "regions")
    line = result.evidence["regions with few labels"][0]
    assert line["labeled"] == 0
    assert 60 <= line["rows"] <= 90
    assert set(line["examples"]) <= set(range(80))
    assert set(result.to_label) <= set(range(80))
    assert result.is_far[:80].all()
    assert result.numbers["far_share"].lower > 0.08
    assert result.p_value < 0.01


def test_a_category_without_labels_is_found():
    X, y, X_pool = frames()
    X_pool.loc[:59, "site"] = "new"
    result = pool_lens(X, y, X_pool=X_pool)
    assert result.verdict == "found"
    assert "site = new" in result.named or result.reason_code == "regions"
    first = result.evidence["values with few labels"][0]
    assert (first["column"], first["value"], first["rows"]) == ("site", "= new", 60)


def test_labels_missing_above_a_value_are_found():
    X, y, _ = frames(n=600)
    X["y"] = np.where(X["x0"] > 1.3, None, y.astype(object))
    result = pool_lens(X.drop(columns="y"), X["y"])
    assert result.verdict == "found"
    values = result.evidence["values with few labels"]
    assert values[0]["column"] == "x0"
    assert values[0]["value"].startswith("above")


def test_a_site_without_labels_is_found_where_others_have_some():
    X, y, X_pool = sides()
    groups, groups_pool = np.arange(200) % 4, np.arange(1000) % 5
    result = pool_lens(X, y, X_pool=X_pool, groups=groups, groups_pool=groups_pool)
    assert result.verdict == "found"
    assert result.named == ("groups = 4",)


def test_a_class_of_few_labels_and_many_rows_is_found():
    rng = np.random.default_rng(0)
    truth = np.repeat([0, 1, 2], 600)
    X = rng.normal(size=(1800, 2)) + 3 * np.eye(2)[truth % 2] * (truth[:, None] > 0)
    share = np.array([0.3, 0.3, 0.03])[truth]
    y = np.where(rng.random(1800) < share, truth, -1)
    result = pool_lens(X, y)
    assert result.verdict in ACCUSED
    classes = {line["class"]: line for line in result.evidence["classes"]}
    assert classes[2]["labeled"] == (y == 2).sum()
    assert classes[0]["labeled"] == (y == 0).sum()


def test_a_rim_without_labels_is_found_by_distance():
    rng = np.random.default_rng(0)
    X, X_pool = rng.normal(size=(600, 3)), rng.normal(size=(1500, 3))
    X_pool[:150] *= 5 / np.linalg.norm(X_pool[:150], axis=1, keepdims=True)
    result = pool_lens(X, rng.integers(2, size=600), X_pool=X_pool)
    assert result.verdict == "found"
    assert result.is_far[:150].mean() > 0.8
    assert np.mean(np.array(result.to_label) < 150) > 0.8


def test_rows_chosen_to_cover_the_pool_are_no_finding():
    X, _, _ = sides(n=1000, d=2)
    y = np.full(1000, np.nan)
    nearest, row = np.full(1000, np.inf), 0
    for k in range(60):  # farthest first
        y[row] = k % 2
        nearest = np.minimum(nearest, ((X - X[row]) ** 2).sum(axis=1))
        row = int(np.argmax(nearest))
    result = pool_lens(X, y)
    assert result.verdict == "clear"
    assert result.numbers["far_share"].estimate < 0.05


# ---------------------------------------------------------------- what it is given
def test_rows_without_a_label_are_the_pool_whatever_marks_them():
    X, y, X_pool = sides()
    X_pool[:80] += 5
    stacked = np.vstack([X, X_pool])
    none = np.r_[y.astype(object), np.full(1000, None)]
    results = [
        pool_lens(stacked, marked)
        for marked in (
            none,
            np.r_[1.0 * y, np.full(1000, np.nan)],
            np.r_[y, np.full(1000, -1)],
            pd.Series(none),
        )
    ]
    assert all(r == results[0] for r in results)
    beside = pool_lens(X, y, X_pool=X_pool)
    assert results[0].verdict == beside.verdict == "found"
    assert set(results[0].to_label) == {row + 200 for row in beside.to_label}
    np.testing.assert_array_equal(results[0].is_far, beside.is_far)


def test_the_order_of_rows_does_not_matter():
    X, y, X_pool = frames()
    X_pool.iloc[:80, :4] += 5
    result = pool_lens(X, y, X_pool=X_pool)
    order = np.random.default_rng(1).permutation(len(X_pool))
    moved = pool_lens(X[::-1], y[::-1], X_pool=X_pool.iloc[order])
    assert moved.numbers == result.numbers
    assert moved.p_value == result.p_value
    assert set(order[list(moved.to_label)]) == set(result.to_label)


@pytest.mark.parametrize("convert", [pl.from_pandas, lambda frame: frame])
def test_libraries_of_frames_agree(convert):
    X, y, X_pool = frames()
    before = X.copy()
    result = pool_lens(convert(X), y, X_pool=convert(X_pool))
    assert result.verdict == "clear"
    assert result.numbers == pool_lens(X, y, X_pool=X_pool).numbers
    pd.testing.assert_frame_equal(X, before)


def test_sparse_rows_texts_and_numbers_as_labels():
    X, y, X_pool = sides(m=300)
    made = sp.csr_matrix(np.where(np.abs(X) > 1, X, 0))
    pool = sp.csr_matrix(np.where(np.abs(X_pool) > 1, X_pool, 0))
    assert pool_lens(made, y, X_pool=pool).verdict == "clear"
    texts = np.array([f"word{k % 7} and word{k % 5}" for k in range(500)], dtype=object)
    labels = np.where(np.arange(500) % 5 == 0, "yes", None)
    labels[::10] = "no"
    assert pool_lens(texts, labels, random_state=1).name == "pool"
    quantity = pool_lens(X, y + 0.5 * X[:, 0], X_pool=X_pool)
    assert "classes" not in quantity.evidence


def test_few_labels_or_rows_cannot_tell():
    X, y, X_pool = sides()
    few = pool_lens(X[:19], y[:19], X_pool=X_pool)
    assert (few.verdict, few.reason_code) == ("cannot tell", "few_labels")
    few = pool_lens(X, y, X_pool=X_pool[:19])
    assert (few.verdict, few.reason_code) == ("cannot tell", "few_pool")
    none = pool_lens(X, None)
    assert (none.verdict, none.reason_code) == ("cannot tell", "few_labels")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"X_pool": np.ones((50, 3))}, "X_pool"),
        ({"X_pool": ["a"] * 50}, "not of one kind"),
        ({"groups": np.ones(3)}, "inconsistent"),
        ({"X_pool": np.ones((50, 4)), "groups_pool": np.ones(50)}, "together"),
        ({"X_pool": np.full((50, 4), np.inf), "embedding": "passthrough"}, "infinity"),
    ],
)
def test_what_does_not_fit_is_refused(arguments, said):
    X, y, _ = sides()
    with pytest.raises(ValueError, match=said):
        pool_lens(X, y, **arguments)


def test_copies_are_no_warning_and_shares_are_written_plainly():
    texts, y = ["a b"] * 60 + ["c d"] * 60, np.repeat([0, 1, -1], [30, 30, 60])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = pool_lens(texts, y)
        assert pool_lens(np.zeros((120, 2)), y).verdict == "clear"
    assert "60 rows of the pool (100 %)" in found.summary


# ---------------------------------------------------------------- marks of labels
def test_rows_without_a_label_are_refused_with_the_way_to_leave_them_out():
    refuse_unlabelled([0, 1, -1])  # a class, for all that is known
    for y, known in (
        ([0, None, 1], "known = ~pandas.isna"),
        ([0.0, np.nan, 1.0], "known = ~pandas.isna"),
    ):
        with pytest.raises(ValueError, match=known):
            refuse_unlabelled(y, "labels")
    for unlabeled in ("auto", -1):
        with pytest.raises(ValueError, match=r"2 rows .* 1, 3 .* known = y != -1"):
            refuse_unlabelled([0, -1, 1, -1], unlabeled=unlabeled)
    with pytest.raises(ValueError, match="known = y != 'unknown'"):
        refuse_unlabelled(["a", "unknown", "b"], unlabeled="unknown")


def test_minus_one_on_most_rows_is_told_of_and_a_class_otherwise():
    X, y, _ = sides(n=90)
    marked = np.where(np.arange(90) % 3 == 0, y, -1)
    remedies = {"balance": ClassBalanceWeighter()}
    with pytest.warns(UnlabelledRowsWarning, match="60 of 90 rows"):
        compare_remedies(LogisticRegression(), remedies, X, marked, cv=2)
    with pytest.warns(UnlabelledRowsWarning, match="60 of 90 rows"):
        warn_of_marks(marked.astype(float))
    for no_mark in (np.where(y == 0, -1, 1), y, np.where(np.arange(90) < 20, -1, y)):
        with warnings.catch_warnings():
            warnings.simplefilter("error", UnlabelledRowsWarning)
            warn_of_marks(no_mark)


@pytest.mark.parametrize("mark", [None, np.nan])
def test_helpers_that_fit_every_row_say_what_to_do_with_unlabelled_ones(mark):
    X, y, _ = sides(n=60)
    y = np.where(np.arange(60) < 20, mark, y.astype(object))
    model = LogisticRegression()
    for call in (
        lambda: compare_remedies(model, {"b": ClassBalanceWeighter()}, X, y),
        lambda: out_of_fold(model, X, y),
        lambda: diagnose(X, y),
        lambda: RemediedClassifier(model, ClassBalanceWeighter()).fit(X, y),
    ):
        with pytest.raises(ValueError, match=r"known = ~pandas\.isna\(y\)"):
            call()


# ---------------------------------------------------------------- in a diagnosis
def table(n=300, seed=0):
    X, _, X_pool = frames(n=n, seed=seed)
    X["ill"] = np.where(X["x0"] + 0.5 * X["x1"] > 0, "yes", "no")
    X_pool.iloc[:80, :4] += 5
    return X, X_pool


def test_a_diagnosis_says_what_a_pool_holds_that_no_label_covers():
    X, X_pool = table()
    report = diagnose(X, "ill", X_pool=X_pool)
    lens = report.lenses["pool"]
    assert isinstance(lens, PoolLensResult)
    assert (lens.verdict, lens.reason_code) == ("found", "regions")
    assert report.plan[-1]["lens"] == "pool"
    assert "rows" in report.plan[-1]["why"]
    said = json.loads(report.to_json())
    assert said["data"]["pool_rows"] == 1000
    assert set(said["lenses"]["pool"]["to_label"]) <= set(range(80))
    assert "1000 rows of a pool" in str(report)
    handed = diagnose(X, "ill", X_pool=TargetData(X_pool))
    assert handed.lenses["pool"] == lens


def test_other_lenses_do_not_see_the_pool():
    X, X_pool = table()
    alone, beside = diagnose(X, "ill"), diagnose(X, "ill", X_pool=X_pool)
    assert "pool" not in alone.lenses
    assert "pool_rows" not in alone.to_dict()["data"]
    assert all(beside.lenses[name] == lens for name, lens in alone.lenses.items())


def test_rows_of_the_table_without_a_label_are_its_pool():
    X, _ = table(n=600)
    X["ill"] = X["ill"].astype(object)
    missing = np.flatnonzero(X["x2"] > 1.2)
    X.loc[missing, "ill"] = None
    lens = diagnose(X, "ill").lenses["pool"]
    np.testing.assert_array_equal(np.sort(lens.pool_rows), missing)
    assert lens.verdict == "found"
    assert set(lens.to_label) <= set(missing.tolist())
    lines = [line["row"] for line in lens.evidence["rows to label"]]
    assert lines == list(lens.to_label)
    few = X.drop(index=missing[19:])
    assert "pool" not in diagnose(few, "ill").lenses


def test_columns_with_a_role_are_no_features_of_the_pool():
    X, X_pool = table()
    X["id"], X_pool["id"] = np.arange(300), np.arange(1000) + 10_000
    X["g"], X_pool["g"] = np.arange(300) % 6, np.arange(1000) % 6
    report = diagnose(X, "ill", X_pool=X_pool, ids=["id"], groups="g")
    columns = {
        line["column"]
        for line in report.lenses["pool"].evidence.get("values with few labels", ())
    }
    assert "id" not in columns


def test_arrays_and_their_pool():
    X, y = load_breast_cancer(return_X_y=True)
    report = diagnose(X[::2], y[::2], X_pool=X[1::2])
    assert report.lenses["pool"].verdict == "clear"
    with pytest.raises(ValueError, match="X_pool has 29"):
        diagnose(X, y, X_pool=X[:, 1:])


def test_a_pool_of_other_columns_is_refused():
    X, X_pool = table()
    with pytest.raises(ValueError, match="X_pool has no feature of X"):
        diagnose(X, "ill", X_pool=X_pool.rename(columns=str.upper))


def test_the_command_reads_a_pool(tmp_path):
    X, X_pool = table()
    X.to_csv(tmp_path / "t.csv", index=False)
    X_pool.to_csv(tmp_path / "p.csv", index=False)
    paths = [str(tmp_path / name) for name in ("t.csv", "p.csv")]
    arguments = ["diagnose", paths[0], "--label", "ill", "--pool", paths[1]]
    run = CliRunner().invoke(app, arguments)
    assert run.exit_code == 0, run.output
    assert "Pool: found" in run.stdout
