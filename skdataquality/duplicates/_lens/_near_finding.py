"""What near duplicates contribute to the lens: :func:`near_finding`."""

from dataclasses import dataclass, field

import numpy as np
import scipy.sparse as sp
from scipy import stats

from skdataquality.duplicates._detection import across_units, near_pairs
from skdataquality.duplicates._numbers import FALSE_ROWS
from skdataquality.utils._stats import SMALL_P, proportion_interval

CLOSEST_SHOWN = 5
CLOSE_BY, MOST = 5, 0.5  # rows apart, of the pairs
TIGHT, ALL_TIGHT = 6, 0.75  # rows of a group; share of the table in such groups
SEVERITY_PER_SHARE = {"clear": 0.0, "cannot tell": 0.0, "suspect": 1.0, "found": 2.0}
_VERDICT_OF = {
    "no_near": "clear",
    "near_coarse": "clear",
    "near_unseen": "cannot tell",
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
_LIMITS = (
    "Near duplicates: rows that are alike for a reason, such as readings of one unit, "
    "are found as well, unless they stand together or groups name the unit.",
    "Near duplicates: a cluster of a few rows, far from all others and as tight as "
    "noise of .03 standard deviations makes it, is found as copies; more than five "
    "copies that differ more, or more than 65, or a fifth of the table, are not.",
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
    pairs = near_pairs(X, exact=exact)
    if pairs.radius is None:
        return NearFinding(
            limits=(
                "Near duplicates were not looked for: that needs a numeric column and "
                "20 distinct rows.",
            )
        )
    if units is not None:
        pairs = across_units(pairs, exact, units)
    n = exact.shape[0]
    rows = np.arange(n)
    n_near = int(np.count_nonzero((exact == rows) & (pairs.groups != rows)))
    share = proportion_interval(n_near, n)
    p_value = float(stats.poisson.sf(n_near - 1, FALSE_ROWS))
    n_conflicts = 0 if agree is None else _conflicts(pairs, agree)
    reason_code = _reason(pairs, exact, n_near, p_value)
    verdict = _VERDICT_OF[reason_code]
    return NearFinding(
        verdict=verdict,
        severity=min(1.0, share.estimate * SEVERITY_PER_SHARE[verdict]),
        reason_code=reason_code,
        summary=NEAR_REASONS[reason_code].format(
            near=n_near,
            seen=pairs.sight.seen,
            step=pairs.sight.step,
            conflicts=f"; {n_conflicts} group(s) of them carry different labels"
            if n_conflicts
            else "",
        ),
        numbers={
            "near_rows": n_near,
            "near_share": share,
            "near_conflicting_groups": n_conflicts,
            "near_radius": pairs.radius,
            "near_seen": pairs.sight.seen,
        },
        p_value=p_value,
        evidence={"closest pairs": _closest(pairs, agree)} if n_near else {},
        evidence_rows={"closest pairs": pairs.first.shape[0]} if n_near else {},
        limits=_LIMITS,
        groups=pairs.groups,
    )


def _reason(pairs, exact, n_near, p_value):
    if p_value >= SMALL_P:
        return _reason_of_few(pairs.sight, n_near)
    n = pairs.groups.shape[0]
    close = np.abs(pairs.second - pairs.first) <= CLOSE_BY
    by_chance = stats.binom.sf(close.sum() - 1, close.size, min(1, 2 * CLOSE_BY / n))
    if close.mean() > MOST and by_chance < SMALL_P:
        return "near_in_order"
    return "near_states" if _share_tight(pairs, exact) > ALL_TIGHT else "near_copies"


def _reason_of_few(sight, n_near):
    if sight.is_coarse and n_near == 0:
        return "near_coarse"
    if sight.is_blind:
        return "near_unseen"
    return "near_chance" if n_near else "no_near"


def _share_tight(pairs, exact):
    """Share of the distinct rows that stand in a group of six or more."""
    distinct = pairs.groups[exact == np.arange(exact.shape[0])]
    sizes = np.bincount(distinct)
    return sizes[sizes >= TIGHT].sum() / distinct.size


def _conflicts(pairs, agree):
    """Count groups in which a near pair, not only equal rows, joins labels."""
    differ = ~agree(pairs.first, pairs.second)
    return int(np.unique(pairs.groups[pairs.first[differ]]).shape[0])


def _closest(pairs, agree):
    order = np.argsort(pairs.distance, kind="stable")[:CLOSEST_SHOWN]
    table = []
    for i in order:
        first, second = int(pairs.first[i]), int(pairs.second[i])
        row = {
            "row": max(first, second),
            "like row": min(first, second),
            "distance": float(pairs.distance[i]),
        }
        if agree is not None:
            row["same label"] = bool(agree(first, second))
        table.append(row)
    return table
