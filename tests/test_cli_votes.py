"""Votes of annotators on the command line: columns of a table, or their own file."""

import json
import re

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from skdataquality.cli._app import app
from skdataquality.weak_supervision import LongVotes, consensus
from tests.crowds import crowd

WORDS = np.array(["cat", "dog", "elk"])
ANNOTATORS = ["a0", "a1", "a2", "a3", "a4"]
VOTED = [word for name in ANNOTATORS for word in ("--annotator", name)]
MODEL = ["--estimator", "sklearn.dummy:DummyClassifier"]


def run(*arguments):
    result = CliRunner().invoke(app, list(map(str, arguments)))
    assert "Traceback" not in result.output
    return result


def refused(code, said, *arguments):
    result = run(*arguments)
    assert result.exit_code == code, result.output
    assert result.stdout == ""
    assert re.fullmatch(r"error: [^\n]+\n", result.stderr), result.stderr
    assert said in result.stderr


@pytest.fixture(scope="module")
def tables():
    """A table with five annotators, of whom the first is worse than chance."""
    codes, truth = crowd(3, n_rows=200, n_annotators=5, n_classes=3, per_row=5,
                     fault="worse")  # fmt: skip
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(200, 2)).round(3), columns=["x", "z"])
    frame["pid"] = [f"p{k:03d}" for k in rng.permutation(200)]
    frame[ANNOTATORS] = WORDS[codes]
    long = frame.assign(row=np.arange(200)).melt(
        ["row", "pid"], ANNOTATORS, "worker", "answer"
    )
    frame.attrs["truth"] = WORDS[truth].tolist()
    return frame, long.sample(frac=1, random_state=0)


@pytest.fixture
def folder(tmp_path, monkeypatch, tables):
    monkeypatch.chdir(tmp_path)
    frame, long = tables
    frame.to_csv("t.csv", index=False)
    long[["row", "worker", "answer"]].to_csv("votes.csv", index=False)
    return tmp_path


def lenses(*arguments, code=0):
    result = run("diagnose", "t.csv", *arguments, *MODEL, "--json", "-")
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)["lenses"], result.stderr


# ------------------------------------------------------------------- diagnose and gate
def test_columns_and_every_file_of_votes_say_the_same(folder, tables):
    _, long = tables
    named = {"pid": "pid", "worker": "Rater_ID", "answer": "Vote"}
    long[list(named)].rename(columns=named).to_csv("named.csv", index=False)
    long[["row", "worker", "answer"]].to_parquet("votes.parquet")
    features = ["-l", "a1", "--id", "pid"]
    columns, _ = lenses(*features, *VOTED)
    assert columns["annotators"]["reason_code"] == "worse_than_chance"
    assert columns["leakage"]["verdict"] == "clear"
    pd.read_csv("t.csv")[["x", "z", "pid", "a1"]].to_csv("t.csv", index=False)
    for file in ("votes.csv", "votes.parquet", "named.csv"):
        found, _ = lenses(*features, "--votes", file)
        assert found["annotators"]["numbers"] == columns["annotators"]["numbers"]


def test_what_a_column_of_any_name_refers_to(folder, tables):
    frame, long = tables
    odd = {"row": "n", "pid": "code", "worker": "who", "answer": "what, then"}
    long.rename(columns=odd).to_csv("odd.csv", index=False)
    frame[["x", "z", "pid", "a1"]].to_csv("t.csv", index=False)
    asked = ["-l", "a1", "--votes", "odd.csv", "--votes-columns"]
    numbers = {
        key: lenses(*options)[0]["annotators"]["numbers"]
        for key, options in {
            "plain": ["-l", "a1", "--votes", "votes.csv"],
            "numbered": [*asked, 'n,who,"what, then"'],
            "named": [*asked, 'code,who,"what, then"', "--id", "pid"],
        }.items()
    }
    assert numbers["plain"] == numbers["numbered"] == numbers["named"]
    wrong = [*asked, 'n,who,"what, then"', "--id", "pid"]
    refused(3, "call their column row if it numbers", "diagnose", "t.csv", *wrong)


