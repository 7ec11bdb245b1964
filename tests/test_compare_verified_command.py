"""A comparison proved by a person: from the sheet to the verdict on true labels."""

import csv
import io
import json
import os
import runpy
import shlex

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from typer.testing import CliRunner

from skdataquality.cli._app import app
from skdataquality.duplicates import Deduplicator
from skdataquality.imbalance import ClassBalanceWeighter
from skdataquality.report import read_verified, write_sheet
from skdataquality.shift import DiscriminatorWeighter, ShiftWeightedClassifier
from skdataquality.verified import VerifiedLabels
from skdataquality.workflows import _compare_table as module
from skdataquality.workflows import compare_table

MODEL = LogisticRegression()
COMPARE = ("compare", "t.csv", "--label", "y", "--cv", "5", "--estimator", "lr:model")
DRAW = (*COMPARE, "--verify", "40", "--sheet", "check.csv")
TELL = (*COMPARE, "--verified", "check.csv")


def run(*arguments, code=0):
    result = CliRunner().invoke(app, list(map(str, arguments)))
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result


def refused(*arguments, code=2):
    """The one line that says what is wrong."""
    (line,) = run(*arguments, code=code).stderr.strip().splitlines()
    return line


def made(n=300, *, lost=0.3, names=("q", "p")):
    """A table in which many of one class are called the other, and the truth."""
    rng = np.random.default_rng(4)
    frame = pd.DataFrame(rng.normal(size=(n, 3)).round(3), columns=list("abc"))
    truth = (frame.a + 0.5 * rng.normal(size=n) > 0).to_numpy().astype(int)
    frame["y"] = np.array(names)[np.where(rng.random(n) < lost, 0, truth)]
    return frame, np.array(names)[truth]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A table and a model; of remedies only one, which is fast."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "lr.py").write_text(
        "from sklearn.linear_model import LogisticRegression\n"
        "model = LogisticRegression()\n"
    )
    made()[0].to_csv("t.csv", index=False)
    suggest(monkeypatch, balance=ClassBalanceWeighter())
    return tmp_path


def suggest(monkeypatch, **remedies):
    monkeypatch.setattr(module, "candidate_remedies", lambda *_, **__: remedies)


def no_model(monkeypatch):
    def examine(*_):
        raise AssertionError("a model is fitted")

    monkeypatch.setattr(module, "examine", examine)


