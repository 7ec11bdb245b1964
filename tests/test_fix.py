"""What ``fix`` changes, what it leaves, and that it never touches its input."""

import hashlib
import os

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from skdataquality.cli import _fix as command
from skdataquality.cli._app import app
from skdataquality.exceptions import OverlapWarning
from skdataquality.workflows import Change, fix_table, review_table


def run(*arguments):
    result = CliRunner().invoke(app, list(map(str, arguments)))
    assert "Traceback" not in result.output
    return result


def made(n=60, seed=0):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(rng.normal(size=(n, 3)).round(4), columns=list("abc"))
    frame["y"] = np.where(frame.a + 0.3 * rng.normal(size=n) > 0, "p", "q")
    return frame


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_copies_of_which_some_have_another_label_are_no_chance():
    frame = made()
    flipped = frame[:15].assign(y=frame.y[:15].map({"p": "q", "q": "p"}))
    frame = pd.concat([frame, flipped, frame[30:35]], ignore_index=True)
    done = fix_table(frame, "y")
    assert done.done == [Change("exact copies", 5)]
    assert done.left == [Change("label conflicts", 15)]


# ---------------------------------------------------------------- what is always done
def test_copies_and_leftover_indices_go_and_nothing_else(folder):
    frame = pd.concat([made(), made()[10:14]], ignore_index=True)
    frame["customer"] = [f"C-{k:04d}" for k in np.r_[:60, 10:14]]
    frame["leak"] = (frame.y == "p") * 1.0
    frame.insert(0, "Unnamed: 0", range(64))
    frame.to_csv("t.csv", index=False)
    result = run("fix", "t.csv", "-l", "y")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.splitlines() == [
        "64 rows, 7 columns -> 60 rows, 6 columns",
        "done      leftover index dropped: Unnamed: 0",
        "done      4 exact copies of rows dropped (features and label equal)",
        "left      identifiers kept: customer (--drop-identifiers)",
        "left      leaking columns kept: leak (--drop-leaky)",
        "written   t.fixed.csv",
        "written   t.lineage.csv",
    ]
    fixed = pd.read_csv("t.fixed.csv")
    pd.testing.assert_frame_equal(fixed, frame.iloc[:60, 1:])
    lineage = pd.read_csv("t.lineage.csv")
    dropped = lineage[lineage.fate == "dropped"]
    assert dropped.input_row.tolist() == [60, 61, 62, 63]
    assert dropped.reference_row.tolist() == [10, 11, 12, 13]
    assert set(dropped.reason) == {"duplicate"}
    assert lineage.input_row.tolist() == list(range(64))


def test_the_input_is_never_touched(folder):
    pd.concat([made(), made()[:5]]).to_csv("t.csv", index=False)
    os.chmod("t.csv", 0o444)
    before = os.stat("t.csv"), hashlib.sha256(read("t.csv")).hexdigest()
    assert run("fix", "t.csv", "-l", "y", "--review", "r.csv").exit_code == 0
    after = os.stat("t.csv"), hashlib.sha256(read("t.csv")).hexdigest()
    assert before[0].st_mtime_ns == after[0].st_mtime_ns
    assert before[0].st_ino == after[0].st_ino
    assert before[1] == after[1]


def read(name):
    with open(name, "rb") as file:
        return file.read()


ODD = [
    'a,b,code,"the ""y"""',
    '1.50,=SUM(A1),007,"p, or not"',
    "1e3,  padded ,0x1F,q",
    '"2,5",NA,1_000,"p, or not"',
    "-0.0,é漢,'x,q",
    '"two\nlines",|<b>,00,q',
]


@pytest.mark.parametrize(
    ("name", "options"),
    [("t.csv", ()), ("t.csv.gz", ()), ("t.tsv", ("--delimiter", ","))],
)
def test_cells_stay_as_they_are_written(folder, name, options):
    import gzip

    text = "\n".join([*ODD, ""])
    opened = gzip.open if name.endswith("gz") else open
    with opened(name, "wt", encoding="utf-8", newline="") as file:
        file.write(text)
    assert run("fix", name, *options).exit_code == 0
    fixed = name.replace("t.", "t.fixed.", 1)
    with opened(fixed, "rt", encoding="utf-8", newline="") as file:
        assert file.read() == text


