"""A report as Markdown."""

from skdataquality.report._text import (
    printable,
    runnable,
    say_method,
    say_name,
    say_number,
    say_size,
)


def render_markdown(report):
    """Write the whole report: verdicts, plan, numbers, evidence, limits.

    Parameters
    ----------
    report : dict
        ``DataQualityReport.to_dict()``.

    Returns
    -------
    text : str
        What comes from the data is escaped.
    """
    data = report["data"]
    verdicts = [
        [say_name(name), lens["verdict"], lens["summary"]]
        for name, lens in report["lenses"].items()
    ]
    parts = [
        "# Data quality report",
        "",
        f"{say_size(data)}.",
        "",
        _table(["Lens", "Verdict", "Finding"], verdicts),
        "",
        *[f"- Note: {escaped(note)}" for note in data.get("notes", ())],
        "",
        *_plan(report["plan"]),
    ]
    for name, lens in report["lenses"].items():
        parts += _lens(name, lens)
    return "\n".join(parts).rstrip() + "\n"


def _plan(plan):
    if not plan:
        return ["## Plan", "", "Nothing to do.", ""]
    lines = ["## Plan", ""]
    for step in plan:
        lines += [f"{step['step']}. **{say_name(step['lens'])}** ({step['why']})", ""]
        if step["expect"]:
            lines += [f"   Expect: {escaped(step['expect'])}", ""]
        if step["code"]:
            code = runnable(step["code"]).splitlines()
            lines += ["   ```python", *(f"   {c}".rstrip() for c in code), "   ```", ""]
    return lines


def _lens(name, lens):
    lines = [
        f"## {say_name(name)}: {lens['verdict']}",
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
        lines += [_table(["Number", "Value", "Interval by"], rows), ""]
    for title, rows in lens["evidence"].items():
        if rows:
            cells = [[say_number(v) for v in row.values()] for row in rows]
            table = _table([say_name(key) for key in rows[0]], cells)
            lines += [f"### {escaped(title).capitalize()}", "", table, ""]
    for prediction in lens["predictions"]:
        lines += [
            f"- Predicted: {escaped(prediction['sentence'])} "
            f"**{prediction['outcome'].capitalize()}**: "
            f"{escaped(prediction['measured'])}."
        ]
    lines += [f"- Limit: {escaped(limit)}" for limit in lens["limits"]]
    return [*lines, ""]


def _table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(escaped, line))} |" for line in lines)


def escaped(value):
    """Text that Markdown shows as it is: no markup, no links, no table cells."""
    text = printable(value)
    for mark in ("\\", "|", "`", "<"):
        text = text.replace(mark, "&lt;" if mark == "<" else "\\" + mark)
    return text.replace("](", "]\\(")