def fill(truth, *, rows=None, source="check.csv", to=None):
    """Answer as the truth has it, the first rows only."""
    with open(source, encoding="utf-8-sig", newline="") as file:
        head, *body = csv.reader(io.StringIO(file.read(), newline=""))
    for line in body[:rows]:
        line[-2] = str(truth[int(line[0])])
    with open(to or source, "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([head, *body])


def sheet_of(frame, rows, *, purpose="comparison", label="y", path="check.csv"):
    """A sheet of some rows, as if drawn for a comparison."""

    class Plan:
        n_total = len(frame)
        given = frame[label].to_numpy()[rows]
        inclusion_probability = np.full(len(rows), 0.5)

    Plan.rows, Plan.purpose = np.asarray(rows), purpose
    write_sheet(path, frame, Plan, label, overwrite=True)


# --------------------------------------------------------------------- the loop
def test_from_the_comparison_to_the_proof(folder):
    """The labels of the table hide a gain that forty true ones show."""
    drawn = run(*DRAW)
    assert drawn.output.startswith("Best: nothing")
    assert "40 rows to check, of 300 whose label can change this." in drawn.output
    assert sorted(os.listdir()) == ["check.csv", "check.plan.json", "lr.py", "t.csv"]
    truth = made()[1]
    fill(truth)
    following = shlex.split(drawn.output.strip().splitlines()[-1])
    assert following == [
        "skdataquality",
        *TELL[:4],
        *TELL[-2:],
        *COMPARE[6:],
        *TELL[4:6],
    ]
    told = run(
        *following[1:], "--json", "c.json", "--markdown", "c.md", "--output", "w.py"
    )
    said = told.output
    assert said.startswith("Best: balance\nbalance gains 0.")
    assert "on the true labels, from 40 verified rows" in " ".join(said.split("\n")[:4])
    on_true = "balanced_accuracy, on the true labels, from 40 verified rows"
    assert said.index(on_true) < said.index("balanced_accuracy, on the given labels")
    assert "would show whether this holds" not in said
    markdown = (folder / "c.md").read_text()
    assert "on the true labels, from 40" in markdown
    assert "on the given labels" in markdown
    data = json.loads((folder / "c.json").read_text())["comparison"]
    assert data["best"] == "balance"
    counts = data["verified"]
    assert counts.pop("wrong") == int((truth != made()[0].y)[sheet_rows()].sum())
    assert counts == {
        "drawn_for": "comparison",
        "answered": 40,
        "cannot_say": 0,
        "unanswered": 0,
    }
    (true,) = [r for r in data["true_tables"]["balanced_accuracy"] if r["beyond_noise"]]
    (given,) = [
        r for r in data["tables"]["balanced_accuracy"] if r["remedy"] == "balance"
    ]
    assert true["gain"] > true["lower"] > 0
    assert not given["beyond_noise"]


def sheet_rows():
    return pd.read_csv("check.csv").input_row.to_numpy()


def test_the_program_of_the_winner_says_on_which_labels_it_won(folder, capsys):
    run(*DRAW)
    fill(made()[1])
    run(*TELL, "--output", "w.py", "--json", "c.json")
    text = (folder / "w.py").read_text()
    assert text.startswith(
        '"""Chosen by skdataquality compare, on the true labels: balance."""'
    )
    runpy.run_path("w.py")
    given, true, _ = capsys.readouterr().out.strip().split("\n")
    tables = json.loads((folder / "c.json").read_text())["comparison"]
    of = {
        key: {r["remedy"]: r["score"] for r in tables[key]["balanced_accuracy"]}
        for key in ("tables", "true_tables")
    }
    score = f"balanced_accuracy {of['tables']['balance']:.3f}"
    assert given == f"{score}, mean of 5 held-out folds, on the given labels"
    assert true.startswith(f"balanced_accuracy {of['true_tables']['balance']:.3f} [")
    assert true.endswith("], on the true labels, from 40 verified rows")


def test_the_function_and_the_command_agree(folder):
    run(*DRAW)
    frame, truth = made()
    fill(truth)
    run(*TELL, "--json", "c.json")
    options = {"estimator": MODEL, "cv": 5}
    plan = compare_table(frame, "y", **options).plan_verification(40, random_state=0)
    np.testing.assert_array_equal(plan.rows, sheet_rows())
    by_hand = plan.verified(truth[plan.rows])
    for verified in (by_hand, "check.csv", read_verified("check.csv", frame)):
        result = compare_table(frame, "y", verified=verified, **options)
        assert result.comparison.verified_.purpose == "comparison"
        data = json.loads((folder / "c.json").read_text())["comparison"]
        rows = result.comparison.table(labels="true")
        told = data["true_tables"]["balanced_accuracy"]
        assert [r["gain"] for r in rows] == pytest.approx([r["gain"] for r in told])
        assert "drawn for another comparison" not in str(result.comparison.notes_)


# ------------------------------------------------------------------ which rows
def test_rows_are_those_of_the_table_though_models_see_a_sample(folder, monkeypatch):
    """Rows without a label and rows not drawn keep their numbers."""
    frame, truth = made(400)
    frame.loc[::5, "y"] = None
    frame.to_csv("t.csv", index=False)
    run(*DRAW, "--max-rows", "200")
    sheet = pd.read_csv("check.csv")
    assert sheet["given y"].tolist() == frame.y[sheet.input_row].tolist()
    assert sheet["a"].tolist() == frame.a[sheet.input_row].tolist()
    assert (sheet.input_row % 5 > 0).all()
    assert sheet.input_row.max() > 240
    assert json.loads((folder / "check.plan.json").read_text())["n_rows"] == 400
    fill(truth)
    seen = {}
    real = module.compare_remedies

    def compare(model, remedies, X, y, **options):
        seen["comparison"] = real(model, remedies, X, y, **options)
        seen["X"] = X
        return seen["comparison"]

    monkeypatch.setattr(module, "compare_remedies", compare)
    result = compare_table(
        frame, "y", verified="check.csv", estimator=MODEL, cv=5, max_rows=200
    )
    used = result.comparison.verified_
    np.testing.assert_array_equal(seen["X"].index, result.rows)
    rows = result.rows[used.rows]
    assert sorted(rows) == sorted(sheet.input_row)
    assert used.labels.tolist() == truth[rows].tolist()
    assert "drawn for another comparison" not in str(result.comparison.notes_)
    said = run(*TELL, "--max-rows", "150").output
    n_left = (
        40
        - json.loads(run(*TELL, "--max-rows", "150", "--json", "-").stdout)[
            "comparison"
        ]["verified"]["answered"]
    )
    assert n_left > 0
    assert f"{n_left} verified rows are not among the 150 compared: left aside" in said


def test_the_sheet_of_an_audit_will_do(folder):
    frame, truth = made()
    frame.to_csv("t.csv", index=False)
    asked = ("audit", "t.csv", "-l", "y", "--estimator", "lr:model", "--rows", "160")
    run(*asked, "--sheet", "check.csv")
    fill(truth)
    said = run(*TELL).output
    assert said.startswith("Best: balance")
    assert "on the true labels, from 160" in said


def test_answers_reach_no_fit_and_no_finding(folder):
    frame, truth = made()
    given = frame.y.to_numpy()
    rows = np.arange(60)
    verified = VerifiedLabels(rows, truth[rows], given=given[rows])
    plain = compare_table(frame, "y", estimator=MODEL, cv=5)
    judged = compare_table(frame, "y", verified=verified, estimator=MODEL, cv=5)
    assert judged.report.to_dict() == plain.report.to_dict()
    for name, scores in plain.comparison.scores_["balanced_accuracy"].items():
        np.testing.assert_array_equal(
            scores, judged.comparison.scores_["balanced_accuracy"][name]
        )
    assert "60 verified rows that no plan drew" in str(judged.comparison.notes_)


@pytest.mark.parametrize("names", [(0, 1), (0.5, 1.5), ("no", "yes")])
def test_labels_of_any_spelling(folder, monkeypatch, names):
    """Numbers with fractions are classes under their text; answers need not be."""
    frame, truth = made(names=names)
    frame.to_csv("t.csv", index=False)
    task = ["--task", "classification"] if names[0] == 0.5 else []
    run(*DRAW, *task)
    fill(truth)
    assert run(*TELL, *task).output.startswith("Best: balance")
    options = {"estimator": MODEL, "cv": 5, "task": task[1] if task else None}
    rows = np.flatnonzero(frame.y == names[0])[:80]
    verified = VerifiedLabels(rows, truth[rows], given=frame.y.to_numpy()[rows])
    result = compare_table(frame, "y", verified=verified, **options)
    n_wrong = int((truth[rows] == names[1]).sum())
    assert f"{n_wrong} of them labelled wrongly" in str(result.comparison.notes_)


# ------------------------------------------------------------------- next steps
def test_doubtful_labels_name_the_next_step(folder, monkeypatch):
    said = run(*COMPARE).output
    assert (
        "50 verified rows would show whether this holds on the true labels:\n"
        "  --verify 50 --sheet check.csv"
    ) in said
    suggest(monkeypatch)  # nothing to compare
    assert "--verify" not in run(*COMPARE).output


def test_equal_decisions_leave_nothing_to_verify(folder, monkeypatch):
    suggest(monkeypatch, same=Deduplicator())
    drawn = run(*DRAW, "--json", "c.json")
    said = " ".join(drawn.output.split())
    assert "these remedies make the same decisions: nothing to verify" in said
    assert said.endswith("No sheet is written.")
    assert sorted(os.listdir()) == ["c.json", "lr.py", "t.csv"]
    suggest(monkeypatch)
    assert "nothing to verify" in run(*DRAW).output
    assert "check.csv" not in os.listdir()


def test_the_next_step_stays_out_of_a_document_on_stdout(folder):
    drawn = run(*DRAW, "--json", "-")
    assert json.loads(drawn.stdout)["comparison"]["best"] == "nothing"
    assert "skdataquality compare t.csv" in drawn.stderr


# ------------------------------------------------------------------- wrong use
@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--verify", "50"], "--verify needs --sheet FILE"),
        (["--sheet", "s.csv"], "--sheet needs --verify NUMBER"),
        (["--verify", "9", "--verified", "t.csv"], "one of the two"),
        (["--sheet", "s.csv", "--verified", "t.csv"], "one of the two"),
        (["--verify", "9", "--sheet", "-"], "not stdout"),
        (["--verify", "9", "--sheet", "lr.py"], "must end in .csv"),
        (["--verify", "9", "--sheet", "t.csv"], "is an input"),
        (["--verify", "9", "--sheet", "old.csv"], "old.csv exists"),
        (["--verify", "9", "--sheet", "s.csv", "--json", "s.csv"], "two outputs"),
        (
            ["--verify", "9", "--sheet", "s.csv", "--json", "s.plan.json"],
            "two outputs",
        ),
        (["--verify", "9", "--sheet", "none/s.csv"], "none"),
        (
            ["--verify", "9", "--sheet", "s.csv", "--blank", "right"],
            "--blank goes with",
        ),
        (["--plan", "p.json"], "--plan goes with --verified"),
        (["--verified", "t.csv", "--blank", "maybe"], "must be right or unanswered"),
        (["--verified", "none.csv"], "none.csv"),
        (["--verified", "t.csv"], "no line with a key"),
    ],
)
def test_wrong_use_is_one_line_before_any_model(folder, monkeypatch, options, said):
    no_model(monkeypatch)
    (folder / "old.csv").write_text("mine")
    before = sorted(os.listdir())
    code = (
        3
        if "must end" in said or said in ("none", "none.csv", "no line with a key")
        else 2
    )
    assert said in refused(*COMPARE, *options, code=code)
    assert sorted(os.listdir()) == before
    assert (folder / "old.csv").read_text() == "mine"


