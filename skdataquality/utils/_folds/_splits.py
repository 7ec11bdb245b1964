"""Train / test splits that respect rare classes, groups and duplicates."""

import warnings

import numpy as np
import scipy.sparse as sp
from sklearn.model_selection import GroupKFold, StratifiedGroupKFold, check_cv

from skdataquality.exceptions import FewFoldsWarning, UnevenFoldsWarning
from skdataquality.utils._draws import draw_seed, own_rng
from skdataquality.utils._frames import missing_mask
from skdataquality.utils._sklearn import GroupsConsumerMixin
from skdataquality.utils._validation import check_same_length

DEFAULT_FOLDS = 5


def join_groups(*groupings, name="groups"):
    """Join rows that share a group in any grouping: their connected components.

    Groups have any dtype; a grouping may be None, and so is the result if all are.
    ``name`` is what errors call them.
    """
    codes = [_group_codes(group, name) for group in groupings if group is not None]
    if len(codes) < 2:
        return codes[0] if codes else None
    n = codes[0].shape[0]
    offset, edges = n, []
    for group in codes:
        edges.append(group + offset)
        offset += group.max() + 1
    graph = sp.csr_array(
        (
            np.ones(n * len(codes)),
            (np.tile(np.arange(n), len(codes)), np.concatenate(edges)),
        ),
        shape=(offset, offset),
    )
    return sp.csgraph.connected_components(graph, directed=False)[1][:n]


def _group_codes(groups, name):
    """Code the group of each row, or raise if a row has none."""
    groups = np.asarray(groups)
    if groups.ndim != 1:
        raise ValueError(
            f"{name} has shape {groups.shape}: pass one label for each row."
        )
    if missing_mask(groups).any():
        raise ValueError(
            f"{name} has {int(missing_mask(groups).sum())} missing value(s): give "
            f"every row a group, its own if it belongs to none."
        )
    try:
        return np.unique(groups, return_inverse=True)[1]
    except TypeError as error:
        raise ValueError(
            f"{name} mixes labels of different types ({error}): make them all text, "
            f"for example with {name}.astype(str)."
        ) from error


