"""Readers: the right cells and types, and one clear line for every bad file."""

import builtins
import gzip
import json
import math
import os
import re
import stat
import sys
from itertools import chain

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from skdataquality.tables import read_raw, read_table, write_raw
from skdataquality.tables._atomic import all_or_nothing


@pytest.fixture
def put(tmp_path):
    """Return a function that writes text or bytes to a file and returns its path."""

    def write(content, name="t.csv"):
        path = tmp_path / name
        data = content if isinstance(content, bytes) else content.encode()
        path.write_bytes(gzip.compress(data) if name.lower().endswith(".gz") else data)
        return path

    return write


def refused(call, *parts, error=ValueError):
    """Check that a call raises exactly this error, on one line, saying every part."""
    with pytest.raises(error) as caught:
        call()
    assert type(caught.value) is error
    said = str(caught.value)
    assert "\n" not in said
    for part in parts:
        assert str(part) in said, said


# --- the same frame from every format ------------------------------------------------

EVERY_FORMAT = [
    "t.csv", "t.csv.gz", "T.CSV", "t.tsv", "t.tsv.gz", "t.parquet", "t.pq",
    "t.feather", "t.arrow", "t.ipc", "t.jsonl", "t.ndjson.gz",
]  # fmt: skip


def example():
    return pd.DataFrame(
        {
            "whole": [1, -2, 3],
            "holes": [1.0, np.nan, 3.0],
            "real": [0.1, 1e300, np.nan],
            "yes": [True, False, True],
            "maybe": pd.Series([True, None, False], dtype=object),
            "word": ["a,b", None, 'say "é"\nnow'],
            "day": pd.to_datetime(["2024-02-29", None, "1999-12-31"]).astype(
                "datetime64[us]"
            ),
            "time": pd.to_datetime(
                ["2024-02-29 10:20:30", "2024-02-29 00:00:00", None]
            ).astype("datetime64[us]"),
        }
    )


@pytest.mark.parametrize("name", EVERY_FORMAT)
def test_every_format_gives_the_same_frame(tmp_path, name):
    frame, path = example(), tmp_path / name
    table = pa.Table.from_pandas(frame)
    holes = pa.array([1, None, 3], pa.int32())
    write_raw(table.set_column(1, "holes", holes), path)
    found = read_table(path)
    pd.testing.assert_frame_equal(found, frame)
    assert isinstance(found.index, pd.RangeIndex)
    assert found.attrs["n_rows_in_file"] == 3
    assert found.attrs["notes"] == []
    assert found["word"].dtype == pd.Series(["a"]).dtype


def test_the_arrow_stream_format_is_read(tmp_path):
    table = pa.table({"a": [1, 2]})
    with pa.ipc.new_stream(tmp_path / "t.arrow", table.schema) as writer:
        writer.write_table(table)
    assert read_table(tmp_path / "t.arrow")["a"].tolist() == [1, 2]


def test_paths_may_be_text(put):
    assert read_table(str(put("a,b\n1,2\n"))).to_dict("list") == {"a": [1], "b": [2]}


# --- CSV types -----------------------------------------------------------------------


def column(put, *cells, **options):
    return read_table(put("\n".join(["x,y", *(f"{c},1" for c in cells)])), **options)[
        "x"
    ]


@pytest.mark.parametrize(
    ("cells", "dtype", "values"),
    [
        (["1", " 2"], "int64", [1, 2]),
        (["01", "2"], "int64", [1, 2]),
        (["0", "1"], "int64", [0, 1]),
        (["1", "2.5"], "float64", [1, 2.5]),
        (["1e400", "-inf"], "float64", [math.inf, -math.inf]),
        (["1e-400", "0.5"], "float64", [0, 0.5]),
        (["true", "False"], "bool", [True, False]),
        (["0", "true"], "str", ["0", "true"]),
        (["1", "x"], "str", ["1", "x"]),
        (["0x1F", "2"], "str", ["0x1F", "2"]),
        (["10:20", "11:30"], "str", ["10:20", "11:30"]),
        (["2024-01-01", "2024-13-01"], "str", ["2024-01-01", "2024-13-01"]),
        (["12345678901234567890", "1"], "str", ["12345678901234567890", "1"]),
        (["-9", "?"], "str", ["-9", "?"]),
        (["-9", "2"], "int64", [-9, 2]),
        (["9007199254740993", "7"], "int64", [9007199254740993, 7]),
    ],
)
def test_csv_types(put, cells, dtype, values):
    found = column(put, *cells)
    assert found.dtype == (pd.Series(["a"]).dtype if dtype == "str" else dtype)
    assert found.tolist() == values


def test_times_zones_and_fractions(put):
    path = put(
        "zone,fine\n2024-01-01T10:00:00+02:00,2024-01-01 10:00:00.123456789\n"
        "2024-01-01T10:00:00Z,2024-01-01 10:00\n"
    )
    frame = read_table(path)
    assert frame["zone"].tolist() == [
        pd.Timestamp("2024-01-01 08:00", tz="UTC"),
        pd.Timestamp("2024-01-01 10:00", tz="UTC"),
    ]
    assert frame["fine"][0] == pd.Timestamp("2024-01-01 10:00:00.123456789")


def test_missing_markers_are_those_of_pandas(put):
    from pandas._libs.parsers import STR_NA_VALUES

    markers = [*STR_NA_VALUES, '"NA"']
    for known in ("7", "word"):
        found = column(put, known, *markers)
        assert found.isna().tolist() == [False] + [True] * len(markers)
    assert column(put, *markers).dtype == "float64"
    assert column(put, "7", "").dtype == "float64"
    assert column(put, "true", "").tolist() == [True, None]
    assert not column(put, " NA", "none").isna().any()


