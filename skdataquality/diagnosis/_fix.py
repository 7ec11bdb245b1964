"""Mend what has one defensible answer, and name what has not: :func:`fix_table`."""

from dataclasses import dataclass

import numpy as np

from skdataquality.compose._default import default_model
from skdataquality.diagnosis._examination import without_columns
from skdataquality.duplicates import (
    Deduplicator,
    duplicate_groups,
    duplicate_lens,
    near_duplicate_groups,
)
from skdataquality.label_noise import LabelErrorDetector
from skdataquality.leakage import find_identifiers, leakage_lens, target_overlap
from skdataquality.lineage import Lineage, Reason
from skdataquality.utils._frames import as_frame, is_frame
from skdataquality.utils._sklearn import take_rows
from skdataquality.utils._validation import check_feature_frame


@dataclass(frozen=True, eq=False)
class TableFix:
    """What to keep of a table, and why.

    Attributes
    ----------
    rows : ndarray of shape (n_kept,), int
        Rows that stay, in their order.
    columns : list of str
        Columns that stay, the label among them.
    lineage : Lineage
        Why each row was dropped, and the row of which it is a duplicate.
    done : list of str
        What was mended, in words.
    left : list of str
        What was seen and left alone, and how to ask for it.
    no_features : list of str
        Columns that no model should see, whether dropped or not.
    """

    rows: np.ndarray
    columns: list
    lineage: Lineage
    done: list
    left: list
    no_features: list


def fix_table(
    frame,
    label=None,
    *,
    leaky=False,
    identifiers=False,
    near=False,
    conflicts="keep",
    repeats=False,
    X_target=None,
    random_state=0,
):
    """Decide which rows and columns of a table to keep; nothing is changed.

    Always dropped: later copies of a row that is equal in every column, the label
    included, where the columns are rich enough that equality is no accident; and
    leftover index columns. Everything else is done only when it is asked for.

    Parameters
    ----------
    frame : data frame of shape (n_samples, n_columns)
    label : str, default=None
        Column of the labels.
    leaky : bool, default=False
        Drop the columns that give the answer away.
    identifiers : bool, default=False
        Drop the columns that name rows.
    near : bool, default=False
        Drop later rows of a group of near duplicates with equal labels.
    conflicts : {"keep", "majority", "drop"}, default="keep"
        Rows of equal features with different labels: leave them, keep the label of
        most rows, or drop them all.
    repeats : bool, default=False
        Drop equal rows also where chance may explain them.
    X_target : data frame, default=None
        Drop training rows that occur in it.
    random_state : int, default=0

    Returns
    -------
    fix : TableFix

    Raises
    ------
    ValueError
        If a name is no column, or an option is none of those listed.

    Examples
    --------
    >>> import numpy as np
    >>> import pandas as pd
    >>> from skdataquality.diagnosis import fix_table
    >>> frame = pd.DataFrame(np.random.default_rng(0).normal(size=(30, 3)))
    >>> frame.columns = ["age", "dose", "weight"]
    >>> fix = fix_table(pd.concat([frame, frame[:3]]))
    >>> fix.rows.shape, fix.done
    ((30,), ['3 exact copies of rows dropped'])
    """
    check_feature_frame(frame)
    if conflicts not in ("keep", "majority", "drop"):
        raise ValueError(
            f"conflicts={conflicts!r} must be 'keep', 'majority' or 'drop'."
        )
    if not is_frame(frame):
        raise ValueError(f"frame is a {type(frame).__name__}: pass a data frame.")
    if label is not None and label not in frame.columns:
        raise ValueError(f"label={label!r} is not a column of the table.")
    work = _Work(frame, label, random_state)
    work.drop_columns(leaky, identifiers)
    work.drop_copies(repeats)
    work.settle_conflicts(conflicts)
    work.drop_near(near)
    if X_target is not None:
        work.drop_overlap(X_target)
    return work.result()


