"""Does a column give the answer away? :func:`leakage_lens`."""

import re
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
import scipy.sparse as sp

from skdataquality.leakage._identifiers import find_identifiers
from skdataquality.leakage._leaks import (
    FEWEST_ROWS,
    MOST_SPARSE,
    class_codes,
    find_leaks,
)
from skdataquality.leakage._overlap import (
    check_target_table,
    comparable,
    target_overlap,
)
from skdataquality.leakage._selector import LeakyColumnSelector
from skdataquality.utils._frames import as_rows, column_names, without_columns
from skdataquality.utils._lens import LensResult, Number
from skdataquality.utils._stats import SMALL_P
from skdataquality.utils._validation import check_feature_frame, check_same_length

MUCH_OVERLAP = 0.01
SHOWN = 5


REASONS = {
    "leaking": "{found} the answer away{because}.",
    "suspected": "{suspects} may give the answer away{because}. Ask when {they} "
    "filled in.",
    "not_needed": "{suspects} may give the answer away, but a model does as well "
    "without.",
    "index": "{names} leftover {index}.",
    "identifying": "{names} rows.",
    "target_overlap": "{shared} of {total} target rows are training rows.",
    "no_leak": "No column gives the answer away.",
    "few_rows": "fewer than {fewest} rows, or classes too small",
}


@dataclass(frozen=True, kw_only=True, eq=False)
class LeakageLensResult(LensResult):
    """What :func:`leakage_lens` returns; see ``LensResult`` for the other fields.

    Attributes
    ----------
    leaking : tuple of str or int
        Columns of verdict "found".
    suspects : tuple of str or int
        Columns that tell the class as a leak or an honest, decisive measurement would:
        no model is kept from them.
    identifiers : tuple of str or int
        Columns that name rows, leftover index columns among them.
    twin : ndarray of shape (n_target,), int, or None
        First training row that each target row equals, -1 where none; ``flagged`` are
        the target rows that have one. Not part of ``to_dict``.
    """

    name: ClassVar[str] = "leakage"
    title: ClassVar[str] = "Leakage"
    reasons: ClassVar[dict[str, str]] = REASONS
    units: ClassVar[dict[str, Number]] = {
        "auc_with": Number("AUC", "higher"),
        "auc_without": Number("AUC", "higher"),
        "auc_resting_on_them": Number("difference of AUC", "lower"),
        "r2_with": Number("R2", "higher"),
        "r2_without": Number("R2", "higher"),
        "r2_resting_on_them": Number("difference of R2", "lower"),
        "leaking_columns": Number("columns", "lower"),
        "strongest_alone_auc": Number("AUC"),
        "next_best_auc": Number("AUC"),
        "suspected_columns": Number("columns", "lower"),
        "identifier_columns": Number("columns", "lower"),
        "target_overlap_rows": Number(
            "target rows",
            "lower",
            "target",
            counts="equal to a training row in every feature of both",
        ),
        "target_overlap_share": Number("share of target rows", "lower", "target"),
        "target_overlap_p_value": Number("p value", "higher", "target"),
        "target_overlap_same_label": Number("share of shared rows", None, "target"),
    }

    flags_rows_of: ClassVar[str] = "target"

    leaking: tuple = ()
    suspects: tuple = ()
    identifiers: tuple = ()
    twin: np.ndarray | None = field(default=None, repr=False)

    def _flagged_lines(self):
        if self.flagged is None or self.twin is None:
            return {"row": [], "like_row": [], "reason": []}
        rows = np.flatnonzero(self.flagged)
        twins = self.twin[rows]
        reason = [f"equals training row {row}" for row in twins]
        return {"row": rows, "like_row": twins, "reason": reason}

    def _moved_fields(self, rows, n_rows):
        if self.twin is None:
            return {}
        return {"twin": np.where(self.twin < 0, -1, rows[self.twin])}

    @property
    def columns(self):
        """Columns that no model should see."""
        return self.leaking + self.identifiers

    @property
    def shares_rows(self):
        """Whether target rows are training rows, more than by chance."""
        return bool(self.numbers.get("target_overlap_rows")) and (
            self.numbers["target_overlap_p_value"] < SMALL_P
        )


