"""Words, numbers and marks in cells: read right, kept as text, or named."""

import math

import pandas as pd
import pytest

from skdataquality.tables import read_table
from skdataquality.tables._delimited._words import MISSING


@pytest.fixture
def put(tmp_path):
    def write(text, name="t.csv"):
        path = tmp_path / name
        path.write_bytes(text.encode())
        return path

    return write


def column(put, *cells, delimiter=";", **options):
    text = "\n".join([f"x{delimiter}y", *(f"{cell}{delimiter}w" for cell in cells)])
    frame = read_table(put(text), delimiter=delimiter, **options)
    return frame["x"], frame.attrs["notes"]


# --- words ---------------------------------------------------------------------------


def test_words_read_as_missing_are_counted(put):
    path = put('y,n\nNone,1\nyes,NA\n"None",2\nnull,\n,3\nno,4\n')
    frame = read_table(path)
    assert frame.attrs["words_read_as_missing"] == {
        "y": {"None": 2, "null": 1},
        "n": {"NA": 1},
    }
    assert frame.attrs["notes"] == []  # few, and perhaps not in the label
    assert frame["y"].isna().sum() == 4


def test_words_can_be_kept(put):
    path = put("y,n\nNone,1\nyes,NA\n,2\nnull,\n")
    frame = read_table(path, keep_words=["y"])
    assert frame["y"].fillna("missing").tolist() == ["None", "yes", "missing", "null"]
    assert frame["n"].isna().tolist() == [False, True, False, True]
    assert frame.attrs["words_read_as_missing"] == {"n": {"NA": 1}}
    both = read_table(path, keep_words=["y", "n"], text_columns=["y"])
    assert both["n"].iloc[:3].tolist() == ["1", "NA", "2"]
    # without words it stays a column of numbers
    assert read_table(put("y,n\n1,2\n,3\n"), keep_words=["y"])["y"].dtype == "float64"
    with pytest.raises(ValueError, match=r"keep_words names 'yy', .*did you mean 'y'"):
        read_table(path, keep_words=["yy"])
    with pytest.raises(ValueError, match=r"keep_words='y' must be a list"):
        read_table(path, keep_words="y")


def test_many_words_are_noted(put):
    for n, noted in ((5, True), (4, False)):
        cells = ["None"] * n + ["brick"] * (400 - n)
        found, notes = column(put, *cells)
        assert found.isna().sum() == n
        assert any("'x' (5 of 'None')" in note for note in notes) == noted
    _, notes = column(put, *["None"] * 9, *["brick"] * 991)
    assert notes == []  # below 1 %
    _, notes = column(put, *["None"] * 10, *["brick"] * 990)
    assert "keep_words=['x']" in notes[0]


def test_no_word_but_none_answers_among_numbers(put):
    for word, noted in (("NA", False), ("None", True)):
        _, notes = column(put, *[word] * 20, *map(str, range(180)))
        assert any("keep_words" in note for note in notes) == noted


def test_typed_formats_have_no_words(tmp_path, put):
    path = put('{"a": "NA"}\n{"a": null}\n', "t.jsonl")
    frame = read_table(path, keep_words=["a"])
    assert frame["a"][0] == "NA"
    assert frame.attrs["words_read_as_missing"] == {}


# --- numbers that a float cannot hold ------------------------------------------------


@pytest.mark.parametrize("cell", ["1e400", "-1e309", "9" * 400])
def test_numbers_beyond_a_float_are_named(put, cell):
    found, notes = column(put, cell, "0.5")
    assert math.isinf(found[0])
    assert "'x': 1 number (" in notes[0]
    assert cell[:40] in notes[0]
    assert "read as infinite" in notes[0]


def test_an_infinity_that_is_written_is_no_surprise(put):
    for cell in ("inf", "-Infinity", "INF"):
        found, notes = column(put, cell, "0.5")
        assert math.isinf(found[0])
        assert notes == []


@pytest.mark.parametrize("cell", ["1e-400", "-0.5e-999"])
def test_numbers_that_become_zero_are_named(put, cell):
    found, notes = column(put, cell, "0.5", "0e-999", "0")
    assert found.tolist() == [0, 0.5, 0, 0]
    assert "1 number" in notes[0]
    assert "read as 0" in notes[0]


def test_whole_numbers_that_a_float_would_round_stay_text_and_are_named(put):
    found, notes = column(put, "9007199254740993", "0.5", "NA")
    assert found.iloc[:2].tolist() == ["9007199254740993", "0.5"]
    assert found.isna().tolist() == [False, False, True]
    assert "kept as text" in notes[0]
    assert "'9007199254740993'" in notes[0]
    for exact in ("9007199254740992", "1" + "0" * 22, "1e300"):
        found, notes = column(put, exact, "0.5")
        assert found.tolist() == [float(exact), 0.5]
        assert notes == []


def test_leading_zeros_are_named(put):
    found, notes = column(put, "01234", "98765", "")
    assert found.iloc[:2].tolist() == [1234, 98765]
    assert "1 number ('01234') read without leading zeros" in notes[0]
    for fine in ("0", "-1", "10"):
        assert column(put, fine, "98765")[1] == []
    assert column(put, "01234", text_columns=["x"])[1] == []


# --- numbers as people write them ----------------------------------------------------

