"""Text and Markdown of a report: width, escapes, and that nothing is lost."""

import ast
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from skdataquality import diagnose
from skdataquality.report import render
from skdataquality.report._code_lines import wrapped_code
from skdataquality.report._markdown import escaped
from skdataquality.report._text import fixed, say_differences, say_number, say_size
from skdataquality.utils._printable import printable
from skdataquality.utils._shown import columns_of, cut, padded, wrapped

quick = settings(max_examples=150, deadline=None, derandomize=True)
LONG = "x" * 500
NAMES = {
    "long": LONG,
    "wide": "漢字" * 40,
    "combining": "e\u0301" * 90,
    "words": "a very long name of a column " * 9,
    "control": "\x1b[31m\r\n\t\x00\u202e" + "y" * 90,
}


def report_of(name):
    """A report in which every text, number and table holds a name."""
    interval = {"estimate": 0.5, "lower": 0.1, "upper": 0.9, "method": name}
    lens = {
        "title": "Leakage",
        "verdict": "found",
        "severity": 1.0,
        "summary": f"Column {name} gives the answer away.",
        "numbers": {"share": interval, name: 3, "of": name, "none": None},
        "evidence": {
            f"by {name}": [{"column": name, name: 0.25, "auc": interval}] * 7,
            "second": [{"class": name}],
        },
        "predictions": [
            {
                "sentence": f"Because of {name}.",
                "outcome": "confirmed",
                "measured": name,
            }
        ],
        "limits": [f"Not where {name} is."],
    }
    open_ = lens | {"title": "Shift", "verdict": "cannot tell", "summary": name}
    code = {"imports": ["import x"], "expression": f"Drop(columns=[{name!r}])"}
    step = {"step": 1, "title": "Leakage", "why": name, "expect": name, "code": code}
    return {
        "data": {"rows": 10, "columns": 1, "target_rows": None, "notes": [name]},
        "lenses": {"leakage": lens, "shift": open_},
        "plan": [step],
    }


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_no_line_takes_more_than_80_columns(name):
    text = render(report_of(name))
    for line in text.splitlines():
        assert columns_of(line) <= 80, line
        assert cell_len(line) <= 80, line
        assert line == line.rstrip()
    assert all(c.isprintable() or c == "\n" for c in text)


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_printed_code_can_be_pasted(name):
    code = f"make(Drop(columns=[{name!r}, 'b'], n=3), Other(a={{'k': {name!r}}}))"
    lines = wrapped_code(code, "   ")
    pasted = "\n".join(lines).strip()
    assert ast.dump(ast.parse(pasted)) == ast.dump(ast.parse(code))
    assert max(map(columns_of, lines)) <= 80


def test_a_real_report_of_wide_names_fits():
    rng = np.random.default_rng(0)
    X = pd.DataFrame(rng.normal(size=(120, 3)), columns=["漢字" * 40, LONG, "b " * 80])
    y = np.where(X.iloc[:, 0] + 0.3 * rng.normal(size=120) > 0, "ラベル" * 30, LONG)
    X["漢" * 90] = (y == LONG) * 1.0
    X = pd.concat([X, X[:5]], ignore_index=True)
    y = np.r_[y, y[:5]]
    sources = {"源" * 60: np.where(np.arange(125) < 40, "甲" * 50, "乙" * 50)}
    report = diagnose(X, y, X_target=X[:60] + 1, sources=sources)
    assert report.lenses["leakage"].verdict == "found"
    for line in str(report).splitlines():
        assert cell_len(line) <= 80, line


def test_verdict_then_three_numbers_then_evidence():
    lines = render(report_of("name")).splitlines()
    assert lines[:4] == [
        "10 rows, 1 column",
        "found       Leakage",
        "cannot tell Shift",
        "note        name",
    ]
    assert lines[5:11] == [
        "Leakage: found",
        "  Column name gives the answer away.",
        "  share                       0.5 [0.1, 0.9]",
        "  name                        3",
        "  of                          name",
        "  By name (first 5 of 7):",
    ]
    shift = lines[lines.index("Shift: cannot tell") :]
    assert shift[1] == "  name"
    assert not any("By name" in line for line in shift)