class _Work:
    """The rows and columns that are left, step by step."""

    def __init__(self, frame, label, random_state):
        self.frame, self.label = frame, label
        self.features = frame if label is None else without_columns(frame, [label])
        self.random_state = random_state
        self.lineage = Lineage.identity(frame.shape[0])
        self.unwanted: list = []
        self.done: list = []
        self.left: list = []
        self.index = [
            i.column for i in find_identifiers(self.features) if i.kind == "index"
        ]
        self.names = [
            i.column for i in find_identifiers(self.features) if i.kind != "index"
        ]

    def say(self, done, what):
        (self.done if done else self.left).append(what)

    def drop_columns(self, leaky, identifiers):
        if self.index:
            self.unwanted += self.index
            self.say(True, f"leftover index dropped: {', '.join(self.index)}")
        if self.names:
            named = ", ".join(self.names)
            self.unwanted += self.names if identifiers else []
            self.say(
                identifiers,
                f"identifiers dropped: {named}"
                if identifiers
                else f"identifiers kept: {named} (--drop-identifiers)",
            )
        giveaways = self.giveaways = self._giveaways()
        if giveaways:
            named = ", ".join(map(str, giveaways))
            self.unwanted += giveaways if leaky else []
            self.say(
                leaky,
                f"leaking columns dropped: {named}"
                if leaky
                else f"leaking columns kept: {named} (--drop-leaky)",
            )

    def _giveaways(self):
        if self.label is None:
            return []
        y = as_frame(self.frame)[self.label].to_numpy()
        labelled = ~as_frame(self.frame)[self.label].is_null().to_numpy()
        rows = np.flatnonzero(labelled)
        lens = leakage_lens(
            take_rows(self.features, rows), y[rows], random_state=self.random_state
        )
        return list(lens.giveaways)

    def drop_copies(self, repeats):
        """Drop rows that are equal in every column but leftover indices."""
        whole = without_columns(self.frame, self.index)
        groups = duplicate_groups(whole)
        n_copies = int((groups != np.arange(groups.shape[0])).sum())
        if n_copies == 0:
            return
        sure = duplicate_lens(whole, near=False).verdict == "found"
        if sure or repeats:
            self._drop(groups, Reason.DUPLICATE)
            self.say(True, f"{n_copies} exact copies of rows dropped")
        else:
            self.say(
                False,
                f"{n_copies} equal rows kept: the columns are too coarse to say that "
                f"they are copies (--drop-repeats)",
            )

    def settle_conflicts(self, conflicts):
        """Count, or settle, equal features with different labels."""
        if self.label is None:
            return
        rows = self.lineage.origin
        features = take_rows(without_columns(self.features, self.index), rows)
        labels = as_frame(take_rows(self.frame, rows))[self.label]
        codes = duplicate_groups(labels.to_frame().to_native())
        twins = duplicate_groups(features)
        in_conflict = np.unique(twins[codes != codes[twins]])
        if in_conflict.shape[0] == 0:
            return
        said = f"{in_conflict.shape[0]} groups of equal rows with different labels"
        if conflicts == "keep":
            self.say(False, f"{said} kept (--conflicts majority or drop)")
            return
        sampler = Deduplicator(on_conflict=conflicts)
        involved = np.isin(twins, in_conflict)
        inside = np.flatnonzero(involved)
        sampler.fit_resample(take_rows(features, inside), labels.to_numpy()[inside])
        dropped = inside[sampler.lineage_.dropped]
        before = self.lineage.n_out
        keep = np.setdiff1d(np.arange(before), dropped)
        self.lineage = self.lineage.then(
            Lineage.from_selection(keep, n_in=before, drop_reason=Reason.LABEL_CONFLICT)
        )
        self.say(True, f"{said} settled by {conflicts!r}: {dropped.size} rows dropped")

    def drop_near(self, near):
        """Drop, or count, later near duplicates of equal label."""
        rows = self.lineage.origin
        hidden = self.index + self.names
        groups = near_duplicate_groups(
            take_rows(without_columns(self.features, hidden), rows)
        )
        if self.label is not None:
            labels = as_frame(take_rows(self.frame, rows))[[self.label]].to_native()
            pairs = np.column_stack([groups, duplicate_groups(labels)])
            groups = duplicate_groups(pairs)
        features = take_rows(without_columns(self.features, hidden), rows)
        numbers = np.arange(rows.shape[0])
        is_near = (groups != numbers) & (duplicate_groups(features) == numbers)
        groups = np.where(is_near, groups, np.arange(rows.shape[0]))
        n_near = int(is_near.sum())
        if n_near == 0:
            return
        if near:
            self._drop(groups, Reason.DUPLICATE)
            self.say(True, f"{n_near} near duplicates dropped")
        else:
            self.say(False, f"{n_near} near duplicates kept (--drop-near)")

    def drop_overlap(self, X_target):
        """Drop training rows that target data hold too; target rows stay."""
        rows = self.lineage.origin
        hidden = self.index + self.names
        ours = take_rows(without_columns(self.features, hidden), rows)
        missing = [c for c in ours.columns if c not in X_target.columns]
        if missing:
            raise ValueError(f"the target data lack the columns {missing[:5]}.")
        theirs = as_frame(X_target).select(list(ours.columns)).to_native()
        shared = target_overlap(theirs, ours).mask
        if not shared.any():
            return
        self.lineage = self.lineage.then(
            Lineage.from_selection(
                np.flatnonzero(~shared),
                n_in=rows.shape[0],
                drop_reason=Reason.TARGET_OVERLAP,
            )
        )
        self.say(True, f"{int(shared.sum())} rows that target data hold too dropped")

    def _drop(self, groups, reason):
        """Keep the first row of each group."""
        n = groups.shape[0]
        self.lineage = self.lineage.then(
            Lineage.from_selection(
                np.flatnonzero(groups == np.arange(n)),
                n_in=n,
                drop_reason=reason,
                drop_ref=groups,
            )
        )

    def result(self):
        kept = [c for c in self.frame.columns if c not in self.unwanted]
        if not self.lineage.n_out or len(kept) <= (self.label is not None):
            raise ValueError("the fixes asked for would leave no row or no feature.")
        return TableFix(
            rows=self.lineage.origin,
            columns=kept,
            lineage=self.lineage,
            done=self.done,
            left=self.left,
            no_features=self.index + self.names + self.giveaways,
        )


def review_table(frame, label, *, hidden=(), random_state=0):
    """List the rows whose label looks wrong, worst first, for a person to decide.

    Parameters
    ----------
    frame : pandas data frame of shape (n_samples, n_columns)
    label : str
    hidden : collection of str
        Columns that no model should see.
    random_state : int, default=0

    Returns
    -------
    review : pandas.DataFrame
        ``row`` (from 0), ``given``, ``suggested``, ``quality`` (in [0, 1], low is
        suspicious) and an empty ``decision``.
    """
    import pandas as pd

    labelled = frame[label].notna().to_numpy()
    rows = np.flatnonzero(labelled)
    X = without_columns(frame, [label, *hidden]).iloc[rows]
    y = frame[label].iloc[rows].to_numpy()
    detector = LabelErrorDetector(default_model(X), random_state=random_state)
    detector.fit(X, y)
    flagged = np.flatnonzero(detector.issue_mask_)
    order = flagged[np.argsort(detector.sample_scores_[flagged], kind="stable")]
    return pd.DataFrame(
        {
            "row": rows[order],
            "given": y[order],
            "suggested": detector.suggested_labels_[order],
            "quality": detector.sample_scores_[order].round(4),
            "decision": "",
        }
    )