def rows_per_class(codes, groups=None):
    """Count the rows of each class, or the groups (not negative) in which it occurs."""
    if groups is None:
        return np.bincount(codes)
    n_groups = groups.max() + 1
    return np.bincount(np.unique(codes * n_groups + groups) // n_groups)


def capped_n_splits(codes, n_splits, *, groups=None):
    """Lower the number of folds to the rows (or groups) of the rarest class.

    A class of one member cannot be on both sides of a split, whatever their number, so
    it does not count, unless all are so small. At least 2 are left.
    """
    counts = rows_per_class(codes, groups)
    rarest = counts[counts > 1].min(initial=counts.max())
    if rarest >= n_splits:
        return n_splits
    capped = max(2, int(rarest))
    warnings.warn(
        f"the rarest class has {rarest} row(s) or group(s), fewer than {n_splits} "
        f"folds: {capped} folds are used.",
        FewFoldsWarning,
        stacklevel=2,
    )
    return capped


def stratified_folds(codes, n_splits, *, groups=None, random_state=None):
    """Return the fold of each row: equal class shares, groups kept whole.

    Each group goes where its first row goes. Meant for many small groups such as
    duplicates; for few large ones use StratifiedGroupKFold.
    """
    if groups is None:
        first, member = np.arange(codes.shape[0]), np.arange(codes.shape[0])
    else:
        _, first, member = np.unique(groups, return_index=True, return_inverse=True)
    order = own_rng(random_state).permutation(first.shape[0])
    order = order[np.argsort(codes[first][order], kind="stable")]
    fold = np.empty(first.shape[0], dtype=np.intp)
    fold[order] = np.arange(first.shape[0]) % n_splits
    return fold[member]


def make_splits(
    X, codes, *, cv=None, groups=None, duplicate_groups=None, random_state=None
):
    """Return train and test rows of every fold, and how many rows they lack.

    ``codes`` are the class of each row, all zeros for regression. ``cv`` None or an
    int: stratified, shuffled folds, at most as many as the rarest class has rows; a
    splitter or an iterable is used as given, if it trains on no row that it tests. Rows
    of one duplicate group are twins and never stand on both sides of a split: a
    splitter that takes no groups loses training rows whose twin is held out, and these
    are counted.
    """
    check_same_length(X=X, y=codes, groups=groups, duplicate_groups=duplicate_groups)
    if cv is None or isinstance(cv, int | np.integer):
        n_splits = DEFAULT_FOLDS if cv is None else int(cv)
        if n_splits < 2:
            raise ValueError(f"cv={cv} folds; at least 2 are needed.")
        splits = _default_splits(
            X, codes, n_splits, groups, duplicate_groups, random_state
        )
        return splits, 0
    splitter = check_cv(cv, codes, classifier=True)
    takes_groups = isinstance(splitter, GroupsConsumerMixin)
    joined = join_groups(groups, duplicate_groups) if takes_groups else None
    splits = [
        (row_numbers(train), row_numbers(test))
        for train, test in splitter.split(X, codes, joined)
    ]
    _refuse_overlap(splits, codes.shape[0])
    if takes_groups or duplicate_groups is None:
        return splits, 0
    duplicate_groups = np.asarray(duplicate_groups)
    kept = [
        (_without_twins(train, test, duplicate_groups), test) for train, test in splits
    ]
    dropped = sum(len(a) - len(b) for (a, _), (b, _) in zip(splits, kept, strict=True))
    return kept, dropped


def repeated_splits(X, codes, *, cv=None, n_repeats=1, random_state=None, **groupings):
    """Join the results of :func:`make_splits` for repetitions with folds of their own.

    More than one repetition needs ``cv`` None or an int.
    """
    if n_repeats < 1:
        raise ValueError(f"n_repeats={n_repeats} must be at least 1.")
    if n_repeats > 1 and not (cv is None or isinstance(cv, int | np.integer)):
        raise ValueError(
            f"n_repeats={n_repeats} needs cv=None or a number of folds, got cv={cv!r}: "
            f"leave n_repeats=1 or pass a splitter that repeats."
        )
    rng = own_rng(random_state)
    splits, n_twins_dropped = [], 0
    for _ in range(n_repeats):
        more, dropped = make_splits(
            X, codes, cv=cv, random_state=draw_seed(rng), **groupings
        )
        splits += more
        n_twins_dropped += dropped
    return splits, n_twins_dropped


def _default_splits(X, codes, n_splits, groups, duplicate_groups, random_state):
    joined = join_groups(groups, duplicate_groups)
    if codes.shape[0] < 2:
        raise ValueError(
            f"X has {codes.shape[0]} row(s) (n_samples={codes.shape[0]}); "
            f"cross-validation needs at least 2."
        )
    if joined is not None and np.all(joined == joined[0]):
        raise ValueError(
            f"all {joined.shape[0]} rows of X are equal or in one group; "
            f"cross-validation needs at least 2 groups."
        )
    n_splits = capped_n_splits(codes, n_splits, groups=joined)
    _warn_of_a_large_group(joined, n_splits)
    if groups is not None:
        kind = StratifiedGroupKFold if np.any(codes != codes[0]) else GroupKFold
        splitter = kind(n_splits, shuffle=True, random_state=random_state)
        return list(splitter.split(X, codes, joined))
    fold = stratified_folds(codes, n_splits, groups=joined, random_state=random_state)
    return [
        (np.flatnonzero(fold != k), np.flatnonzero(fold == k)) for k in range(n_splits)
    ]


def _refuse_overlap(splits, n_rows):
    for number, (train, test) in enumerate(splits):
        largest = max(np.max(train, initial=-1), np.max(test, initial=-1))
        if largest >= n_rows:
            raise ValueError(
                f"fold {number} of cv names row {largest}, but there are {n_rows} rows "
                f"(those of weight 0 are left out): pass a splitter or other folds."
            )
        is_trained_on = np.zeros(n_rows, dtype=bool)
        is_trained_on[train] = True
        n_seen = np.count_nonzero(is_trained_on[test])
        if n_seen:
            raise ValueError(
                f"fold {number} of cv trains on {n_seen} of its {len(test)} test rows, "
                f"and a model agrees with the labels it has seen: pass folds whose "
                f"test rows are not among the training rows."
            )


def row_numbers(selected):
    """Row numbers of a mask; row numbers as they are."""
    selected = np.asarray(selected)
    return np.flatnonzero(selected) if selected.dtype == bool else selected


def _warn_of_a_large_group(groups, n_splits):
    if groups is None:
        return
    largest = int(np.bincount(groups).max())
    if largest > np.ceil(groups.shape[0] / n_splits):
        warnings.warn(
            f"one group holds {largest} of {groups.shape[0]} rows, more than one of "
            f"{n_splits} folds should: the folds differ in size. Equal rows count as a "
            f"group.",
            UnevenFoldsWarning,
            stacklevel=2,
        )


def _without_twins(train, test, duplicate_groups):
    held_out = np.isin(duplicate_groups[train], duplicate_groups[test])
    return train[~held_out]
