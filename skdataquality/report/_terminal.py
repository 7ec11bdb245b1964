"""A report as plain text of at most 80 columns."""

from skdataquality.report._code_lines import wrapped_code
from skdataquality.report._text import (
    as_title,
    lenses_by_verdict,
    nothing_to_do,
    say_counts,
    say_data,
    say_extent,
    say_name,
    say_number,
)
from skdataquality.utils._printable import printable
from skdataquality.utils._shown import (
    WIDTH,
    columns_of,
    cut,
    padded,
    wrapped,
)

N_NUMBERS = 3
N_EVIDENCE = 5
INDENT = "  "
WIDEST_CELL = 28


def render_text(report):
    """Write verdicts, the three numbers that matter, evidence and the plan.

    Lines have at most 80 columns.
    """
    data = report["data"]
    lines = [say_data(data)]
    for verdict, names in lenses_by_verdict(report).items():
        lines += wrapped(", ".join(names), f"{verdict:<12}")
    for note in data.get("notes", ()):
        lines += wrapped(note, f"{'note':<12}")
    for lens in report["lenses"].values():
        lines += ["", *_lens(lens)]
    return "\n".join(line.rstrip() for line in [*lines, "", *_plan(report)]) + "\n"


def _lens(lens):
    title = f"{printable(lens['title'])}: {lens['verdict']}"
    lines = [title, *wrapped(lens["summary"], INDENT)]
    if lens["verdict"] == "clear":
        return lines
    numbers = [(k, v) for k, v in lens["numbers"].items() if v is not None][:N_NUMBERS]
    for key, value in numbers:
        rule = f" ({counts})" if (counts := say_counts(lens, key)) else ""
        head = f"{INDENT}{say_name(key):<27} "
        lines += wrapped(say_number(value, key) + rule, head)
    if lens["verdict"] != "cannot tell":
        for title, rows in list(lens["evidence"].items())[:1]:
            shown = rows[:N_EVIDENCE]
            lines += _table(title + say_extent(lens, title, len(shown)), shown)
    for prediction in lens["predictions"]:
        lines += wrapped(
            f"{prediction['sentence']} {prediction['outcome'].capitalize()}: "
            f"{prediction['measured']}.",
            f"{INDENT}Predicted: ",
            INDENT * 2,
        )
    for limit in lens["limits"]:
        lines += wrapped(limit, f"{INDENT}Limit: ", INDENT * 2)
    return lines


def _table(title, rows):
    """Align rows, with as many columns as fit."""
    if not rows:
        return []
    head = list(rows[0])
    cells = [[say_name(key) for key in head]]
    cells += [[say_number(row[key], key) for key in head] for row in rows]
    cells = [[cut(cell, WIDEST_CELL) for cell in line] for line in cells]
    columns = zip(*cells, strict=True)
    widths = _that_fit([max(map(columns_of, column)) for column in columns])
    return wrapped(f"{as_title(title)}:", INDENT) + [
        INDENT * 2 + "  ".join(map(padded, line, widths)) for line in cells
    ]


def _that_fit(widths):
    """Return the widths of the first columns that fit a line."""
    room = WIDTH - 2 * len(INDENT)
    fitting = []
    for width in widths:
        room -= width
        if room < 0:
            break
        fitting.append(width)
        room -= 2
    return fitting


def _plan(report):
    if not report["plan"]:
        return wrapped(nothing_to_do(report), "")
    lines = ["What to do, in this order:"]
    for step in report["plan"]:
        lines += wrapped(f"{step['title']}: {step['why']}.", f"{step['step']}. ", "   ")
        if step["expect"]:
            lines += wrapped(f"Expect: {step['expect']}", "   ")
        if step["code"]:
            lines += wrapped_code(step["code"]["expression"], "   ")
        if step.get("no_code"):
            lines += wrapped(f"No code: {step['no_code']}", "   ")
    return lines
