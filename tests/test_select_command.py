"""Rows selected from a pool: as a function, and as a command on files of any kind."""

import json
import os
import re

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from typer.testing import CliRunner

from skdataquality.active_learning import DiversitySelector, coverage_curve
from skdataquality.cli._app import app
from skdataquality.tables import read_table
from skdataquality.workflows import select_table
from skdataquality.workflows._labelling import _select_table as module
from skdataquality.workflows._labelling._pool import as_floats, matching

D = 6
E = [f"e{k}" for k in range(D)]


def run(*arguments):
    result = CliRunner().invoke(app, list(map(str, arguments)))
    assert "Traceback" not in result.output
    return result


def points(n=400, seed=0):
    """Twenty clusters of points in single precision, some of them twice."""
    rng = np.random.default_rng(seed)
    centres = 8 * rng.normal(size=(20, D))
    X = centres[rng.integers(0, 20, n)] + rng.normal(size=(n, D))
    X[n // 2 : n // 2 + n // 10] = X[: n // 10]
    return X.astype(np.float32)


def made(n=400, seed=0):
    """A pool: embedding, and columns of other kinds beside."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(points(n, seed), columns=E)
    frame.insert(0, "code", [f"{k:04d}" for k in range(n)])
    frame["camera"] = np.where(rng.random(n) < 0.9, "front", "rear")
    frame["worth"] = rng.random(n).round(3)
    return frame


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made().to_parquet("pool.parquet")
    return tmp_path


SELECT = ("select", "pool.parquet", "--embedding", "e*", "-n", "30")


def picked(n_select=30, X=None, **options):
    selector = DiversitySelector(n_select, embedding="passthrough")
    selector.fit_resample(points() if X is None else X, **options)
    return selector


# --------------------------------------------------------------- what is selected
WRITERS = {
    "parquet": lambda f, p: f.to_parquet(p),
    "feather": lambda f, p: f.to_feather(p),
    "csv": lambda f, p: f.astype(dict.fromkeys(E, float)).to_csv(p, index=False),
    "jsonl.gz": lambda f, p: f.astype(dict.fromkeys(E, float)).to_json(
        p, orient="records", lines=True, double_precision=15
    ),
}


@pytest.mark.parametrize("ending", WRITERS)
def test_every_format_gives_the_picks_of_the_selector(folder, ending):
    WRITERS[ending](made(), f"p.{ending}")
    result = run("select", f"p.{ending}", *SELECT[2:], "--output", "picks.csv")
    assert result.exit_code == 0, result.output
    picks = read_table("picks.csv", text_columns=["code"])
    selector = picked()
    assert picks["rank"].tolist() == list(range(1, 31))
    assert picks["input_row"].tolist() == selector.selection_order_.tolist()
    assert np.isnan(picks["distance"][0])
    assert_allclose(picks["distance"][1:], selector.distances_[1:], rtol=1e-5)
    # the other columns as they are written, and not the embedding
    assert picks.columns.tolist() == [
        "rank", "input_row", "distance", "code", "camera", "worth"
    ]  # fmt: skip
    assert picks["code"].tolist() == [f"{k:04d}" for k in picks["input_row"]]


@pytest.mark.parametrize("dtype", ["f2", "f4", ">f4", "f8", "i2", "i8"])
def test_arrays_give_the_same_picks_as_their_floats(folder, dtype):
    X = (points() * 10).astype(dtype)
    np.save("pool.npy", X)
    np.savez("pool.npz", e=X, camera=made().camera.to_numpy().astype("U5"))
    expected = picked(X=as_floats(X)).selection_order_
    for name in ("pool.npy", "pool.npz"):
        result = run("select", name, "-n", "30", "--output", f"{name}.npy")
        assert result.exit_code == 0, result.output
        rows = np.load(f"{name}.npy")
        assert rows.dtype == np.int64
        assert_array_equal(rows, expected)
    assert run("select", "pool.npz", "--balance", "camera").exit_code == 0


def test_a_mapped_array_is_not_copied(folder, monkeypatch):
    np.save("pool.npy", points())
    seen = []
    kept = DiversitySelector.fit_resample

    def spy(self, X, **options):
        seen.append(X)
        return kept(self, X, **options)

    monkeypatch.setattr(DiversitySelector, "fit_resample", spy)
    select_table("pool.npy", 10)
    assert isinstance(seen[0], np.memmap)


def test_one_column_of_lists_is_an_embedding(folder):
    X = points()
    lists = pa.array(list(X), pa.list_(pa.float32()))
    sized = lists.cast(pa.list_(pa.float32(), D))
    for column in (lists, sized):
        pq.write_table(pa.table({"id": range(len(X)), "vector": column}), "v.parquet")
        told = select_table("v.parquet", 30, embedding="vector")
        assert_array_equal(told.rows, picked().selection_order_)
        assert told.n_dimensions == D
    frame = pd.DataFrame({"vector": list(X)})
    in_memory = select_table(frame, 30, embedding="vector")
    assert_array_equal(in_memory.rows, picked().selection_order_)
    pq.write_table(pa.table({"v": [[1.0], [1.0, 2.0]]}), "odd.parquet")
    with pytest.raises(ValueError, match="not all lists of as many numbers"):
        select_table("odd.parquet", 1, embedding="v")


def test_columns_without_an_embedding_are_scaled_and_those_apart_left_out(folder):
    frame = made().drop(columns="code")
    frame["nr"] = np.arange(len(frame))
    told = select_table(frame, 30, ids="nr", weights="worth", weight_strength=0)
    selector = DiversitySelector(30).fit_resample(frame[E])
    assert_array_equal(np.sort(told.rows), selector[0].index)
    assert "6 columns of numbers, each scaled: " in told.notes[0]
    # as --embedding names none, all columns are in the output
    assert set(E) < set(told.to_frame().columns)


def test_shares_and_numbers(folder):
    assert len(select_table(points(), 0.05).rows) == 20
    for text, n in (("5%", 20), ("0.25 %", 1), ("100%", 400), ("7", 7)):
        told = run(*SELECT[:4], "-n", text, "--json", "-")
        assert len(json.loads(told.stdout)["rows"]) == n
    for text in ("0", "-1", "5.5", "101%", "0%", "half"):
        assert run(*SELECT[:4], "-n", text).exit_code == 2


def test_the_order_of_rows_does_not_matter():
    X = points()
    order = np.random.default_rng(1).permutation(len(X))
    one, other = select_table(X, 30).rows, select_table(X[order], 30).rows
    assert_array_equal(X[one], X[order][other])


# ------------------------------------------------------- balance, weights, copies
def test_values_get_equal_shares_or_those_that_are_named(folder):
    told = json.loads(run(*SELECT, "--balance", "camera", "--json", "-").stdout)
    assert [q["selected"] for q in told["quotas"]] == [15, 15]
    share = ("--share", "front=0.8", "--share", "rear=0.2")
    told = run(*SELECT, "--balance", "camera", *share, "--json", "-")
    assert [q["selected"] for q in json.loads(told.stdout)["quotas"]] == [24, 6]
    told = run(*SELECT, "--balance", "camera", "--share", "input")
    assert told.exit_code == 0
    assert "rear" in told.stdout
    assert "rows in pool" in told.stdout
    assert run(*SELECT, "--share", "rear=1").exit_code == 2
    assert run(*SELECT, "--balance", "camera", "--share", "rear").exit_code == 2


def test_shares_of_numbers_are_named_by_their_text():
    frame = made().assign(camera=lambda f: (f.camera == "rear").astype(int))
    shares = {"1": 0.5, "0": 0.5}
    told = select_table(frame, 10, embedding="e*", balance="camera", shares=shares)
    assert [q["selected"] for q in told.quotas] == [5, 5]


def test_a_quota_that_cannot_be_met_is_told(folder):
    frame = made()
    frame["camera"] = np.where(np.arange(400) < 3, "rear", "front")
    frame.to_parquet("pool.parquet")
    result = run(*SELECT, "--balance", "camera")
    assert result.exit_code == 0
    assert "warning: quotas are not met" in result.stderr
    assert result.stdout.splitlines()[-3].split() == ["rear", "3", "50", "%", "0", "3"]


def test_weights_are_those_of_the_column(folder):
    told = select_table("pool.parquet", 30, embedding="e*", weights="worth")
    expected = picked(weights=made().worth.to_numpy()).selection_order_
    assert_array_equal(told.rows, expected)
    assert not np.array_equal(told.rows, picked().selection_order_)
    frame = made()
    frame.loc[7, "worth"] = -1
    frame.to_parquet("pool.parquet")
    result = run(*SELECT, "--weight", "worth")
    assert result.exit_code == 3
    assert len(result.stderr.strip().splitlines()) == 1
    text = run(*SELECT, "--weight", "camera")
    assert "weights holds 'front'" in text.stderr


def test_copies_are_left_out_and_counted():
    X = np.repeat(points()[:20], 3, axis=0)
    told = select_table(X, 20)
    assert len(np.unique(X[told.rows], axis=0)) == 20
    assert told.n_copies == 40
    assert "40 exact copies of selected rows are left out" in str(told)


def test_nothing_is_nearer_than_the_least_distance():
    told = select_table(points(), 400, min_distance=3.0)
    assert told.distances[1:].min() >= 3
    assert told.radius < 3


# ----------------------------------------------------------------- selected before
def test_an_earlier_output_is_gone_on_with(folder):
    run(*SELECT, "--output", "done.csv")
    run(*SELECT, "--output", "done.npy")
    whole = select_table("pool.parquet", 50, embedding="e*").rows
    for done in ("done.csv", "done.npy"):
        on = run(*SELECT[:4], "-n", "20", "--selected", done, "--json", "-")
        assert on.exit_code == 0, on.output
        told = json.loads(on.stdout)
        assert told["selected_before"] == 30
        # greedy picks: thirty and twenty more are fifty
        assert told["rows"] == whole[30:].tolist()
    shown = run(*SELECT[:4], "-n", "20", "--selected", "done.csv").stdout
    assert "30 rows of the pool were selected before" in shown


def test_rows_of_another_table_keep_their_neighbours_away(folder):
    other = made(20, seed=5)
    other.to_csv("other.csv", index=False)
    told = select_table("pool.parquet", 10, embedding="e*", selected="other.csv")
    assert told.n_reference_rows == 20
    X, theirs = points(), other[E].to_numpy()
    away = ((X[told.rows[0]] - theirs) ** 2).sum(axis=1).min()
    assert_allclose(told.distances[0], np.sqrt(away), rtol=1e-5)
    np.save("other.npy", theirs)
    by_array = select_table("pool.parquet", 10, embedding="e*", selected="other.npy")
    assert_array_equal(by_array.rows, told.rows)
    balanced = select_table(
        "pool.parquet", 10, embedding="e*", selected="other.csv", balance="camera"
    )
    n_before = (other.camera == "rear").sum()
    assert balanced.quotas[1]["selected"] == min(10, 15 - n_before)


@pytest.mark.parametrize(
    ("selected", "said"),
    [
        ([0, 400], "holds row 400, and the pool has the rows 0 to 399"),
        ([-1], "holds row -1"),
        ([0.5], "pass numbers of rows"),
        (np.ones((3, 2)), "points of 2 numbers, and the pool of 6"),
        (pd.DataFrame({"a": [1]}), "'e0' is not a column of selected"),
    ],
)
def test_what_cannot_have_been_selected(selected, said):
    with pytest.raises(ValueError, match=said):
        select_table(made(), 5, embedding="e*", selected=selected)


def test_a_third_selection_takes_no_row_of_the_first_two(folder):
    run(*SELECT[:4], "-n", "20", "--output", "a.csv")
    run(*SELECT[:4], "-n", "20", "--selected", "a.csv", "--output", "b.csv")
    both = ("--selected", "a.csv", "--selected", "b.csv")
    on = run(*SELECT[:4], "-n", "20", *both, "--json", "-")
    assert on.exit_code == 0, on.output
    told = json.loads(on.stdout)
    assert told["selected_before"] == 40
    before = pd.concat([pd.read_csv("a.csv"), pd.read_csv("b.csv")]).input_row
    assert len({*before, *told["rows"]}) == 60


def test_rows_of_other_tables_come_in_one_file(folder):
    made(10, seed=1)[E].to_csv("other.csv", index=False)
    run(*SELECT[:4], "-n", "20", "--output", "a.csv")
    both = ("--selected", "a.csv", "--selected", "other.csv")
    refused = run(*SELECT[:4], "-n", "5", *both)
    assert refused.exit_code == 3
    assert "join rows of other tables in one file" in refused.stderr


def test_it_says_why_fewer_rows_or_copies_are_selected():
    X = points()
    far = select_table(X, 30, min_distance=20)
    assert far.rows.size < 30
    assert "all others are nearer than 20 to a selected one" in far.notes[0]
    assert not select_table(X, 30, min_distance=0.01).notes
    same = select_table(np.ones((50, 3)), 4)
    assert same.notes == ("3 selected rows are exact copies of others, for lack of new "
                          "ones",)  # fmt: skip
    assert "The first one represents 95 %" in str(same)
    assert "More rows would not represent more." in str(select_table(X[:1], 1.0))


# ---------------------------------------------------------------------- coverage
def test_coverage_is_that_of_the_picks():
    X = points()
    told = select_table(X, 30)
    curve = coverage_curve(
        X, told.rows, embedding="passthrough", sizes=told.curve.sizes, random_state=0
    )
    assert_allclose(told.curve.share, curve.share)
    assert told.curve.sizes[-1] == 30
    assert told.n_enough == curve.rows_for(0.95 * curve.share[-1]) < 30
    assert f"The first {told.n_enough} represent 95 % of what all 30 do" in str(told)


def test_coverage_of_a_large_pool_is_measured_in_a_sample(monkeypatch):
    X = points(4000)
    whole = select_table(X, 10)
    monkeypatch.setattr(module, "MOST_MEASURED", 1000)
    told = select_table(X, 10)
    assert_array_equal(told.rows, whole.rows)
    assert 1000 <= told.n_measured <= 1010
    assert_allclose(told.curve.share, whole.curve.share, atol=0.06)
    assert f"measured in {told.n_measured} of its rows" in str(told)


def test_the_text_fits_a_terminal_and_the_result_every_medium(folder):
    result = run(*SELECT, "--balance", "camera", "--output", "picks.csv")
    assert max(map(len, result.stdout.splitlines())) <= 80
    told = select_table("pool.parquet", 30, embedding="e*", balance="camera")
    assert repr(told).startswith("TableSelection: 30 of 400 rows selected")
    assert told._repr_html_().count("<table>") == 2
    again = json.dumps(told.to_dict(), allow_nan=False)
    assert json.loads(again)["distances"][0] is None
    as_file = read_table("picks.csv", text_columns=["code"])
    pd.testing.assert_frame_equal(
        told.to_frame().replace(np.inf, np.nan), as_file, rtol=1e-6
    )


def test_names_that_the_output_has_are_kept_apart():
    frame = made().rename(columns={"camera": "rank", "worth": "Distance"})
    told = select_table(frame, 3, embedding="e*").to_frame()
    assert told.columns.tolist() == [
        "rank_", "input_row", "distance_", "code", "rank", "Distance"
    ]  # fmt: skip


@pytest.mark.parametrize("ending", ["parquet", "jsonl", "tsv", "csv.gz", "feather"])
def test_every_format_is_written(folder, ending):
    result = run(*SELECT, "--output", f"picks.{ending}")
    assert result.exit_code == 0, result.output
    picks = read_table(f"picks.{ending}")
    assert picks["input_row"].tolist() == picked().selection_order_.tolist()


def test_the_same_seed_writes_the_same_bytes_and_nothing_is_replaced(folder):
    run(*SELECT, "--output", "a.csv", "--json", "a.json")
    again = run(*SELECT, "--output", "a.csv", "--json", "b.json")
    assert again.exit_code == 2
    assert "a.csv exists" in again.stderr
    assert not (folder / "b.json").exists()
    run(*SELECT, "--output", "b.csv", "--json", "b.json")
    assert (folder / "a.csv").read_bytes() == (folder / "b.csv").read_bytes()
    assert (folder / "a.json").read_bytes() == (folder / "b.json").read_bytes()


# ---------------------------------------------------------------------- one line
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("pool.parquet", "--embedding", "x*"), "matches no column"),
        (("pool.parquet", "--embedding", "camera"), "must be|holds no numbers"),
        (("pool.npy", "--embedding", "e*"), "has no columns to name"),
        (("pool.npy", "--balance", "camera"), "names a column, and the pool has none"),
        (("pool.parquet", "--embedding", "e*", "--balance", "e0"), "of the embedding"),
        (("pool.parquet", "--embedding", "e*", "--weight", "wort"), "did you mean"),
        (("pool.parquet", "--output", "pool.parquet"), "is an input"),
        (("pool.parquet", "--output", "a.doc"), "must end in one of"),
        (("pool.parquet", "--output", "-"), "not to stdout"),
        (("pool.npy", "--delimiter", ";"), "--delimiter says nothing about pool.npy"),
        (("nowhere.npy",), "does not exist"),
        (("pool.parquet", "--selected", "nowhere.csv"), "does not exist"),
        (("nan.npy",), r"NaN or infinity in row\(s\) 3"),
        (("object.npy",), "Python objects, which are not unpickled"),
        (("flat.npy",), "no array in two dimensions"),
        (("two.npz",), "name one as the embedding"),
        (("hole.parquet", "--embedding", "e*"), "no value in 1 rows, first row 3"),
    ],
)  # fmt: skip
def test_wrong_use(folder, arguments, said):
    X = points()
    np.save("pool.npy", X)
    np.savez("two.npz", a=X, b=X)
    np.save("flat.npy", X[:, 0])
    np.save("object.npy", np.array([[None]], dtype=object), allow_pickle=True)
    X[3, 1] = np.nan
    np.save("nan.npy", X)
    pd.DataFrame(X, columns=E).to_parquet("hole.parquet")
    hole = pq.read_table("hole.parquet")
    pq.write_table(hole, "hole.parquet")
    before = sorted(os.listdir())
    result = run("select", *arguments)
    assert result.exit_code in (2, 3), result.output
    assert re.search(said, result.stderr), result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert sorted(os.listdir()) == before


def test_an_archive_names_its_embedding(folder):
    X = points()
    np.savez("two.npz", a=X, b=X[:, :2])
    result = run("select", "two.npz", "--embedding", "a", "-n", "30", "--json", "-")
    assert json.loads(result.stdout)["rows"] == picked().selection_order_.tolist()


def test_a_name_stands_for_itself_before_it_is_a_pattern():
    names = ["e1", "e2", "e*", "[x]"]
    assert matching(names, "e*") == ["e*"]
    assert matching(names, ["[x]", "e?"]) == ["e1", "e2", "e*", "[x]"]
    with pytest.raises(ValueError, match="matches no column"):
        matching(names, ["e*", "q*"])