@pytest.mark.parametrize("given", [VOTED, ["--votes", "votes.csv"]])
def test_a_gate_on_annotators(folder, given):
    asked = ["gate", "t.csv", "-l", "a1", "--id", "pid", *MODEL]
    fail = ["--fail-if", "worse_than_chance > 0"]
    assert run(*asked, *given, *fail).exit_code == 1
    passes = ["--fail-if", "annotators.krippendorff_alpha.upper < 0.1"]
    assert run(*asked, *given, *passes).exit_code == 0
    assert run(*asked, "--fail-if", "annotators.worse_than_chance > 0").exit_code == 4


def test_labels_that_only_votes_have_are_told(folder, tables):
    _, long = tables
    more = long[["row", "worker", "answer"]].copy()
    more.iloc[:3, 2] = "Elk"
    more.to_csv("votes.csv", index=False)
    found, said = lenses("-l", "a1", "--id", "pid", "--votes", "votes.csv")
    assert "no row of the table has these labels, a class each: 'Elk' (3)" in said
    assert found["annotators"]["numbers"]["annotators"] == 5


def test_numbers_are_labels_where_others_vote_in_words(folder, tables):
    frame, long = tables
    number = dict(zip(WORDS, "123", strict=True))
    for column in ANNOTATORS:
        frame = frame.assign(**{column: frame[column].map(number)})
    frame.loc[:3, "a2"] = None
    frame["a2"] = frame.a2.astype(float)  # 1.0 in the file
    frame.loc[:3, "a3"] = "unsure"
    frame.to_csv("t.csv", index=False)
    asked = ["-l", "a1", "--id", "pid"]
    found, said = lenses(*asked, *VOTED)
    assert said == "note: numbers are labels in words, as in 'a3'\n"
    long = long.assign(answer=long.answer.map(number))
    for row, who, answer in [(slice(0, 3), "a2", None), (slice(0, 3), "a3", "unsure")]:
        long.loc[(long.row <= row.stop) & (long.worker == who), "answer"] = answer
    long[["row", "worker", "answer"]].to_csv("votes.csv", index=False)
    same, _ = lenses(*asked, "--votes", "votes.csv")
    assert (
        same["annotators"]["numbers"]["krippendorff_alpha"]
        == (found["annotators"]["numbers"]["krippendorff_alpha"])
    )


BAD_VOTES = {
    "rows that do not exist": (
        lambda v: v.assign(row=v.row + 1), "do not exist, such as 200: number them"),
    "rows that are words": (lambda v: v.assign(row="q"), "names rows such as 'q'"),
    "no column of labels": (
        lambda v: v.drop(columns="answer"), "no column called label or vote"),
    "two columns of labels": (
        lambda v: v.assign(label=1), "['answer', 'label'] for the label of a vote"),
    "no column of rows": (
        lambda v: v.rename(columns={"row": "x"}), "pass --id 'x', if that names rows"),
    "a vote of nobody": (
        lambda v: v.assign(worker=[None, *v.worker[1:]]), "no 'worker' in 1 of 1000"),
    "no label": (lambda v: v.assign(answer=None), "an empty 'answer' in every vote"),
    "other labels": (
        lambda v: v.assign(answer=v.answer.str.upper()), "no class in common"),
    "other names": (
        lambda v: v.rename(columns={"row": "pid"}), "rows that 'pid' does not name"),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD_VOTES)
def test_bad_votes_are_refused_in_one_line(folder, tables, what):
    spoil, said = BAD_VOTES[what]
    spoil(tables[1][["row", "worker", "answer"]]).to_csv("v.csv", index=False)
    asked = ["diagnose", "t.csv", "-l", "a1", "--id", "pid", "--votes", "v.csv"]
    refused(3, said, *asked)