def test_integers_that_a_float_would_round_stay_text(put):
    edge = 2**53
    assert column(put, str(edge - 1), "").dtype == "float64"
    found = column(put, f"0{edge}", "", "NA")
    assert found[0] == f"0{edge}"
    assert found.isna().tolist() == [False, True, True]
    # a float of that size is no integer that could be rounded
    assert column(put, "1e300", "").dtype == "float64"
    assert column(put, str(10**30), "0.5").dtype == "float64"


def test_words_after_a_million_numbers_make_the_column_text(put):
    wide = "w" * 30
    lines = [f"{i},{i},{wide}" for i in range(1_000_000)]
    path = put("a,b,c\n" + "\n".join([*lines, f"x,7,{wide}\n"]))
    assert path.stat().st_size > 1 << 25  # several blocks
    frame = read_table(path)
    assert frame["b"].dtype == "int64"
    assert frame["a"].iloc[[0, 1, -1]].tolist() == ["0", "1", "x"]


def test_many_mixed_columns(put):
    names = [f"c{j}" for j in range(300)]
    rows = [["1"] * 300, ["x"] * 300, ["99999999999999999999"] * 300]
    frame = read_table(put("\n".join(",".join(row) for row in [names, *rows])))
    assert frame.iloc[:, 299].tolist() == ["1", "x", "99999999999999999999"]


def test_text_columns_keep_their_text(put):
    path = put("id,n,day\n01,1,2024-01-01\nNA,2,2024-01-02\n")
    frame = read_table(path, text_columns=["id", "day"])
    assert frame["id"].iloc[0] == "01"
    assert frame["id"].isna().tolist() == [False, True]
    assert frame["day"].tolist() == ["2024-01-01", "2024-01-02"]
    assert frame["n"].dtype == "int64"
    refused(lambda: read_table(path, text_columns=["dai"]), "'dai'", path, "'day'")
    refused(lambda: read_table(path, text_columns="id"), "text_columns='id'", "['id']")


def test_text_columns_of_typed_files(tmp_path, put):
    table = pa.table({"i": [1, 2], "l": [[1], None], "d": pa.array(["a", "b"])})
    table = table.set_column(2, "d", table["d"].dictionary_encode())
    pq.write_table(table, tmp_path / "t.parquet")
    frame = read_table(tmp_path / "t.parquet", text_columns=["i", "l", "d"])
    assert frame["i"].tolist() == ["1", "2"]
    assert frame["l"][0] == "[1]"
    assert frame["d"].tolist() == ["a", "b"]
    lines = put('{"a": 1, "b": [2]}\n{"a": "é"}\n', "t.jsonl")
    frame = read_table(lines, text_columns=["a", "b"])
    assert frame["a"].tolist() == ["1", "é"]
    assert frame["b"][0] == "[2]"


def test_newlines_and_quotes_inside_cells(put):
    path = put('a,b\r\n"x\r\ny","say ""hi"""\r\nz,5" pipe\r\n')
    assert read_table(path).to_dict("list") == {
        "a": ["x\r\ny", "z"],
        "b": ['say "hi"', '5" pipe'],
    }


def test_newlines_inside_cells_across_blocks(put, monkeypatch):
    monkeypatch.setattr("skdataquality.tables._delimited._records._BLOCK", 64)
    path = put("a,b\n" + "".join(f'"{i}\n{i},\n",{i}\n' for i in range(500)))
    frame = read_table(path)
    assert frame["a"].tolist() == [f"{i}\n{i},\n" for i in range(500)]
    assert frame["b"].tolist() == list(range(500))


def test_a_cell_longer_than_a_block(put):
    long = "é" * 20_000_000
    frame = read_table(put(f'a,b\n"{long}",1\nx,2\n'))
    assert frame["a"].tolist() == [long, "x"]


def test_old_line_ends_and_blank_lines(put):
    for end in ("\r", "\n", "\r\n"):
        path = put(end.join(["", "a,b", "1,2", "", "3,4", "", ""]))
        assert read_table(path).to_dict("list") == {"a": [1, 3], "b": [2, 4]}
        assert read_raw(path).to_pydict() == {"a": ["1", "3"], "b": ["2", "4"]}


def test_ten_thousand_columns(put):
    header = ",".join(f"c{j}" for j in range(10_000))
    rows = "\n".join(",".join(["1.5"] * 9_999 + ["x"]) for _ in range(20))
    frame = read_table(put(f"{header}\n{rows}\n"))
    assert frame.shape == (20, 10_000)
    assert frame.iloc[:, :9_999].to_numpy().min() == 1.5


def test_the_frame_can_be_changed(put):
    frame = read_table(put("a,b\n1.5,2.5\n"))
    frame.loc[0, "a"] = 7.0
    assert frame["a"].tolist() == [7.0]


# --- names ---------------------------------------------------------------------------


def test_no_header(put):
    frame = read_table(put("5,x\n6,y\n"), header=False)
    assert frame.to_dict("list") == {"column_0": [5, 6], "column_1": ["x", "y"]}


def test_a_nameless_column_is_called_as_pandas_does(put, tmp_path):
    path = put(pd.DataFrame({"a": [3, 4]}).to_csv())
    assert read_table(path).columns.tolist() == ["Unnamed: 0", "a"]
    assert read_table(path, text_columns=["Unnamed: 0"]).iloc[1, 0] == "1"
    assert read_raw(path).column_names == ["", "a"]
    lines = put('{"a": 1, "": 2}\n', "t.jsonl")
    assert read_table(lines).columns.tolist() == ["a", "Unnamed: 1"]