STYLES = [
    ({"decimal": ","}, ["1,5", "-2", "1e-3", ",5"], [1.5, -2, 0.001, 0.5]),
    ({"decimal": ",", "thousands": "."}, ["1.234,5", "2", "-1.234.567"],
     [1234.5, 2, -1234567]),
    ({"decimal": ",", "thousands": "."}, ["1.234", "+12"], [1234, 12]),
    ({"decimal": ",", "thousands": " "}, ["1 234,5", "2\u202f345", "3\u00a0456,25"],
     [1234.5, 2345, 3456.25]),
    ({"thousands": ","}, ["1,234.5", "12"], [1234.5, 12]),
    ({"thousands": "'"}, ["1'234.5", "1’000"], [1234.5, 1000]),
    ({"thousands": "_"}, ["1_000", "12"], [1000, 12]),
]  # fmt: skip


@pytest.mark.parametrize(("options", "cells", "values"), STYLES)
def test_numbers_of_other_styles(put, options, cells, values):
    found, notes = column(put, *cells, "NA", **options)
    assert found.iloc[:-1].tolist() == values
    assert found.isna().iloc[-1]
    assert not any("another way" in note for note in notes)
    whole = all(float(value).is_integer() for value in values)
    found, _ = column(put, *cells, **options)
    assert found.dtype == ("int64" if whole else "float64")


@pytest.mark.parametrize(("options", "cells", "values"), STYLES)
def test_numbers_of_other_styles_are_noted_where_nothing_was_said(
    put, options, cells, values
):
    found, notes = column(put, *cells)
    if not pd.api.types.is_numeric_dtype(found):  # 1.234 is a number as it stands
        assert "another way" in notes[0]
        assert "'x'" in notes[0]


def test_another_style_is_named_only_where_it_reads_other_numbers(put):
    assert column(put, "1,5", "2,25")[1][0].endswith("pass decimal=','.")
    either = "pass decimal=',' or thousands=','."
    assert column(put, "1,500", "2,250")[1][0].endswith(either)


def test_points_beside_decimal_commas_are_named(put):
    path = put("a;b;c\n1,5;1.234;0.5\n2,5;NA;1.25\n")
    notes = read_table(path, delimiter=";").attrs["notes"]
    assert "in 'a': pass decimal=','" in notes[0]
    assert "The point in 'b' was read as a decimal point" in notes[1]
    frame = read_table(path, delimiter=";", decimal=",", thousands=".")
    assert frame["b"][0] == 1234
    # without commas beside it a point is a point
    path = put("a;b\n1;1.234\n")
    assert read_table(path, delimiter=";").attrs["notes"] == []


def test_a_semicolon_file_is_led_to_its_options(put):
    path = put("a;b\n1,5;2,5\n3,5;4,5\n")
    with pytest.raises(ValueError, match="pass delimiter=';'"):
        read_table(path)
    frame = read_table(path, delimiter=";")
    assert "in 'a', 'b': pass decimal=','" in frame.attrs["notes"][0]
    frame = read_table(path, delimiter=";", decimal=",")
    assert frame.to_dict("list") == {"a": [1.5, 3.5], "b": [2.5, 4.5]}


def test_what_is_no_number_of_the_style_stays_text(put):
    for cell in ("12.34", "1.2345", "1,2,3", "1.234.56", "a", "01.02.2024"):
        found, _ = column(put, cell, "1,5", decimal=",", thousands=".")
        assert found[0] == cell
    found, _ = column(put, "9.007.199.254.740.993", "0,5", decimal=",", thousands=".")
    assert found[0] == "9.007.199.254.740.993"
    big = "9.999.999.999.999.999.999"
    found, _ = column(put, big, "1", decimal=",", thousands=".")
    assert found[0] == big


def test_text_columns_are_left_alone_by_number_styles(put):
    found, _ = column(put, "1.234", decimal=",", thousands=".", text_columns=["x"])
    assert found[0] == "1.234"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"decimal": ";"}, "decimal=';' must be '.' or ','"),
        ({"thousands": "x"}, "thousands='x' must be one of"),
        ({"thousands": "."}, "pass decimal=','"),
        ({"decimal": ",", "thousands": ","}, "pass decimal='.'"),
    ],
)
def test_styles_that_cannot_be(put, options, said):
    with pytest.raises(ValueError, match=said.replace(".", r"\.")):
        column(put, "1", **options)


@pytest.mark.parametrize("word", MISSING[1:])
@pytest.mark.parametrize(
    "text", ["a,b\n1,{}\n2,x\n", 'a,b\n1,2\n1,"{}"\n', "a,b\n{},2"]
)
def test_every_word_for_missing_is_counted(put, word, text):
    frame = read_table(put(text.format(word)))
    counts = frame.attrs["words_read_as_missing"]
    assert [dict(c) for c in counts.values()] == [{word: 1}]


@pytest.mark.parametrize(
    "text", ["007\n8\n", "8\n007\n", "8\n -07\n", "8\n007", '"8"\n"07"\n', "8\n7\t\n07"]
)
def test_leading_zeros_are_seen_wherever_they_stand(put, text):
    frame = read_table(put(text), header=False)
    assert any("leading zeros" in note for note in frame.attrs["notes"])


@pytest.mark.parametrize("text", ["0x1F\n8\n", "8\n0X1f", "8\n-0x1F\n", "8\n \t0x1F\n"])
def test_hexadecimal_stays_text_wherever_it_stands(put, text):
    frame = read_table(put(text), header=False)
    assert frame["column_0"].tolist() == text.splitlines()
