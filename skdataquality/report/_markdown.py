"""A report as Markdown."""

import re

from skdataquality.report._printable import printable
from skdataquality.report._text import (
    as_title,
    nothing_to_do,
    runnable,
    say_data,
    say_method,
    say_name,
    say_number,
)

# what GitHub turns into markup or a link; an underscore inside a word is neither
MARKS = re.compile(
    r"[\\\\|`*~$@]|\](?=[(\[])|(?<![^\W_])_|_(?![^\W_])|:(?=//)|(?<=www)\.", re.I
)


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
        lines += [f"{step['step']}. **{escaped(step['title'])}** ({step['why']})", ""]
        if step["expect"]:
            lines += [f"   Expect: {escaped(step['expect'])}", ""]
        if step["code"]:
            code = runnable(step["code"]).splitlines()
            lines += ["   ```python", *(f"   {c}".rstrip() for c in code), "   ```", ""]
    return lines


def _lens(lens):
    lines = [
        f"## {escaped(lens['title'])}: {lens['verdict']}",
        "",
        escaped(lens["summary"]),
        "",
    ]
    rows = [
        [say_name(k), say_number(v), say_method(v)]
        for k, v in lens["numbers"].items()
        if v is not None
    ]
    if rows:
        lines += [markdown_table(["Number", "Value", "Interval by"], rows), ""]
    for title, rows in lens["evidence"].items():
        if rows:
            cells = [[say_number(v) for v in row.values()] for row in rows]
            table = markdown_table([say_name(key) for key in rows[0]], cells)
            lines += [f"### {escaped(as_title(title))}", "", table, ""]
    for prediction in lens["predictions"]:
        lines += [
            f"- Predicted: {escaped(prediction['sentence'])} "
            f"**{prediction['outcome'].capitalize()}**: "
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

    >>> print(escaped("a|b *c* __d__ x_y <img> www.e.org"))
    a\|b \*c\* \_\_d\_\_ x_y &lt;img> www\.e.org
    """
    text = printable(value).replace("&", "&amp;").replace("<", "&lt;")
    return MARKS.sub(r"\\\g<0>", text)
