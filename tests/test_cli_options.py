"""What commands pass on: how cells are written, and which columns are no features."""

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from skdataquality.cli import _files
from skdataquality.cli._app import app
from skdataquality.cli._console import spoken
from skdataquality.cli._written import TextFormat
from skdataquality.workflows import Change, fix_table

EXTRA = {
    "diagnose": (),
    "compare": ("--cv", "2"),
    "fix": (),
    "gate": ("--fail-if", "duplicate_share > 0.9"),
    "query": ("--sheet", "next.csv"),
    "review": ("--sheet", "batch1.csv"),
}
WRITTEN = {
    "--delimiter ;": {"delimiter": ";"},
    "--encoding latin-1": {"encoding": "latin-1"},
    "--no-header": {"header": False},
    "--quoting none": {"quoting": "none"},
    "--decimal ,": {"decimal": ","},
    "--thousands .": {"thousands": "."},
    "--keep-words y --keep-words b": {"keep_words": ("y", "b")},
    "--max-bytes 500MB": {"max_bytes": 500_000_000},
}


def run(*arguments):
    result = CliRunner().invoke(app, list(map(str, arguments)))
    assert "Traceback" not in result.output
    return result


def made(n=60, seed=0):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(rng.normal(size=(n, 3)).round(3), columns=list("abc"))
    frame["y"] = np.where(frame.a + 0.3 * rng.normal(size=n) > 0, "p", "q")
    return frame


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made().to_csv("t.csv", index=False)
    return tmp_path


@pytest.fixture
def reads(monkeypatch):
    """The options of every call of the reader."""
    calls = []

    def read_table(path, **options):
        calls.append((str(path), options))
        return made().drop(columns="y" if "p.csv" in str(path) else [])

    monkeypatch.setattr(_files, "read_table", read_table)
    return calls


# ---------------------------------------------------------------- how it is written
@pytest.mark.parametrize("command", EXTRA)
@pytest.mark.parametrize("words", WRITTEN)
@pytest.mark.parametrize("name", ["t.csv", "t.tsv.gz", "t.txt", "t.data"])
def test_every_command_passes_on_how_a_file_is_written(
    folder, reads, command, words, name
):
    (folder / name).write_bytes(b"")
    run(command, name, "-l", "no such", *EXTRA[command], *words.split())
    assert reads == [(name, WRITTEN[words])]


def test_nothing_is_passed_on_that_was_not_given(folder, reads):
    run("diagnose", "t.csv", "-l", "y")
    assert reads == [("t.csv", {})]


@pytest.mark.parametrize("words", WRITTEN)
def test_an_option_that_says_nothing_is_refused(folder, reads, words):
    made().to_parquet("t.parquet")
    result = run("diagnose", "t.parquet", "-l", "y", *words.split())
    if words.startswith("--max-bytes"):
        assert reads == [("t.parquet", WRITTEN[words])]
        return
    assert result.exit_code == 2
    assert f"error: {words.split()[0]} says nothing about t.parquet" in result.stderr
    assert reads == []


def test_words_are_kept_where_the_column_is(folder, reads):
    made().to_csv("p.csv", index=False)
    options = ("--keep-words", "y", "--keep-words", "b", "--target-data", "p.csv")
    run("diagnose", "t.csv", "-l", "y", *options)
    assert reads[0] == ("t.csv", {"keep_words": ("y", "b")})
    assert reads[-1] == ("p.csv", {"keep_words": ("b",)})


@pytest.mark.parametrize(
    ("text", "n"),
    [("500MB", 5 * 10**8), ("2GB", 2 * 10**9), ("1.5 GiB", 3 * 2**29), ("12", 12),
     ("7k", 7000), ("1TB", 10**12), ("3B", 3)],
)  # fmt: skip
def test_sizes(folder, reads, text, n):
    assert run("diagnose", "t.csv", "-l", "y", "--max-bytes", text).exit_code == 0
    assert reads == [("t.csv", {"max_bytes": n})]


@pytest.mark.parametrize("text", ["", "0", "-1", "much", "1PB", "1e3", "2 GB 3"])
def test_what_is_no_size(folder, text):
    result = run("diagnose", "t.csv", "-l", "y", "--max-bytes", text)
    assert result.exit_code == 2
    assert "such as 500MB or 2GB" in " ".join(result.stderr.split())


def test_quoting_is_one_of_three_words(folder):
    result = run("diagnose", "t.csv", "-l", "y", "--quoting", "sometimes")
    assert result.exit_code == 2
    assert "auto, standard, none" in " ".join(result.stderr.split())


def test_the_names_are_those_of_the_reader():
    given = TextFormat("a", "b", False, "none", ",", ".", ("y",), 3).given()
    assert set(given) == {
        "delimiter", "encoding", "header", "quoting", "decimal", "thousands",
        "keep_words", "max_bytes",
    }  # fmt: skip


# ---------------------------------------------------------------- what it says
NOTES = ["Words were read as missing values: pass keep_words=['y', 'b']."]


