"""A report as plain text of at most 80 columns."""

import textwrap

from skdataquality.report._text import WIDTH, say_name, say_number


def render_text(report):
    """Write the verdicts, the numbers that matter and the plan.

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
    lines = [f"{data['rows']} rows, {data['columns']} columns"]
    if data["target_rows"]:
        lines[0] += f", {data['target_rows']} target rows"
    lines.append("")
    for name, lens in report["lenses"].items():
        head = f"{say_name(name):<13}{lens['verdict']:<13}"
        lines += _wrap(lens["summary"], head)
        numbers = list(lens["numbers"].items())[:3]
        lines += _wrap(
            "; ".join(f"{say_name(k)} {say_number(v)}" for k, v in numbers), " " * 26
        )
    lines += ["", "What to do, in this order:" if report["plan"] else "Nothing to do."]
    for step in report["plan"]:
        lines += _wrap(f"{say_name(step['lens'])}: {step['why']}", f"{step['step']}. ")
        if step["code"]:
            lines += _wrap(step["code"]["expression"], "   ")
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _wrap(text, head):
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=head,
        subsequent_indent=" " * len(head),
        break_long_words=False,
    )
