"""Bad files and options: one line on stderr, the right exit code, nothing written."""

import json
import os
import re
import xml.etree.ElementTree as ET

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from skdataquality.cli._app import app

HOSTILE = (
    "[red]|<img src=x onerror=y>`~*_[l](http://e.org)\x1b[31m\n=1+1 &amp; www.e.org"
)
GATE = ("--fail-if", "duplicate_share > 0.9")
EXTRA = {"diagnose": (), "compare": ("--cv", "3"), "fix": (), "gate": GATE}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def made(n=60, seed=0):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(rng.normal(size=(n, 3)).round(3), columns=list("abc"))
    frame["y"] = np.where(frame.a + 0.3 * rng.normal(size=n) > 0, "p", "q")
    return frame


def run(*arguments):
    result = CliRunner().invoke(app, list(map(str, arguments)))
    assert "Traceback" not in result.output
    return result


def refused(code, said, *arguments):
    """Run; check code, the one line, silence on stdout, and that no file appeared."""
    before = sorted(os.listdir())
    result = run(*arguments)
    assert result.exit_code == code, result.output
    assert result.stdout == ""
    assert re.fullmatch(r"error: [^\n]+\n", result.stderr), result.stderr
    assert said in result.stderr
    assert sorted(os.listdir()) == before
    return result.stderr


FILES = {
    "semicolons.csv": (b"a;b;y\n1;2;p\n3;4;q\n", "pass --delimiter ';'."),
    "latin.csv": ("a,y\n1,é\n".encode("latin-1"), "pass --encoding latin-1."),
    "ragged.csv": (b"a,b,y\n1,2,p\n1,2\n", "line 3 has 2 fields, expected 3"),
    "twice.csv": (b"a,a,y\n1,2,p\n", "columns of the same name: 'a'"),
    "nothing.csv": (b"", "is empty"),
    "header.csv": (b"a,y\n", "no data rows"),
    "damaged.parquet": (b"hello", "cannot be read as Parquet"),
    "damaged.csv.gz": (b"hello", "damaged.csv.gz"),
    "damaged.jsonl": (b'{"a": 1, "y"\n', "line 1"),
    "text.txt": (b"a,y\n1,p\n", "unknown extension"),
}


@pytest.mark.parametrize("command", EXTRA)
@pytest.mark.parametrize("name", FILES)
def test_unreadable_files(folder, name, command):
    content, said = FILES[name]
    (folder / name).write_bytes(content)
    refused(3, said, command, name, "-l", "y", *EXTRA[command])


@pytest.mark.parametrize("command", EXTRA)
def test_no_file_and_a_directory(folder, command):
    refused(3, "does not exist", command, "no.csv", "-l", "y", *EXTRA[command])
    refused(3, "is a directory", command, ".", "-l", "y", *EXTRA[command])


def test_a_file_without_a_header(folder):
    made().to_csv("t.csv", index=False, header=False)
    refused(3, "label='y' is not a column", "diagnose", "t.csv", "-l", "y")
    asked = ("diagnose", "t.csv", "-l", "column_3", "--no-header")
    assert run(*asked).stdout.startswith("60 rows, 3 columns\n")


# ---------------------------------------------------------------- the label
LABELS = {
    "all unique": (range(60), "names rows"),
    "mostly missing": (["p"] + [None] * 59, "missing in 59 of 60 rows"),
}


@pytest.mark.parametrize("command", ["diagnose", "compare", "gate"])
@pytest.mark.parametrize("what", LABELS)
def test_labels_that_cannot_be_one(folder, what, command):
    values, said = LABELS[what]
    made().assign(y=list(values)).to_csv("t.csv", index=False)
    refused(3, said, command, "t.csv", "-l", "y", *EXTRA[command])


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (["p"] * 57 + ["q"] * 3, "needs two classes of 5 rows"),
    ],
)
def test_compare_needs_two_classes_at_once(folder, values, said):
    made().assign(y=values).to_csv("t.csv", index=False)
    refused(3, said, "compare", "t.csv", "-l", "y", "--output", "w.py")


