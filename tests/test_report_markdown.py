"""Markdown of hostile text, read by a real parser: text, and nothing else."""

import importlib.util
import re

import pytest
from markdown_it import MarkdownIt

from skdataquality.report import render
from skdataquality.report._markdown import escaped, markdown_table
from skdataquality.utils._printable import printable

PAYLOADS = [
    *("a@e.org", "mailto:a@e.org", "xmpp:a@b.c/d", "a.b+c-d_@e-f.org", "a@@b.org"),
    *("@user", "x @user", "é@é.fr", "user@localhost", "a_@e.org_", "\\@a.b"),
    *("https://e.org", "HTTP://E.ORG", "ftp://e.org/x", "www.e.org", "WWW.E.ORG"),
    *("e.org", "//e.org", "a.b.co", "x.рф", "javascript://x", "http:/\\/e.org"),
    *("http&#58;//e.org", "htt\u200bp://e.org", "https://a:b@c.de", "1.5.org"),
    *("[l](http://e.org)", "![i](x)", "[a][b]", "[a]: http://e.org", "[^1]: x"),
    *("[a]", "[^1]", "a](b", "]\\(x)", "![a", "<http://e.org>", "<a@b.org>"),
    *("<img src=x onerror=y>", "<!-- x -->", "<script>x</script>", "</td></table>"),
    *("&lt;b&gt;", "&amp;", "&#64;", "\\<a", "<b", "<?php", "<![CDATA[x]]>"),
    *("`c`", "``a", "```", "~~~", "``` py\nx\n```", "\u2028```\u2028", "$x$", "$`a`$"),
    *("*a*", "**b**", "_c_", "__d__", "~~e~~", "a*b_c", "***", "* * *", "snake_case"),
    *("a|b", "\\", "\\|", "\\\\|", "||", "| - |", "a\n|b|", "a\r\n\r\nb"),
    *("# h", "###### h", "- l", "+ l", "* l", "1. x", "12) x", "> q", "===", "---"),
    *("\u202ea\u2066", "\x1b[31m", "\x9b31m", "\udc80", "\U000e0041", "\u3164"),
]
SAFE = {
    *("heading_open", "heading_close", "paragraph_open", "paragraph_close", "inline"),
    *("table_open", "table_close", "thead_open", "thead_close", "tbody_open"),
    *("tbody_close", "tr_open", "tr_close", "th_open", "th_close", "td_open"),
    *("td_close", "bullet_list_open", "bullet_list_close", "list_item_open"),
    *("list_item_close", "ordered_list_open", "ordered_list_close", "fence"),
    *("text", "text_special", "code_inline", "strong_open", "strong_close"),
    "softbreak",
}
# what GitHub sees in text, after escapes: cmark-gfm/extensions/autolink.c
EMAIL = re.compile(r"[\w.+-]@[\w-]")


def parser():
    if importlib.util.find_spec("linkify_it") is not None:
        return MarkdownIt("gfm-like", {"html": True})
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def tokens_of(text):
    for token in parser().parse(text):
        yield token
        yield from token.children or ()


def texts_of(text):
    """Text of each block, and the texts that GitHub looks for e-mails in."""
    for block in parser().parse(text):
        if block.type != "inline":
            continue
        nodes = [""]
        for token in block.children:
            if token.type in ("text", "text_special"):
                nodes[-1] += token.content
            else:
                nodes += [token.content, ""]
        yield "".join(nodes), nodes


def check(text):
    assert {token.type for token in tokens_of(text)} <= SAFE
    assert all(c.isprintable() or c == "\n" for c in text)
    for _, nodes in texts_of(text):
        assert not any(map(EMAIL.search, nodes))
    # www and schemes are seen in the source
    assert not re.search(r"(?i)\w://|www\.", re.sub(r"```.*?```", "", text, flags=re.S))


@pytest.mark.parametrize("name", PAYLOADS)
def test_text_is_shown_as_it_is_and_nothing_else(name):
    text = f"Text {escaped(name)}"
    check(text)
    ((shown, _),) = texts_of(text)
    assert shown == f"Text {printable(name)}"


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_table_keeps_its_cells(name):
    text = markdown_table([name, "b"], [[name, "x"], ["y", name]])
    check(text)
    shown = [said for said, _ in texts_of(text)]
    given = printable(name)
    assert shown == [given, "b", given, "x", "y", given]


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_report_in_which_everything_is_hostile(name):
    lens = {
        "title": name,
        "verdict": "found",
        "summary": name,
        "numbers": {name: {"estimate": 0.5, "lower": 0, "upper": 1, "method": name}},
        "evidence": {name: [{name: name}]},
        "predictions": [{"sentence": name, "outcome": "confirmed", "measured": name}],
        "limits": [name],
    }
    code = {"imports": ["import x"], "expression": f"D({name!r})"}
    step = {"step": 1, "title": name, "why": name, "expect": name, "code": code}
    without = {**step, "step": 2, "code": None, "no_code": name}
    report = {
        "data": {"rows": 1, "columns": 1, "target_rows": None, "notes": [name]},
        "lenses": {"a": lens},
        "plan": [step, without],
    }
    text = render(report, "markdown")
    check(text)
    kinds = [t.type for t in parser().parse(text)]
    assert kinds.count("heading_open") == 4
    assert kinds.count("fence") == 1
    assert kinds.count("table_open") == 3
    assert kinds.count("ordered_list_open") <= 2
    shown = [said for said, _ in texts_of(text)]
    assert shown.count(printable(name)) >= 3  # the summary, and cells
    assert f"Note: {printable(name)}" in shown
    assert f"Limit: {printable(name)}" in shown