def test_quantities_are_refused_before_any_model(folder, monkeypatch):
    no_model(monkeypatch)
    frame = made()[0]
    frame["y"] = frame.a + 0.5
    frame.to_csv("t.csv", index=False)
    said = refused(*DRAW)
    assert "--label y is a quantity" in said
    assert "leave out --verify" in said
    sheet_of(frame, [1, 2])
    assert "leave out --verified" in refused(*TELL)


def test_scores_towards_target_data_are_proved_as_others(folder, monkeypatch):
    """Where a person finds every label right, the true gains are those given."""
    frame, _ = made()
    frame.drop(columns="y")[frame.a > -0.5].to_csv("target.csv", index=False)
    domain = DiscriminatorWeighter(LogisticRegression(), random_state=0)
    shifted = ShiftWeightedClassifier(weighter=domain)
    suggest(monkeypatch, shifted=shifted, balance=ClassBalanceWeighter())
    toward = ("--target-data", "target.csv", "--scoring", "accuracy")
    drawn = run(*COMPARE, "--verify", "300", "--sheet", "check.csv", *toward)
    following = shlex.split(drawn.output.strip().splitlines()[-1])
    assert following[following.index("--target-data") + 1] == "target.csv"
    fill(frame.y)
    run(*TELL, *toward, "--json", "c.json")
    data = json.loads((folder / "c.json").read_text())["comparison"]
    gains = [
        {row["remedy"]: row["gain"] for row in data[tables]["accuracy"]}
        for tables in ("true_tables", "tables")
    ]
    assert gains[0] == pytest.approx(gains[1])
    assert gains[1]["shifted"] != 0


