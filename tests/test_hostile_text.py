"""Names and cells from outside reach the screen, and a notebook, as text alone."""

import ast
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from typer.testing import CliRunner

from skdataquality import diagnose
from skdataquality.cli import _diagnose
from skdataquality.cli._app import app
from skdataquality.imbalance import ClassBalanceWeighter
from skdataquality.model_selection import compare_remedies
from skdataquality.report import render
from skdataquality.report._json import to_json
from skdataquality.utils._printable import is_visible, printable
from skdataquality.utils._stats._paired import paired_test

PAYLOADS = [
    *("\x1b[31mred", "\x1b]0;title\x07", "\x9b2J", "\x90q\x9c", "a\x08\x08b", "\x7f"),
    *("a\rb", "a\nb", "a\x0bb", "a\x0cb", "a\x85b", "a\u2028b", "a\u2029b", "\x00"),
    *("\u202eabc", "\u2066a\u2069", "\u200fa", "\u061ca", "a\u200bb", "a\u200db"),
    *(
        "\ufeffa",
        "a\u2060b",
        "\u00ada",
        "\U000e0041\U000e007f",
        "\U000e0100",
        "a\ufe0f",
    ),
    *("\u3164", "\u115f", "\u034f", "\u180e", "\ufffe", "\ue000", "\x1c\x1d\x1e\x1f"),
    *("<script>alert(1)</script>", "<img src=x onerror=y>", '"><b onload="x"', "'>"),
    *("&lt;b&gt;", "</td></tr></table>", "<!--", "]]>", "javascript:x", "{{x}}", "é漢"),
]
TAGS = {
    *("table", "caption", "thead", "tbody", "tr", "th", "td", "br", "div", "p", "b"),
    *("ul", "li"),
}


class Page(HTMLParser):
    """The tags, attributes and text of a page."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.text = set(), set(), ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= set(attrs)

    def handle_data(self, data):
        self.text += data

    def handle_comment(self, data):
        self.tags.add("comment")

    handle_decl = unknown_decl = handle_pi = handle_comment


def check_html(text):
    page = Page(text)
    assert page.tags <= TAGS
    assert page.attributes <= {("scope", "col"), ("scope", "row")}
    check_seen(text)
    return page.text


def check_seen(text):
    assert all(c == "\n" or is_visible(c) for c in text)
    text.encode("utf-8")


def report_of(name):
    interval = {"estimate": 0.5, "lower": 0.1, "upper": 0.9, "method": name}
    lens = {
        "title": name,
        "verdict": "found",
        "summary": name,
        "numbers": {name: interval, "of": name},
        "evidence": {name: [{name: name, "class": name}]},
        "predictions": [{"sentence": name, "outcome": "confirmed", "measured": name}],
        "limits": [name],
    }
    code = {"imports": ["import x"], "expression": f"D({name!r})"}
    step = {"step": 1, "title": name, "why": name, "expect": name, "code": code}
    return {
        "data": {"rows": 1, "columns": 1, "target_rows": None, "notes": [name]},
        "lenses": {"a": lens},
        "plan": [step],
    }


@pytest.mark.parametrize("name", [*PAYLOADS, "\udc80"])
def test_every_field_of_every_rendering(name):
    report = report_of(name)
    assert printable(name) in check_html(render(report, "html"))
    check_seen(render(report))
    check_seen(render(report, "markdown"))
    check_seen(to_json(report))
    assert json.loads(to_json(report)) == report


@pytest.mark.parametrize("name", [*PAYLOADS, "\udc80"])
def test_what_is_printed_is_seen_and_told_apart(name):
    shown = printable(f"a{name}b")
    check_seen(shown)
    assert shown != "ab"
    if not re.search(r"[\s'\\]", name):  # escapes are those of Python
        assert ast.literal_eval(f"'{shown}'") == f"a{name}b"


@pytest.fixture(scope="module")
def everything():
    """A table in which columns, cells, classes, sources and the index are hostile."""
    rng = np.random.default_rng(0)
    n = 12 * len(PAYLOADS)
    X = pd.DataFrame({f"c{name}": rng.normal(size=n) for name in PAYLOADS[::6]})
    X["cells" + PAYLOADS[0]] = np.asarray(PAYLOADS, object)[
        np.arange(n) % len(PAYLOADS)
    ]
    y = np.where(X.iloc[:, 0] > 0, *("".join(PAYLOADS[i::2]) for i in (0, 1)))
    X["leak" + "".join(PAYLOADS)] = (y == y[0]) * 1.0
    X = pd.concat([X, X[:30]])
    y = np.r_[y, y[:30]]
    X.index = np.asarray(PAYLOADS, object)[np.arange(len(y)) % len(PAYLOADS)]
    vendors = np.asarray(PAYLOADS, object)[np.arange(len(y)) // 40 % len(PAYLOADS)]
    return X, y, {f"s{''.join(PAYLOADS)}": vendors}


def test_a_report_on_hostile_names(everything):
    X, y, sources = everything
    report = diagnose(X, y, sources=sources, X_target=X[:100], max_rows=400)
    check_html(report._repr_html_())
    for text in (str(report), repr(report), report.to_markdown(), report.to_json()):
        check_seen(text)
    assert report.lenses["leakage"].verdict == "found"


@pytest.mark.parametrize("name", ["\x1b[31m<b>", "\u202e</td>", "\u2028|"])
def test_a_comparison_of_hostile_names(name):
    rng = np.random.default_rng(0)
    X = pd.DataFrame(rng.normal(size=(60, 2)), columns=[name, "b"])
    y = np.where(X["b"] > 0, name, "q")
    remedies = {name: ClassBalanceWeighter()}
    scoring = {name: "accuracy"}
    found = compare_remedies(
        LogisticRegression(), remedies, X, y, cv=3, scoring=scoring
    )
    test = paired_test(0.1, 0.01, 9, level=0.95, method=name)
    verified = replace(
        found,
        true_tests_={name: {name: test}},
        true_means_={name: {"nothing": 0.5, name: 0.6}},
    )
    advised = replace(found)
    vars(advised)["expected_gains_"] = {name: {name: 9.0}}
    assert printable(name) in advised.remarks_[0]
    for result in (found, verified, advised):
        assert printable(name) in check_html(result._repr_html_())
        for text in (repr(result), result.to_text(), result.to_markdown()):
            check_seen(text)
        for text in (result.verdict_, *result.remarks_):
            check_seen(text)


@pytest.mark.parametrize(
    "name", [p for p in PAYLOADS if "/" not in p and "\x00" not in p]
)
def test_names_of_files_in_errors(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for command in ("diagnose", "compare", "fix"):
        result = CliRunner().invoke(app, [command, f"{name}.csv", "--label", name])
        assert result.exit_code == 3
        check_seen(result.stderr)
        assert result.stdout == ""


@pytest.mark.parametrize("kind", [RuntimeError, ValueError, KeyError, OSError])
def test_messages_of_any_error_are_text(kind, tmp_path, monkeypatch):
    pd.DataFrame({"a": [1.0, 2.0], "y": [0, 1]}).to_csv(tmp_path / "t.csv", index=False)
    said = "".join(PAYLOADS)

    def broken(*args, **options):
        raise kind(said)

    monkeypatch.setattr(_diagnose, "diagnose", broken)
    asked = ["diagnose", str(tmp_path / "t.csv"), "--label", "y"]
    result = CliRunner().invoke(app, asked)
    assert result.exit_code in (3, 70)
    check_seen(result.stderr)
    assert r"\x1b[31mred" in result.stderr.replace("\\\\", "\\")
