"""Mend what has one defensible answer, and name what has not: :func:`fix_table`."""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from skdataquality.diagnosis._roles import no_such_column
from skdataquality.duplicates import (
    Deduplicator,
    duplicate_groups,
    duplicate_lens,
)
from skdataquality.duplicates._detection import detect
from skdataquality.duplicates._remedies import (
    codes_within,
    conflicting_groups,
    majority_label,
)
from skdataquality.leakage import find_identifiers, leakage_lens, target_overlap
from skdataquality.leakage._identifiers import look_alikes
from skdataquality.leakage._overlap import check_target_table, comparable
from skdataquality.lineage import Lineage, Reason
from skdataquality.utils._draws import draw_seed
from skdataquality.utils._frames import as_frame, is_frame, listed, without_columns
from skdataquality.utils._shown import ShownResult
from skdataquality.utils._sklearn import take_rows
from skdataquality.utils._stats import SMALL_P
from skdataquality.utils._validation import check_feature_frame, is_continuous
from skdataquality.workflows._mended_labels import mend_labels

CONFLICTS = ("keep", "majority", "drop")


@dataclass(frozen=True, repr=False)
class Change(ShownResult):
    """Something that was mended, or was seen and left alone.

    Attributes
    ----------
    kind : str
        Of columns: "leftover index", "identifiers", "look-alikes" (of identifiers),
        "leaking columns". Of rows:
        "exact copies", "coarse repeats" (equal rows in columns too coarse to say that
        they are copies), "other spelling" (equal rows written differently, such as 1
        and 1.0), "label conflicts" (if kept, ``n`` counts groups of equal rows), "near
        duplicates", "target overlap", "verified labels" (corrected), "verified wrong"
        (the right label is not known).
    n : int
        Columns, rows or groups.
    names : tuple of str
        The columns.
    """

    kind: str
    n: int
    names: tuple = ()


@dataclass(frozen=True, eq=False, repr=False)
class TableFix(ShownResult):
    """What to keep of a table, and why.

    Attributes
    ----------
    rows : ndarray of shape (n_kept,), int
        Rows that stay, in their order.
    columns : list of str
        Columns that stay, the label among them.
    lineage : Lineage
        Why each row was dropped, and the row of which it is a duplicate.
    done : list of Change
        What was mended.
    left : list of Change
        What was seen and left alone, since it was not asked for.
    no_features : list of str
        Columns that no model should see, whether dropped or not.
    label_rows : ndarray of shape (n_kept,), int
        Row of the table whose label each row has: its own, or one with the label that
        was verified.
    """

    rows: np.ndarray = field(repr=False)
    columns: list
    lineage: Lineage
    done: list
    left: list
    no_features: list
    label_rows: np.ndarray = field(repr=False)


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
    sources=(),
    groups=None,
    ids=(),
    time=None,
    cells=None,
    random_state=0,
    verified=None,
    votes=None,
):
    """Decide which rows and columns of a table to keep; nothing is changed.

    Always dropped: later copies of a row that is equal in every column, the label
    included, where the columns are rich enough that equality is no accident; and
    leftover index columns. Everything else is done only when it is asked for. What is
    dropped may show more of the kind, so this is repeated until nothing is left to do:
    the fixed table, fixed again, stays as it is.

    Parameters
    ----------
    frame : data frame of shape (n_samples, n_columns)
    label : str, default=None
        Column of the labels.
    leaky : bool, default=False
        Drop the columns that give the answer away.
    identifiers : bool, default=False
        Drop the columns that name rows, those of `ids` among them.
    near : bool, default=False
        Drop later rows of a group of near duplicates with equal labels.
    conflicts : {"keep", "majority", "drop"}, default="keep"
        Rows of equal features with different labels: leave them, keep those of the
        label that most of them have (none if that is a tie), or drop them all.
    repeats : bool, default=False
        Drop equal rows also where chance may explain them, or ``cells`` differ.
    X_target : data frame, default=None
        Drop training rows that occur in it; columns are matched by name.
    sources, ids, votes : list of str, default=()
    groups, time : str, default=None
        Columns that are no features, as in :func:`diagnose`: rows that differ in these
        only have equal features, but are no copies of each other. Those of `ids` are
        identifiers.
    cells : data frame of the shape of `frame`, default=None
        The cells as they are written; copies must be equal in these, so that "01" is
        no copy of "1".
    random_state : int, default=0
    verified : VerifiedLabels, default=None
        Labels of some rows that a person has checked. Wrong ones are corrected first
        (``label_rows`` says to what); where the right one is not known the row stays as
        it is. Labels that conflict never drop a verified row.

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
    >>> from skdataquality.workflows import fix_table
    >>> frame = pd.DataFrame(np.random.default_rng(0).normal(size=(30, 3)))
    >>> frame.columns = ["age", "dose", "weight"]
    >>> fix = fix_table(pd.concat([frame, frame[:3]]))
    >>> fix.rows.shape, fix.done
    ((30,), [Change(kind='exact copies', n=3, names=())])
    """
    roles = {"sources": sources, "groups": groups, "ids": ids, "time": time}
    # the label may be that of an annotator
    roles["votes"] = [name for name in _names(votes) if name != label]
    _check_arguments(frame, label, conflicts, cells)
    named = _named_columns(list(frame.columns), label, roles)
    cells = frame if cells is None else cells
    X_target = None if X_target is None else check_target_table(X_target)
    mended = mend_labels(frame, label, cells, verified)
    work = _Work(mended, label, named, _names(ids))
    work.look_for_leaks(random_state)
    while work.is_unsettled():
        work.drop_columns(leaky, identifiers)
        work.settle_conflicts(conflicts)  # while copies still count as votes
        work.drop_copies(repeats)
        work.drop_near(near)
        if X_target is not None:
            work.drop_overlap(X_target)
    return work.result()