def test_names_that_repeat_name_no_row(folder, tables):
    frame, long = tables
    frame.assign(pid="p001").to_csv("t.csv", index=False)
    long[["pid", "worker", "answer"]].to_csv("v.csv", index=False)
    asked = ["diagnose", "t.csv", "-l", "a1", "--id", "pid", "--votes", "v.csv"]
    refused(3, "'pid' names several rows", *asked)
    asked = ["diagnose", "t.csv", "-l", "a1", "--votes", "v.csv"]
    refused(3, "pass --id 'pid'", *asked)


BAD_USE = [
    (2, "one of the two", ["--votes", "votes.csv", "--annotator", "a2"]),
    (2, "goes with --votes", ["--votes-columns", "a,b,c"]),
    (2, "must be three names", ["--votes", "votes.csv", "--votes-columns", "a,b"]),
    (3, "did you mean 'worker'",
     ["--votes", "votes.csv", "--votes-columns", "row,workers,answer"]),
    (3, "does not exist", ["--votes", "no.csv"]),
    (3, "--annotator 'a9' is not a column", ["--annotator", "a9"]),
    (3, "a column has one role", ["--annotator", "a2", "--source", "a2"]),
    (2, "is an input", ["--votes", "votes.csv", "--json", "votes.csv"]),
]  # fmt: skip


@pytest.mark.parametrize(("code", "said", "options"), BAD_USE)
def test_options_that_make_no_sense(folder, code, said, options):
    refused(code, said, "diagnose", "t.csv", "-l", "a1", "--id", "pid", *options)


def test_text_options_are_for_votes_too(folder, tables):
    frame, long = tables
    frame.to_parquet("t.parquet")
    votes = long[["row", "worker", "answer"]]
    votes.to_csv("votes.csv", index=False, sep=";")
    asked = ["gate", "t.parquet", "-l", "a1", "--id", "pid", "--votes", "votes.csv"]
    fail = ["--fail-if", "worse_than_chance > 0", *MODEL]
    assert run(*asked, *fail, "--delimiter", ";").exit_code == 1


# ------------------------------------------------------ annotators are never features
def test_no_command_takes_annotators_for_features(folder, tables):
    frame, _ = tables
    frame = frame.assign(x=frame.x + 3 * (frame.a1 == "cat"), label=frame.a1)
    frame.to_csv("t.csv", index=False)
    asked = ["t.csv", "-l", "label", "--id", "pid", *VOTED]
    found = run("compare", *asked, "--cv", "2", "--output", "w.py")
    assert found.exit_code == 0, found.output
    program = (folder / "w.py").read_text()
    assert all(f'"{name}"' in program or f"'{name}'" in program for name in ANNOTATORS)
    assert "'a1'" not in run("fix", *asked, "--drop-leaky").stdout
    fixed = pd.read_csv("t.fixed.csv")
    assert set(ANNOTATORS) < set(fixed.columns)
    sheet = run("audit", *asked, *MODEL, "--rows", "20", "--sheet", "s.csv")
    assert sheet.exit_code == 0, sheet.output


def test_the_command_that_follows_a_sheet_names_annotators(folder, tables):
    frame, _ = tables
    frame = frame.assign(x=frame.x + 3 * (frame.a1 == "cat"))
    frame.to_csv("t.csv", index=False)
    asked = ["compare", "t.csv", "-l", "a1", "--id", "pid", *VOTED, "--cv", "2"]
    said = run(*asked, "--verify", "10", "--sheet", "s.csv").stdout
    if "No sheet is written" not in said:
        assert "--annotator a0 --annotator a1" in " ".join(said.split())


