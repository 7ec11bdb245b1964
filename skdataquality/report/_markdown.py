"""A report as Markdown."""

from skdataquality.report._text import runnable, say_method, say_name, say_number


def render_markdown(report):
    """Write the whole report: verdicts, numbers, evidence, plan, limits.

    Parameters
    ----------
    report : dict
        ``DataQualityReport.to_dict()``.

    Returns
    -------
    text : str
    """
    data = report["data"]
    parts = [
        "# Data quality report",
        "",
        f"{data['rows']} rows, {data['columns']} columns"
        + (f", {data['target_rows']} target rows." if data["target_rows"] else "."),
        "",
        _table(
            ["Lens", "Verdict", "Finding"],
            [
                [say_name(name), lens["verdict"], lens["summary"]]
                for name, lens in report["lenses"].items()
            ],
        ),
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
        if step["code"]:
            code = runnable(step["code"]).splitlines()
            lines += ["   ```python", *(f"   {c}".rstrip() for c in code), "   ```", ""]
    return lines


def _lens(name, lens):
    lines = [f"## {say_name(name)}: {lens['verdict']}", "", lens["summary"], ""]
    if lens["numbers"]:
        rows = [
            [say_name(k), say_number(v), say_method(v)]
            for k, v in lens["numbers"].items()
        ]
        lines += [_table(["Number", "Value", "Interval by"], rows), ""]
    for title, rows in lens["evidence"].items():
        if rows:
            cells = [[say_number(v) for v in row.values()] for row in rows]
            table = _table(list(rows[0]), cells)
            lines += [f"### {_cell(title.capitalize())}", "", table, ""]
    for prediction in lens["predictions"]:
        lines += [
            f"- {prediction['sentence']} **{prediction['outcome']}** "
            f"({prediction['measured']})"
        ]
    lines += [f"- Limit: {limit}" for limit in lens["limits"]]
    return [*lines, ""]


def _table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _cell(value):
    text = str(value).replace("\n", " ").replace("\\", "\\\\")
    return text.replace("|", "\\|").replace("<", "&lt;")