def leakage_lens(X, y=None, *, X_target=None, y_target=None, ids=(), random_state=0):
    """Ask whether a column gives the answer away, or names rows.

    "Found" is what no honest measurement does: a column whose values stand for the
    classes one by one, or for a quantity on another scale; one that is filled in for
    one class only; one that sides with the label where all other columns confidently
    contradict it, and these contradictions do not die out as the others become surer
    (a copy knows the wrong labels too). "Suspect" is what a leak and an honest,
    decisive measurement both do: name every class almost alone, or tell more than all
    other columns together. Telling one class of many is neither.

    Columns are judged out of fold, by the class shares of their levels (a missing
    value is a level of its own, a number written as text is read, a text is searched
    for one telling word), the others together by an additive model.

    Parameters
    ----------
    X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
    y : array-like of shape (n_samples,), default=None
        Classes, or quantities, which are cut into quarters. Without it only
        identifiers are looked for.
    X_target : like X, of shape (n_target, n_features), default=None
        Asked whether it holds training rows.
    y_target : array-like of shape (n_target,), default=None
    ids : sequence of column names, default=()
        Columns of X known to be identifiers.
    random_state : int, default=0

    Returns
    -------
    result : LeakageLensResult

    See Also
    --------
    LeakyColumnSelector : Drops them inside a Pipeline.

    Examples
    --------
    >>> from sklearn.datasets import load_breast_cancer
    >>> from skdataquality.leakage import leakage_lens
    >>> X, y = load_breast_cancer(return_X_y=True, as_frame=True)
    >>> leakage_lens(X, y).verdict
    'clear'
    >>> X["treatment"] = y.where(y == 1)
    >>> leakage_lens(X, y).columns
    ('treatment',)
    """
    X, X_target = _checked(X, y, X_target, y_target, ids)
    identifiers = [i for i in find_identifiers(X) if i.column not in ids]
    left_out = [*ids, *(found.column for found in identifiers)]
    leaks, alone = (
        ([], [])
        if y is None
        else find_leaks(X, y, left_out=left_out, random_state=random_state)
    )
    overlap = None if X_target is None else _overlap(X, X_target, y, y_target, left_out)
    found = [g for g in leaks if g.verdict == "found"]
    findings = {"leaks": leaks, "identifiers": identifiers, "overlap": overlap}
    is_unknown = y is not None and not alone and len(left_out) < X.shape[1]
    verdict = _verdict(found, leaks, identifiers, overlap, is_unknown)
    said = _findings(**findings) or _nothing_found(is_unknown)
    return LeakageLensResult(
        verdict=verdict,
        severity=_severity(leaks, identifiers, overlap),
        reason_code=next(iter(said)),
        summary=" ".join(
            LeakageLensResult.sentence(code, **facts) for code, facts in said.items()
        ),
        numbers=_numbers(**findings),
        evidence=_evidence(leaks, identifiers, alone, y),
        remedies=(LeakyColumnSelector(),) if found or identifiers else (),
        limits=_limits(X, y, leaks),
        named=(*(g.alone.view.column for g in leaks), *(i.column for i in identifiers)),
        leaking=tuple(g.alone.view.column for g in found),
        suspects=tuple(g.alone.view.column for g in leaks if g.verdict == "suspect"),
        identifiers=tuple(left_out),
        evidence_rows={"strongest columns alone": len(alone)} if alone else {},
        flagged=None if overlap is None else overlap.mask,
        twin=None if overlap is None else overlap.twin,
    )


def _checked(X, y, X_target, y_target, ids):
    """Return both tables, or raise naming what does not fit."""
    check_feature_frame(X, y)
    check_same_length(X=X, y=y)
    X = as_rows(X)
    if X.shape[0] == 0:
        raise ValueError("X is empty: 0 rows were passed, at least 1 is needed.")
    if getattr(X, "dtype", np.dtype(float)).kind == "c":
        raise ValueError(
            "X has complex values. Complex data not supported: pass the real and the "
            "imaginary parts as columns."
        )
    if isinstance(ids, str):
        raise ValueError(f"ids={ids!r} is one name: pass a list, ids=[{ids!r}].")
    if len(X.shape) == 2 and (unknown := set(ids) - set(column_names(X))):
        raise ValueError(
            f"ids={list(ids)} holds {sorted(unknown, key=str)}, which X does not have: "
            f"pass names of its columns, or positions where it has no names."
        )
    if X_target is None:
        if y_target is not None:
            raise ValueError("y_target was given without X_target: pass both.")
        return X, None
    return X, check_target_table(X_target, y_target)


def _overlap(X, X_target, y, y_target, left_out):
    if set(column_names(X)).isdisjoint(column_names(X_target)):
        X, X_target = comparable(X, X_target)  # by position, before any is left out
    features, theirs = (without_columns(table, left_out) for table in (X, X_target))
    if features.shape[1] == 0:
        return None
    return target_overlap(features, theirs, y, y_target)


def _is_overlap(overlap):
    return overlap is not None and overlap.mask.any() and overlap.p_value < SMALL_P


def _verdict(found, leaks, identifiers, overlap, is_unknown):
    much = _is_overlap(overlap) and overlap.share.estimate >= MUCH_OVERLAP
    if found or identifiers or much:
        return "found"
    if leaks or _is_overlap(overlap):
        return "suspect"
    return "cannot tell" if is_unknown else "clear"


def _severity(leaks, identifiers, overlap):
    worst = max((2 * g.alone.auc.estimate - 1 for g in leaks), default=0.0)
    shared = overlap.share.estimate if _is_overlap(overlap) else 0.0
    return float(min(1, max(worst, shared, 0.3 if identifiers else 0.0)))