def test_one_class_is_no_error_of_diagnose_and_no_pass_of_gate(folder):
    made().assign(y="p").to_csv("t.csv", index=False)
    said = run("diagnose", "t.csv", "-l", "y").stdout
    assert "every row has the same label, so there is nothing to tell apart" in said
    refused(3, "one class, 'p', in all 60 rows", "compare", "t.csv", "-l", "y")
    asked = ("fix", "t.csv", "-l", "y", "--review", "r.csv")
    refused(3, "has the classes and rows {'p': 60}", *asked)
    asked = ("gate", "t.csv", "-l", "y", "--fail-if", "label_error_rate > 0.5")
    assert run(*asked).exit_code == 4


@pytest.mark.parametrize(
    ("name", "hint"),
    [("Y", "did you mean 'y'?"), ("zzz", "it has ['a', 'b', 'c', 'y']")],
)
@pytest.mark.parametrize("command", EXTRA)
def test_a_label_that_is_not_there(folder, command, name, hint):
    made().to_csv("t.csv", index=False)
    refused(3, hint, command, "t.csv", "-l", name, *EXTRA[command])


@pytest.mark.parametrize("option", ["--source", "--group", "--time", "--id"])
def test_roles_that_are_not_there_or_taken(folder, option):
    made().rename(columns={"a": "age band"}).to_csv("t.csv", index=False)
    asked = ("diagnose", "t.csv", "-l", "y")
    refused(3, "did you mean 'age band'?", *asked, option, "age_band")
    refused(3, "a column has one role", *asked, option, "y")


def test_labels_of_several_types_and_look_alikes(folder):
    rows = [
        json.dumps({"a": i, "b": i % 7, "y": ["cat", "Cat ", 3][i % 3]})
        for i in range(60)
    ]
    (folder / "t.jsonl").write_text("\n".join(rows))
    result = run("diagnose", "t.jsonl", "-l", "y")
    assert result.exit_code == 0
    lines = result.stderr.splitlines()
    assert [line for line in lines if "look alike" in line]
    assert all(line.startswith("warning: ") for line in lines)


def test_nested_cells(folder):
    rows = [
        json.dumps({"a": i * 1.37 % 1, "n": [1, 2] if i % 2 else [1], "y": "pq"[i % 2]})
        for i in range(60)
    ]
    (folder / "t.jsonl").write_text("\n".join(rows))
    assert run("diagnose", "t.jsonl", "-l", "y").exit_code == 0
    assert run("fix", "t.jsonl", "-l", "y").exit_code == 0
    fixed = (folder / "t.fixed.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in fixed] == list(map(json.loads, rows))
    refused(3, "n", "diagnose", "t.jsonl", "-l", "n")


# ---------------------------------------------------------------- the features
def test_no_value_anywhere(folder):
    frame = made()
    frame[["a", "b", "c"]] = None
    frame.to_csv("t.csv", index=False)
    refused(3, "no column of X has any value", "diagnose", "t.csv", "-l", "y")


@pytest.mark.parametrize("command", ["diagnose", "compare"])
def test_a_column_without_values_is_left_out(folder, command):
    made().assign(b=None).to_csv("t.csv", index=False)
    made(seed=1).assign(b=None, y=None).to_csv("p.csv", index=False)
    options = (*EXTRA[command], "--target-data", "p.csv", "--markdown", "-")
    result = run(command, "t.csv", "-l", "y", *options)
    assert result.exit_code == 0, result.stderr
    assert "left out for having no value: b" in result.stdout


def test_all_rows_equal_and_three_rows(folder):
    made().assign(a=1, b=2, c=3).to_csv("equal.csv", index=False)
    assert run("diagnose", "equal.csv", "-l", "y").exit_code == 0
    made(3).to_csv("three.csv", index=False)
    assert "cannot tell" in run("diagnose", "three.csv", "-l", "y").stdout
    made(1).to_csv("one.csv", index=False)
    refused(3, "at least 2", "diagnose", "one.csv", "-l", "y")
    made()[["y"]].to_csv("only.csv", index=False)
    refused(3, "no column left for features", "diagnose", "only.csv", "-l", "y")
    refused(3, "no column beside", "fix", "only.csv", "-l", "y")


def test_many_columns(folder):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(40, 1_000)).astype(np.float32))
    frame.columns = [f"x{k}" for k in range(1_000)]
    pd.concat([frame, frame[:2]]).to_parquet("t.parquet", index=False)
    assert "2 exact copies of rows dropped" in run("fix", "t.parquet").stdout


