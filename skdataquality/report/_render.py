"""One door to all renderings: :func:`render`."""

from skdataquality.report._html import render_html_table
from skdataquality.report._markdown import render_markdown
from skdataquality.report._terminal import render_text

RENDERERS = {
    "text": render_text,
    "markdown": render_markdown,
    "html": render_html_table,
}


def render(report, format="text"):
    """Write a report for people to read; what comes from the data is made harmless.

    Parameters
    ----------
    report : DataQualityReport or dict
        The report, its ``to_dict()``, or what was read back from its JSON.
    format : {"text", "markdown", "html"}, default="text"
        "text" has lines of at most 80 columns, without control characters; "markdown"
        holds everything, escaped; "html" is one table of verdicts and numbers.

    Returns
    -------
    text : str

    Raises
    ------
    ValueError
        If the format is none of these, or the report is none.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality import diagnose
    >>> from skdataquality.report import render
    >>> X = np.random.default_rng(0).normal(size=(60, 2))
    >>> report = diagnose(X, X[:, 0] > 0)
    >>> render(report.to_dict(), "markdown") == report.to_markdown()
    True
    """
    if format not in RENDERERS:
        raise ValueError(f"format={format!r} must be one of {list(RENDERERS)}.")
    plain = report.to_dict() if hasattr(report, "to_dict") else report
    if not isinstance(plain, dict) or "lenses" not in plain:
        raise ValueError(
            f"report={type(report).__name__} must be a DataQualityReport or its "
            f"to_dict(); of JSON text, pass json.loads(text)."
        )
    return RENDERERS[format](plain)
