"""Rows to label next, from sheet to sheet to the table: function and command."""

import csv
import io
import json
import os
import shlex
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from typer.testing import CliRunner

from skdataquality.active_learning import RandomQuery, UncertaintyQuery
from skdataquality.cli._app import app
from skdataquality.cli._labelling._rounds import next_name
from skdataquality.report import read_verified, write_sheet
from skdataquality.workflows import audit_table, query_table
from skdataquality.workflows._labelling._cells import with_labels

QUERY = ("query", "train.csv", "--label", "kind")
DRAW = (*QUERY, "-n", "10", "--sheet", "next.csv")


def run(*arguments):
    result = CliRunner().invoke(app, list(map(str, arguments)))
    assert "Traceback" not in result.output
    return result


def made(n=160, *, labelled=40, seed=0, names=("ant", "bee", "cat")):
    """A table of which the first rows have a label, and the labels of all rows."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, len(names), n)
    truth[: len(names)] = range(len(names))
    frame = pd.DataFrame({"size": (rng.normal(size=n) + 2 * truth).round(3)})
    frame["weight"] = rng.normal(size=n).round(3)
    names = np.array([*names, None], dtype=object)[:-1]
    frame["kind"] = np.where(np.arange(n) < labelled, names[truth], None)
    return frame, names[truth]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made()[0].to_csv("train.csv", index=False)
    return tmp_path


def fill(path, truth, *, rows=slice(None), delimiter=","):
    """Answer some lines as the truth has it, and save as Excel does."""
    text = Path(path).read_text("utf-8-sig")
    head, *body = csv.reader(io.StringIO(text, newline=""))
    for line in body[rows]:
        line[-2] = str(truth[int(line[0])])
    with open(path, "w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file, delimiter=delimiter).writerows([head, *body])


def rows_of(path):
    return pd.read_csv(path).input_row.tolist()


# ------------------------------------------------------------------- the loop
def test_from_sheet_to_sheet_to_the_table(folder):
    frame, truth = made()
    before = (folder / "train.csv").read_bytes()
    drawn = run(*DRAW)
    assert drawn.exit_code == 0, drawn.output
    assert sorted(os.listdir()) == ["next.csv", "next.plan.json", "train.csv"]
    assert "40 of 160 rows have a label" in drawn.stdout
    assert max(map(len, drawn.stdout.split("Then")[0].splitlines())) <= 80
    head = pd.read_csv("next.csv").columns.tolist()
    assert head[:3] == ["input_row", "size", "weight"]
    assert head[3] == "answer (the label: ant, bee, cat; ? = cannot say)"
    assert min(rows_of("next.csv")) >= 40
    first = rows_of("next.csv")
    fill("next.csv", truth, delimiter=";")
    on, out = (
        shlex.split(line) for line in drawn.stdout.splitlines() if "--verified" in line
    )
    second = run(*on[1:])
    assert second.exit_code == 0, second.output
    assert "50 of 160 rows have a label. 10 of them by answers in 1 sheet" in " ".join(
        second.stdout.split()
    )
    assert not set(first) & set(rows_of("next2.csv"))
    fill("next2.csv", truth)
    # the last sheet remembers the first
    done = run(*QUERY, "--verified", "next2.csv", "--output", "labelled.csv")
    assert done.exit_code == 0, done.output
    both = run(
        *QUERY, *("--verified", "next.csv"), *("--verified", "next2.csv"),
        *("--output", "both.csv"),
    )  # fmt: skip
    assert both.exit_code == 0, both.output
    assert (folder / "both.csv").read_bytes() == (folder / "labelled.csv").read_bytes()
    labelled = pd.read_csv("labelled.csv")
    asked = first + rows_of("next2.csv")
    expected = frame.kind.copy()
    expected[asked] = truth[asked]
    pd.testing.assert_series_equal(labelled.kind, expected, check_dtype=False)
    pd.testing.assert_frame_equal(labelled[["size", "weight"]], frame.iloc[:, :2])
    assert (folder / "train.csv").read_bytes() == before
    # and the table goes on where the sheets stopped
    assert run("query", "labelled.csv", *DRAW[2:], "--overwrite").exit_code == 0
    assert not set(asked) & set(rows_of("next.csv"))
    assert run(*out[1:]).exit_code == 3  # a sheet of the other table


def test_the_same_seed_gives_the_same_sheet_in_any_order_of_rows(folder):
    run(*DRAW)
    first = [(folder / n).read_bytes() for n in ("next.csv", "next.plan.json")]
    again = run(*DRAW)
    assert again.exit_code == 2
    assert "next.csv exists: choose another name, or pass --overwrite" in again.stderr
    run(*DRAW, "--overwrite")
    assert first == [(folder / n).read_bytes() for n in ("next.csv", "next.plan.json")]
    frame = made()[0]
    order = np.random.default_rng(1).permutation(len(frame))
    one = query_table(frame, "kind", n_rows=10).plan.rows
    other = query_table(frame.iloc[order], "kind", n_rows=10).plan.rows
    assert sorted(one) == sorted(order[other])


def test_the_function_and_the_command_agree(folder):
    frame, truth = made()
    run(*DRAW)
    query = query_table(frame, "kind", n_rows=10)
    assert query.plan.rows.tolist() == rows_of("next.csv")
    answers = query.plan.verified(truth[query.plan.rows])
    fill("next.csv", truth)
    from_file = query_table(frame, "kind", n_rows=None, verified="next.csv")
    by_hand = query_table(frame, "kind", n_rows=None, verified=answers)
    assert from_file.known.tolist() == by_hand.known.tolist()
    assert from_file.to_dict() == by_hand.to_dict()
    told = run(*QUERY, "--verified", "next.csv", "--json", "-")
    assert json.loads(told.stdout) == from_file.to_dict()
    assert repr(from_file).startswith("TableQuery: Query of kind: 50 of 160 rows")
    assert from_file._repr_html_().count("<table>") == 1


def test_the_rows_are_those_of_the_strategy():
    frame, _ = made()
    y = frame.kind.to_numpy()
    X = frame[["size", "weight"]]
    strategy = UncertaintyQuery(LogisticRegression(), random_state=0)
    query = query_table(frame, "kind", n_rows=7, strategy=strategy)
    assert query.plan.rows.tolist() == strategy.fit(X, y).query(7).tolist()
    assert query.strategy == "UncertaintyQuery"


def test_answers_teach_the_model_of_the_next_sheet():
    frame, truth = made()
    strategy = UncertaintyQuery(random_state=0)
    query = query_table(frame, "kind", n_rows=20, strategy=strategy)
    answers = query.plan.verified(truth[query.plan.rows])
    on = query_table(frame, "kind", n_rows=5, verified=answers, strategy=strategy)
    filled = frame.assign(kind=on.known)
    whole = query_table(filled, "kind", n_rows=5, strategy=strategy)
    assert on.plan.rows.tolist() == whole.plan.rows.tolist()


# -------------------------------------------------------------- what is no feature
class Recorder(ClassifierMixin, BaseEstimator):
    """Remembers the columns that it saw."""

    def fit(self, X, y):
        Recorder.columns = list(X.columns)
        self.classes_ = np.unique(y)
        return self

    def predict_proba(self, X):
        return np.full((len(X), self.classes_.size), 1 / self.classes_.size)

    def predict(self, X):
        return np.repeat(self.classes_[:1], len(X))


def test_a_column_that_gives_the_label_away_and_roles_are_no_features():
    frame, truth = made(400, labelled=200)
    frame["leak"] = np.unique(truth, return_inverse=True)[1] * 10
    frame["source"] = "north"
    frame["nr"] = np.arange(400)
    strategy = UncertaintyQuery(Recorder())
    query = query_table(
        frame, "kind", n_rows=5, strategy=strategy, sources=["source"], ids=["nr"]
    )
    assert Recorder.columns == ["size", "weight"]
    assert any("leak" in note for note in query.notes)
    assert "leak" in str(query)


def test_a_model_sees_a_sample_of_a_large_table():
    frame, _ = made(600, labelled=250)
    query = query_table(frame, "kind", n_rows=5, max_rows=100)
    assert "the model sees 100 of 250 labelled rows, drawn at random" in query.notes
    assert "the model sees 100 of 350 unlabelled rows, drawn at random" in query.notes
    assert query.plan.rows.min() >= 250


# ------------------------------------------------------------- marks and labels
@pytest.mark.parametrize("cold", ["typicality", "coverage", "random"])
def test_a_table_without_any_label_starts_cold_and_takes_every_answer(folder, cold):
    frame, truth = made(labelled=0)
    frame.to_csv("train.csv", index=False)
    drawn = run(*DRAW, "--cold-start", cold)
    assert drawn.exit_code == 0, drawn.output
    assert "without a model" in " ".join(drawn.stdout.split())
    assert "answer (the label; ? = cannot say)" in pd.read_csv("next.csv").columns
    fill("next.csv", truth)
    done = run(*QUERY, "--verified", "next.csv", "--output", "labelled.csv")
    assert done.exit_code == 0, done.output
    assert "New labels:" in done.stdout
    kinds = pd.read_csv("labelled.csv").kind
    asked = rows_of("next.csv")
    assert kinds[asked].tolist() == truth[asked].tolist()
    assert kinds.notna().sum() == 10


def test_minus_one_marks_rows_without_a_label(folder):
    frame, truth = made(names=(1, 2, 5))
    frame["kind"] = frame.kind.fillna(-1).astype(int)
    frame.to_csv("train.csv", index=False)
    drawn = run(*DRAW)
    assert drawn.exit_code == 0, drawn.output
    assert "40 of 160 rows have a label" in drawn.stdout
    fill("next.csv", truth)
    run(*QUERY, "--verified", "next.csv", "--output", "labelled.csv")
    kinds = pd.read_csv("labelled.csv").kind
    asked = rows_of("next.csv")
    assert kinds[asked].tolist() == truth[asked].tolist()
    assert (kinds == -1).sum() == 110


def test_marks_can_be_named(folder):
    frame, _ = made(names=("no", "yes"))
    frame["kind"] = frame.kind.fillna("todo")
    frame.to_csv("train.csv", index=False)
    all_known = run(*DRAW)
    assert all_known.exit_code == 3
    assert "there is nothing to query" in all_known.stderr
    assert run(*DRAW, "--unlabeled", "todo").exit_code == 0
    assert "--unlabeled todo" in run(*DRAW, "--unlabeled", "todo", "--overwrite").stdout
    fill("next.csv", np.full(160, "yes"))
    verified = (*QUERY, "--verified", "next.csv", "--output", "labelled.csv")
    assert run(*verified).exit_code == 3  # "todo" would be a label
    assert run(*verified, "--unlabeled", "todo").exit_code == 0
    assert (pd.read_csv("labelled.csv").kind == "todo").sum() == 110
    assert run(*DRAW, "--unlabeled", "nothing").exit_code == 2


def test_minus_one_beside_one_is_asked_about(folder):
    frame, _ = made(names=(1, -1))
    frame["kind"] = frame.kind.fillna(-1).astype(int)
    frame.to_csv("train.csv", index=False)
    asked = run(*DRAW)
    assert asked.exit_code == 3
    assert "is -1 a class, or a row without a label?" in asked.stderr
    assert "--unlabeled -1" in asked.stderr
    assert run(*DRAW, "--unlabeled", "-1").exit_code == 0


@pytest.mark.parametrize("names", [(0, 1), (False, True), ("yes", "no"), (2.0, 7.0)])
def test_labels_of_any_type(folder, names):
    frame, truth = made(names=names)
    frame.to_csv("train.csv", index=False)
    drawn = run(*DRAW)
    assert drawn.exit_code == 0, drawn.output
    fill("next.csv", truth)
    done = run(*QUERY, "--verified", "next.csv", "--output", "labelled.csv")
    assert done.exit_code == 0, done.output
    asked = rows_of("next.csv")
    written = pd.read_csv("labelled.csv", dtype=str).kind[asked]
    assert written.tolist() == list(map(str, truth[asked]))


# --------------------------------------------------------------------- new labels
def test_a_new_label_is_taken_for_mistyped_unless_it_is_said_to_be_one(folder):
    run(*DRAW)
    truth = made()[1]
    asked = rows_of("next.csv")
    truth[asked[:3]] = ["dog", "Dog ", "bees"]
    fill("next.csv", truth)
    verified = (*QUERY, "--verified", "next.csv", "--output", "labelled.csv")
    refused = run(*verified)
    assert refused.exit_code == 3
    assert f"input_row {asked[0]}: 'dog' is no label of the table" in refused.stderr
    assert "Or pass --new-labels if it is new." in refused.stderr
    assert not (folder / "labelled.csv").exists()
    taken = run(*verified, "--new-labels")
    assert taken.exit_code == 0, taken.output
    assert "New labels: dog (2), bees (1, mistyped for bee?)." in taken.stdout
    kinds = pd.read_csv("labelled.csv").kind[asked]
    assert kinds.iloc[:3].tolist() == ["dog", "dog", "bees"]


def test_the_command_for_the_next_sheet_repeats_how_rows_are_chosen(folder):
    drawn = run(*DRAW, "--cold-start", "coverage")
    on, done = [x for x in drawn.stdout.splitlines() if "--verified" in x]
    assert on.endswith("--rows 10 --cold-start coverage")
    assert "--rows" not in done
    fill("next.csv", made()[1])
    for line in (on, done):
        assert run(*shlex.split(line)[1:]).exit_code == 0
    assert len(rows_of("next2.csv")) == 10


def test_who_cannot_say_anything_is_asked_about_other_rows(folder):
    run(*DRAW)
    fill("next.csv", ["?"] * 160)
    on = run(*QUERY, "--verified", "next.csv", "-n", "10", "--sheet", "b.csv")
    assert on.exit_code == 0, on.output
    assert "10 cannot say" in on.stdout
    assert not set(rows_of("b.csv")) & set(rows_of("next.csv"))


def test_a_new_label_is_one_of_the_next_sheet(folder):
    truth = made()[1]
    run(*DRAW)
    truth[rows_of("next.csv")[0]] = "dog"
    fill("next.csv", truth)
    on = (*QUERY, "--verified", "next.csv", "-n", "5", "--sheet", "next2.csv")
    assert run(*on, "--new-labels").exit_code == 0
    assert "ant, bee, cat, dog" in pd.read_csv("next2.csv").columns[-2]
    fill("next2.csv", np.full(160, "dog"))
    done = run(*QUERY, "--verified", "next2.csv", "--output", "labelled.csv")
    assert done.exit_code == 0, done.output
    assert (pd.read_csv("labelled.csv").kind == "dog").sum() == 6


def test_a_new_label_beside_numbers_is_a_number(folder):
    frame, truth = made(names=(1, 2))
    frame.to_csv("train.csv", index=False)
    run(*DRAW)
    truth[rows_of("next.csv")[0]] = "three"
    fill("next.csv", truth)
    verified = (*QUERY, "--verified", "next.csv", "--new-labels")
    refused = run(*verified, "--output", "labelled.csv")
    assert refused.exit_code == 3
    assert "'three' is no number, as the labels of the table are" in refused.stderr
    truth[rows_of("next.csv")[0]] = "3"
    fill("next.csv", truth)
    assert run(*verified, "--output", "labelled.csv").exit_code == 0
    assert (pd.read_csv("labelled.csv").kind == 3).sum() == 1


# --------------------------------------------------------------------------- cells
WRITERS = {
    "csv.gz": lambda f, p: f.to_csv(p, index=False),
    "parquet": lambda f, p: f.to_parquet(p),
    "feather": lambda f, p: f.to_feather(p),
    "jsonl": lambda f, p: f.to_json(p, orient="records", lines=True),
}


@pytest.mark.parametrize("ending", WRITERS)
@pytest.mark.parametrize("names", [("ant", "bee"), (1, 2)])
def test_every_format_is_filled_in(folder, ending, names):
    frame, truth = made(names=names)
    if names == (1, 2):
        frame["kind"] = frame.kind.astype("Int64")
    WRITERS[ending](frame, f"t.{ending}")
    query = ("query", f"t.{ending}", "-l", "kind")
    assert run(*query, "-n", "5", "--sheet", "next.csv").exit_code == 0
    fill("next.csv", truth)
    asked = rows_of("next.csv")
    truth[asked[0]] = {"ant": "dog", 1: 3}[names[0]]
    fill("next.csv", truth)
    output = f"new.{ending}"
    done = run(*query, "--verified", "next.csv", "--new-labels", "--output", output)
    assert done.exit_code == 0, done.output
    again = run("query", output, "-l", "kind", "-n", "3", "--sheet", "b.csv", "--json",
                "b.json")  # fmt: skip
    assert again.exit_code == 0, again.output
    told = json.loads((folder / "b.json").read_text())
    assert told["labelled_rows"] == 45
    assert set(told["classes"]) == {*names, truth[asked[0]]}
    assert not set(asked) & set(told["rows"])


def test_cells_that_are_not_labels_stay_as_they_are_written(folder):
    (folder / "train.csv").write_text(
        "nr,x,kind\n01,1.0,ham\n02,1.50,\n03,2.0e0,spam\n04,0.9,ham\n05,3,spam\n"
    )
    run(*QUERY, "-n", "1", "--sheet", "next.csv", "--id", "nr")
    fill("next.csv", np.full(5, "SPAM"))
    run(*QUERY, "--verified", "next.csv", "--output", "out.csv")
    assert (folder / "out.csv").read_text() == (
        "nr,x,kind\n01,1.0,ham\n02,1.50,spam\n03,2.0e0,spam\n04,0.9,ham\n05,3,spam\n"
    )


def test_a_typed_column_that_cannot_hold_a_label_says_so():
    cells = pa.table({"y": pa.array([1, None], pa.int8())})
    before = np.array([1, None], dtype=object)
    filled = with_labels(cells, 0, before, np.array([1, 7], dtype=object))
    assert filled == pa.table({"y": pa.array([1, 7], pa.int8())})
    with pytest.raises(ValueError, match="the label '300' is new"):
        with_labels(cells, 0, before, np.array([1, 300], dtype=object))
    categories = pa.table({"y": pa.array(["a", None]).dictionary_encode()})
    before = np.array(["a", None], dtype=object)
    filled = with_labels(categories, 0, before, np.array(["a", "b"], dtype=object))
    assert filled["y"].to_pylist() == ["a", "b"]


# ------------------------------------------------------------------ partly answered
def test_rows_without_an_answer_stay_and_those_nobody_can_tell_are_not_asked_again(
    folder,
):
    truth = made()[1]
    run(*DRAW)
    asked = rows_of("next.csv")
    truth[asked[0]] = "?"
    fill("next.csv", truth, rows=slice(0, 6))
    done = run(
        *QUERY, "--verified", "next.csv", "--sheet", "b.csv", "-n", "114",
        *("--output", "labelled.csv"),
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "1 cannot say, 4 unanswered" in " ".join(done.stdout.split())
    kinds = pd.read_csv("labelled.csv").kind
    assert kinds.notna().sum() == 45
    # of 160 rows 45 have a label now and one was asked about
    assert sorted(rows_of("b.csv")) == sorted(set(range(40, 160)) - set(asked[:6]))


def test_a_row_with_answers_in_two_sheets_is_refused(folder):
    truth = made()[1]
    run(*DRAW)
    fill("next.csv", truth, rows=slice(0, 5))
    run(*QUERY, "--verified", "next.csv", "--sheet", "b.csv", "-n", "115")
    fill("next.csv", truth)
    fill("b.csv", truth)
    twice = run(*QUERY, "--verified", "next.csv", "--verified", "b.csv", "--json", "-")
    assert twice.exit_code == 3
    assert "next.csv and b.csv both answer input_row" in twice.stderr
    assert len(twice.stderr.strip().splitlines()) == 1


def test_an_answer_that_was_mended_later_counts(folder):
    truth = made()[1]
    run(*DRAW)
    asked = rows_of("next.csv")
    fill("next.csv", np.full(160, "ant"))
    run(*QUERY, "--verified", "next.csv", "--sheet", "b.csv", "-n", "3")
    fill("next.csv", truth)
    fill("b.csv", truth)
    frame = made()[0]
    remembered = query_table(frame, "kind", n_rows=None, verified="b.csv")
    assert remembered.known[asked].tolist() == ["ant"] * 10
    for order in (["next.csv", "b.csv"], ["b.csv", "next.csv"]):
        mended = query_table(frame, "kind", n_rows=None, verified=order)
        assert mended.known[asked].tolist() == truth[asked].tolist()


# ------------------------------------------------------------------------- one line
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "query needs --sheet FILE"),
        (("--sheet", "-"), "not stdout"),
        (("--sheet", "a.xlsx"), "must end in .csv, .tsv or .txt"),
        (("--sheet", "train.csv"), "is an input"),
        (("--sheet", "a.csv", "--output", "b.csv"), "--output goes with --verified"),
        (("--sheet", "a.csv", "--new-labels"), "--new-labels goes with --verified"),
        (("--verified", "a.csv", "-n", "3"), "-n goes with --sheet"),
        (("--verified", "nowhere.csv", "--output", "b.csv"), "does not exist"),
        (("--verified", "train.csv", "--output", "-"), "not to stdout"),
        (("--verified", "train.csv", "--output", "b.doc"), "must end in one of"),
        (("--verified", "train.csv", "--output", "b.csv"), "no line with a key"),
        (("--sheet", "a.csv", "--cold-start", "warm"), "--cold-start must be one of"),
        (("--sheet", "a.csv", "--id", "nr"), "'nr' is not a column"),
    ],
)  # fmt: skip
def test_wrong_use(folder, arguments, said):
    result = run(*QUERY, *arguments)
    assert result.exit_code in (2, 3), result.output
    assert said in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert os.listdir() == ["train.csv"]


def test_a_label_that_is_no_class_or_no_column(folder):
    result = run("query", "train.csv", "-l", "size", "--sheet", "a.csv")
    assert result.exit_code == 3
    assert "label='size' is a quantity, and a query is for classes" in result.stderr
    result = run("query", "train.csv", "-l", "kin", "--sheet", "a.csv")
    assert "did you mean 'kind'?" in result.stderr
    assert os.listdir() == ["train.csv"]


def test_sheets_of_another_job_are_refused_both_ways(folder):
    frame, truth = made()
    audit = audit_table(frame, "kind", n_rows=20)
    write_sheet("audit.csv", frame, audit.plan, "kind", **audit.sheet_options)
    fill("audit.csv", truth)
    result = run(*QUERY, "--verified", "audit.csv", "--json", "-")
    assert result.exit_code == 3
    assert "audit.csv was written for an audit, not for a query" in result.stderr
    run(*DRAW)
    fill("next.csv", truth)
    result = run("audit", "train.csv", "-l", "kind", "--verified", "next.csv")
    assert result.exit_code == 3
    assert "next.csv was written for a query" in result.stderr


def test_sheets_that_do_not_fit_are_one_line(folder):
    frame, truth = made()
    run(*DRAW)
    fill("next.csv", truth)
    verified = (*QUERY, "--verified", "next.csv", "--json", "a.json")
    twice = run(*verified, "--verified", "next.csv")
    assert "next.csv and next.csv are the same sheet: pass one of them" in twice.stderr
    plans = run(*verified, "--plan", "next.plan.json", "--plan", "next.plan.json")
    assert "plan names 2 files and verified 1" in plans.stderr
    (folder / "next.plan.json").rename(folder / "elsewhere.json")
    missing = run(*verified)
    assert missing.exit_code == 3
    assert "next.plan.json is missing" in missing.stderr
    assert run(*verified, "--plan", "elsewhere.json").exit_code == 0
    frame.loc[rows_of("next.csv")[0], "kind"] = "ant"
    frame.to_csv("train.csv", index=False)
    changed = run(*verified, "--plan", "elsewhere.json", "--overwrite")
    assert changed.exit_code == 3
    assert "asks about rows without a label, and 1 of 10 have one" in changed.stderr


def test_a_blank_is_never_right_and_no_answer_is_no_verdict(folder):
    run(*DRAW)
    fill("next.csv", np.full(160, "yes"))
    result = run(*QUERY, "--verified", "next.csv", "--json", "-")
    assert "'yes' is no label of the table" in result.stderr
    assert "yes or no" not in result.stderr
    run(*DRAW, "--overwrite")
    fill("next.csv", made()[1], rows=slice(0, 3))
    with pytest.raises(ValueError, match="a blank cannot mean that it is right"):
        read_verified("next.csv", blank="right")
    assert read_verified("next.csv").unanswered.size == 7
    assert read_verified("next.csv").purpose == "query"
    assert read_verified("next.csv").given is None


def test_arguments_of_the_function_are_checked():
    frame, _ = made()
    with pytest.raises(ValueError, match="must be a query strategy"):
        query_table(frame, "kind", strategy=LogisticRegression())
    with pytest.raises(ValueError, match="verified holds a int"):
        query_table(frame, "kind", verified=[3])
    with pytest.raises(ValueError, match="frame is a ndarray"):
        query_table(frame.to_numpy(), "kind")
    plan = query_table(frame, "kind", n_rows=3, strategy=RandomQuery()).plan
    with pytest.raises(ValueError, match="labels has 2 entries and the plan 3 rows"):
        plan.verified(["ant", "bee"])
    assert plan.verified(["ant", None, "bee"]).cannot_say.tolist() == [plan.rows[1]]


@pytest.mark.parametrize(
    ("name", "following"),
    [("next.csv", "next2.csv"), ("b9.csv", "b10.csv"), ("7.tsv", "8.tsv")],
)
def test_the_next_sheet_has_the_next_number(tmp_path, name, following):
    assert next_name(tmp_path / name) == tmp_path / following