@pytest.mark.parametrize("read", [read_table, read_raw])
def test_repeated_names_are_refused(put, tmp_path, read):
    path = put("a,b,a\n1,2,3\n")
    refused(lambda: read(path), path, "same name: 'a'", "Rename")
    two = put("a,,\n1,2,3\n", "two.csv")
    refused(lambda: read(two), two, "same name: ''")
    table = pa.table([pa.array([1]), pa.array([2])], names=["a", "a"])
    pq.write_table(table, tmp_path / "t.parquet")
    refused(lambda: read(tmp_path / "t.parquet"), "t.parquet", "'a'")
    lines = put('{"a": 1}\n{"a": 1, "a": 2}\n', "t.jsonl")
    refused(lambda: read(lines), f"{lines} line 2", "repeated keys 'a'")


def test_a_name_that_becomes_one_that_exists_is_refused(put):
    path = put(",Unnamed: 0\n1,2\n")
    refused(lambda: read_table(path), path, "'Unnamed: 0'")


@pytest.mark.parametrize(
    "text",
    [
        "5.1,3.5,1.4,0.2,0\n4.9,3.0,1.4,0.2,0\n7.0,3.2,4.7,1.4,1\n6.3,3.9,6,2.5,2\n",
        "0,0,5,0\n0,0,7,1\n",
        "-1.5,2\n-3,1\n4,9\n",
    ],
)
def test_a_first_line_of_data_is_noticed(put, text):
    path = put(text)
    refused(lambda: read_table(path), path, "looks like data", "header=False")
    assert len(read_table(path, header=False)) == text.count("\n")


@pytest.mark.parametrize(
    "text",
    [
        "0,1\n0,1\n3,4\n",  # positions
        ",0,1\n0,0,1\n1,3,4\n",
        "2021,2020,2019\n2030,2030,2030\n1,1,1\n",  # years
        "400.5,401.0,401.5,402.0\n999,999,999,999\n1,1,1,1\n",  # wavelengths
        "1042,77,310\n0,1,0\n1,0,1\n",  # article numbers
        "1\n0\n2\n",
        "a,1\n0,1\n",
    ],
)
def test_names_may_be_numbers(put, text):
    path = put(text)
    assert len(read_table(path)) == text.count("\n") - 1


# --- delimiter -----------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [";", "|", "\t"])
@pytest.mark.parametrize("read", [read_table, read_raw])
def test_a_wrong_delimiter_is_noticed(put, delimiter, read):
    path = put(f"a{delimiter}b\n1,5{delimiter}2,5\n3{delimiter}4\n")
    refused(
        lambda: read(path),
        f"{path} has one column with delimiter ','",
        f"pass delimiter={delimiter!r}",
    )
    assert list(read(path, delimiter=delimiter)["a"])[1:] in ([pa.scalar("3")], ["3"])


def test_one_column_of_text_with_delimiters_inside(put):
    assert read_table(put("title\na; b\nc; d\n"))["title"].tolist() == ["a; b", "c; d"]
    quoted = put('"name; title"\n"a; b"\nc; d\n')
    assert read_table(quoted).columns.tolist() == ["name; title"]
    uneven = put("name; title\na\nc; d; e\n")
    assert read_table(uneven).shape == (2, 1)


def test_a_tab_may_be_spelled(put):
    path = put("a\tb\n1\t2\n")
    for spelled in ("\t", r"\t"):
        assert read_table(path, delimiter=spelled).shape == (1, 2)


@pytest.mark.parametrize("delimiter", ["", ";;", "é", '"', "\n", 5])
def test_delimiters_that_cannot_be(put, delimiter):
    path = put("a,b\n1,2\n")
    refused(lambda: read_table(path, delimiter=delimiter), f"delimiter={delimiter!r}")


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("t.parquet", {"delimiter": ";"}, "delimiter=';'"),
        ("t.feather", {"header": False}, "header=False"),
        ("t.parquet", {"encoding": "latin-1"}, "encoding='latin-1'"),
        ("t.jsonl", {"delimiter": ";"}, "delimiter=';'"),
    ],
)
def test_options_of_another_format_are_refused(tmp_path, name, options, said):
    path = write_raw(pa.table({"a": [1]}), tmp_path / name)
    refused(lambda: read_table(path, **options), path, said)
    refused(lambda: read_raw(path, **options), path, said)


# --- encoding ------------------------------------------------------------------------


def test_encodings(put):
    text = "name,n\né€,1\n"
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "UTF_8"):
        path = put(text.encode(encoding))
        frame = read_table(path, encoding=encoding)
        assert frame.to_dict("list") == {"name": ["é€"], "n": [1]}, encoding
    assert read_table(put(text.encode("utf-8-sig"))).columns[0] == "name"


def test_bytes_that_are_no_utf8_are_located(put):
    path = put("a,b\n1,é\n2,ü\n".encode("latin-1"))
    refused(
        lambda: read_table(path),
        f"{path} is not UTF-8",
        "0xe9 at position 6 (line 2)",
        "encoding='latin-1'",
    )
    assert read_table(path, encoding="latin-1")["b"].tolist() == ["é", "ü"]


