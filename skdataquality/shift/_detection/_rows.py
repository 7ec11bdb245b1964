"""Which rows of both sides are tested, in which order, and what is known of them."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import stats

from skdataquality.shift._targets import as_target_data, pool, same_columns
from skdataquality.utils._draws import draw_rows
from skdataquality.utils._frames import (
    are_documents,
    as_numbers,
    cell_codes,
    columns_alike_nearby,
    iterate_columns,
    missing_mask,
)
from skdataquality.utils._sklearn import num_samples, take_rows
from skdataquality.utils._validation import check_same_length

FEWEST_OF_GROUP = 20  # rows a side, to be compared with each other
MOST_SHARED = 0.5  # of the rows of each side: then groups are compared one by one
LOOKED_AT = 5000  # rows in their order, of each side
ALIKE, UNLIKELY = 0.1, 1e-3  # neighbours that are taken for a series


@dataclass(frozen=True, eq=False)
class TestedRows:
    """Rows of both sides, training rows first.

    Attributes
    ----------
    pooled : table of shape (n, n_features)
    is_target : ndarray of shape (n,), of 0 and 1
    rows, target_rows : ndarray of int
        Their numbers in X and in X_target.
    is_sampled : bool
    groups : ndarray of shape (n,), int, or None
        Codes over both sides.
    group_names : ndarray or None
        By code.
    are_groups_shared : bool
        Whether most rows of both sides are in groups with enough rows on both.
    why_series : str
        "time", "order", the name of a column, or "": no series.
    why_not : {"", "groups_unknown"}
    has_copies : bool
        Whether equal rows were left out.
    """

    pooled: Any
    is_target: np.ndarray
    rows: np.ndarray
    target_rows: np.ndarray
    is_sampled: bool
    groups: np.ndarray | None = None
    group_names: np.ndarray | None = None
    are_groups_shared: bool = False
    why_series: str = ""
    why_not: str = ""
    has_copies: bool = False

    @property
    def is_series(self):
        """Whether the order of rows counts."""
        return self.why_series != ""

    def take(self, kept):
        """Return some of the rows, by rising positions."""
        n = int((self.is_target == 0).sum())
        return replace(
            self,
            has_copies=True,
            pooled=take_rows(self.pooled, kept),
            is_target=self.is_target[kept],
            rows=self.rows[kept[kept < n]],
            target_rows=self.target_rows[kept[kept >= n] - n],
            groups=None if self.groups is None else self.groups[kept],
        )


def choose_rows(
    X,
    X_target,
    *,
    time=None,
    time_target=None,
    groups=None,
    groups_target=None,
    is_ordered=None,
    most_rows,
    random_state,
):
    """Order, draw and pool the rows of both sides."""
    X_target = as_target_data(X_target).X
    check_same_length(X=X, time=time, groups=groups)
    check_same_length(X_target=X_target, time=time_target, groups=groups_target)
    _refuse_one_time(time, time_target)
    X, X_target = same_columns(X, X_target)
    why_series = "" if time is None else "time"
    if time is None and is_ordered:
        why_series = "order"
    elif time is None and groups is None and is_ordered is None:
        why_series = _alike_nearby(X, X_target)
    n, n_target = num_samples(X), num_samples(X_target)
    most_target = max(most_rows // 2, most_rows - n)
    most = max(most_rows // 2, most_rows - n_target)
    seeds = np.random.SeedSequence(random_state).spawn(2)
    rows = _chosen(n, most, time, why_series, seeds[0])
    target_rows = _chosen(n_target, most_target, time_target, why_series, seeds[1])
    pooled, is_target, _ = pool(take_rows(X, rows), take_rows(X_target, target_rows))
    chosen = TestedRows(
        pooled,
        is_target,
        rows,
        target_rows,
        rows.size < n or target_rows.size < n_target,
        why_series=why_series,
    )
    return _with_groups(chosen, groups, groups_target)


def _refuse_one_time(time, time_target):
    if (time is None) == (time_target is None):
        return
    given, lacking = ("time", "time_target")[:: 1 if time_target is None else -1]
    raise ValueError(
        f"{given} was given without {lacking}: pass the times of the rows of both "
        f"sides."
    )


def _chosen(n, most, time, why_series, seed):
    """Row numbers: in the order of time and evenly spaced, or drawn."""
    order = np.arange(n)
    if time is not None:
        values = np.asarray(time)
        if missing_mask(values).any():
            raise ValueError(
                f"time has {int(missing_mask(values).sum())} missing value(s): leave "
                f"these rows out."
            )
        order = np.argsort(values, kind="stable")
    if not why_series:
        return draw_rows(n, most, np.random.default_rng(seed))
    return order[np.arange(0, n, max(1, -(-n // most)))]


def _alike_nearby(X, X_target):
    """Name of a column whose neighbouring rows are alike on both sides, or "".

    The rank correlations of both sides, each .1 or more, are judged together: little of
    it suffices for false alarms.
    """
    if are_documents(X):
        return ""
    found, sizes = [], []
    for table in (X, X_target):
        first = take_rows(table, np.arange(min(num_samples(table), LOOKED_AT)))
        alike = columns_alike_nearby(first, least=ALIKE, unlikely=np.inf)
        found.append(_not_rising(first, alike))
        sizes.append(num_samples(first))
    ours, theirs = found
    both = {}
    for name in [name for name in ours if name in theirs]:
        total = sizes[0] * ours[name] + sizes[1] * theirs[name]
        p_value = stats.norm.sf(total / sum(sizes) ** 0.5)
        if p_value < UNLIKELY / X.shape[1]:
            both[name] = ours[name] + theirs[name]
    return str(max(both, key=lambda name: both[name])) if both else ""


def _not_rising(X, alike):
    """Leave out columns that rise or fall from row to row: numbers of rows, dates."""
    if not alike:
        return alike
    kept = {}
    for name, values in iterate_columns(X):
        if name in alike:
            numbers = as_numbers(values).astype(float)
            rises, falls = numbers[1:] > numbers[:-1], numbers[1:] < numbers[:-1]
            if not (rises.all() or falls.all()):
                kept[name] = alike[name]
    return kept


def _with_groups(chosen, groups, groups_target):
    if groups is None and groups_target is None:
        return chosen
    if groups is None or groups_target is None:
        return replace(chosen, why_not="groups_unknown")
    ours = np.asarray(groups)[chosen.rows]
    theirs = np.asarray(groups_target)[chosen.target_rows]
    names, codes = _common_codes(ours, theirs)
    shared = shared_groups(codes, chosen.is_target)
    inside = np.isin(codes, shared)
    covered = [inside[chosen.is_target == side].mean() for side in (0, 1)]
    return replace(
        chosen,
        groups=codes,
        group_names=names,
        are_groups_shared=not chosen.is_series and min(covered) >= MOST_SHARED,
    )


def _common_codes(ours, theirs):
    """Names of all groups, and their codes over both sides."""
    for name, values in (("groups", ours), ("groups_target", theirs)):
        if gone := int(missing_mask(values).sum()):
            raise ValueError(
                f"{name} has {gone} missing value(s): give every row a group, its own "
                f"if it belongs to none."
            )
    are_texts = [v.dtype.kind in "UST" for v in (ours, theirs) if v.dtype.kind != "O"]
    try:
        if len(set(are_texts)) > 1:
            raise TypeError("text on one side, no text on the other")
        return np.unique(np.concatenate([ours, theirs]), return_inverse=True)
    except TypeError as error:
        raise ValueError(
            f"groups and groups_target mix labels of different types ({error}): make "
            f"them all text, for example with groups.astype(str)."
        ) from error


def is_sorted_by(y):
    """Whether rows are sorted by their labels: then their order is not that of time."""
    labels = cell_codes(np.asarray(y).ravel())
    n_runs = 1 + np.count_nonzero(labels[1:] != labels[:-1])
    return 1 < n_runs == labels.max() + 1 < labels.size


def shared_groups(codes, is_target):
    """Codes of the groups with enough rows on both sides."""
    n = codes.max() + 1
    sides = [np.bincount(codes[is_target == s], minlength=n) for s in (0, 1)]
    return np.flatnonzero(np.minimum(*sides) >= FEWEST_OF_GROUP)
