"""Are rows repeated, and does it matter? :func:`duplicate_lens`."""

from dataclasses import dataclass, field, replace
from reprlib import repr as shortened
from typing import ClassVar

import numpy as np

from skdataquality.duplicates._lens._near_finding import (
    NEAR_REASONS,
    SEVERITY_PER_SHARE,
    near_finding,
)
from skdataquality.duplicates._remedies import (
    Deduplicator,
    agreement,
    check_near,
    codes_within,
    conflicting_groups,
)
from skdataquality.utils._duplicate_rows import duplicate_groups
from skdataquality.utils._equal_by_chance import judge_repeats
from skdataquality.utils._frames import are_documents, as_rows
from skdataquality.utils._lens import LensResult, Number
from skdataquality.utils._stats import SMALL_P, proportion_interval
from skdataquality.utils._validation import (
    as_label_column,
    check_feature_frame,
    check_same_length,
)

LARGEST_SHOWN = 5
VERDICT_OF = {
    "no_repeats": "clear",
    "chance": "clear",
    "more_than_chance": "suspect",
    "copies": "found",
}
SEVERITY_ORDER = {"clear": 0, "cannot tell": 1, "suspect": 2, "found": 3}
COUNTED = ("repeated_rows", "repeated_share", "conflicting_groups")
REASONS = {
    "no_repeats": "No row is repeated.",
    "copies": "{repeats} of {total} rows repeat an earlier row{conflicts}.",
    "more_than_chance": "{repeats} of {total} rows repeat an earlier row{conflicts}: "
    "somewhat more than chance explains, but the columns are too coarse to say that "
    "they are copies.",
    "chance": "{repeats} of {total} rows repeat an earlier row, no more than chance "
    "explains{conflicts}.",
    **NEAR_REASONS,
}


@dataclass(frozen=True, kw_only=True, eq=False)
class DuplicateLensResult(LensResult):
    """What :func:`duplicate_lens` returns; see ``LensResult`` for the other fields.

    Attributes
    ----------
    groups : ndarray of shape (n_samples,), int, or None
        First row of each group of equal, and if looked for nearly equal, rows: pass
        it as ``groups`` to keep them together in folds. Not part of ``to_dict``.
    equal_groups : ndarray of shape (n_samples,), int, or None
        The same of equal rows alone. Not part of ``to_dict``.
    """

    name: ClassVar[str] = "duplicates"
    title: ClassVar[str] = "Duplicates"
    reasons: ClassVar[dict[str, str]] = REASONS
    units: ClassVar[dict[str, Number]] = {
        "repeated_rows": Number(
            "rows", "lower", counts="every feature as in an earlier row, any label"
        ),
        "repeated_share": Number("share of rows", "lower"),
        "conflicting_groups": Number("groups of equal rows", "lower"),
        "pairs_expected_by_chance": Number("pairs of rows"),
        "near_rows": Number(
            "rows", "lower", counts="near an earlier row, and equal to none"
        ),
        "near_share": Number("share of rows", "lower"),
        "near_conflicting_groups": Number("groups of near rows", "lower"),
        "near_radius": Number("distance"),
        "near_seen": Number("standard deviations"),
    }

    stands: ClassVar[dict[str, tuple]] = {
        "near_unseen": COUNTED,
        "near_states": (*COUNTED, "near_rows", "near_share"),
    }
    flags_rows_of: ClassVar[str] = "table"
    row_tables: ClassVar[dict[str, tuple]] = {
        "largest groups": ("first row",),
        "closest pairs": ("row", "like row"),
    }

    groups: np.ndarray | None = field(default=None, repr=False)
    equal_groups: np.ndarray | None = field(default=None, repr=False)

    def _flagged_lines(self):
        if self.groups is None or self.equal_groups is None:
            return {"row": [], "like_row": [], "reason": []}
        rows = np.flatnonzero(self.groups != np.arange(self.groups.shape[0]))
        equal = self.equal_groups[rows]
        like = np.where(equal != rows, equal, self.groups[rows])
        reason = [
            f"equals row {first}" if same else f"near copy, in the group of row {first}"
            for same, first in zip((equal != rows).tolist(), like.tolist(), strict=True)
        ]
        return {"row": rows, "like_row": like, "reason": reason}

    def _moved_fields(self, rows, n_rows):
        moved: dict = {}
        if self.groups is None:
            return moved
        for name in ("groups", "equal_groups"):
            groups = np.arange(n_rows)
            groups[rows] = rows[getattr(self, name)]
            moved[name] = groups
        return moved