@pytest.mark.parametrize("shift", [-2, -1, 0, 1])
def test_bytes_are_located_across_pieces(put, monkeypatch, shift):
    monkeypatch.setattr("skdataquality.tables._text._CHUNK", 8)
    at = 16 + shift
    path = put(b"a\n" + "é".encode() * ((at - 2) // 2) + b"x" * (at % 2) + b"\xff\n")
    refused(lambda: read_table(path), f"0xff at position {at} (line 2)")
    cut = put(b"a\n" + b"x" * (at - 2) + b"\xc3")
    refused(lambda: read_table(cut), f"0xc3 at position {at} (line 2)")


def test_other_encodings_that_fail(put):
    sixteen = put("a,b\n1,2\n".encode("utf-16"))
    refused(lambda: read_table(sixteen), sixteen, "encoding='utf-16'")
    bare = put("a,b\n1,2\n".encode("utf-16-le"))
    refused(lambda: read_table(bare), bare, "line 1 holds a NUL", "encoding='utf-16'")
    refused(lambda: read_table(bare, encoding="ascii"), "NUL")
    path = put("a,b\n1,é\n")
    refused(lambda: read_table(path, encoding="ascii"), path, "not ascii", "position 6")
    for unknown in ("utf-9", "base64", "rot13"):
        refused(
            lambda name=unknown: read_table(path, encoding=name),
            f"encoding={unknown!r} is not known",
        )


# --- bad files -----------------------------------------------------------------------


@pytest.mark.parametrize("read", [read_table, read_raw])
@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a,b\n1,2\n3\n", ["line 3 has 1 field, expected 2"]),
        ('a,b\n"x\n\ny",2\n\n1,2,3\n', ["line 6 has 3 fields, expected 2"]),
        ("a,b\n1,2\n \n", ["line 3 has 1 field, expected 2"]),
        ("a,b\n" + "1,2\n" * 300_000 + "1\n", ["line 300002 has 1 field"]),
    ],
)
def test_uneven_lines_are_named(put, read, text, parts):
    path = put(text)
    refused(lambda: read(path), path, *parts)


def test_uneven_lines_beside_a_giant_cell(put):
    path = put("a,b\n" + "x" * 200_000 + ",1\n2\n")
    refused(lambda: read_table(path), path, "Expected 2 columns, got 1")


@pytest.mark.parametrize("read", [read_table, read_raw])
@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('a,b\n1,"x\n2,y\n', 2),
        ('a,b\n1,x\n2,"y', 3),
        ('a,b\n1,"x ""q""\n2,y', 2),
        ('a\nx\n"y\n', 3),
        ('a;b\n1;2\n1;"x\n3;y\n', 3),
        ('a\n""\n"\n', 3),
        ('a,b\n1,"x,"\n2,"\n', 3),
    ],
)
def test_a_quotation_that_never_ends_is_noticed(put, read, text, line):
    path = put(text)
    delimiter = ";" if ";" in text else None
    refused(
        lambda: read(path, delimiter=delimiter, quoting="standard"),
        f"{path} line {line} opens",
        "never",
        "quoting='none'",
    )


@pytest.mark.parametrize(
    "cell",
    ['"NA"', '"y"', '"y""", ', '""""', '"""y"', 'y"', '"""y"""', '"a\n"', '""', "y"]
    + ['"\n"', '"\r\n"'],
)
@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_quotations_that_end_are_no_error(put, cell, end):
    path = put('a,b\n"q",' + cell.replace(", ", "") + end)
    assert read_raw(path).num_rows == read_table(path).shape[0] == 1


@pytest.mark.parametrize("read", [read_table, read_raw])
@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("t.csv", b"", "is empty"),
        ("t.csv", b"\xef\xbb\xbf\n\n", "is empty"),
        ("t.csv.gz", b"", "is empty"),
        ("t.csv", b"a,b\n", "2 columns but no data rows"),
        ("t.csv", b"a,b\n\r\n\n", "2 columns but no data rows"),
        ("t.csv", b"a,b\n1,\x002\n", "line 2 holds a NUL byte"),
        ("t.csv", b"x" * 200_000, "the first line cannot be read"),
        ("t.jsonl", b"", "is empty"),
        ("t.jsonl", b"{}\n", "has no columns"),
        ("t.jsonl", b'{"a": 1}\n\n[1]\n', "line 3 is a JSON list, no object"),
        ("t.jsonl", b'{"a": 1}\n{"a": }\n', "line 2 is not valid JSON"),
        ("t.jsonl", b'[{"a": 1},\n{"a": 2}]', "line 1 is not valid JSON"),
        ("t.jsonl", b'{"a": ' + b"[" * 10**5 + b"\n", "line 1 is not valid JSON"),
        ("t.jsonl", b'{"a": "\\ud800"}\n', "lone surrogate"),
        ("t.parquet", b"", "is empty"),
        ("t.parquet", b"a,b\n1,2\n", "cannot be read as Parquet"),
        ("t.feather", b"", "is empty"),
        ("t.feather", b"a,b\n1,2\n", "cannot be read as Arrow IPC"),
        ("t.arrow", b"ARROW1\0\0", "cannot be read as Arrow IPC"),
    ],
)
def test_files_that_are_no_table(tmp_path, read, name, content, said):
    path = tmp_path / name
    path.write_bytes(gzip.compress(content) if name == "t.csv.gz" else content)
    refused(lambda: read(path), path, said)


@pytest.mark.parametrize("read", [read_table, read_raw])
@pytest.mark.parametrize("name", ["t.csv.gz", "t.parquet", "t.arrow", "t.jsonl.gz"])
def test_files_cut_short(tmp_path, read, name):
    whole = write_raw(
        pa.table({"a": [*range(5000)], "b": ["x"] * 5000}), tmp_path / name
    )
    path = tmp_path / f"cut{name[1:]}"
    for share in (0.1, 0.5, 0.99):
        data = whole.read_bytes()
        path.write_bytes(data[: int(len(data) * share)])
        refused(lambda: read(path), path)


def test_damaged_arrow_files_never_crash(tmp_path):
    for name in ("t.arrow", "t.parquet"):
        whole = write_raw(pa.table({"a": ["x", "yy", None] * 9}), tmp_path / name)
        good, rng = bytearray(whole.read_bytes()), np.random.default_rng(0)
        for _ in range(200):
            bad = bytearray(good)
            bad[rng.integers(len(bad))] ^= int(rng.integers(1, 256))
            path = tmp_path / f"bad_{name}"
            path.write_bytes(bad)
            try:
                read_table(path)
            except ValueError as error:
                assert str(path) in str(error)  # noqa: PT017


