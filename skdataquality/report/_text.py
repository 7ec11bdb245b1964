"""Words for numbers, shared by all renderings of a report's plain dict."""

from skdataquality.report._printable import printable

VERDICTS = ("found", "suspect", "cannot tell", "clear")


def say_number(value):
    r"""Write a plain number, text or interval dict for people to read.

    >>> say_number({"estimate": 0.25, "lower": 0.2, "upper": 0.3, "method": "Wilson"})
    '0.25 [0.2, 0.3]'
    >>> say_number("red\x1b[31m")
    'red?[31m'
    """
    if isinstance(value, dict):
        ends = f"[{say_number(value['lower'])}, {say_number(value['upper'])}]"
        return f"{say_number(value['estimate'])} {ends}"
    if isinstance(value, bool) or value is None:
        return {None: "-", True: "yes", False: "no"}[value]
    if isinstance(value, float):
        return f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"
    return printable(value)


def as_title(text):
    """Start with a capital; names inside keep theirs."""
    return text[:1].upper() + text[1:]


def say_method(value):
    """How an interval was made; empty for a bare number."""
    return value["method"] if isinstance(value, dict) else ""


def say_name(key):
    """Turn a key into words."""
    words = printable(key).replace("_", " ")
    return " ".join("AUC" if word == "auc" else word for word in words.split(" "))


def say_size(n_rows, n_columns, n_target_rows=None):
    """Say how large a table is, and its target table."""
    said = f"{_count(n_rows, 'row')}, {_count(n_columns, 'column')}"
    if n_target_rows:
        said += f", {_count(n_target_rows, 'target row')}"
    return said


def say_data(data):
    """Say how large the tables of a report are, and that the label is a quantity."""
    said = say_size(data["rows"], data["columns"], data["target_rows"])
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


def runnable(code):
    """Import lines and the expression of a suggested estimator, as one text."""
    return "\n".join([*code["imports"], "", f"estimator = {code['expression']}"])
