"""`--verified` hands a person's answers to diagnose, gate and fix."""

import json

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from skdataquality.cli._app import app
from skdataquality.label_noise import LabelAudit
from skdataquality.report import write_sheet
from skdataquality.verified import VerifiedLabels


@pytest.fixture
def table(tmp_path, monkeypatch):
    """A table, in twenty rows of which a person has looked, and the sheet."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(100, 3)).round(3), columns=list("abc"))
    truth = np.where(frame.a > 0, "05", "7")  # cells that a reader takes for numbers
    frame["label"] = truth
    frame.loc[[3, 8], "label"] = np.where(truth[[3, 8]] == "7", "05", "7")
    frame.to_csv(tmp_path / "t.csv", index=False)
    (tmp_path / "sheet.csv").write_text("filled in")

    def answers(path, table, *, plan, blank):
        assert path.name == "sheet.csv"
        labels = table.label.unique()
        assert len(labels) == 2
        rows = np.arange(20)
        given = table.label.to_numpy()[rows]
        other = np.where(given == labels[0], labels[1], labels[0])
        told = np.where(np.isin(rows, [3, 8]), other, given)
        return VerifiedLabels(rows, told, [0.2] * 20, given=given, purpose="audit")

    monkeypatch.setattr("skdataquality.report.read_verified", answers, raising=False)
    return tmp_path, truth


def run(folder, command, *options, code=0):
    sheet = ["--verified", folder / "sheet.csv"]
    asked = [command, folder / "t.csv", "-l", "label", *sheet, *options]
    result = CliRunner().invoke(app, list(map(str, asked)))
    assert result.exit_code == code, result.output
    return " ".join(result.output.split())


def test_fix_writes_the_verified_label_as_other_rows_have_it(table):
    folder, truth = table
    said = run(folder, "fix")
    assert "2 labels corrected, as verified" in said
    fixed = pd.read_csv(folder / "t.fixed.csv", dtype=str)
    assert fixed.label.tolist() == truth.tolist()
    lineage = pd.read_csv(folder / "t.lineage.csv")
    mended = lineage[lineage.fate == "relabelled"]
    assert mended.input_row.tolist() == [3, 8]
    assert set(mended.reason) == {"verified"}


def test_diagnose_tells_the_rate_of_the_person(table):
    folder, _ = table
    run(folder, "diagnose", "--json", folder / "r.json")
    lens = json.loads((folder / "r.json").read_text())["lenses"]["label_noise"]
    rate = lens["numbers"]["label_error_rate"]
    assert rate["estimate"] == pytest.approx(0.1)
    assert rate["method"].startswith("verified rows")


def test_a_gate_names_what_its_number_rests_on(table):
    folder, _ = table
    said = run(folder, "gate", "--fail-if", "label_error_rate.lower > 0", code=1)
    assert "verified rows" in said


def test_the_sheet_is_never_overwritten(table):
    folder, _ = table
    said = run(folder, "diagnose", "--json", folder / "sheet.csv", code=2)
    assert "is an input" in said
    assert (folder / "sheet.csv").read_text() == "filled in"


COMMANDS = {
    "diagnose": [],
    "fix": [],
    "gate": ["--fail-if", "label_error_rate > 100 %"],
}


@pytest.mark.parametrize("command", COMMANDS)
def test_what_a_sheet_asks_for_can_be_said(tmp_path, command):
    """Ticks beside blanks, and a plan that lies elsewhere, have options in each."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(100, 3)).round(3), columns=list("abc"))
    frame["label"] = np.where(frame.a > 0, "up", "down")
    frame.to_csv(tmp_path / "t.csv", index=False)
    plan = LabelAudit(20, random_state=0).plan(frame.label, np.full((100, 2), 0.5))
    write_sheet(tmp_path / "sheet.csv", frame, plan, "label")
    sheet = pd.read_csv(tmp_path / "sheet.csv")
    sheet[sheet.columns[-2]] = ["x"] + [""] * 19
    sheet.to_csv(tmp_path / "sheet.csv", index=False)
    asked = COMMANDS[command]
    assert "Pass --blank right" in run(tmp_path, command, *asked, code=3)
    run(tmp_path, command, *asked, "--blank", "right", "--overwrite")
    (tmp_path / "elsewhere").mkdir()
    kept = (tmp_path / "sheet.plan.json").rename(tmp_path / "elsewhere" / "p.json")
    asked = [*asked, "--blank", "right", "--overwrite"]
    assert "or pass --plan" in run(tmp_path, command, *asked, code=3)
    run(tmp_path, command, *asked, "--plan", kept)
