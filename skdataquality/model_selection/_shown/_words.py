"""Columns, cells and sentences of a comparison."""

import math

from skdataquality.model_selection._shown._rows import NOTHING
from skdataquality.report._text import say_p
from skdataquality.utils._digits import fixed
from skdataquality.utils._printable import printable

LEGEND = {
    "remedy": "what was done to the training rows",
    "score": "on rows held out; greater is better",
    "gain": 'score less that of "nothing"',
    "lower": "low end of the 95 % interval of the gain",
    "upper": "high end of it",
    "p_holm": "p value, adjusted for the number of remedies; .05 decides",
    "expected_gain": "gain on the true labels that the model expects; decides nothing",
    "seconds": "all fits and scores of the remedy, one after the other",
}
_WHERE_KNOWN = ("expected_gain", "seconds")  # columns not shown without a number
MOST_PLACES = 6  # after the point
MUCH_MORE = 1.5  # times the smallest, a range says more than the largest


def shown_columns(rows):
    """Names of the columns that have something to show."""
    return [
        column
        for column in LEGEND
        if column not in _WHERE_KNOWN or any(not math.isnan(r[column]) for r in rows)
    ]


def cells(rows, columns):
    """Header and rows as short texts."""
    say, say_seconds = number_writer(rows), _seconds_writer(rows)
    texts = [_texts(row, say, say_seconds) for row in rows]
    return [list(columns), *([text[column] for column in columns] for text in texts)]


def number_writer(rows):
    """Return a function that writes numbers of a table with the same decimals.

    Two digits of the narrowest interval, but not of one that is much narrower than the
    widest.

    >>> say = number_writer([{"lower": -0.0045, "upper": 0.003}])
    >>> say(-0.000786), say(0.7784), say(float("nan"))
    ('-0.0008', '0.7784', '')
    """
    halves = [(row["upper"] - row["lower"]) / 2 for row in rows]
    halves = [half for half in halves if 0 < half < math.inf]
    if not halves:
        return _four_digits
    fine, coarse = (1 - math.floor(math.log10(f(halves))) for f in (min, max))
    places = max(0, min(fine, coarse + 1))
    if places > MOST_PLACES:
        return _four_digits

    def say(value):
        text = "" if math.isnan(value) else f"{value:.{places}f}"
        return text.removeprefix("-") if text and float(text) == 0 else text

    return say


def _four_digits(value):
    return "" if math.isnan(value) else fixed(value, 4)


def signed(text):
    """Put a sign before the text of a positive number."""
    return text if not text or text[0] == "-" or float(text) == 0 else f"+{text}"


def _seconds_writer(rows):
    """Return a function that writes times with decimals as the longest needs them."""
    longest = max((r["seconds"] for r in rows if r["seconds"] > 0), default=0)
    places = sum(longest < bound for bound in (1, 10, 1000))
    return lambda value: "" if math.isnan(value) else f"{value:.{places}f}"


def _texts(row, say, say_seconds):
    ends = {
        key: signed(say(row[key]))
        for key in ("gain", "lower", "upper", "expected_gain")
    }
    if row["remedy"] == NOTHING:
        ends["gain"] = ""
    return {
        "remedy": printable(row["remedy"]),
        "score": say(row["score"]),
        **ends,
        "p_holm": say_p(row["p_holm"]),
        "seconds": say_seconds(row["seconds"]),
    }


def unseen(rows):
    """Say how small a gain these rows would mostly not show, or nothing.

    >>> unseen([{"minimum_detectable_gain": g} for g in (0.02, 0.021, 0.0)])
    'gains below 0.021 would stay unseen'
    """
    known = [row["minimum_detectable_gain"] for row in rows]
    known = sorted(gain for gain in known if gain > 0)
    if not known:
        return ""
    least, most = fixed(known[0], 2), fixed(known[-1], 2)
    if known[-1] <= MUCH_MORE * known[0]:
        return f"gains below {most} would stay unseen"
    return f"gains below {least} to {most} would stay unseen, depending on the remedy"


def say_labels(labels, verified):
    """Say on which labels the scores rest."""
    if labels == "given":
        return "on the given labels"
    n = getattr(verified, "n_verified", None)
    rows = "" if n is None else f", from {n} verified row{'' if n == 1 else 's'}"
    return f"on the true labels{rows}"


def say_verdict(metric, best, rows, where):
    """Say what the choice gains, or that nothing does beyond noise.

    Returns
    -------
    claim, where, how_sure : str
        The last is empty where nothing is known of it.
    """
    if best == NOTHING:
        if len(rows) == 1:
            return "no remedy was tried", where, ""
        return f"no gain beyond noise in {printable(metric)}", where, unseen(rows)
    row, say = row_of(rows, best), number_writer(rows)
    gain = f"{printable(best)} gains {say(row['gain'])} in {printable(metric)}"
    ends = f"95 % interval {say(row['lower'])} to {say(row['upper'])}"
    return f"{gain} over nothing", where, ends


def row_of(rows, name):
    """Row of a remedy."""
    return next(row for row in rows if row["remedy"] == name)


def say_expected(best, rows):
    """Say where the model's own account of wrong labels disagrees with the choice."""
    known = [
        row
        for row in rows
        if row["remedy"] != NOTHING and not math.isnan(row["expected_gain"])
    ]
    if best == NOTHING:
        row = max(known, key=lambda row: row["expected_gain"], default=None)
    else:
        row = next((row for row in known if row["remedy"] == best), None)
    if row is None:
        return []
    said = signed(number_writer(rows)(row["expected_gain"]))
    name = printable(row["remedy"])
    if best == NOTHING and row["expected_gain"] > max(0, row["gain"]):
        return [
            f"the labels that score are as wrong as those that train: on the true ones "
            f"the model expects {said} of {name}; a few verified rows would decide"
        ]
    if best != NOTHING and row["expected_gain"] <= 0:
        return [
            f"on the true labels the model expects no gain of {name} ({said}); a few "
            f"verified rows would decide"
        ]
    return []
