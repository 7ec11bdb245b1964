"""A report as Markdown."""

import re

from skdataquality.report._code_lines import runnable
from skdataquality.report._text import (
    as_title,
    nothing_to_do,
    say_counts,
    say_data,
    say_extent,
    say_method,
    say_name,
    say_number,
)
from skdataquality.utils._printable import printable, without_controls

# what GitHub, or a renderer that makes links of bare names, turns into markup or a
# link; an underscore inside a word is neither
MARKS = re.compile(
    r"[\\|`*~$]|\](?=[(\[:])|\[(?=\^)|(?<![^\W_])_|_(?![^\W_])|:(?=//)|(?<![:/])/(?=/)"
    r"|(?<=www)\.|(?<=\w)\.(?=[^\W\d_]{2})|(?<![\w.+-])@",
    re.IGNORECASE,
)
# GitHub sees an e-mail through a backslash, not through the end of a text
IN_EMAIL = re.compile(r"(?<=[\w.+-])@")
STARTS_A_BLOCK = re.compile(r"[-+#>=\[]|\d+(?=[.)])")


def render_markdown(report):
    """Write the whole report, escaped: verdicts, plan, numbers, evidence, limits."""
    data = report["data"]
    verdicts = [
        [lens["title"], lens["verdict"], lens["summary"]]
        for lens in report["lenses"].values()
    ]
    parts = [
        "# Data quality report",
        "",
        say_data(data) + ".",
        "",
        markdown_table(["Lens", "Verdict", "Finding"], verdicts),
        "",
        *[f"- Note: {escaped(note)}" for note in data.get("notes", ())],
        "",
        *_plan(report),
    ]
    for lens in report["lenses"].values():
        parts += _lens(lens)
    return "\n".join(parts).rstrip() + "\n"


def _plan(report):
    plan = report["plan"]
    if not plan:
        return ["## Plan", "", nothing_to_do(report), ""]
    lines = ["## Plan", ""]
    for step in plan:
        lines += [
            f"{step['step']}. **{escaped(step['title'])}** ({escaped(step['why'])})",
            "",
        ]
        if step["expect"]:
            lines += [f"   Expect: {escaped(step['expect'])}", ""]
        if step["code"]:
            lines += _code(step["code"])
        if step.get("no_code"):
            lines += [f"   No code: {escaped(step['no_code'])}", ""]
    return lines


def _code(code):
    """Put code into a fence that nothing inside of it closes."""
    lines = [f"   {without_controls(line)}".rstrip() for line in runnable(code)]
    longest = max(map(len, re.findall("`+", "".join(lines))), default=0)
    fence = "   " + "`" * max(3, longest + 1)
    return [f"{fence}python", *lines, fence, ""]


def _lens(lens):
    lines = [
        f"## {escaped(lens['title'])}: {escaped(lens['verdict'])}",
        "",
        _paragraph(lens["summary"]),
        "",
    ]
    rows = [
        [say_name(k), say_number(v, k), say_method(v) or say_counts(lens, k)]
        for k, v in lens["numbers"].items()
        if v is not None
    ]
    if rows:
        head = ["Number", "Value", "Interval by, or what is counted"]
        lines += [markdown_table(head, rows), ""]
    for title, rows in lens["evidence"].items():
        if rows:
            cells = [[say_number(v, k) for k, v in row.items()] for row in rows]
            table = markdown_table([say_name(key) for key in rows[0]], cells)
            head = as_title(title) + say_extent(lens, title, len(rows))
            lines += [f"### {escaped(head)}", "", table, ""]
    for prediction in lens["predictions"]:
        lines += [
            f"- Predicted: {escaped(prediction['sentence'])} "
            f"**{escaped(prediction['outcome'].capitalize())}**: "
            f"{escaped(prediction['measured'])}."
        ]
    lines += [f"- Limit: {escaped(limit)}" for limit in lens["limits"]]
    return [*lines, ""]


def markdown_table(head, rows):
    """Write cells as a table, each escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(escaped, line))} |" for line in lines)


def escaped(value):
    r"""Text that Markdown shows as it is: no markup, no links, no table cells.

    >>> print(escaped("a|b *c* __d__ x_y <img> www.e.org a@b.org"))
    a\|b \*c\* \_\_d\_\_ x_y &lt;img> www\.e\.org a`@`b\.org
    """
    text = printable(value).replace("&", "&amp;").replace("<", "&lt;")
    return IN_EMAIL.sub("`@`", MARKS.sub(r"\\\g<0>", text))


def _paragraph(text):
    """Escaped text that starts a line, and no list, heading or quotation."""
    text = escaped(text)
    block = STARTS_A_BLOCK.match(text)
    if block is None:
        return text
    # of "1." the dot is what makes a list
    place = block.end() if block[0][0].isdigit() else 0
    return f"{text[:place]}\\{text[place:]}"
