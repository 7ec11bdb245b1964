"""What pairs of sources and times add to the diagnosis of sources alone."""

import numpy as np

from skdataquality.provenance._attribution._in_time import ALL_ROWS, changes_in_time
from skdataquality.provenance._changes import Times, read_errors
from skdataquality.provenance._slices import find_slices, read_columns
from skdataquality.utils._draws import FIXED_SEED
from skdataquality.utils._frames import missing_mask, say_moment
from skdataquality.utils._sklearn import take_rows

ALPHA = 0.05
SHOWN = 20
N_PERMUTATIONS = 999


def also_by_pairs_and_time(flags, sources, order=None, groups=None):
    """Return evidence tables by name, and sentences, of pairs and of changes.

    Tables are left out where nothing differs, and so are changes without ``order``, the
    moments of the rows; a row without one is left out. ``sources`` are a dict of
    columns. Rows of one of the ``groups``, one column or several, depend on each other.
    """
    evidence: dict = {}
    sentences: list = []
    if len(sources) > 1:
        found = find_slices(flags, sources, alpha=ALPHA, groups=groups)
        pairs = [line for line in found.lines if len(line["columns"]) == 2]
        if pairs:
            evidence["by pairs of sources"] = [_pair(line) for line in pairs[:SHOWN]]
        sentences += [_of_pair(c) for c in found.culprits if len(c["columns"]) == 2]
    if order is not None:
        changes = _changes(flags, sources, order, groups)
        if changes:
            evidence["changes in time"] = [_change(line) for line in changes[:SHOWN]]
        sentences += [_of_change(c) for c in changes if c["finding"] == "found"]
    return evidence, tuple(sentences)


def _changes(flags, sources, order, groups):
    dated = np.flatnonzero(~missing_mask(order))
    if not dated.size:
        return []
    errors = read_errors(np.asarray(flags)[dated])
    sources = {name: take_rows(values, dated) for name, values in sources.items()}
    columns, _ = read_columns(sources, errors.size)
    first = None
    if groups is not None:
        first = np.asarray(groups)[dated].reshape(errors.size, -1)[:, 0]
    lines, _ = changes_in_time(
        errors,
        columns,
        Times.read(np.asarray(order)[dated], first, errors.size),
        [],
        n_permutations=N_PERMUTATIONS,
        alpha=ALPHA,
        seed=FIXED_SEED,
    )
    return [line for line in lines if line["finding"]]


def _pair(line):
    return {
        "source": line["slice"],
        "rows": line["rows"],
        "flagged": line["errors"],
        "rate": line["rate"],
        "expected": line["expected"],
        "q_value": line["q_value"],
        "finding": line["finding"],
    }


def _change(line):
    return {
        "source": _name(line),
        "rows": line["rows"],
        "at": _said(line["at"]),
        "from": _said(line["at_lower"]),
        "to": _said(line["at_upper"]),
        "before": line["before"],
        "after": line["after"],
        "q_value": line["q_value"],
        "finding": line["finding"],
    }


def _said(moment):
    return say_moment(moment) if isinstance(moment, np.datetime64) else str(moment)


def _name(line):
    part = line["column"], line["source"]
    return "all rows" if part == ALL_ROWS else "{}={}".format(*part)


def _of_pair(line):
    return (
        f"Of the {line['rows']} rows of {line['slice']} "
        f"{100 * line['rate'].estimate:.1f} % are flagged, where both columns alone "
        f"lead to expect {100 * line['expected']:.1f} %: look at that pair first."
    )


def _of_change(line):
    return (
        f"The rate of {_name(line)} changed at {_said(line['at'])} from "
        f"{100 * line['before'].estimate:.1f} to {100 * line['after'].estimate:.1f} %."
    )
