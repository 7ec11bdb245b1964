"""A small table as CSV that no spreadsheet takes for formulas."""

import csv
import io

from skdataquality.utils._frames import is_missing

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def to_safe_csv(frame):
    """Write a table of findings as CSV; texts that look like formulas get a quote.

    Only texts do, never numbers; the mark is a leading ``'`` (OWASP, CSV injection).

    >>> import pandas as pd
    >>> from skdataquality.report._csv import to_safe_csv
    >>> print(to_safe_csv(pd.DataFrame({"given": ["=1+1", "cat"], "row": [-1, 2]})))
    given,row
    '=1+1,-1
    cat,2
    <BLANKLINE>
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([_safe(name) for name in frame.columns])
    for row in frame.itertuples(index=False, name=None):
        writer.writerow([_safe(cell) for cell in row])
    return out.getvalue()


def _safe(cell):
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(STARTS_A_FORMULA) else cell
    return "" if is_missing(cell) else cell