def _check_arguments(frame, label, conflicts, cells):
    check_feature_frame(frame)  # which knows what else may have been meant
    if not is_frame(frame):
        raise ValueError(f"frame is a {type(frame).__name__}: pass a data frame.")
    if conflicts not in CONFLICTS:
        raise ValueError(f"conflicts={conflicts!r} must be one of {CONFLICTS}.")
    names = list(frame.columns)
    if label is not None and label not in names:
        raise ValueError(no_such_column("label", label, names, "the table"))
    if names == [label]:
        raise ValueError(f"the table has no column beside label={label!r}: add some.")
    if cells is not None and cells.shape != frame.shape:
        raise ValueError(
            f"cells has shape {cells.shape}, frame {frame.shape}: pass the same table."
        )


def _names(given):
    return [given] if isinstance(given, str) else list(given or ())


def _named_columns(columns, label, roles):
    """Return the columns that are no features, checked."""
    named: list = []
    for role, given in roles.items():
        for name in _names(given):
            if name not in columns:
                raise ValueError(no_such_column(role, name, columns, "the table"))
            if name in [label, *named]:
                raise ValueError(
                    f"{role}={name!r} is named twice: a column has one role."
                )
            named.append(name)
    if len(columns) <= len(named) + (label is not None):
        raise ValueError(
            "the table has no column left for features: every one has a role."
        )
    return named