def test_types_of_parquet_stay(folder):
    table = pa.table(
        {
            "small": pa.array([1, None, 3, 4], pa.int8()),
            "when": pa.array([1, 2, 3, 4], pa.timestamp("us", "Europe/Oslo")),
            "price": pa.array(["1.10", "2.20", None, "4"]).cast(pa.decimal128(5, 2)),
            "kind": pa.array(["u", "v", "u", "v"]).dictionary_encode(),
            "list": pa.array([[1], [], None, [2, 3]]),
        }
    )
    pq.write_table(table, "t.parquet")
    assert run("fix", "t.parquet").exit_code == 0
    assert pq.read_table("t.fixed.parquet").equals(table)


def test_a_code_is_no_copy_of_the_number_it_reads_as(folder):
    rows = [f"{a},{b},{c}" for a, b, c in made()[["a", "b", "c"]].to_numpy()]
    lines = [f"{row},{code}" for row in rows for code in ("01", "1")]
    (folder / "t.csv").write_text("\n".join(["a,b,c,zip", *lines, lines[0], ""]))
    said = " ".join(run("fix", "t.csv").stdout.split())
    assert "121 rows, 4 columns -> 120 rows, 4 columns" in said
    assert "done 1 exact copy of rows dropped" in said
    assert "left 60 equal rows kept, since they are written differently" in said
    said = run("fix", "t.csv", "--drop-repeats", "--overwrite").stdout
    assert "-> 60 rows" in said


def test_equal_rows_of_a_coarse_table_stay(folder):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.integers(0, 3, size=(60, 2)), columns=["a", "b"])
    frame.to_csv("t.csv", index=False)
    assert "too coarse" in run("fix", "t.csv").stdout
    assert len(pd.read_csv("t.fixed.csv")) == 60
    run("fix", "t.csv", "--drop-repeats", "--overwrite")
    assert len(pd.read_csv("t.fixed.csv")) == 9


def test_a_table_of_nothing_but_an_index_stays(folder):
    pd.DataFrame({"index": range(40), "y": ["p", "q"] * 20}).to_csv(
        "t.csv", index=False
    )
    result = run("fix", "t.csv", "-l", "y")
    assert result.exit_code == 0, result.stderr
    assert "-> 40 rows, 2 columns" in result.stdout


# ---------------------------------------------------------------- idempotence
OPTIONS = {
    "nothing": {},
    "identifiers": {"identifiers": True},
    "all": {
        "identifiers": True,
        "leaky": True,
        "near": True,
        "conflicts": "majority",
        "repeats": True,
    },
    "drop": {"conflicts": "drop"},
}


@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
@pytest.mark.parametrize("seed", range(6))
def test_a_second_fix_changes_nothing(seed, options):
    frame = messy(seed)
    first = fix_table(frame, "y", **options)
    fixed = frame.iloc[first.rows][first.columns].reset_index(drop=True)
    second = fix_table(fixed, "y", **options)
    assert second.done == []
    assert second.rows.tolist() == list(range(len(fixed)))
    assert second.columns == first.columns


def messy(seed):
    """Copies under other identifiers, conflicts, near copies, indices, a leak."""
    rng = np.random.default_rng(seed)
    frame = made(80, seed)
    more = frame.iloc[rng.integers(0, 80, 40)]
    frame = pd.concat([frame, more, more[:10]], ignore_index=True)
    frame.loc[85:89, "y"] = "q"
    frame.loc[90:95, "a"] += 1e-7
    frame["leak"] = (frame.y == "p") * 1.0
    frame["order_id"] = rng.permutation(len(frame)) + 1000
    frame["index"] = np.r_[:80, more.index, more.index[:10]]
    return frame


def test_messy_tables_are_changed_the_first_time():
    fix = fix_table(messy(0), "y", **OPTIONS["all"])
    assert {"leftover index", "identifiers", "leaking columns"} == {
        change.kind for change in fix.done if change.names
    }
    assert len(fix.rows) < 100