# ------------------------------------------------------------------- bad sheets
def test_sheets_that_do_not_fit_are_one_line(folder, monkeypatch):
    no_model(monkeypatch)
    frame, truth = made()
    sheet_of(frame, np.arange(30))
    assert "has no answer in any of 30 rows" in refused(*TELL, code=3)
    fill(np.full(300, "?"))
    assert "'?' in all 30 rows" in refused(*TELL, code=3)
    fill(np.full(300, "r"))
    assert "'r' is no label of the table" in refused(*TELL, code=3)
    sheet_of(frame, np.arange(30))
    fill(truth)
    changed = frame.assign(a=frame.a + 1)
    changed.to_csv("t.csv", index=False)
    assert "the table has changed: 30 of 30 rows" in refused(*TELL, code=3)
    frame[:250].to_csv("t.csv", index=False)
    assert "a table with 300 rows and this one has 250" in refused(*TELL, code=3)
    frame.rename(columns={"y": "z"}).assign(y=frame.y).to_csv("t.csv", index=False)
    sheet_of(pd.read_csv("t.csv"), np.arange(30), label="z")
    fill(truth)
    assert "asks about the label 'z'" in refused(*TELL, code=3)
    assert sorted(os.listdir()) == ["check.csv", "check.plan.json", "lr.py", "t.csv"]


def test_the_right_label_is_needed_among_three(folder, monkeypatch):
    no_model(monkeypatch)
    frame, _ = made()
    frame.loc[::3, "y"] = "r"
    frame.to_csv("t.csv", index=False)
    sheet_of(frame, np.arange(30))
    fill(np.array(["no"] * 20 + ["yes"] * 280))
    said = refused(*TELL, code=3)
    assert "says of 10 rows that the given label is wrong, not which is right" in said


def test_no_verified_row_among_those_compared(folder, monkeypatch):
    no_model(monkeypatch)
    frame, truth = made()
    nobody = {"X_target": None, "sources": None, "groups": None, "ids": ()}
    seen = module.prepare(
        frame, "y", max_rows=100, n_jobs=None, random_state=0, time=None, **nobody
    )
    others = np.setdiff1d(np.arange(300), seen.rows)[:5]
    verified = VerifiedLabels(others, truth[others])
    with pytest.raises(
        ValueError, match="none of the 5 verified rows is among the 100"
    ):
        compare_table(frame, "y", verified=verified, estimator=MODEL, max_rows=100)


def test_a_half_filled_sheet_counts_as_far_as_it_goes(folder):
    run(*DRAW)
    fill(made()[1], rows=25)
    counts = json.loads(run(*TELL, "--json", "-").stdout)["comparison"]["verified"]
    assert (counts["answered"], counts["unanswered"]) == (25, 15)
