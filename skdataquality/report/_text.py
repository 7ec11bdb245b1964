"""Words for numbers, shared by all renderings of a report's plain dict."""

import math
import re

from skdataquality.utils._digits import SMALL, fixed
from skdataquality.utils._printable import printable

VERDICTS = ("found", "suspect", "cannot tell", "clear")


# below a millionth a number is only called small, below this it is rounding error
NOISE = 1e-12
P_VALUE = re.compile(r"[pq]_.*|.*_[pq]_value")
OF_A_LABEL = ("class", "called", "label", "given", "suggested", "group")  # True is one


def say_number(value, key=""):
    r"""Write a plain number, text or interval dict for people to read.

    A number named ``key`` is a p value if its name says so, and a Boolean a label.

    >>> say_number({"estimate": 0.25, "lower": 0.2, "upper": 0.3, "method": "Wilson"})
    '0.25 [0.2, 0.3]'
    >>> say_number(1.2e-16), say_number(-0.0), say_number(12345.6)
    ('0', '0', '12346')
    >>> say_number(6.8e-7, "p_covariate"), say_number(0.0123, "q_value")
    ('<.001', '0.012')
    >>> say_number("red\x1b[31m")
    'red\\x1b[31m'
    """
    if isinstance(value, dict):
        ends = (value["estimate"], value["lower"], value["upper"])
        estimate, lower, upper = _say_together(ends, scale=SMALL)
        return f"{estimate} [{lower}, {upper}]"
    if isinstance(value, bool) and key in OF_A_LABEL:
        return str(value)
    if isinstance(value, bool) or value is None:
        return {None: "-", True: "yes", False: "no"}[value]
    if isinstance(value, float):
        is_p = P_VALUE.fullmatch(str(key)) and 0 <= value <= 1
        return say_p(value) if is_p else _say_float(value)
    return printable(value)


def say_p(p):
    """Write a p value: three digits, or that it is smaller; nothing for NaN."""
    if math.isnan(p):
        return ""
    return "<.001" if p < 0.001 else f"{p:.3f}"


def say_differences(*values, scale):
    """Write differences of numbers of a scale with their signs; nothing for NaN.

    >>> say_differences(0.0213, -1.7e-17, float("nan"), -0.5, scale=1.0)
    ['+0.0213', '0', '', '-0.5']
    """
    known = [None if math.isnan(v) else v for v in values]
    said = _say_together(known, scale=abs(scale))
    return [
        "" if math.isnan(v) else f"+{text}" if v > 0 and text != "0" else text
        for v, text in zip(values, said, strict=True)
    ]


def _say_float(value):
    if math.isnan(value):
        return "-"
    if abs(value) < NOISE:
        return "0"
    if abs(value) < SMALL:
        return f"<{SMALL:f}" if value > 0 else f">-{SMALL:f}"
    return fixed(value)


def _say_together(values, *, scale):
    """Write numbers that belong together: those that differ are not written alike.

    What is nothing beside the largest, or the scale, is 0.
    """
    known = [abs(v) for v in values if v is not None and math.isfinite(v)]
    nothing = max(1e-4 * max(known, default=0), 1e-6 * scale)
    values = [
        0.0 if isinstance(v, float | int) and abs(v) <= nothing else v for v in values
    ]
    different = len(set(values))
    for digits in (3, 4, 5, 6):
        said = ["-" if v is None else fixed(v, digits) for v in values]
        if len(set(said)) == different:
            return said
    return said


def as_title(text):
    """Start with a capital; names inside keep theirs."""
    return text[:1].upper() + text[1:]


def say_counts(lens, key):
    """Say by which rule a number counts rows; empty where there is but one."""
    return lens.get("units", {}).get(key, {}).get("counts", "")


def say_extent(lens, title, n_shown):
    """Say how much of a table of the evidence is shown, and what its rows are.

    >>> lens = {"evidence": {"rows": [{"row": 3}]}, "evidence_rows": {"rows": 9}}
    >>> say_extent(lens | {"row_columns": {"rows": ["row"]}}, "rows", 1)
    ' (first 1 of 9; rows numbered from 0)'
    """
    total = lens.get("evidence_rows", {}).get(title, len(lens["evidence"][title]))
    said = [f"first {n_shown} of {total}"] if total > n_shown else []
    if title in lens.get("row_columns", {}):
        said.append("rows numbered from 0")
    return f" ({'; '.join(said)})" if said else ""


def say_method(value):
    """How an interval was made; empty for a bare number."""
    return value["method"] if isinstance(value, dict) else ""


def say_name(key):
    """Turn a key into words."""
    words = printable(key).replace("_", " ").split(" ")
    return " ".join(word.upper() if word in ("auc", "r2") else word for word in words)


def say_size(n_rows, n_columns, n_target_rows=None):
    """Say how large a table is, and its target table."""
    said = f"{_count(n_rows, 'row')}, {_count(n_columns, 'column')}"
    if n_target_rows:
        said += f", {_count(n_target_rows, 'target row')}"
    return said


def say_data(data):
    """Say how large the tables of a report are, and that the label is a quantity."""
    said = say_size(data["rows"], data["columns"], data["target_rows"])
    if data.get("pool_rows"):
        said += f", {_count(data['pool_rows'], 'row')} of a pool"
    is_quantity = data.get("label_kind") == "numbers"
    return f"{said}; the label is a quantity" if is_quantity else said


def _count(n, word):
    return f"{n} {word}{'' if n == 1 else 's'}"


def lenses_by_verdict(report):
    """Name the lenses of each verdict that occurs, the worst verdict first."""
    said: dict = {verdict: [] for verdict in VERDICTS}
    for lens in report["lenses"].values():
        said[lens["verdict"]].append(printable(lens["title"]))
    return {verdict: titles for verdict, titles in said.items() if titles}


def nothing_to_do(report):
    """Say that no step is called for, and what could not be told."""
    unknown = lenses_by_verdict(report).get("cannot tell", [])
    if not unknown:
        return "Nothing to do."
    return f"Nothing found to act on; what could not be told: {', '.join(unknown)}."
