"""A report as a small HTML table for notebooks."""

from skdataquality.report._table import html_table
from skdataquality.report._text import say_counts, say_name, say_number
from skdataquality.utils._printable import printable

HEAD = ("Lens", "Verdict", "Finding", "Numbers [95 % interval]")


def render_html_table(report):
    """Write verdicts and numbers as one table; every text is escaped."""
    rows = [
        [
            *(printable(lens[key]) for key in ("title", "verdict", "summary")),
            _numbers(lens),
        ]
        for lens in report["lenses"].values()
    ]
    caption = f"Data quality of {report['data']['rows']} rows"
    return html_table(HEAD, rows, caption=caption)


def _numbers(lens):
    return "\n".join(
        f"{say_name(key)}: {say_number(value, key)}"
        + (f" ({counts})" if (counts := say_counts(lens, key)) else "")
        for key, value in lens["numbers"].items()
    )