def test_gzip_that_is_not_what_its_name_says(tmp_path):
    path = tmp_path / "t.csv.gz"
    path.write_text("a,b\n1,2\n")
    refused(
        lambda: read_table(path), path, "not compressed by gzip: rename it to t.csv."
    )
    path.write_bytes(b"")
    refused(lambda: read_table(path), path, "is empty")
    path = tmp_path / "t.csv"
    path.write_bytes(gzip.compress(b"a,b\n1,2\n"))
    refused(lambda: read_table(path), path, "rename it to t.csv.gz")


def test_files_without_rows(tmp_path):
    for name in ("t.parquet", "t.arrow"):
        path = tmp_path / name
        table = pa.table({"a": pa.array([], pa.int64())})
        if name == "t.parquet":
            pq.write_table(table, path)
        else:
            with pa.ipc.new_file(path, table.schema) as writer:
                writer.write_table(table)
        refused(lambda path=path: read_table(path), path, "1 columns but no data rows")


@pytest.mark.parametrize("read", [read_table, read_raw])
def test_paths_that_are_no_file(tmp_path, read):
    refused(lambda: read(tmp_path), "is a directory", error=IsADirectoryError)
    folder = tmp_path / "d.csv"
    folder.mkdir()
    refused(lambda: read(folder), folder, "directory", error=IsADirectoryError)
    for missing in (
        tmp_path / "no.csv",
        "http://localhost:1/t.csv",
        "s3://b/t.parquet",
    ):
        refused(
            lambda missing=missing: read(missing),
            "does not exist",
            error=FileNotFoundError,
        )


@pytest.mark.parametrize("name", ["t.csv", "t.parquet", "t.arrow", "t.jsonl"])
def test_a_file_that_may_not_be_read(tmp_path, monkeypatch, name):
    path = write_raw(pa.table({"a": [1]}), tmp_path / name)
    path.chmod(0)
    if os.access(path, os.R_OK):  # the superuser reads everything

        def deny(*_, **__):
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(builtins, "open", deny)
        monkeypatch.setattr(pa, "OSFile", deny)
    refused(lambda: read_table(path), f"{path} may not be read", error=PermissionError)


@pytest.mark.parametrize(
    "name", ["t.txt", "t", "t.xlsx", "t.parquet.gz", "t.gz", ".csv"]
)
def test_unknown_extensions(put, name):
    path = put("a,b\n1,2\n", name)
    refused(lambda: read_table(path), path, ".csv, .tsv", ".ndjson.gz", ".parquet")


def test_without_the_extra_one_sentence_names_it(put, monkeypatch):
    path = put("a,b\n1,2\n")
    for library in ("pandas", "pyarrow"):
        with monkeypatch.context() as patch:
            patch.setitem(sys.modules, library, None)
            for call in (
                lambda: read_table(path),
                lambda: read_raw(path),
                lambda: write_raw(None, path),
            ):
                refused(
                    call,
                    " needs pandas and pyarrow: pip install 'skdataquality[cli]'",
                    error=ImportError,
                )


def test_the_room_loads_without_pandas_and_pyarrow(monkeypatch):
    real = builtins.__import__

    def guarded(name, *rest, **more):
        assert name.split(".")[0] not in ("pandas", "pyarrow")
        return real(name, *rest, **more)

    for module in [m for m in sys.modules if m.startswith("skdataquality.tables")]:
        monkeypatch.delitem(sys.modules, module)
    with monkeypatch.context() as patch:
        patch.setattr(builtins, "__import__", guarded)
        real("skdataquality.tables")


# --- Parquet and Arrow ---------------------------------------------------------------


def test_a_pandas_index_is_an_ordinary_column(tmp_path):
    frame = pd.DataFrame({"a": [1, 2]}, index=[7, 9])
    frame.to_parquet(tmp_path / "t.parquet")
    found = read_table(tmp_path / "t.parquet")
    assert found["__index_level_0__"].tolist() == [7, 9]
    assert found.index.tolist() == [0, 1]


def test_no_dtype_of_pyarrow_or_nullable_ones(tmp_path):
    frame = pd.DataFrame(
        {
            "i": pd.array([1, None], dtype="Int64"),
            "b": pd.array([True, False], dtype="boolean"),
            "s": pd.array(["a", None], dtype="string"),
            "p": pd.array([1.5, None], dtype="float64[pyarrow]"),
            "c": pd.Categorical(["u", None]),
        }
    )
    frame.to_parquet(tmp_path / "t.parquet")
    kinds = read_table(tmp_path / "t.parquet").dtypes
    assert kinds[["i", "b", "p", "c"]].astype(str).tolist() == [
        "float64", "bool", "float64", "category"
    ]  # fmt: skip
    assert kinds["s"] == pd.Series(["a"]).dtype