def test_markdown_says_all_that_the_dict_says():
    report = report_of("name")
    text = render(report, "markdown")
    for lens in report["lenses"].values():
        assert lens["summary"] in text
        for said in (*lens["limits"], lens["predictions"][0]["sentence"]):
            assert said in text
    assert "### By name" in text
    assert "### Second" in text
    assert "estimator = Drop(columns=['name'])" in text
    assert "- Note: name" in text


# ---------------------------------------------------------------- widths
texts = st.text(st.characters(codec="utf-8"), max_size=300)


@given(texts, st.sampled_from(["", "  ", "1. ", "found       ", "漢: "]))
@example("word " * 40, "  ")
@example("漢" * 200, "  Predicted: ")
@quick
def test_wrapping_loses_no_character(text, head):
    lines = wrapped(text, head)
    assert all(columns_of(line) <= 80 for line in lines)
    rest = " " * columns_of(head)
    if lines:
        assert lines[0].startswith(head)
        assert all(line.startswith(rest) for line in lines[1:])
    kept = "".join(
        line.removeprefix(rest if i else head) for i, line in enumerate(lines)
    )
    assert kept.replace(" ", "") == printable(text).replace(" ", "")


def test_words_are_broken_only_if_longer_than_a_line():
    lines = wrapped("one two " * 30, "head: ", "  ")
    assert all(re.fullmatch(r"(head: |  )(one|two)( (one|two))*", x) for x in lines)
    assert max(map(len, lines)) > 72
    assert wrapped("") == []
    assert wrapped("", "note") == []


@given(texts, st.integers(1, 90))
@quick
def test_cut_and_padded_take_the_columns_asked_for(text, width):
    short = cut(text, width)
    assert columns_of(short) <= width
    assert short == text or short.endswith("…")
    assert columns_of(padded(short, width)) == width


@pytest.mark.parametrize("text", ["漢字", "ｶﾅ", "abc", "e\u0301", "한글", "！"])
def test_columns_agree_with_rich(text):
    assert columns_of(text) == cell_len(text)


def test_sizes_have_a_plural():
    assert say_size(1, 2) == "1 row, 2 columns"
    assert say_size(2, 1, 1) == "2 rows, 1 column, 1 target row"


# ---------------------------------------------------------------- escapes
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a|b", r"a\|b"),
        ("`code`", r"\`code\`"),
        ("*b* **c** ~d~", r"\*b\* \*\*c\*\* \~d\~"),
        ("_e_ __f__ snake_case", r"\_e\_ \_\_f\_\_ snake_case"),
        ("<img src=x onerror=y>", "&lt;img src=x onerror=y>"),
        ("&lt;b&gt; a & b", "&amp;lt;b&amp;gt; a &amp; b"),
        ("[x](javascript:y)", r"[x\](javascript:y)"),
        ("![x](y)", r"![x\](y)"),
        ("[x][y]", r"[x\][y]"),
        ("https://e.org www.e.org", r"https\://e\.org www\.e\.org"),
        ("a@e.org @user", r"a`@`e\.org \@user"),
        ("0.25 table.csv 1.5.", r"0.25 table\.csv 1.5."),
        ("$x$", r"\$x\$"),
        ("\\", "\\\\"),
        ("a\nb\x1b[0m", r"a b\\x1b[0m"),
        ("0.25 [0.2, 0.3]", "0.25 [0.2, 0.3]"),
    ],
)
def test_markdown_shows_text_as_it_is(text, shown):
    assert escaped(text) == shown


