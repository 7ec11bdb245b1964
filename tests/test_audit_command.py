"""An audit of a table, from the sheet to the rate: as a function and as a command."""

import csv
import io
import json
import os
import shlex

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from typer.testing import CliRunner

from skdataquality.cli._app import app
from skdataquality.label_noise import AuditPlan
from skdataquality.label_noise._audit._domains import rates_by_source
from skdataquality.report import write_sheet
from skdataquality.utils._stats import clopper_pearson
from skdataquality.workflows import _audit_table as module
from skdataquality.workflows import audit_table
from skdataquality.workflows._table_audit import ENOUGH


def run(*arguments):
    result = CliRunner().invoke(app, list(map(str, arguments)))
    assert "Traceback" not in result.output
    return result


def made(n=200, *, wrong=20, seed=0, names=("ham", "spam")):
    """A table, and its true labels."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 2, n)
    frame = pd.DataFrame({"size": (rng.normal(size=n) + 2 * truth).round(3)})
    frame["clinic"] = np.where(np.arange(n) < n // 2, "north", "south")
    given = truth.copy()
    given[:wrong] = 1 - given[:wrong]
    frame["kind"] = np.array(names)[given]
    return frame, np.array(names)[truth]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made()[0].to_csv("train.csv", index=False)
    return tmp_path


AUDIT = ("audit", "train.csv", "--label", "kind")
DRAW = (*AUDIT, "--rows", "40", "--sheet", "audit.csv")


def fill(path, truth, *, rows=None, delimiter=","):
    """Answer as the truth has it, the first rows only, and save as Excel does."""
    text = path.read_text("utf-8-sig")
    head, *body = csv.reader(io.StringIO(text, newline=""))
    for line in body[:rows]:
        line[-2] = str(truth[int(line[0])])
    with open(path, "w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file, delimiter=delimiter).writerows([head, *body])


# --------------------------------------------------------------------- the loop
def test_from_sheet_to_rate(folder, monkeypatch):
    drawn = run(*DRAW)
    assert drawn.exit_code == 0, drawn.output
    assert sorted(os.listdir()) == ["audit.csv", "audit.plan.json", "train.csv"]
    assert "40 of 200 labelled rows to verify" in drawn.output
    fill(folder / "audit.csv", made()[1], delimiter=";")

    def fits(*args, **kwargs):
        raise AssertionError("a model is fitted")

    monkeypatch.setattr(module, "prepare", fits)
    following = shlex.split(drawn.output.strip().splitlines()[-1])
    assert following[0] == "skdataquality"
    told = run(*following[1:], "--source", "clinic", "--json", "-")
    assert told.exit_code == 0, told.output
    data = json.loads(told.stdout)
    assert data["verified"] == {"answered": 40, "cannot_say": 0, "unanswered": 0}
    assert data["estimate"]["overall"]["lower"] <= 0.1
    assert data["estimate"]["overall"]["upper"] >= 0.1
    # the wrong labels are all in the first half of the rows
    north, south = data["by_source"]["clinic"]
    assert north["errors_found"] > south["errors_found"] == 0
    shown = run(*following[1:], "--source", "clinic").output
    assert shown.startswith("Audit of kind: 40 of 40 rows answered, 0 cannot say")
    assert "given label  rows  verified  wrong" in shown


def test_the_same_seed_gives_the_same_sheet(folder):
    run(*DRAW)
    first = [(folder / n).read_bytes() for n in ("audit.csv", "audit.plan.json")]
    again = run(*DRAW)
    assert again.exit_code == 2
    assert "audit.csv exists: choose another name, or pass --overwrite" in again.stderr
    run(*DRAW, "--overwrite")
    assert first == [
        (folder / n).read_bytes() for n in ("audit.csv", "audit.plan.json")
    ]
    run(*DRAW, "--overwrite", "--seed", "1")
    assert first[0] != (folder / "audit.csv").read_bytes()


def test_the_function_and_the_command_agree(folder):
    run(*DRAW)
    frame, truth = made()
    fill(folder / "audit.csv", truth)
    audit = audit_table(frame, "kind", n_rows=40)
    answers = audit.plan.verified(truth[audit.plan.rows])
    by_hand = audit_table(frame, "kind", verified=answers, plan=audit.plan)
    from_file = audit_table(frame, "kind", verified="audit.csv")
    assert by_hand.estimate == from_file.estimate
    assert from_file.to_dict() == by_hand.to_dict() | {"seed": 0}
    assert from_file.to_markdown().startswith("# Label audit\n\nAudit of kind: 40 of")
    assert repr(from_file).startswith("TableAudit: Audit of kind: 40 of 40 rows")
    assert from_file._repr_html_().count("<table>") == 1


def test_options_of_the_table_go_into_the_sheet_and_the_next_command(folder):
    frame = made()[0]
    frame.to_csv("train.csv", sep=";", decimal=",", index=False)
    drawn = run(*DRAW, "--delimiter", ";", "--decimal", ",")
    assert drawn.exit_code == 0, drawn.output
    sheet = pd.read_csv("audit.csv", sep=";", decimal=",")
    assert_allclose(sheet["size"], frame["size"][sheet.input_row])
    fill_with = made()[1]
    text = (folder / "audit.csv").read_text("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    for line in rows[1:]:
        line[-2] = fill_with[int(line[0])]
    with open("audit.csv", "w", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    following = shlex.split(drawn.output.strip().splitlines()[-1])
    assert run(*following[1:]).exit_code == 0


# ------------------------------------------------------------------ which rows
def test_rows_without_a_label_are_not_asked_about(folder):
    frame, truth = made()
    frame.loc[::3, "kind"] = None
    frame.to_csv("train.csv", index=False)
    run(*DRAW)
    sheet = pd.read_csv("audit.csv")
    assert (sheet.input_row % 3 > 0).all()
    assert sheet["given kind"].tolist() == frame.kind[sheet.input_row].tolist()
    fill(folder / "audit.csv", truth)
    told = run(*AUDIT, "--verified", "audit.csv", "--source", "clinic", "--json", "-")
    assert told.exit_code == 0, told.output
    clinics = json.loads(told.stdout)["by_source"]["clinic"]
    assert [line["rows"] for line in clinics] == [66, 67]


def test_models_see_a_sample_and_the_audit_all_rows():
    frame, _ = made(400)
    audit = audit_table(frame, "kind", n_rows=120, max_rows=150)
    assert audit.plan.class_sizes.sum() == 400
    # one stratum is of the rows that no model saw
    assert audit.plan.stratum_sizes[-1] == 250
    assert 250 < audit.plan.n_total == 400
    assert any("models see 150 of 400 rows" in note for note in audit.notes)


@pytest.mark.parametrize("names", [(0, 1), (False, True), ("yes", "no")])
def test_labels_of_any_type(folder, names):
    frame, truth = made(names=names)
    frame.to_csv("train.csv", index=False)
    assert run(*DRAW).exit_code == 0
    fill(folder / "audit.csv", truth)
    told = run(*AUDIT, "--verified", "audit.csv", "--json", "-")
    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout)["estimate"]["overall"]["estimate"] > 0


def test_fractions_that_are_classes(folder):
    frame, truth = made(names=(1.0, 1.5))
    frame.to_csv("train.csv", index=False)
    drawn = run(*DRAW, "--task", "classification")
    assert drawn.exit_code == 0, drawn.output
    fill(folder / "audit.csv", [str(label).replace(".", ",") for label in truth])
    told = run(*AUDIT, "--verified", "audit.csv", "--json", "-")
    assert told.exit_code == 0, told.output
    audit = audit_table(frame, "kind", n_rows=40, task="classification")
    answers = audit.plan.verified([repr(t) for t in truth[audit.plan.rows].tolist()])
    by_hand = audit_table(frame, "kind", verified=answers, plan=audit.plan)
    estimate = json.loads(told.stdout)["estimate"]
    assert by_hand.estimate.overall.to_dict() == estimate["overall"]


def test_names_from_outside_are_shown_as_text():
    frame, truth = made(names=("<b>|*x*\x1b[31m", "=1+1\n2"))
    label = "<i>k|\x1b"
    frame = frame.rename(columns={"kind": label})
    audit = audit_table(frame, label, n_rows=40)
    answers = audit.plan.verified(truth[audit.plan.rows])
    found = audit_table(frame, label, verified=answers, plan=audit.plan)
    for text in (str(audit), str(found), repr(found), found.to_markdown()):
        assert "\x1b" not in text
    assert "<b>" not in found._repr_html_()
    assert "<i>" not in found._repr_html_() + found.to_markdown()


def test_dates_as_labels_and_as_columns():
    frame, _ = made()
    frame["seen"] = pd.Timestamp("2020-01-01") + pd.to_timedelta(np.arange(200), "D")
    frame["kind"] = np.where(frame.kind == "ham", "2020-01-01", "2021-01-01")
    frame["kind"] = pd.to_datetime(frame["kind"])
    audit = audit_table(frame, "kind", n_rows=20)
    answers = audit.plan.verified(audit.plan.given)
    found = audit_table(frame, "kind", verified=answers, plan=audit.plan)
    assert found.estimate.overall.estimate == 0


def test_one_class_is_a_plain_random_sample(tmp_path):
    frame, _ = made(60)
    frame["kind"] = "ham"
    audit = audit_table(frame, "kind", n_rows=20)
    assert audit.plan.stratum_sizes.tolist() == [60]
    path = tmp_path / "a.csv"
    write_sheet(path, frame, audit.plan, "kind", **audit.sheet_options)
    fill(path, np.where(np.isin(np.arange(60), audit.plan.rows[:2]), "x", "no"))
    found = audit_table(frame, "kind", verified=path)
    assert_allclose(found.estimate.overall.estimate, 2 / 20)


# ------------------------------------------------------------- what is uncertain
def test_rows_in_doubt_bound_the_rate(folder):
    frame, truth = made()
    run(*AUDIT, "--rows", "60", "--sheet", "audit.csv")
    plan = audit_table(frame, "kind", n_rows=60).plan
    answers = truth.astype(object)
    answers[plan.rows[:12]] = "?"
    fill(folder / "audit.csv", answers)
    found = audit_table(frame, "kind", verified="audit.csv")
    low, high = found.bounds
    rate = found.estimate.overall
    assert low <= rate.estimate <= high
    assert high - low > 0.1
    assert "If all 12 rows in doubt were right" in " ".join(str(found).split())
    verdicts = plan.given != truth[plan.rows]
    for end, value in ((False, low), (True, high)):
        verdicts[:12] = end
        assert_allclose(plan.estimate(plan.rows, verdicts).overall.estimate, value)


def test_a_sheet_done_halfway_says_so(folder):
    frame, truth = made()
    run(*AUDIT, "--rows", "60", "--sheet", "audit.csv")
    fill(folder / "audit.csv", truth, rows=45)
    found = audit_table(frame, "kind", verified="audit.csv")
    assert "45 of 60 rows answered, 0 cannot say, 15 unanswered" in str(found)
    assert found.bounds is None
    assert found.skipped == ()


def test_rows_passed_over_are_in_doubt(folder):
    frame, truth = made()
    run(*AUDIT, "--rows", "60", "--sheet", "audit.csv")
    plan = audit_table(frame, "kind", n_rows=60).plan
    answers = truth.astype(object)
    answers[plan.rows[[3, 7]]] = ""
    fill(folder / "audit.csv", answers)
    found = audit_table(frame, "kind", verified="audit.csv")
    assert found.skipped == tuple(plan.rows[[3, 7]])
    assert "2 rows were passed over" in str(found)
    assert found.bounds is not None


def test_sources_of_few_verified_rows_are_only_counted(folder):
    frame, truth = made()
    frame["clinic"] = np.where(np.arange(200) < 190, "big", "small")
    audit = audit_table(frame, "kind", n_rows=60)
    answers = audit.plan.verified(truth[audit.plan.rows])
    found = audit_table(
        frame, "kind", verified=answers, plan=audit.plan, sources=["clinic"]
    )
    (line,) = found.by_source["clinic"]
    assert line["source"] == "big"
    assert "1 of 2 sources have fewer than 10 verified rows" in found.notes[0]
    # what is enough: even of a clean source a third could be wrong, if fewer
    assert clopper_pearson(0, ENOUGH)[1] < 1 / 3 < clopper_pearson(0, ENOUGH - 1)[1]


def test_rates_of_sources_sum_to_the_whole_and_cover():
    """400 audits of one table: unbiased, and the intervals of a source hold."""
    rng = np.random.default_rng(0)
    n = 2000
    stratum = (np.arange(n) >= 400).astype(int)  # a fifth is suspicious
    source = rng.integers(0, 3, n)
    is_wrong = rng.random(n) < np.where(stratum == 0, 0.4, 0.02) * (1 + (source == 2))
    sizes = np.bincount(stratum)[:, None]
    truth = np.array([is_wrong[source == s].mean() for s in range(3)])
    drawn = np.array([60, 60])
    estimates, covered = [], []
    for _ in range(400):
        rows = np.concatenate(
            [rng.choice(np.flatnonzero(stratum == h), drawn[h], False) for h in (0, 1)]
        )
        plan = AuditPlan(
            rows, np.zeros(120, int), stratum[rows], np.array(["a"]), sizes
        )
        lines = rates_by_source(
            plan,
            np.arange(120),
            is_wrong[rows],
            source[rows],
            ["p", "q", "r"],
            np.bincount(source),
        )
        rates = [line["rate"] for line in lines]
        estimates.append([rate.estimate for rate in rates])
        covered.append(
            [r.lower <= t <= r.upper for r, t in zip(rates, truth, strict=True)]
        )
        whole = sum(
            r.estimate * line["rows"] for r, line in zip(rates, lines, strict=True)
        )
        assert_allclose(whole / n, plan.estimate(rows, is_wrong[rows]).overall.estimate)
    assert_allclose(np.mean(estimates, axis=0), truth, atol=0.006)
    assert (np.mean(covered, axis=0) >= 0.93).all()


# ------------------------------------------------------------------- one line
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "audit needs --sheet FILE"),
        (("--sheet", "a.csv", "--verified", "a.csv"), "one of the two"),
        (("--sheet", "-"), "not stdout"),
        (("--sheet", "a.xlsx"), "must end in .csv, .tsv or .txt"),
        (("--sheet", "a.csv", "--json", "a.json"), "--json goes with --verified"),
        (("--verified", "train.csv", "--rows", "3"), "--rows goes with --sheet"),
        (("--verified", "train.csv", "--blank", "no"), "--blank no must be"),
        (("--sheet", "train.csv"), "is an input"),
        (("--sheet", "nowhere/a.csv"), "does not exist"),
    ],
)
def test_wrong_use(folder, arguments, said):
    result = run(*AUDIT, *arguments)
    assert result.exit_code in (2, 3)
    assert said in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert os.listdir() == ["train.csv"]


def test_bad_sheets_are_one_line_and_leave_nothing(folder):
    run(*DRAW)
    verified = (*AUDIT, "--verified", "audit.csv", "--json", "a.json")
    blank = run(*verified)
    assert blank.exit_code == 3
    assert "no answer in any of 40 rows" in blank.stderr
    fill(folder / "audit.csv", np.full(200, "x"), rows=5)
    asked = run(*verified)
    assert "Pass --blank right if" in asked.stderr
    assert run(*verified, "--blank", "unanswered").exit_code in (0, 3)
    (folder / "a.json").unlink(missing_ok=True)
    fill(folder / "audit.csv", np.full(200, "no"))
    (folder / "audit.plan.json").rename(folder / "kept.json")
    lost = run(*verified)
    assert "audit.plan.json is missing" in lost.stderr
    assert "or pass --plan FILE" in lost.stderr
    assert not (folder / "a.json").exists()
    assert run(*verified, "--plan", "kept.json").exit_code == 0
    (folder / "audit.plan.json").write_bytes((folder / "kept.json").read_bytes())
    mine = run(*AUDIT, "--verified", "audit.csv", "--json", "audit.plan.json")
    assert "audit.plan.json is an input" in mine.stderr
    (folder / "audit.plan.json").unlink()
    made(201)[0].to_csv("train.csv", index=False)
    other = run(*verified, "--plan", "kept.json", "--overwrite")
    assert other.exit_code == 3
    assert "a table with 200 rows and this one has 201" in other.stderr


def test_a_quantity_is_no_matter_for_an_audit(folder):
    frame, _ = made()
    frame["price"] = np.random.default_rng(0).normal(size=200)
    frame.to_csv("train.csv", index=False)
    result = run("audit", "train.csv", "--label", "price", "--sheet", "a.csv")
    assert result.exit_code == 3
    assert "is a quantity" in result.stderr
    assert sorted(os.listdir()) == ["train.csv"]


def test_a_sheet_about_another_label(folder):
    frame, truth = made()
    frame["other"] = frame.kind
    frame.to_csv("train.csv", index=False)
    run(*DRAW)
    fill(folder / "audit.csv", truth)
    result = run("audit", "train.csv", "-l", "other", "--verified", "audit.csv")
    assert result.exit_code == 3
    assert "asks about the label 'kind'" in result.stderr


def test_answers_need_their_plan():
    frame, truth = made()
    audit = audit_table(frame, "kind", n_rows=20)
    answers = audit.plan.verified(truth[audit.plan.rows])
    with pytest.raises(ValueError, match="plan must be the AuditPlan"):
        audit_table(frame, "kind", verified=answers)
    with pytest.raises(ValueError, match="path of a filled"):
        audit_table(frame, "kind", verified=[1, 2])
    with pytest.raises(ValueError, match="'nowhere' is not a column"):
        audit_table(frame, "kind", verified=answers, plan=audit.plan, sources="nowhere")