# --------------------------------------------------------------------------- consensus
def test_consensus_of_a_file_is_that_of_python(folder, tables):
    frame, long = tables
    truth = np.array(frame.attrs["truth"])
    result = run("consensus", "votes.csv", "--output", "c.csv", "--json", "c.json")
    assert result.exit_code == 0, result.output
    assert max(map(len, result.stdout.splitlines())) <= 80
    expected = consensus(LongVotes(long.row, long.worker, long.answer))
    found = pd.read_csv("c.csv").sort_values("row")
    assert found.row.tolist() == list(range(200))
    assert found.label.tolist() == expected.labels.tolist()
    assert found.needs_vote.tolist() == expected.needs_vote.tolist()
    assert found.quality.to_numpy() == pytest.approx(expected.quality, abs=1e-4)
    told = json.loads((folder / "c.json").read_text())
    assert told["annotators"][0]["annotator"] == "a0"
    quality = told["annotators"][0]["quality"]
    assert quality["lower"] <= quality["estimate"] <= quality["upper"]
    assert told["lens"]["reason_code"] == "worse_than_chance"
    rate = told["error_rate"]
    assert rate["estimate"] == pytest.approx(1 - expected.quality.mean())
    assert rate["lower"] < (expected.labels != truth).mean() < rate["upper"]


def test_consensus_of_columns_keeps_rows_and_their_names(folder, tables):
    frame, _ = tables
    assert run("consensus", "votes.csv", "--output", "c.csv").exit_code == 0
    long = pd.read_csv("c.csv").sort_values("row", ignore_index=True)
    wide = run("consensus", "t.csv", *VOTED, "--output", "w.csv")
    assert wide.exit_code == 0
    pd.testing.assert_frame_equal(pd.read_csv("w.csv"), long, atol=1e-4)
    stdout = run("consensus", "t.csv", *VOTED, "--id", "pid", "--output", "-").stdout
    lines = stdout.splitlines()
    assert lines[0].startswith('"pid","label","quality","needs_vote"')
    assert [line.split('"')[1] for line in lines[1:]] == frame.pid.tolist()


def test_names_of_rows_stay_as_they_are_written(folder):
    lines = ["task,worker,label", "007,1,a", "007,01,a", "10,1,b", "x,01,b"]
    (folder / "v.csv").write_text("\n".join(lines) + "\n")
    assert run("consensus", "v.csv", "--output", "c.csv").exit_code == 0
    assert pd.read_csv("c.csv", dtype=str).task.tolist() == ["007", "10", "x"]


def test_minus_one_is_asked_about(folder, tables):
    _, long = tables
    long = long.assign(answer=np.where(long.answer == "cat", -1, 1))
    long[["row", "worker", "answer"]].to_csv("v.csv", index=False)
    refused(3, "--missing-label none if it is a class", "consensus", "v.csv")
    said = run("consensus", "v.csv", "--missing-label", "none").stdout
    assert "votes       1000, of 5 annotators" in said
    said = run("consensus", "v.csv", "--missing-label", "-1").stdout
    assert f"votes       {(long.answer == 1).sum()}, of" in said
    refused(2, "no label that anyone gives", "consensus", "v.csv",
            "--missing-label", "0")  # fmt: skip


def test_too_few_annotators_get_labels_and_no_rate(folder):
    said = run("consensus", "t.csv", "--annotator", "a1", "--annotator", "a2").stdout
    assert re.search(r"^wrong +cannot be told", said, re.M)
    assert re.search(r"^cannot tell +2 annotators vote", said, re.M)
    assert said.splitlines()[-1].startswith("--output FILE writes the labels")


@pytest.mark.parametrize(
    ("code", "said", "options"),
    [
        (2, "is an input", ["votes.csv", "--output", "votes.csv", "--overwrite"]),
        (2, "a1 is named twice", ["t.csv", *["--annotator", "a1"] * 2]),
        (2, "--id goes with", ["votes.csv", "--id", "row"]),
        (2, "one of the two", ["t.csv", *VOTED, "--votes-columns", "a,b,c"]),
        (3, "'a9' is not a column of t.csv", ["t.csv", "--annotator", "a9"]),
        (3, "no column called row", ["t.csv"]),
    ],
)
def test_consensus_that_makes_no_sense(folder, code, said, options):
    refused(code, said, "consensus", *options)