def test_lineage_and_rows_agree_after_every_step():
    frame = messy(1)
    fix = fix_table(frame, "y", **OPTIONS["all"])
    np.testing.assert_array_equal(fix.lineage.origin, fix.rows)
    lost = np.setdiff1d(np.arange(len(frame)), fix.rows)
    np.testing.assert_array_equal(np.flatnonzero(fix.lineage.dropped), lost)
    n_dropped = sum(change.n for change in fix.done if not change.names)
    assert n_dropped == lost.size


# ---------------------------------------------------------------- when asked
def test_conflicts():
    frame = pd.concat([made(), made()[:3], made()[:3]], ignore_index=True)
    frame.loc[:2, "y"] = ["p", "q", "p"]
    frame.loc[60:, "y"] = ["q", "p", "q"] * 2
    kept = fix_table(frame, "y")
    assert kept.left[0] == Change("label conflicts", 3)
    assert len(kept.rows) == 63  # the later copies of equal label are gone
    repeats = {"conflicts": "drop"}
    dropped = fix_table(frame, "y", **repeats)
    assert set(dropped.rows) == set(range(3, 60))


def test_an_unknown_label_is_no_conflict():
    frame = pd.concat([made(), made()[:3]], ignore_index=True)
    frame.loc[60:, "y"] = None
    fix = fix_table(frame, "y", conflicts="drop")
    assert len(fix.rows) == 63


def test_a_conflict_may_begin_with_an_unlabelled_row():
    frame = pd.concat([made(), made()[:1], made()[:1]], ignore_index=True)
    frame.loc[[0, 60, 61], "y"] = [None, "p", "q"]
    assert fix_table(frame, "y").left[0] == Change("label conflicts", 1)
    fix = fix_table(frame, "y", conflicts="drop")
    assert set(fix.rows) == set(range(60))


def test_near_duplicates_only_when_asked(folder):
    frame = made(200)
    near = frame[:6].assign(a=frame.a[:6] + 1e-6)
    pd.concat([frame, near]).to_csv("t.csv", index=False)
    assert "6 near duplicates kept (--drop-near)" in run("fix", "t.csv").stdout
    said = run("fix", "t.csv", "--drop-near", "--overwrite").stdout
    assert "done      6 near duplicates dropped" in said
    assert len(pd.read_csv("t.fixed.csv")) == 200


def test_rows_that_target_data_hold_are_dropped(folder):
    made().to_csv("t.csv", index=False)
    made()[["c", "a", "b"]][20:30].to_csv("p.csv", index=False)
    said = run("fix", "t.csv", "-l", "y", "--target-data", "p.csv").stdout
    assert "done      10 rows that target data hold too dropped" in said
    assert len(pd.read_csv("t.fixed.csv")) == 50


def test_target_rows_of_other_columns_are_compared_by_name_in_those_of_both():
    frame = made()
    target = frame[20:30].assign(more=1, a=frame.a[20:30].astype(str))
    with pytest.warns(OverlapWarning, match=r"only X_target has more: ignored.*read"):
        assert fix_table(frame, "y", X_target=target).rows.size == 50
    with pytest.warns(OverlapWarning, match="X_target lacks a, b: left out of both"):
        fix = fix_table(frame, "y", X_target=target[["c"]])  # equal by chance
    assert fix.rows.size == 60
    assert "target overlap" in {change.kind for change in fix.left}


def test_label_errors_are_listed_never_changed(folder):
    frame = made(200)
    frame = pd.concat([frame, frame[:20]], ignore_index=True)
    frame.loc[30:39, "y"] = frame.y[30:40].map({"p": "q", "q": "p"})
    frame.insert(0, "Unnamed: 0", range(220))
    frame.to_csv("t.csv", index=False)
    result = run("fix", "t.csv", "-l", "y", "--review", "r.csv")
    fixed = pd.read_csv("t.fixed.csv")
    assert fixed.y.tolist() == frame.y[:200].tolist()
    review = pd.read_csv("r.csv")
    assert f"{len(review)} labels look wrong; none was changed" in result.stdout
    assert "cannot tell that any is" not in result.stdout
    assert list(review) == ["input_row", "given", "suggested", "quality", "decision"]
    assert (frame.y[review.input_row].to_numpy() == review.given).all()
    assert (review.suggested != review.given).all()
    assert review.quality.is_monotonic_increasing
    assert review.input_row.max() < 200  # copies are not asked about twice
    assert len(set(review.input_row) & set(range(30, 40))) >= 6


