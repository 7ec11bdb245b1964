"""A report as a small HTML table for notebooks."""

from html import escape

from skdataquality.report._text import say_name, say_number


def render_html_table(report):
    """Write verdicts and numbers as one table; every text is escaped.

    Parameters
    ----------
    report : dict
        ``DataQualityReport.to_dict()``.

    Returns
    -------
    html : str
    """
    rows = "".join(_row(name, lens) for name, lens in report["lenses"].items())
    head = "".join(
        f'<th scope="col">{title}</th>'
        for title in ("Lens", "Verdict", "Finding", "Numbers [95 % interval]")
    )
    caption = f"Data quality of {report['data']['rows']} rows"
    return (
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )


def _row(name, lens):
    numbers = "<br>".join(
        f"{escape(say_name(k))}: {escape(say_number(v))}"
        for k, v in lens["numbers"].items()
    )
    return (
        f'<tr><th scope="row">{escape(say_name(name))}</th>'
        f"<td>{escape(lens['verdict'])}</td><td>{escape(lens['summary'])}</td>"
        f"<td>{numbers}</td></tr>"
    )
