"""What near duplicates contribute to the lens: :func:`near_finding`."""

from dataclasses import dataclass, field, replace

import numpy as np
import scipy.sparse as sp
from scipy import stats

from skdataquality.duplicates._detection import across_units, detect
from skdataquality.duplicates._numbers import FALSE_ROWS
from skdataquality.utils._frames import iterate_columns, listed
from skdataquality.utils._stats import SMALL_P, proportion_interval

CLOSEST_SHOWN = 5
CLOSE_BY, MOST = 5, 0.5  # rows apart, of the pairs
TIGHT, ALL_TIGHT = 6, 0.75  # rows of a group; share of the table in such groups
SEVERITY_PER_SHARE = {"clear": 0.0, "cannot tell": 0.0, "suspect": 1.0, "found": 2.0}
_VERDICT_OF = {
    "no_near": "clear",
    "near_coarse": "clear",
    "near_unseen": "cannot tell",
    "near_texts_unseen": "cannot tell",
    "near_crowd": "cannot tell",
    "near_chance": "clear",
    "near_in_order": "suspect",
    "near_states": "cannot tell",
    "near_copies": "found",
}
NEAR_REASONS = {
    "no_near": "No row nearly repeats another.",
    "near_coarse": "The numbers are too coarse for near copies: rows that differ do so "
    "by {step:.1g} standard deviations or more, which chance explains.",
    "near_unseen": "Copies that differ by more than {seen:.1g} standard deviations "
    "cannot be told from chance in these columns; nearer to an earlier row are {near}.",
    "near_texts_unseen": "Copies cannot be told by text here: unrelated texts of this "
    "table may share {text:.0%} of their pieces of five characters; more alike to an "
    "earlier row are {near}.",
    "near_crowd": "{crowd:.0%} of the rows are as close to one of them as copies with "
    "noise are, and far from all others: copies of one row, or readings of one state. "
    "Look at some; a threshold below that noise tells copies apart.",
    "near_chance": "{near} more row(s) nearly repeat an earlier row{conflicts}, no "
    "more than chance explains.",
    "near_in_order": "{near} more row(s) nearly repeat an earlier row{conflicts}, most "
    "of them one close by in the order of rows: neighbours in time, or readings of one "
    "unit, resemble each other without being copies. If they do here, pass groups.",
    "near_states": "{near} more row(s) nearly repeat an earlier row{conflicts}, and "
    "most of the table stands in groups of six or more such rows: copies of a few "
    "rows, or readings of a few states. If they are readings, pass groups.",
    "near_copies": "{near} more row(s) nearly repeat an earlier row{conflicts}.",
}
_ALIKE_FOR_A_REASON = (
    "Near duplicates: rows that are alike for a reason, such as readings of one unit, "
    "are found as well, unless they stand together or groups name the unit."
)
_LIMIT_OF_NUMBERS = (
    "Near duplicates: a cluster of a few rows, far from all others and as tight as "
    "noise of .03 standard deviations makes it, is found as copies; more than five "
    "copies that differ more, or more than 400, are not."
)
_LIMIT_OF_TEXTS = (
    "Near duplicates: texts that share {:.0%} of their pieces of five characters are "
    "taken for copies; those written from one template may be none."
)
_MUST_BE_EQUAL = (
    "Near duplicates: copies that were typed in anew, and differ in column(s) {}, were "
    "not looked for: DuplicateDetector('text', shingle_size=3) compares such records."
)
MOSTLY_DIFFERENT = 0.5  # of the cells of a column of names or codes
_NOT_LOOKED = (
    "Near duplicates were not looked for: that needs a column of texts, or a numeric "
    "column and 20 distinct rows."
)
_INCOMPLETE = (
    "Near duplicates: comparing all rows that might be copies would take too long, so "
    "the search was narrowed and the less near ones may be missing."
)


@dataclass(frozen=True, kw_only=True)
class NearFinding:
    """Rows that nearly repeat others; fields as in ``LensResult``.

    ``groups`` are those of equal and nearly equal rows, None if none were looked for.
    """

    verdict: str = "clear"
    severity: float = 0.0
    reason_code: str = ""
    summary: str = ""
    numbers: dict = field(default_factory=dict)
    p_value: float | None = None
    evidence: dict = field(default_factory=dict)
    evidence_rows: dict = field(default_factory=dict)
    limits: tuple = ()
    groups: np.ndarray | None = None


def near_finding(X, agree, exact, units=None):
    """Judge the near duplicates of a table with exact groups.

    `agree` says of pairs of rows whether their labels agree; None: there are none.
    Of a sparse table, or one with too few numbers, it finds nothing but a limit.
    """
    if sp.issparse(X):
        return NearFinding(
            limits=("X is sparse: near duplicates were not looked for.",)
        )
    found = detect(X, exact=exact)
    unseen = tuple(_typed_in(X, found.column_kinds, exact))
    if not found.looked:
        return NearFinding(limits=(_NOT_LOOKED, *unseen))
    found = found if units is None else across_units(found, units)
    judged = _judged(found, agree, exact)
    return replace(judged, limits=(*judged.limits, *unseen))