def _findings(leaks, identifiers, overlap):
    """Return the facts of each reason that holds, the gravest first."""
    said: dict = {}
    found = [g for g in leaks if g.verdict == "found"]
    suspects = [g for g in leaks if g.verdict == "suspect"]
    if found:
        verb = "give" if len(found) > 1 else "gives"
        facts = {"found": f"{_columns_of(found)} {verb}", "because": _because(found)}
        said["leaking"] = facts
    if suspects:
        facts = {
            "suspects": _columns_of(suspects),
            "because": _because(suspects),
            "they": "they are" if len(suspects) > 1 else "it is",
        }
        said["suspected"] = facts
    index = [i.column for i in identifiers if i.kind == "index"]
    if index:
        words = ("is a", "index") if len(index) == 1 else ("are", "indices")
        said["index"] = {
            "names": f"{columns_named(index)} {words[0]}",
            "index": words[1],
        }
    names = [i.column for i in identifiers if i.kind == "identifier"]
    if names:
        verb = "identify" if len(names) > 1 else "identifies"
        said["identifying"] = {"names": f"{columns_named(names)} {verb}"}
    if _is_overlap(overlap):
        shared, total = int(overlap.mask.sum()), overlap.mask.shape[0]
        said["target_overlap"] = {"shared": shared, "total": total}
    return said


def _nothing_found(is_unknown):
    return {"few_rows": {"fewest": FEWEST_ROWS}} if is_unknown else {"no_leak": {}}


def _columns_of(leaks):
    return columns_named([g.alone.view.column for g in leaks])


def _because(leaks):
    reasons = list(dict.fromkeys(g.reason for g in leaks))
    if len(reasons) > 1:
        return ""
    reason = reasons[0]
    if len(leaks) > 1:
        reason = re.sub(r"\bit\b", "each", reason, count=1)
        reason = re.sub(r"\bits\b", "their", reason)
    return f": {reason}"


def columns_named(names):
    """Return the first names, and how many more there are."""
    shown = ", ".join(map(str, names[:SHOWN]))
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return f"Column{'s' if len(names) > 1 else ''} {shown}{more}"


def _numbers(leaks, identifiers, overlap):
    """Every number by name, None where these data have none."""
    found = [g for g in leaks if g.verdict == "found"]
    first = leaks[0] if leaks else None
    shared = overlap is not None
    return {
        "auc_with": None,  # see price_leaks
        "auc_without": None,
        "auc_resting_on_them": None,
        "r2_with": None,
        "r2_without": None,
        "r2_resting_on_them": None,
        "leaking_columns": len(found),
        "strongest_alone_auc": first.alone.auc if first else None,
        "next_best_auc": first.next_best if first else None,
        "suspected_columns": len(leaks) - len(found),
        "identifier_columns": len(identifiers),
        "target_overlap_rows": int(overlap.mask.sum()) if shared else None,
        "target_overlap_share": overlap.share if shared else None,
        "target_overlap_p_value": overlap.p_value if shared else None,
        "target_overlap_same_label": overlap.same_label if shared else None,
    }


def _evidence(leaks, identifiers, alone, y):
    classes = class_codes(y)[0] if y is not None and alone else np.empty(0)
    named = [
        {
            "column": g.alone.view.column,
            "verdict": g.verdict,
            "told_by": g.alone.view.what,
            "class": classes[g.alone.told : g.alone.told + 1].tolist()[0],
            "auc_alone": g.alone.auc,
            "next_best_auc": g.next_best,
            "right_where_others_doubt": g.beside,
            "p_value": g.p_value,
            "reason": g.reason,
            "question": "when is it filled in?",
        }
        for g in leaks
    ]
    names = [
        {"column": i.column, "kind": i.kind, "reason": i.reason} for i in identifiers
    ]
    strongest = [
        {
            "column": a.view.column,
            "class": classes[a.told : a.told + 1].tolist()[0],
            "auc_alone": a.auc,
        }
        for a in alone[:SHOWN]
    ]
    tables = {
        "leaking or suspected columns": named,
        "identifiers": names,
        "strongest columns alone": strongest,
    }
    return {title: rows for title, rows in tables.items() if rows}


def _limits(X, y, leaks):
    limits = []
    if any(g.verdict == "suspect" for g in leaks):
        limits.append(
            "Numbers cannot tell a leak from an honest, decisive measurement: ask when "
            "each suspected column is filled in. Until then no model is kept from it."
        )
    if any(g.p_value is not None and g.verdict == "found" for g in leaks):
        limits.append(
            "A kind of rows that all columns but one take for another class looks like "
            "wrong labels that this one knows."
        )
    if y is None:
        limits.append("Without y, only identifiers are looked for.")
    if sp.issparse(X) and X.shape[1] > MOST_SPARSE:
        limits.append(
            f"Of the columns of a sparse matrix, the {MOST_SPARSE} whose presence "
            f"differs most between classes and the {MOST_SPARSE} fullest are judged."
        )
    limits.append(
        "Leaks that need two columns together, or that copy the answer with much "
        "noise, are not found."
    )
    return tuple(limits)