def test_arrow_types(tmp_path):
    import datetime
    from decimal import Decimal

    table = pa.table(
        {
            "small": pa.array([1, 2], pa.int8()),
            "unsigned": pa.array([1, 2], pa.uint64()),
            "huge": pa.array([1, 2**64 - 1], pa.uint64()),
            "rounded": pa.array([2**53 + 1, None], pa.int64()),
            "half": pa.array([0.5, None], pa.float16()),
            "single": pa.array([0.5, None], pa.float32()),
            "money": pa.array([Decimal("1.25"), None], pa.decimal128(9, 2)),
            "old": pa.array([datetime.date(1, 1, 1), None], pa.date32()),
            "day": pa.array([datetime.date(2024, 1, 1), None], pa.date64()),
            "nano": pa.array([1, None], pa.timestamp("ns")),
            "clock": pa.array([datetime.time(10, 20), None], pa.time32("s")),
            "view": pa.array(["a", None], pa.string_view()),
            "large": pa.array(["a", None], pa.large_string()),
            "list": [[1, 2], None],
            "record": [{"k": 1}, None],
            "nothing": pa.nulls(2),
        }
    )
    with pa.ipc.new_file(tmp_path / "t.arrow", table.schema) as writer:
        writer.write_table(table)
    frame = read_table(tmp_path / "t.arrow")
    text = str(pd.Series(["a"]).dtype)
    assert frame.dtypes.astype(str).to_dict() == {
        "small": "int64", "unsigned": "int64", "huge": "uint64", "rounded": text,
        "half": "float64", "single": "float64", "money": "float64",
        "old": "datetime64[us]", "day": "datetime64[us]", "nano": "datetime64[ns]",
        "clock": text, "view": text, "large": text, "list": "object",
        "record": "object", "nothing": "float64",
    }  # fmt: skip
    assert frame["rounded"][0] == str(2**53 + 1)
    assert frame["money"][0] == 1.25
    assert frame["old"][0] == pd.Timestamp("0001-01-01")
    assert list(frame["list"][0]) == [1, 2]
    assert frame["record"][0] == {"k": 1}


def test_extension_types_are_read_as_what_they_store(tmp_path):
    table = pa.table({"u": pa.array([b"0" * 16, None], pa.uuid())})
    path = write_raw(table, tmp_path / "t.arrow")
    assert read_table(path)["u"].tolist() == [b"0" * 16, None]


def test_a_date_that_pandas_cannot_hold_names_its_column(tmp_path):
    table = pa.table({"far": pa.array([2**60], pa.timestamp("s"))})
    path = write_raw(table, tmp_path / "t.arrow")
    refused(lambda: read_table(path), path, "column 'far' of type timestamp[s]")


def test_a_path_with_an_equals_sign_adds_no_column(tmp_path):
    folder = tmp_path / "year=2020"
    folder.mkdir()
    path = write_raw(pa.table({"a": [1]}), folder / "t.parquet")
    assert read_table(path).columns.tolist() == ["a"]


# --- JSON lines ----------------------------------------------------------------------


def test_json_lines_types(put):
    rows = [
        {"i": 1, "f": 1, "b": True, "m": 1, "big": 2**70, "n": {"k": [1]}, "s": "NA"},
        {"i": 2, "f": 0.5, "b": None, "m": "x", "big": 1, "n": [2], "s": ""},
        {"i": 3, "f": None, "m": True, "big": 2, "late": "2024-01-01x", "s": "é"},
    ]
    path = put("\r\n".join(map(json.dumps, rows)) + "\r\n\n", "t.jsonl")
    frame = read_table(path)
    assert frame.columns.tolist() == ["i", "f", "b", "m", "big", "n", "s", "late"]
    assert frame["i"].dtype == "int64"
    assert frame["f"].dtype == "float64"
    assert frame["b"].tolist() == [True, None, None]
    assert frame["m"].tolist() == ["1", "x", "true"]
    assert frame["big"].tolist() == [str(2**70), "1", "2"]
    assert frame["n"].tolist() == [{"k": [1]}, [2], None]
    assert frame["s"].tolist() == ["NA", "", "é"]
    assert frame["late"].isna().tolist() == [True, True, False]


def test_json_numbers_that_a_float_would_round_stay_text(put):
    path = put('{"a": 9007199254740993}\n{"a": 0.5}\n', "t.jsonl")
    assert read_table(path)["a"].tolist() == ["9007199254740993", "0.5"]
    path = put('{"a": 9007199254740993}\n{"a": null}\n', "t.jsonl")
    assert read_table(path)["a"][0] == "9007199254740993"


def test_json_nan_is_missing_and_line_separators_are_text(put):
    path = put('{"a": NaN, "b": "x\u2028y"}\n{"a": 1, "b": "z"}\n', "t.jsonl")
    frame = read_table(path)
    assert frame["a"].isna().tolist() == [True, False]
    assert frame["b"][0] == "x\u2028y"


def test_json_in_another_encoding(put):
    path = put('{"é": "ü"}\n'.encode("latin-1"), "t.jsonl")
    assert read_table(path, encoding="latin-1").to_dict("list") == {"é": ["ü"]}
    refused(lambda: read_table(path), path, "encoding='latin-1'")


# --- a sample of the rows ------------------------------------------------------------


@pytest.mark.parametrize("name", ["t.csv", "t.parquet", "t.jsonl"])
def test_max_rows_is_a_seeded_sample_in_file_order(tmp_path, name):
    n = 1000
    table = pa.table({"i": [*range(n)], "l": [str(i) for i in range(n)]})
    path = write_raw(table, tmp_path / name)
    frame = read_table(path, max_rows=50, random_state=3)
    rows = np.random.default_rng(3).choice(n, 50, replace=False)
    assert frame.index.tolist() == sorted(rows)
    assert frame["i"].tolist() == frame.index.tolist()
    assert frame.attrs["n_rows_in_file"] == n
    assert read_table(path, max_rows=50, random_state=4).index[0] != frame.index[0]
    everything = read_table(path, max_rows=n + 1)
    assert isinstance(everything.index, pd.RangeIndex)
    pd.testing.assert_frame_equal(everything, read_table(path))


def test_the_sample_is_uniform(put):
    path = put("a,b\n" + "".join(f"{i},0\n" for i in range(10)))
    counts = np.zeros(10)
    for seed in range(300):
        counts[read_table(path, max_rows=3, random_state=seed).index] += 1
    # 300 draws at 0.3: mean 90, standard deviation 8
    assert counts.sum() == 900
    assert counts.min() > 58
    assert counts.max() < 122