def _typed_in(X, kinds, exact):
    """Name the columns of short texts, mostly different, that had to be equal."""
    rows = np.flatnonzero(exact == np.arange(exact.shape[0]))
    names = [
        name
        for name, cells in iterate_columns(X)
        if kinds[name] == "category" and _are_names(cells[rows].tolist())
    ]
    if names:
        yield _MUST_BE_EQUAL.format(listed(names))


def _are_names(cells):
    known = [cell for cell in cells if isinstance(cell, str)]
    return len(known) > 1 and len(set(known)) > MOSTLY_DIFFERENT * len(cells)


def _judged(found, agree, exact):
    n = exact.shape[0]
    rows = np.arange(n)
    n_near = int(np.count_nonzero((exact == rows) & (found.groups != rows)))
    share = proportion_interval(n_near, n)
    p_value = float(stats.poisson.sf(n_near - 1, FALSE_ROWS))
    n_conflicts = 0 if agree is None else _conflicts(found, agree)
    reason_code = _reason(found, n_near, p_value)
    verdict = _VERDICT_OF[reason_code]
    return NearFinding(
        verdict=verdict,
        severity=min(1.0, share.estimate * SEVERITY_PER_SHARE[verdict]),
        reason_code=reason_code,
        summary=NEAR_REASONS[reason_code].format(
            near=n_near,
            seen=getattr(found.sight, "seen", np.nan),
            step=getattr(found.sight, "step", np.nan),
            text=found.text_threshold or np.nan,
            crowd=getattr(found.sight, "crowd", np.nan),
            conflicts=f"; {n_conflicts} group(s) of them carry different labels"
            if n_conflicts
            else "",
        ),
        numbers={
            "near_rows": n_near,
            "near_share": share,
            "near_conflicting_groups": n_conflicts,
        }
        | _limits_of_numbers(found),
        p_value=p_value,
        evidence={"closest pairs": _closest(found, agree)} if n_near else {},
        evidence_rows={"closest pairs": len(found.pairs)} if n_near else {},
        limits=_limits(found),
        groups=found.groups,
    )


def _limits_of_numbers(found):
    """Give how near rows were looked for and, by numbers alone, what is seen."""
    if found.method == "text":
        return {}
    seen = {} if found.sight is None else {"near_seen": found.sight.seen}
    return {"near_radius": found.threshold} | seen


def _limits(found):
    limits = [_ALIKE_FOR_A_REASON]
    if found.method != "text":
        limits.append(_LIMIT_OF_NUMBERS)
    if found.text_threshold is not None:
        limits.append(_LIMIT_OF_TEXTS.format(found.text_threshold))
    return (*limits, *[_INCOMPLETE] * (not found.complete))


def _reason(found, n_near, p_value):
    if p_value >= SMALL_P:
        return _reason_of_few(found, n_near)
    pairs, n = found.pairs, found.groups.shape[0]
    close = np.abs(pairs.second - pairs.first) <= CLOSE_BY
    by_chance = stats.binom.sf(close.sum() - 1, close.size, min(1, 2 * CLOSE_BY / n))
    if close.mean() > MOST and by_chance < SMALL_P:
        return "near_in_order"
    return "near_states" if _share_tight(found) > ALL_TIGHT else "near_copies"


def _reason_of_few(found, n_near):
    sight = found.sight
    if found.is_blind_to_texts:
        return "near_texts_unseen"
    if sight is not None and sight.is_coarse and n_near == 0:
        return "near_coarse"
    if sight is not None and sight.crowd > 0:
        return "near_crowd"
    if sight is not None and sight.is_blind:
        return "near_unseen"
    return "near_chance" if n_near else "no_near"


def _share_tight(found):
    """Share of the distinct rows that stand in a group of six or more."""
    rows = np.arange(found.groups.shape[0])
    distinct = found.groups[found.equal_groups == rows]
    sizes = np.bincount(distinct)
    return sizes[sizes >= TIGHT].sum() / distinct.size


def _conflicts(found, agree):
    """Count groups in which a near pair, not only equal rows, joins labels."""
    pairs = found.pairs
    differ = ~agree(pairs.first, pairs.second)
    return int(np.unique(found.groups[pairs.first[differ]]).shape[0])


def _closest(found, agree):
    pairs = found.pairs
    order = np.argsort(found.relative, kind="stable")[:CLOSEST_SHOWN]
    table = []
    for i in order:
        first, second = int(pairs.first[i]), int(pairs.second[i])
        row: dict = {"row": second, "like row": first}
        if pairs.distance is not None:
            row["distance"] = float(pairs.distance[i])
        if pairs.similarity is not None:
            row["similarity"] = float(pairs.similarity[i])
        if agree is not None:
            row["same label"] = bool(agree(first, second))
        table.append(row)
    return table