# ---------------------------------------------------------------- target data
def test_target_data_that_do_not_fit(folder):
    made().to_csv("t.csv", index=False)
    made().drop(columns="b").to_csv("p.csv", index=False)
    for command in ("diagnose", "compare", "gate"):
        options = (*EXTRA[command], "--target-data", "p.csv")
        said = run(command, "t.csv", "-l", "y", *options)
        assert said.exit_code == 0, said.stderr
        if command != "gate":
            assert "lacks b" in " ".join(said.stdout.split())
    # rows that equal target rows in all columns that both have
    options = (*EXTRA["fix"], "--target-data", "p.csv")
    refused(3, "would leave no row", "fix", "t.csv", "-l", "y", *options)


def test_target_data_that_are_the_training_data_are_told(folder):
    made().to_csv("t.csv", index=False)
    said = run("diagnose", "t.csv", "-l", "y", "--target-data", "t.csv").stdout
    assert "60 of 60 target rows are training rows" in " ".join(said.split())
    asked = ("fix", "t.csv", "-l", "y", "--target-data", "t.csv")
    refused(3, "would leave no row", *asked)


# ---------------------------------------------------------------- options
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("diagnose", "--depth", "nonsense"), "standard or thorough"),
        (("gate", *GATE, "--depth", "nonsense"), "standard or thorough"),
        (("compare", "--scoring", "nonsense"), "no metric of scikit-learn"),
        (("compare", "--scoring", "balanced_acuracy"), "mean balanced_accuracy?"),
        (("compare", "--scoring", "r2"), "does not suit a label of 2 classes"),
        (("compare", "--scoring", "f1"), "say which, for example with --pos-label"),
        (("fix", "--conflicts", "nonsense"), "keep, majority, drop"),
        (("fix", "--output", "x.txt"), "must end in one of"),
        (("fix", "--output", "-"), "not to stdout"),
        (("fix", "--lineage", "-"), "not to stdout"),
        (("gate",), "pass at least one"),
        (("gate", "--fail-if", "nonsense"), "cannot be read"),
        (("gate", "--fail-if", "nonsense > 1"), "no lens reports"),
    ],
)
def test_wrong_use(folder, arguments, said):
    made().to_csv("t.csv", index=False)
    command, *options = arguments
    refused(2, said, command, "t.csv", "-l", "y", *options)


@pytest.mark.parametrize("option", [["--review", "r.csv"], ["--drop-leaky"]])
def test_fix_needs_a_label_for_what_is_about_labels(folder, option):
    made().to_csv("t.csv", index=False)
    refused(2, "need --label", "fix", "t.csv", *option)


