"""A report as plain text of at most 80 columns."""

import textwrap

from skdataquality.report._text import (
    WIDTH,
    lenses_by_verdict,
    printable,
    say_name,
    say_number,
    say_size,
)

N_NUMBERS = 3
N_EVIDENCE = 5
INDENT = "  "
WIDEST_CELL = 28


def render_text(report):
    """Write verdicts, the three numbers that matter, evidence and the plan.

    Parameters
    ----------
    report : dict
        ``DataQualityReport.to_dict()``.

    Returns
    -------
    text : str
        Lines of at most 80 characters.
    """
    data = report["data"]
    lines = [say_size(data)]
    for verdict, names in lenses_by_verdict(report).items():
        lines += _wrap(", ".join(names), f"{verdict:<12}")
    for note in data.get("notes", ()):
        lines += _wrap(note, f"{'note':<12}")
    for name, lens in report["lenses"].items():
        lines += ["", *_lens(name, lens)]
    return "\n".join(line.rstrip() for line in [*lines, "", *_plan(report)]) + "\n"


def _lens(name, lens):
    title = f"{say_name(name)}: {lens['verdict']}"
    lines = [title, *_wrap(lens["summary"].removeprefix("cannot tell: "), INDENT)]
    if lens["verdict"] == "clear":
        return [*lines, *_predictions(lens, ("refuted",))]
    numbers = [(k, v) for k, v in lens["numbers"].items() if v is not None][:N_NUMBERS]
    lines += [f"{INDENT}{say_name(k):<28}{say_number(v)}" for k, v in numbers]
    if lens["verdict"] != "cannot tell":
        for title, rows in list(lens["evidence"].items())[:1]:
            lines += _table(title, rows)
    return lines + _predictions(lens, ("confirmed", "refuted", "cannot tell"))


def _predictions(lens, outcomes):
    lines = []
    for prediction in lens["predictions"]:
        if prediction["outcome"] in outcomes:
            lines += _wrap(
                f"{prediction['sentence']} {prediction['outcome'].capitalize()}: "
                f"{prediction['measured']}.",
                f"{INDENT}Predicted: ",
                INDENT * 2,
            )
    return lines


def _table(title, rows):
    """Align the first rows, with as many columns as fit."""
    if not rows:
        return []
    head = list(rows[0])
    cells = [[say_name(key) for key in head]]
    cells += [[say_number(row[key]) for key in head] for row in rows[:N_EVIDENCE]]
    cells = [[_shorten(cell) for cell in line] for line in cells]
    widths = _that_fit([max(map(len, column)) for column in zip(*cells, strict=True)])
    more = len(rows) - N_EVIDENCE
    note = f" (first {N_EVIDENCE} of {len(rows)})" if more > 0 else ""
    return [f"{INDENT}{printable(title).capitalize()}{note}:"] + [
        INDENT * 2 + "  ".join(f"{c:<{w}}" for c, w in zip(line, widths, strict=False))
        for line in cells
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


def _shorten(cell):
    return cell if len(cell) <= WIDEST_CELL else f"{cell[: WIDEST_CELL - 1]}…"


def _plan(report):
    if not report["plan"]:
        return ["Nothing to do."]
    lines = ["What to do, in this order:"]
    for step in report["plan"]:
        lines += _wrap(
            f"{say_name(step['lens'])}: {step['why']}.", f"{step['step']}. ", "   "
        )
        if step["expect"]:
            lines += _wrap(f"Expect: {step['expect']}", "   ")
        if step["code"]:
            lines += _wrap(step["code"]["expression"], "   ")
    return lines


def _wrap(text, head, rest=None):
    return textwrap.wrap(
        printable(text),
        WIDTH,
        initial_indent=head,
        subsequent_indent=" " * len(head) if rest is None else rest,
    )