class _Work:
    """The rows and columns that are left, step by step."""

    def __init__(self, mended, label, named, ids):
        self.frame, self.label, self.cells = mended.frame, label, mended.cells
        self.mended = mended
        self.named, self.ids = named, ids
        self.hidden = named if label is None else [label, *named]
        self.lineage = mended.lineage
        self.unwanted: list = []
        self.no_features: dict = {}
        self.leaking: list = []
        self.columns_dropped: dict = {}
        self.rows_dropped: Counter = Counter()
        self.left: list = []
        self.size = None

    def is_unsettled(self):
        """Whether the last round changed anything; a new one says what it leaves."""
        size = self.lineage.n_out, len(self.unwanted)
        changed = size != self.size
        if changed:
            self.size, self.left = size, []
            n_unknown = int(self.mended.is_unknown[self.lineage.origin].sum())
            if n_unknown:
                self.left.append(Change("verified wrong", n_unknown))
        return changed

    def now(self, *, hidden=()):
        """Rows and columns that are left, without some columns."""
        columns = without_columns(self.frame, [*self.unwanted, *hidden])
        return take_rows(columns, self.lineage.origin)

    def features(self):
        return self.now(hidden=self.hidden)

    def labels(self):
        return as_frame(take_rows(self.frame, self.lineage.origin))[self.label]

    def look_for_leaks(self, random_state):
        if self.label is None:
            return
        y = as_frame(self.frame)[self.label]
        rows = np.flatnonzero(~y.is_null().to_numpy())
        lens = leakage_lens(
            take_rows(self.features(), rows),
            y.to_numpy()[rows],
            random_state=draw_seed(random_state),  # that of a diagnosis
        )
        self.leaking = list(lens.leaking)

    def drop_columns(self, leaky, identifiers):
        """Drop leftover indices; the others if asked for."""
        features = self.features()
        found = find_identifiers(features)
        index = [i.column for i in found if i.kind == "index"]
        names = [i.column for i in found if i.kind != "index"]
        named = [*(name for name in self.ids if name not in self.unwanted), *names]
        leaks = [name for name in self.leaking if name in features.columns]
        self.no_features |= dict.fromkeys([*index, *names, *leaks])
        if len(index) < features.shape[1]:
            self._drop_columns("leftover index", index, True)
        self._drop_columns("identifiers", named, identifiers)
        alike = look_alikes(features, [*index, *named, *leaks])
        self._drop_columns("look-alikes", list(alike), False)
        self._drop_columns("leaking columns", leaks, leaky)

    def _drop_columns(self, kind, names, wanted):
        if names and wanted:
            self._refuse_to_drop_all(kind, names)
            self.unwanted += [n for n in names if n not in self.unwanted]
            self.columns_dropped.setdefault(kind, []).extend(names)
        elif names:
            self.left.append(Change(kind, len(names), tuple(names)))

    def _refuse_to_drop_all(self, kind, names):
        gone = {*self.unwanted, *self.hidden, *names}
        if gone.issuperset(self.frame.columns):
            option = {"leaking columns": "leaky"}.get(kind, kind)
            raise ValueError(
                f"no feature would be left: {listed(names)} ({kind}) would be dropped "
                f"last. Leave {option}=True out to keep them."
            )

    def drop_copies(self, repeats):
        """Drop later rows that are equal in every column that is left."""
        whole = self.now()
        equal = duplicate_groups(whole)
        place = {name: j for j, name in enumerate(self.frame.columns)}
        places = [place[name] for name in whole.columns]
        written = as_frame(self.cells)[:, places].to_native()
        copies = duplicate_groups(take_rows(written, self.lineage.origin))
        numbers = np.arange(equal.shape[0])
        n_equal, n_copies = (
            int((equal != numbers).sum()),
            int((copies != numbers).sum()),
        )
        if n_equal == 0:
            return
        # where labels of copies were changed, labels look like chance
        tables = [whole] if self.label is None else [whole, self.features()]
        sure = any(map(_holds_copies, tables))
        if repeats or (sure and n_copies):
            n_dropped = self._keep_first(equal if repeats else copies)
            self.rows_dropped["exact copies"] += n_dropped
        if not repeats and not sure:
            self.left.append(Change("coarse repeats", n_equal))
        elif not repeats and n_equal > n_copies:
            self.left.append(Change("other spelling", n_equal - n_copies))

    def settle_conflicts(self, conflicts):
        """Count, or settle, equal features with different labels."""
        if self.label is None:
            return
        features, labels = self.features(), self.labels()
        rows = np.flatnonzero(~labels.is_null().to_numpy())
        twins = duplicate_groups(take_rows(features, rows))
        codes = duplicate_groups(labels.to_frame().to_native())[rows]
        is_number = is_continuous(values := labels.to_numpy()[rows])
        if is_number:
            codes = codes_within(twins, values)
        found = conflicting_groups(twins, codes)
        if found.size == 0:
            return
        if conflicts == "keep":
            self.left.append(Change("label conflicts", found.size))
            return
        if is_number:  # no number is a class of which a row must stay
            disagrees = np.isin(twins, found)
            if conflicts == "majority":
                disagrees &= codes != majority_label(twins, codes, None)[twins]
            lost = rows[disagrees]
        else:
            sampler = Deduplicator(on_conflict=conflicts)
            sampler.fit_resample(take_rows(features, rows), values)
            lost = rows[sampler.lineage_.drop_reason == Reason.LABEL_CONFLICT]
        lost = lost[~self.mended.is_verified[self.lineage.origin[lost]]]
        if lost.size == 0:
            return
        self._drop_rows(lost, Reason.LABEL_CONFLICT)
        self.rows_dropped["label conflicts"] += lost.size

    def drop_near(self, near):
        """Drop, or count, later near duplicates of equal label."""
        features = self.features()
        hidden = [n for n in self.no_features if n not in self.leaking]
        features = without_columns(features, hidden)
        if features.shape[1] == 0:
            return
        found = detect(features)
        groups = found.groups
        if self.label is not None:
            labels = duplicate_groups(self.labels().to_frame().to_native())
            groups = duplicate_groups(np.column_stack([groups, labels]))
        numbers = np.arange(groups.shape[0])
        is_near = (groups != numbers) & (found.equal_groups == numbers)
        n_near = int(is_near.sum())
        if n_near and near:
            self._keep_first(np.where(is_near, groups, numbers))
            self.rows_dropped["near duplicates"] += n_near
        elif n_near:
            self.left.append(Change("near duplicates", n_near))

    def drop_overlap(self, X_target):
        """Drop training rows that target data hold too; target rows stay."""
        ours = without_columns(self.features(), list(self.no_features))
        others = [*self.hidden, *self.unwanted, *self.no_features]
        shared, theirs = comparable(ours, without_columns(X_target, others))
        overlap = target_overlap(theirs, shared)
        n_equal = int(overlap.mask.sum())
        # in a part of the columns rows may be equal by chance
        sure = shared.shape[1] == ours.shape[1] or overlap.p_value < SMALL_P
        if n_equal and sure:
            self._drop_rows(np.flatnonzero(overlap.mask), Reason.TARGET_OVERLAP)
            self.rows_dropped["target overlap"] += n_equal
        elif n_equal:
            self.left.append(Change("target overlap", n_equal))

    def _keep_first(self, groups):
        """Keep the first row of each group, and return how many others there were."""
        lost = np.flatnonzero(groups != np.arange(groups.shape[0]))
        self._drop_rows(lost, Reason.DUPLICATE, groups)
        return lost.size

    def _drop_rows(self, lost, reason, drop_ref=None):
        n = self.lineage.n_out
        kept = np.setdiff1d(np.arange(n), lost)
        if kept.size == 0:
            raise ValueError("what was asked for would leave no row: ask for less.")
        self.lineage = self.lineage.then(
            Lineage.from_selection(kept, n_in=n, drop_reason=reason, drop_ref=drop_ref)
        )

    def result(self):
        kept = [name for name in self.frame.columns if name not in self.unwanted]
        if len(kept) <= (self.label is not None):
            raise ValueError("what was asked for would leave no feature: ask for less.")
        columns = [
            Change(kind, len(names), tuple(names))
            for kind, names in self.columns_dropped.items()
        ]
        rows = [Change(kind, n) for kind, n in self.rows_dropped.items()]
        n_mended = int(self.mended.lineage.relabelled.sum())
        mended = [Change("verified labels", n_mended)] if n_mended else []
        return TableFix(
            rows=self.lineage.origin,
            columns=kept,
            lineage=self.lineage,
            done=mended + columns + rows,
            left=self.left,
            no_features=[*self.named, *self.no_features],
            label_rows=self.mended.label_rows[self.lineage.origin],
        )


def _holds_copies(table):
    return table.shape[1] > 0 and duplicate_lens(table, near=False).verdict == "found"