@pytest.mark.parametrize(
    "options", [("--jobs", "0"), ("--seed", "4294967296"), ("--max-rows", "1")]
)
def test_numbers_out_of_range(folder, options):
    made().to_csv("t.csv", index=False)
    result = run("diagnose", "t.csv", "-l", "y", *options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"Invalid value for '{options[0]}'" in result.stderr


def test_a_metric_of_two_classes_for_three_and_of_classes_for_quantities(folder):
    made().assign(y=["p", "q", "r"] * 20).to_csv("three.csv", index=False)
    asked = ("compare", "three.csv", "-l", "y", "--scoring", "roc_auc")
    assert "roc_auc_ovr" in refused(2, "a label of 3 classes", *asked)
    frame = made()
    frame.assign(y=frame.a * 2).to_csv("quantity.csv", index=False)
    asked = ("compare", "quantity.csv", "-l", "y", "--scoring", "accuracy")
    refused(2, "a label of a quantity", *asked)


def test_text_options_are_never_ignored_quietly(folder):
    made().to_parquet("t.parquet")
    for option in (("--delimiter", ";"), ("--encoding", "latin-1"), ("--no-header",)):
        refused(2, option[0], "diagnose", "t.parquet", "-l", "y", *option)
    rows = made().assign(y=["é", "ü"] * 30)
    text = rows.to_json(orient="records", lines=True, force_ascii=False)
    (folder / "t.jsonl").write_bytes(text.encode("latin-1"))
    asked = ("fix", "t.jsonl", "-l", "y", "--encoding", "latin-1")
    assert run(*asked).exit_code == 0
    assert '"y":"é"' in (folder / "t.fixed.jsonl").read_text("utf-8").replace(" ", "")
    rows.to_csv("t.csv", index=False, sep=";")
    made(seed=1).assign(y=rows["y"]).to_parquet("p.parquet")
    options = ("--delimiter", ";", "--target-data", "p.parquet")
    assert run("diagnose", "t.csv", "-l", "y", *options).exit_code == 0


# ---------------------------------------------------------------- outputs
OUTPUTS = {
    "diagnose": ["--json", "--markdown"],
    "compare": ["--json", "--markdown", "--output"],
    "gate": ["--json", "--junit"],
    "fix": ["--output", "--lineage", "--review"],
}
EACH = [(command, option) for command, some in OUTPUTS.items() for option in some]


@pytest.mark.parametrize(("command", "option"), EACH)
def test_outputs_that_cannot_be(folder, command, option):
    made().to_csv("t.csv", index=False)
    (folder / "dir.csv").mkdir()
    asked = (command, "t.csv", "-l", "y", *EXTRA[command], option)
    refused(2, "is an input", *asked, "t.csv")
    refused(3, "is a directory", *asked, "dir.csv")
    refused(3, "does not exist", *asked, "no/x.csv")
    other = next(o for o in OUTPUTS[command] if o != option)
    refused(2, "two outputs", *asked, "x.csv", other, "x.csv")
    (folder / "link.csv").symlink_to("t.csv")
    refused(2, "is an input", *asked, "link.csv")


@pytest.mark.skipif(os.name == "nt", reason="devices")
def test_a_device_is_never_replaced(folder):
    made().to_csv("t.csv", index=False)
    os.mkfifo("pipe.json")
    asked = ("diagnose", "t.csv", "-l", "y", "--json")
    refused(3, "no regular file", *asked, "pipe.json")
    refused(3, "no regular file", *asked, os.devnull)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write")
def test_a_folder_without_the_right_to_write(folder):
    made().to_csv("t.csv", index=False)
    (folder / "locked").mkdir(mode=0o500)
    refused(
        3, "no right to write", *("diagnose", "t.csv", "-l", "y"), "--json", "locked/x"
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("diagnos", "t.csv"), "Did you mean 'diagnose'?"),
        (("diagnose", "t.csv", "--lable", "y"), "--label"),
        (("diagnose", "t.csv", "-l", "y", "--tagret-data", "p.csv"), "--target-data"),
        (("fix", "t.csv", "--overwite"), "--overwrite"),
    ],
)
def test_misspelt_words_get_the_near_one(folder, arguments, said):
    made().to_csv("t.csv", index=False)
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_only_one_output_goes_to_stdout(folder):
    made().to_csv("t.csv", index=False)
    asked = ("diagnose", "t.csv", "-l", "y", "--json", "-", "--markdown", "-")
    refused(2, "only one output", *asked)


# ---------------------------------------------------------------- hostile text
@pytest.fixture
def hostile(folder):
    """A table whose names and cells are markup, and leak, repeat and err."""
    frame = made(120)
    frame["y"] = np.where(frame.y == "p", HOSTILE, "@good")
    frame.loc[5:12, "y"] = frame.loc[5:12, "y"].map(
        {HOSTILE: "@good", "@good": HOSTILE}
    )
    frame[f"leak {HOSTILE}"] = (frame.y == "@good").map({True: "-1+1", False: "=2"})
    frame[f"from {HOSTILE}"] = np.where(np.arange(120) < 40, HOSTILE, "漢字" * 30)
    frame = pd.concat([frame, frame[:5]], ignore_index=True)
    frame.columns = ["a", "b", "c", HOSTILE, *frame.columns[4:]]
    frame.to_parquet("t.parquet")
    frame.drop(columns=HOSTILE).iloc[:80].to_parquet("p.parquet")
    return frame


