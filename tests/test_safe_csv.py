"""Tables of findings: no spreadsheet runs a cell, and every text comes back."""

import csv
import io
import os

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from skdataquality.report import read_safe_csv
from skdataquality.report._csv import to_safe_csv

quick = settings(max_examples=300, deadline=None, derandomize=True)
RUN = [
    *("=1+1", "=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1+1)*cmd|' /C calc'!A0"),
    *('=HYPERLINK("http://e.org")', "=A1", "+A1", "-A1", "@A1", "+cmd|'/C x'!A0"),
    *(
        "\t=1+1",
        "\r=1+1",
        "\n=1+1",
        " =1+1",
        "\u00a0=1",
        "\u3000=1",
        "\ufeff=1",
        "\x00=1",
    ),
    *("＝1+1", "＋1+1", "－1+1", "＠SUM(1)", " ＝1+1", "﹦1", "﹢1+1", "﹫A1"),
    *(
        "\u22121+1",
        "\u200b=1",
        "\u202e=1",
        "+1 234",
        "-1-2",
        "+ve",
        "=D",
        "@user",
        "- x",
    ),
    *("'=1", "''=1", "' =1", "'＝1"),
]
KEEP = [
    *(
        "+",
        "-",
        "@",
        "=",
        "--",
        "++",
        "---",
        "+1",
        "-1",
        "-3.5",
        "+1,000.5",
        "-1e5",
        "-5%",
    ),
    *("-.5", "a=1", "<=50K", ">50K", "1-2", "a@b", "'", "''", "'a", "'+", "", " ", "0"),
    *("－", "＋", "＝", "－1", "(=1)", "a\n=1", "a\r=1", '"=1', "é", "漢"),
]


def table(text):
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("text", RUN)
def test_what_a_spreadsheet_would_run_is_marked(text):
    written = table(to_safe_csv(pd.DataFrame({text: [text], "n": [1]}, dtype=object)))
    assert written == [[f"'{text}", "n"], [f"'{text}", "1"]]


@pytest.mark.parametrize("text", KEEP)
def test_a_label_stays_as_it_is(text):
    written = table(to_safe_csv(pd.DataFrame({"a": [text], "n": [1]}, dtype=object)))
    assert written == [["a", "n"], [text, "1"]]


def test_numbers_are_never_marked_and_what_is_missing_is_empty():
    cells = [-1, -1.5, np.float64(-2), np.int8(-3), True, None, np.nan, pd.NA, pd.NaT]
    frame = pd.DataFrame({"x": pd.Series(cells, dtype=object)})
    assert to_safe_csv(frame) == (
        '"x"\n"-1"\n"-1.5"\n"-2.0"\n"-3"\n"True"\n""\n""\n""\n""\n'
    )


@pytest.mark.parametrize(
    "end", ["\r", "\n", "\r\n", "\r=1+1", "\x0b", "\u2028", "\x85"]
)
def test_no_cell_starts_a_row(end):
    text = to_safe_csv(pd.DataFrame({"a": [f"x{end}y"], "b": [1]}))
    outside = "".join(text.split('"')[::2])
    assert outside == ",\n,\n"
    assert table(text)[1] == [f"x{end}y", "1"]


cells = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.text(
    "'=+-@＝＋1a \t\r\n\",;",
    max_size=6,
)


@given(st.lists(st.tuples(cells, cells), max_size=6), st.tuples(cells, cells))
@example([("'=1", "''=1"), ("\r", "\x00=")], ("=a", "'=a"))
@quick
def test_every_text_comes_back(tmp_path_factory, rows, names):
    if names[0] == names[1]:
        names = ("a", "b")
    frame = pd.DataFrame(rows, columns=pd.Index(names, dtype=object), dtype=object)
    path = tmp_path_factory.getbasetemp() / "t.csv"
    path.write_text(to_safe_csv(frame), encoding="utf-8", newline="\n")
    back = read_safe_csv(path)
    assert list(back.columns) == list(names)
    assert back.to_numpy().tolist() == [list(row) for row in rows]


def test_what_is_no_such_table_is_refused(tmp_path):
    path = tmp_path / "t.csv"
    for content, said in {
        b"": "is empty",
        b'"a","b"\n"1"\n': "row 1 has 1 fields, the first line 2",
        b"\xff\xfe": "save it as CSV in UTF-8",
        b'"a","a"\n"1","2"\n': "columns of the same name: 'a'",
    }.items():
        path.write_bytes(content)
        with pytest.raises(ValueError, match=said):
            read_safe_csv(path)


def test_a_long_text_comes_back_and_no_setting_changes(tmp_path):
    path = tmp_path / "t.csv"
    limit = csv.field_size_limit()
    frame = pd.DataFrame({"a": ["=" + "x" * 200_000, "b"]})
    path.write_text(to_safe_csv(frame), encoding="utf-8", newline="\n")
    assert read_safe_csv(path)["a"].tolist() == frame["a"].tolist()
    assert csv.field_size_limit() == limit


def test_only_a_regular_file_is_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    for name, error, said in [
        ("pipe.csv", OSError, "no regular file"),
        ("none.csv", FileNotFoundError, "does not exist"),
        ("x" * 300, FileNotFoundError, "does not exist"),
        (".", IsADirectoryError, "is a directory"),
    ]:
        with pytest.raises(error, match=said):
            read_safe_csv(tmp_path / name)
