"""What near duplicates contribute to the lens: :func:`near_finding`."""

from dataclasses import dataclass, field

import numpy as np
import scipy.sparse as sp
from scipy import stats

from skdataquality.duplicates._chance import FALSE_ROWS
from skdataquality.duplicates._near import near_pairs
from skdataquality.utils._stats import SMALL_P, proportion_interval

CLOSEST_SHOWN = 5
NEAR_REASONS = {
    "no_near": "No row nearly repeats another.",
    "near_chance": "{near} more row(s) nearly repeat an earlier row{conflicts}, no "
    "more than chance explains.",
    "near_copies": "{near} more row(s) nearly repeat an earlier row{conflicts}.",
}
_LIMITS = (
    "Near duplicates: rows that are alike for a reason, such as neighbours in a time "
    "series, are accused as well.",
    "Near duplicates: in one to three numeric columns, and among more than about five "
    "copies of one row, copies are not told from chance.",
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
    limits: tuple = ()
    groups: np.ndarray | None = None


def near_finding(X, codes, exact):
    """Judge the near duplicates of a table with exact groups; codes are labels or None.

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
    n = exact.shape[0]
    rows = np.arange(n)
    n_near = int(np.count_nonzero((exact == rows) & (pairs.groups != rows)))
    share = proportion_interval(n_near, n)
    p_value = float(stats.poisson.sf(n_near - 1, FALSE_ROWS))
    found = p_value < SMALL_P
    n_conflicts = 0 if codes is None else _conflicts(pairs, codes)
    copies_or_chance = "near_copies" if found else "near_chance"
    reason_code = copies_or_chance if n_near else "no_near"
    return NearFinding(
        verdict="found" if found else "clear",
        severity=min(1.0, share.estimate * 2) if found else 0.0,
        reason_code=reason_code,
        summary=NEAR_REASONS[reason_code].format(
            near=n_near,
            conflicts=f"; {n_conflicts} group(s) of them carry different labels"
            if n_conflicts
            else "",
        ),
        numbers={
            "near_rows": n_near,
            "near_share": share,
            "near_conflicting_groups": n_conflicts,
            "near_radius": pairs.radius,
        },
        p_value=p_value,
        evidence={"closest pairs": _closest(pairs, codes)} if n_near else {},
        limits=_LIMITS,
        groups=pairs.groups,
    )


def _conflicts(pairs, codes):
    """Count groups in which a near pair, not only equal rows, joins labels."""
    differ = codes[pairs.first] != codes[pairs.second]
    return int(np.unique(pairs.groups[pairs.first[differ]]).shape[0])


def _closest(pairs, codes):
    order = np.argsort(pairs.distance, kind="stable")[:CLOSEST_SHOWN]
    table = []
    for i in order:
        first, second = int(pairs.first[i]), int(pairs.second[i])
        row = {
            "rows": f"{first}, {second}",
            "distance": float(pairs.distance[i]),
        }
        if codes is not None:
            row["same label"] = bool(codes[first] == codes[second])
        table.append(row)
    return table