def test_hostile_names_in_every_output_of_diagnose(hostile, folder):
    options = ("--source", f"from {HOSTILE}", "--target-data", "p.parquet")
    files = ("--json", "r.json", "--markdown", "r.md")
    result = run("diagnose", "t.parquet", "-l", HOSTILE, *options, *files)
    assert result.exit_code == 0, result.stderr
    check_text(result.stdout)
    assert "[red]" in result.stdout
    report = json.loads(
        (folder / "r.json").read_text("utf-8"), parse_constant=lambda c: 1 / 0
    )
    assert f"leak {HOSTILE}" in report["lenses"]["leakage"]["summary"]
    check_markdown((folder / "r.md").read_text("utf-8"))


@pytest.mark.slow
def test_hostile_names_in_compare_and_gate(hostile, folder):
    files = ("--json", "c.json", "--markdown", "c.md", "--output", "w.py")
    asked = ("compare", "t.parquet", "-l", HOSTILE, "--cv", "3")
    result = run(*asked, "--id", f"from {HOSTILE}", *files)
    assert result.exit_code == 0, result.stderr
    check_text(result.stdout)
    assert "left out for all candidates: leak [red]" in result.stdout
    check_markdown((folder / "c.md").read_text("utf-8"))
    program = (folder / "w.py").read_text("utf-8")
    compile(program, "w.py", "exec")
    assert f"LABEL = {HOSTILE!r}" in program
    result = run("gate", "t.parquet", "-l", HOSTILE, *GATE, "--junit", "g.xml")
    assert result.exit_code == 0
    check_text(result.stdout)
    ET.parse(folder / "g.xml")


def test_hostile_names_in_fix(hostile, folder):
    asked = ("fix", "t.parquet", "-l", HOSTILE, "--review", "r.csv", "--drop-leaky")
    result = run(*asked)
    assert result.exit_code == 0, result.stderr
    check_text(result.stdout)
    review = pd.read_csv(folder / "r.csv")
    assert len(review) >= 8
    labels = {*review.given, *review.suggested}
    assert labels == {"'@good", HOSTILE}
    fixed = pd.read_parquet(folder / "t.fixed.parquet")
    assert list(fixed.columns) == [*hostile.columns[:4], hostile.columns[-1]]
    pd.testing.assert_frame_equal(fixed, hostile.iloc[:120][list(fixed.columns)])


def test_hostile_names_in_errors(hostile):
    said = refused(3, "[red]", "diagnose", "t.parquet", "-l", f"{HOSTILE}2")
    assert "\x1b" not in said
    said = refused(3, ":smile:[red]", "diagnose", ":smile:[red]\x1b[1m.csv", "-l", "y")
    assert "\x1b" not in said


def check_text(text):
    assert all(c.isprintable() or c == "\n" for c in text)


def check_markdown(text):
    lines = text.split("\n")
    assert all(c.isprintable() for line in lines for c in line)
    outside, fenced = [], False
    for line in lines:
        if line.strip().startswith("```"):
            fenced = not fenced
        elif not fenced:
            outside.append(line)
    for line in outside:
        assert "<" not in line
        assert not re.search(r"(?<!\\)\]\(", line)
        assert "http://" not in line
        assert "www.e" not in line
        assert not re.search(r"(?<!\\)`", line), line
    heads = [
        i for i, line in enumerate(outside) if re.fullmatch(r"\|( -+:? \|)+", line)
    ]
    assert heads
    for i in heads:
        n_columns = outside[i].count("|")
        for line in outside[i - 1 :]:
            if not line.startswith("|"):
                break
            assert len(re.findall(r"(?<!\\)\|", line)) == n_columns, line