def test_review_needs_something_to_judge_by():
    with pytest.raises(ValueError, match="no column left for features"):
        review_table(made(), "y", ids=["a", "b", "c"])
    with pytest.raises(ValueError, match="two classes of at least 2"):
        review_table(made(11).assign(y=["p"] * 10 + ["q"]), "y")


# ---------------------------------------------------------------- all or nothing
@pytest.mark.parametrize("breaks", ["to_safe_csv", "review_table", "cells_writer"])
def test_nothing_is_written_when_anything_fails(folder, monkeypatch, breaks):
    def broken(*args, **options):
        raise OSError("disk full")

    made().to_csv("t.csv", index=False)
    monkeypatch.setattr(command, breaks, broken)
    result = run("fix", "t.csv", "-l", "y", "--review", "r.csv")
    assert (result.exit_code, result.stderr) == (3, "error: disk full\n")
    assert os.listdir() == ["t.csv"]


def test_a_format_that_cannot_hold_a_column_writes_nothing(folder):
    pq.write_table(pa.table({"a": [[1], [2], [3]], "b": [1, 2, 3]}), "t.parquet")
    result = run("fix", "t.parquet", "--output", "t.csv")
    assert result.exit_code == 3
    assert result.stderr.startswith("error: t.csv")
    assert result.stderr.count("\n") == 1
    assert os.listdir() == ["t.parquet"]


def test_files_are_replaced_only_when_told(folder):
    made().to_csv("t.csv", index=False)
    (folder / "t.lineage.csv").write_text("mine")
    result = run("fix", "t.csv")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "t.lineage.csv exists" in result.stderr
    assert sorted(os.listdir()) == ["t.csv", "t.lineage.csv"]
    assert run("fix", "t.csv", "--overwrite").exit_code == 0
    assert (folder / "t.lineage.csv").read_text() != "mine"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"label": " Y"}, "did you mean 'y'"),
        ({"conflicts": "no"}, "conflicts='no' must be one of"),
        ({"cells": made(5)}, "cells has shape"),
    ],
)
def test_wrong_arguments(options, said):
    with pytest.raises(ValueError, match=said):
        fix_table(made(), **{"label": "y", **options})
    with pytest.raises(ValueError, match="pass a data frame"):
        fix_table(made().to_numpy())


def test_copies_vote_before_they_are_dropped(folder):
    frame = pd.concat([made(), *[made()[:1]] * 3, made()[1:2]], ignore_index=True)
    frame.loc[0, "y"] = "q" if frame.y[0] == "p" else "p"
    frame.loc[63, "y"] = "q" if frame.y[63] == "p" else "p"
    fix = fix_table(frame, "y", conflicts="majority")
    assert 0 not in fix.rows  # outvoted by its three twins, of which one stays
    assert 60 in fix.rows
    assert not {1, 61, 62, 63} & set(fix.rows)  # a tie has no majority


def test_a_review_says_if_the_diagnosis_cannot_tell(folder):
    rng = np.random.default_rng(0)
    frame = made(150).assign(y=rng.choice(["p", "q"], 150))  # nothing tells them apart
    frame.to_csv("t.csv", index=False)
    result = run("fix", "t.csv", "-l", "y", "--review", "r.csv")
    said = " ".join(result.stdout.split())
    assert f"{len(pd.read_csv('r.csv'))} labels look wrong; none was changed" in said
    assert "the diagnosis cannot tell that any is" in said


@pytest.mark.parametrize("conflicts", ["keep", "majority"])
def test_the_last_feature_is_not_dropped(folder, conflicts):
    frame = pd.DataFrame({"who": [f"C-{k:04d}" for k in range(60)]})
    frame["y"] = made().y
    frame.to_csv("t.csv", index=False)
    words = "-l", "y", "--drop-identifiers", "--conflicts", conflicts
    result = run("fix", "t.csv", *words)
    assert result.exit_code == 3
    assert "no feature would be left: who (identifiers)" in result.stderr
    assert "Leave --drop-identifiers out" in result.stderr
    assert os.listdir() == ["t.csv"]