def test_the_sample_keeps_types_and_nested_cells(put):
    lines = [{"n": [i], "x": i if i else None} for i in range(100)]
    path = put("\n".join(map(json.dumps, lines)), "t.jsonl")
    frame = read_table(path, max_rows=5, random_state=0)
    assert 0 not in frame.index
    assert frame["x"].dtype == "float64"
    assert frame["n"].tolist() == [[i] for i in frame.index]


@pytest.mark.parametrize("max_rows", [0, -1, 1.5, True, "5"])
def test_max_rows_that_cannot_be(put, max_rows):
    path = put("a,b\n1,2\n")
    refused(lambda: read_table(path, max_rows=max_rows), f"max_rows={max_rows!r}")


def test_the_global_generator_is_not_touched(put):
    path = put("a,b\n1,2\n3,4\n5,6\n")
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    read_table(path, max_rows=2)
    np.testing.assert_array_equal(before, np.random.get_state()[1])  # noqa: NPY002


# --- raw cells, and writing them again -----------------------------------------------

CELLS = st.text(
    st.one_of(
        st.sampled_from(',;"\n\r\t =+-@\ufeff\u2028é0'),
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    ),
    max_size=6,
)


@st.composite
def text_tables(draw):
    width, height = draw(st.integers(1, 4)), draw(st.integers(1, 5))
    names = draw(st.lists(CELLS, min_size=width, max_size=width, unique=True))
    column_cells = st.lists(CELLS, min_size=height, max_size=height)
    columns = [pa.array(draw(column_cells), pa.string()) for _ in range(width)]
    return pa.table(columns, names=names)


@settings(
    deadline=None,
    max_examples=300,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    table=text_tables(),
    name=st.sampled_from(["t.csv", "t.tsv", "t.csv.gz", "t.jsonl"]),
    header=st.booleans(),
    delimiter=st.sampled_from([None, ";", "|", "x"]),
)
def test_text_cells_survive_every_text_format(tmp_path, table, name, header, delimiter):
    options = {} if name == "t.jsonl" else {"header": header, "delimiter": delimiter}
    texts = [*chain(*table.to_pydict().values())]
    texts += table.column_names if options.get("header", True) else []
    # a file of blank lines holds no table
    assume("".join(texts).strip())
    # one column that another delimiter may split is refused
    assume(table.num_columns > 1 or not re.search(r"[,;\t|]", "".join(texts)))
    once = write_raw(table, tmp_path / name, overwrite=True, **options)
    first = read_raw(once, **options)
    written = table
    if not options.get("header", True):
        written = table.rename_columns(
            [f"column_{j}" for j in range(table.num_columns)]
        )
    assert first.to_pydict() == written.to_pydict()
    assert first.column_names == written.column_names
    twice = write_raw(first, tmp_path / f"again_{name}", overwrite=True, **options)
    assert twice.read_bytes() == once.read_bytes()


def test_raw_cells_stand_as_they_are(put, tmp_path):
    text = "a,b,c\n01,NA,1.50\n0x1F,,2024-01-01\n=1+1, x ,true\n"
    path = put(text)
    table = read_raw(path)
    assert set(table.schema.types) == {pa.string()}
    assert not any(column.null_count for column in table.columns)
    assert write_raw(table, tmp_path / "again.csv").read_text() == text


def test_only_cells_that_need_it_are_quoted(tmp_path):
    table = pa.table(
        {"a": ["x,y", "plain", 'q"', None], "b;": ["1", "l\nm", "r\rs", ""]}
    )
    path = write_raw(table, tmp_path / "t.csv")
    said = 'a,b;\n"x,y",1\nplain,"l\nm"\n"q""","r\rs"\n,\n'
    assert path.read_bytes().decode() == said
    path = write_raw(table, tmp_path / "semicolon.csv", delimiter=";")
    said = 'a;"b;"\n"x,y";1\nplain;"l\nm"\n"q""";"r\rs"\n;\n'
    assert path.read_bytes().decode() == said
    marked = pa.table({"\ufeffa": ["b\ufeff"], "c": ["'\\ \t"]})
    path = write_raw(marked, tmp_path / "marked.csv")
    assert path.read_bytes().decode() == '"\ufeffa",c\n"b\ufeff",\'\\ \t\n'
    single = write_raw(pa.table({"a": ["x", "", None]}), tmp_path / "s.csv")
    assert single.read_text() == 'a\nx\n""\n""\n'
    assert read_raw(single)["a"].to_pylist() == ["x", "", ""]


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=4),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner)
    ),
    max_leaves=4,
)


@settings(
    deadline=None,
    max_examples=200,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(
        st.dictionaries(st.sampled_from(["a", "b", "c", ""]), JSON_VALUES),
        min_size=1,
        max_size=5,
    ).filter(any)
)
def test_json_objects_survive(tmp_path, rows):
    path = tmp_path / "t.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    again = write_raw(read_raw(path), tmp_path / "again.jsonl", overwrite=True)
    found = [json.loads(line) for line in again.read_text().split("\n")[:-1]]
    assert [json.dumps(row, sort_keys=True) for row in found] == [
        json.dumps(row, sort_keys=True) for row in rows
    ]
    read_table(path)


def test_json_cells_go_to_csv_as_their_text(put, tmp_path):
    path = put('{"a": "x"}\n{"a": 1.50}\n{"a": [1]}\n{"b": true}\n', "t.jsonl")
    written = write_raw(read_raw(path), tmp_path / "t.csv").read_text()
    assert written == "a,b\nx,\n1.5,\n[1],\n,true\n"