@pytest.mark.parametrize("command", ["diagnose", "compare", "fix", "gate"])
def test_notes_of_the_reader_are_told_and_kept(folder, monkeypatch, command):
    def read_table(path, **options):
        frame = made()
        frame.attrs["notes"] = NOTES
        frame.attrs["words_read_as_missing"] = {"y": {"None": 12, "NA": 1}, "a": {}}
        return frame

    monkeypatch.setattr(_files, "read_table", read_table)
    files = ("--json", "r.json") if command in ("diagnose", "compare") else ()
    result = run(command, "t.csv", "-l", "y", *EXTRA[command], *files)
    assert result.exit_code == 0, result.output
    said = "--keep-words 'y' --keep-words 'b'"
    assert result.stderr.splitlines()[:2] == [
        f"note: Words were read as missing values: pass {said}.",
        "note: label 'y': 12 x 'None', 1 x 'NA' were read as missing values; "
        "--keep-words 'y' keeps them as labels",
    ]
    if files:
        text = (folder / "r.json").read_text()
        assert text.count(said) >= 1
        assert "12 x 'None'" in text
        assert "keep_words=" not in text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("pass encoding='latin-1'.", "pass --encoding latin-1."),
        ("pass delimiter=';'.", "pass --delimiter ';'."),
        ("pass header=False", "pass --no-header"),
        ("ids=['a b'] leaves one out, groups='a b'", "--id 'a b' leaves one out, "
         "--group 'a b'"),
        ("sources=['a', 'b']", "--source 'a' --source 'b'"),
        ("pass overwrite=True.", "pass --overwrite."),
        ("pass max_bytes=10", "pass --max-bytes 10"),
        ("a larger max_bytes.", "a larger --max-bytes."),
        ("pass a larger max_bytes, or max_rows (or fewer) for a sample.",
         "pass a larger --max-bytes."),
        ("free some memory, or pass max_rows for a sample.", "free some memory."),
    ],
)  # fmt: skip
def test_sentences_name_options(text, said):
    assert spoken(text) == said


# ---------------------------------------------------------------- roles in fix
def visits(*, again):
    """Ten people, six visits each, five repeated: as a whole, or on another day."""
    frame = pd.concat([made(), made()[:5]], ignore_index=True)
    frame["person"] = np.r_[np.arange(60) // 6, [0] * 5]
    frame["nurse"] = ["x", "y", "z", "x", "x"] * 13
    frame["day"] = np.r_[np.arange(60), np.arange(5) + (90 if again else 0)]
    return frame


def test_rows_that_differ_in_a_role_are_no_copies():
    roles = {"ids": ["person"], "sources": ["nurse"], "time": "day"}
    assert fix_table(visits(again=True), "y", **roles).rows.size == 65
    fix = fix_table(visits(again=False), "y", **roles)
    assert fix.rows.tolist() == list(range(60))
    assert fix.done == [Change("exact copies", 5)]
    assert Change("identifiers", 1, ("person",)) in fix.left
    assert set(fix.no_features) == {"person", "nurse", "day"}
    dropped = fix_table(visits(again=False), "y", identifiers=True, **roles)
    assert "person" not in dropped.columns
    assert {"nurse", "day"} < set(dropped.columns)


def test_equal_features_are_judged_without_roles():
    frame = visits(again=True)
    frame.loc[60:64, "y"] = frame.y[60:65].map({"p": "q", "q": "p"})
    roles = {"ids": "person", "sources": ["nurse"], "time": "day"}
    assert Change("label conflicts", 5) in fix_table(frame, "y", **roles).left
    hidden = fix_table(frame, "y").left  # days differ, so no two rows seem equal
    assert not [change for change in hidden if change.kind == "label conflicts"]


@pytest.mark.parametrize("role", ["ids", "sources", "groups", "time"])
def test_roles_that_are_not_there_or_taken(role):
    with pytest.raises(ValueError, match="did you mean 'person'"):
        fix_table(visits(again=True), "y", **{role: "persn"})
    with pytest.raises(ValueError, match="a column has one role"):
        fix_table(visits(again=True), "y", **{role: "y"})


def test_some_column_must_be_a_feature():
    every = ["a", "b", "c", "person", "nurse", "day"]
    with pytest.raises(ValueError, match="no column left for features"):
        fix_table(visits(again=True), "y", sources=every)


def test_fix_passes_roles_on_to_the_fix_and_to_the_review(folder):
    visits(again=False).to_csv("t.csv", index=False)
    roles = "--id person --source nurse --time day --review r.csv"
    result = run("fix", "t.csv", "-l", "y", *roles.split())
    assert result.exit_code == 0, result.output
    assert "identifiers kept: person (--drop-identifiers)" in result.stdout
    assert "5 exact copies of rows dropped" in result.stdout
    alone = run("fix", "t.csv", "-l", "y", "--group", "person", "--overwrite")
    assert "identifiers kept: person" not in alone.stdout
    (made()[["a", "b", "c"]] + 9).to_csv("p.csv", index=False)  # it need not have them
    options = (*roles.split(), "--target-data", "p.csv", "--overwrite")
    assert run("fix", "t.csv", "-l", "y", *options).exit_code == 0


@pytest.mark.parametrize("command", ["diagnose", "compare", "fix"])
def test_columns_that_look_like_identifiers_are_named(folder, command):
    frame = made(200)
    frame["mail"] = [f"p{k % 30}@example.org" for k in range(200)]
    frame["width"] = np.random.default_rng(1).integers(0, 40, 200)
    frame.to_csv("t.csv", index=False)
    options = ("--cv", "2") if command == "compare" else ()
    said = " ".join(run(command, "t.csv", "-l", "y", *options).stdout.split())
    assert "look like identifiers" in said
    assert "mail" in said
    assert "--id" in said
    assert "--group" in said
    assert "width" not in said