def test_render_takes_a_report_and_refuses_what_is_none():
    X = np.random.default_rng(0).normal(size=(60, 2))
    report = diagnose(X, X[:, 0] > 0)
    assert render(report) == str(report) == render(report.to_dict(), "text")
    with pytest.raises(ValueError, match="report=str must be a DataQualityReport"):
        render(report.to_json())
    with pytest.raises(ValueError, match=r"format='pdf' must be one of \['text'"):
        render(report, "pdf")


# ---------------------------------------------------------------- numbers
@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (-1e-17, "0"),
        (1.0, "1"),
        (0.05, "0.05"),
        (0.06981, "0.0698"),
        (0.0000154, "0.0000154"),
        (-0.0000154, "-0.0000154"),
        (3e-9, "<0.000001"),
        (-3e-9, ">-0.000001"),
        (999.4, "999"),
        (999.96, "1000"),
        (12345.6, "12346"),
        (-1e5, "-100000"),
        (float("nan"), "-"),
        (1e20, "1e+20"),
        (7, "7"),
        (10**6, "1000000"),
    ],
)
def test_numbers_are_for_people(value, said):
    assert say_number(value) == said


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ((0.02, 1.234e-16, 0.05), "0.02 [0, 0.05]"),
        ((0.0, -0.0, 0.0711), "0 [0, 0.0711]"),
        ((0.9996, 0.9995, 0.9997), "0.9996 [0.9995, 0.9997]"),
        ((1.0, 1.0, 1.0), "1 [1, 1]"),
        ((0.0698, 0.0324, 0.128), "0.0698 [0.0324, 0.128]"),
        ((12345.6, 10000.0, 15000.0), "12346 [10000, 15000]"),
        ((2e-5, 1e-5, 5e-5), "0.00002 [0.00001, 0.00005]"),
        ((3e-17, 1e-18, 5e-17), "0 [0, 0]"),
        ((None, None, None), "- [-, -]"),
        ((-0.2, -0.5, -1e-9), "-0.2 [-0.5, 0]"),
    ],
)
def test_intervals_are_for_people(ends, said):
    keys = ("estimate", "lower", "upper")
    assert say_number(dict(zip(keys, ends, strict=True))) == said


@pytest.mark.parametrize(
    ("p", "said"),
    [(0.0, "<.001"), (6.8e-7, "<.001"), (0.001, "0.001"), (0.04996, "0.050"), (1, "1")],
)
def test_p_values_are_for_people(p, said):
    for key in ("p_covariate", "target_overlap_p_value", "q_value", "p_value"):
        assert say_number(p, key) == said
    assert say_number("x", "p_value") == "x"
    assert say_number(0.25, "share") == "0.25"


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(3, 6))
@example(0.00099995, 3)
@quick
def test_a_number_is_rounded_not_changed(value, digits):
    assert float(fixed(value, digits)) == float(f"{value:.{digits - 1}e}") or (
        abs(value) >= 10**digits and abs(float(fixed(value, digits)) - value) <= 0.5
    )
    assert fixed(value, digits) not in ("-0", "-0.0")
    if 1e-6 <= abs(value) < 1e15:
        assert "e" not in fixed(value, digits)


@given(st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=3).map(sorted))
@quick
def test_ends_of_an_interval_stay_in_order(ends):
    lower, estimate, upper = ends
    said = say_number({"estimate": estimate, "lower": lower, "upper": upper})
    shown = [float(text.strip("[],")) for text in said.split()]
    assert shown[1] <= shown[0] <= shown[2]
    scale = max(map(abs, ends))
    np.testing.assert_allclose(
        shown, [estimate, lower, upper], atol=1e-2 * scale + 1e-9
    )


def test_differences_have_signs():
    said = say_differences(0.0213, -1.7e-17, float("nan"), -0.5, scale=0.9)
    assert said == ["+0.0213", "0", "", "-0.5"]
    assert say_differences(3e-9, scale=1e-8) == ["+3e-09"]