@pytest.mark.parametrize("name", ["t.parquet", "t.pq", "t.feather", "t.arrow", "t.ipc"])
def test_native_types_survive(tmp_path, name):
    table = pa.table(
        {
            "i": pa.array([1, None], pa.int8()),
            "l": [[1], None],
            "d": pa.array(["a", None]).dictionary_encode(),
        }
    )
    path = write_raw(table, tmp_path / name)
    assert read_raw(path).equals(table)


def test_typed_columns_go_to_text_formats(tmp_path):
    table = pa.table(
        {
            "d": pa.array(["a", None]).dictionary_encode(),
            "t": pa.array([0, None], pa.timestamp("s")),
            "f": [1.5, None],
        }
    )
    path = write_raw(table, tmp_path / "t.csv")
    assert path.read_text() == "d,t,f\na,1970-01-01 00:00:00,1.5\n,,\n"
    nested = table.append_column("l", [[[1, 2], None]])
    assert [
        json.loads(line)
        for line in write_raw(nested, tmp_path / "t.jsonl").read_text().splitlines()
    ] == [
        {"d": "a", "t": "1970-01-01 00:00:00", "f": 1.5, "l": [1, 2]},
        {"d": None, "t": None, "f": None, "l": None},
    ]


def test_columns_that_text_cannot_hold_are_refused(tmp_path):
    for column, name in [
        (pa.array([[1]]), "t.csv"),
        (pa.array([b"\xff"]), "t.csv"),
        (pa.array(["a\0b"]), "t.csv"),
        (pa.array([b"\xff"]), "t.jsonl"),
    ]:
        table = pa.table({"ok": [1], "bad": column})
        path = tmp_path / name
        refused(lambda t=table, p=path: write_raw(t, p), path, "'bad'", ".parquet")
    assert list(tmp_path.iterdir()) == []


def test_an_existing_file_is_kept_unless_asked(put, tmp_path):
    path = put("keep")
    path.chmod(0o640)
    table = pa.table({"a": ["1"]})
    refused(
        lambda: write_raw(table, path), path, "overwrite=True", error=FileExistsError
    )
    assert path.read_text() == "keep"
    link = tmp_path / "link.csv"
    link.symlink_to(path)
    assert write_raw(table, link, overwrite=True) == link
    assert link.is_symlink()
    assert path.read_text() == "a\n1\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert sorted(p.name for p in tmp_path.iterdir()) == ["link.csv", "t.csv"]


def test_a_failed_write_leaves_nothing(put, tmp_path, monkeypatch):
    path = put("keep")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_raw(pa.table({"a": ["1"]}), path, overwrite=True)
    assert path.read_text() == "keep"
    assert [p.name for p in tmp_path.iterdir()] == ["t.csv"]


def test_several_files_are_replaced_together_or_not_at_all(put, tmp_path):
    path, new = put("keep"), tmp_path / "new.json"

    def write(fails):
        with all_or_nothing(overwrite=True) as place:
            place(path).write_text("first")
            place(new).write_text("second")
            if fails:
                raise RuntimeError("between the files")

    with pytest.raises(RuntimeError):
        write(fails=True)
    assert path.read_text() == "keep"
    assert [p.name for p in tmp_path.iterdir()] == ["t.csv"]
    write(fails=False)
    assert (path.read_text(), new.read_text()) == ("first", "second")
    assert len(list(tmp_path.iterdir())) == 2


def test_places_that_cannot_be_written(tmp_path, monkeypatch):
    table = pa.table({"a": [1]})
    nowhere = tmp_path / "no" / "t.csv"
    refused(
        lambda: write_raw(table, nowhere), "does not exist", error=FileNotFoundError
    )
    folder = tmp_path / "d.csv"
    folder.mkdir()
    refused(
        lambda: write_raw(table, folder, overwrite=True),
        "is a directory",
        error=IsADirectoryError,
    )
    refused(lambda: write_raw(table, tmp_path / "t.xlsx"), ".xlsx", ".parquet")
    refused(lambda: write_raw(table.slice(0, 0), tmp_path / "t.csv"), "no data rows")
    refused(lambda: write_raw(pd.DataFrame(), tmp_path / "t.csv"), "pyarrow.Table")

    def deny(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(builtins, "open", deny)
    refused(
        lambda: write_raw(table, tmp_path / "t.csv"),
        "may not be written",
        error=PermissionError,
    )


def test_the_same_table_gives_the_same_bytes(tmp_path):
    table = pa.table({"a": ["1", "2"]})
    for name in ("csv.gz", "jsonl.gz", "parquet", "arrow"):
        one = write_raw(table, tmp_path / f"one.{name}")
        two = write_raw(table, tmp_path / f"two.{name}")
        assert one.read_bytes() == two.read_bytes()


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("# made by hand\na,b\n1,2\n", "begin with # .* delete them"),
        ("a,b\n1,2\n# note\n", "begin with # .* delete them"),
        ('a,b\n1,"say \\"hi\\", yes"\n', 'write "" for each'),
        ('a,b\n1, "x, y"\n2, "z, w"\n', "remove the blank"),
        ("a,b\n1,2,3\n4,5,6\n", "complete the names .* 'a', 'b'"),
        ("a,b\n1,C:\\,3\n4,5\n", "quote the cells"),
        ("sep=,\na,b\n1,2\n", "line 1 is 'sep=,'.*delimiter=','"),
        ("SEP=;\r\na;b\r\n1;2\r\n", "delete the line, and pass delimiter=';'"),
    ],
)
def test_lines_that_are_no_records_lead_on(tmp_path, text, cure):
    path = tmp_path / "t.csv"
    path.write_text(text)
    for reader in (read_table, read_raw):
        with pytest.raises(ValueError, match=cure):
            reader(path)