def duplicate_lens(X, y=None, *, groups=None, near=True, units=None):
    """Count exact and near duplicates and conflicting labels among them.

    Repeated rows are evidence of copying only where chance does not explain them, also
    when columns depend on each other: the number of equal pairs is continued from the
    numbers of pairs that differ in one column, in two, in three, which copies of a row
    do not have. They are "found" if there would be fewer even if chance made three
    times as many, "suspect" if there would at 1.5 times (p < .01). Nearly equal rows
    are "found" if they are more than chance explains, of which half a row is expected
    (Poisson, p < .01: four rows or more). Without any, the verdict on them is "cannot
    tell" where copies with noise of a thousandth of a standard deviation are further
    apart than ``near_seen``, below which chance is no explanation: in few columns. It
    also is where three quarters of the distinct rows stand in groups of six and more:
    copies of a few rows, or readings of a few states. The verdict is the worse of both.

    Parameters
    ----------
    X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
    y : array-like of shape (n_samples,), default=None
        Labels, or numbers, which disagree if they differ beyond rounding.
    groups : ndarray of shape (n_samples,), default=None
        Result of :func:`duplicate_groups`, if it is known already.
    near : bool, default=True
        Whether to look for near duplicates, too: see :func:`near_duplicate_groups`
        for what they are and when they are none. Sparse tables are not searched.
    units : array-like of shape (n_samples,), default=None
        Subjects, sites or batches of which the rows are readings: rows of one unit that
        resemble each other are no near copies. Where most near copies stand within five
        rows of each other, the verdict on them is "suspect" at most.

    Returns
    -------
    result : DuplicateLensResult

    Raises
    ------
    ValueError
        If ``groups`` does not name first rows, ``near`` is no switch, labels are
        missing, or a unit is.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.duplicates import duplicate_lens
    >>> X = np.random.default_rng(0).normal(size=(100, 3))
    >>> duplicate_lens(np.vstack([X, X[:20]])).verdict
    'found'
    """
    check_feature_frame(X, y)
    check_same_length(X=X, y=y, groups=groups, units=units)
    check_near(near)
    y = None if y is None else as_label_column(y)
    cells = as_rows(X)
    X = X if are_documents(X) else cells
    groups = duplicate_groups(cells) if groups is None else _first_rows(groups)
    if groups.shape[0] == 0:
        raise ValueError("X is empty: 0 rows were passed, at least 1 is needed.")
    codes = None if y is None else codes_within(groups, y)
    result = _exact_result(cells, codes, groups)
    if not near:
        return result
    agree = None if y is None else agreement(y)
    return _joined(result, near_finding(X, agree, groups, units))


def _first_rows(groups):
    """Return groups that are named by their first rows, or refuse them."""
    groups = np.asarray(groups)
    if groups.dtype.kind in "iu":
        rows = np.arange(groups.shape[0])
        named = (groups >= 0) & (groups <= rows)
        if named.all() and np.array_equal(groups[groups], groups):
            return groups.astype(np.int64)
    raise ValueError(
        f"groups={shortened(groups.tolist())} does not name the first row of each "
        f"group: pass duplicate_groups(X), or None. Subjects and the like are units."
    )


def _exact_result(X, codes, groups):
    n = groups.shape[0]
    sizes = np.bincount(groups, minlength=n)
    n_repeats = n - np.count_nonzero(sizes)
    repeats = judge_repeats(X, groups)
    reason_code = _reason(repeats)
    verdict = VERDICT_OF[reason_code]
    share = proportion_interval(n_repeats, n)
    n_conflicts = 0 if codes is None else conflicting_groups(groups, codes).size
    return DuplicateLensResult(
        verdict=verdict,
        severity=min(1.0, share.estimate * SEVERITY_PER_SHARE[verdict]),
        reason_code=reason_code,
        summary=DuplicateLensResult.sentence(
            reason_code,
            repeats=n_repeats,
            total=n,
            conflicts=_conflicts_said(n_conflicts, reason_code),
        ),
        numbers={
            "repeated_rows": n_repeats,
            "repeated_share": share,
            "conflicting_groups": n_conflicts,
            "pairs_expected_by_chance": repeats.expected,
        },
        p_value=repeats.p_chance,
        evidence={"largest groups": _largest(groups, sizes)},
        remedies=(Deduplicator(),) if verdict == "found" else (),
        limits=(
            "Among rows that chance makes equal, a few copies cannot be seen.",
            "Equal rows: only those that are equal in every feature are counted, "
            "whatever their labels.",
        ),
        flagged=groups != np.arange(n),
        groups=groups,
        equal_groups=groups,
        evidence_rows={"largest groups": int((sizes > 1).sum())},
    )


def _joined(exact, near):
    """Add what near duplicates say to the verdict on equal rows."""
    decides = SEVERITY_ORDER[near.verdict] > SEVERITY_ORDER[exact.verdict]
    remedies = (Deduplicator(near=True),) if near.verdict == "found" else ()
    groups = exact.groups if near.groups is None else near.groups
    first, second = (near, exact) if decides else (exact, near)
    return replace(
        exact,
        verdict=first.verdict,
        severity=max(exact.severity, near.severity),
        reason_code=first.reason_code,
        summary=f"{exact.summary} {near.summary}".strip(),
        numbers=first.numbers | second.numbers,  # a report shows the first few
        p_value=first.p_value,
        evidence=first.evidence | second.evidence,
        evidence_rows=exact.evidence_rows | near.evidence_rows,
        remedies=remedies + exact.remedies,
        limits=exact.limits + near.limits,
        flagged=groups != np.arange(groups.shape[0]),
        groups=groups,
    )


def _reason(repeats):
    if repeats.n_pairs == 0:
        return "no_repeats"
    if repeats.p_copies < SMALL_P:
        return "copies"
    return "more_than_chance" if repeats.p_chance < SMALL_P else "chance"


def _conflicts_said(n_conflicts, reason_code):
    if not n_conflicts:
        return ""
    said = f"; {n_conflicts} group(s) of equal rows carry different labels"
    by_chance = ", as different rows that happen to be equal may"
    return said + by_chance * (reason_code == "chance")


def _largest(groups, sizes):
    order = np.argsort(-sizes, kind="stable")[:LARGEST_SHOWN]
    return [
        {"first row": int(row), "rows": int(sizes[row])}
        for row in order
        if sizes[row] > 1
    ]
