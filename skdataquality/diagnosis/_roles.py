"""Which columns of a table are features, and which are something else."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from skdataquality.diagnosis._periods import periods
from skdataquality.shift import TargetData
from skdataquality.shift._targets import same_columns
from skdataquality.utils._frames import (
    are_documents,
    as_frame,
    as_numbers,
    as_rows,
    column_as_array,
    column_names,
    dates_as_text,
    is_frame,
    is_pandas,
    match_columns,
    missing_mask,
    read_both_moments,
    select_columns,
    without_columns,
)
from skdataquality.utils._sklearn import take_rows
from skdataquality.utils._validation import check_feature_frame, check_same_length

MOST_UNLABELLED = 0.5


@dataclass(frozen=True, kw_only=True)
class Roles:
    """A table taken apart: features and target rows in their own container, y as given.

    ``labelled`` are the rows that are left where some have no label, else None;
    ``empty`` columns are left out because no row has a value there. ``differences`` of
    the target's columns are sentences. ``time`` and ``target_time`` are numbers or
    datetime64, ``target_groups`` the groups of target rows: None where no column says.
    """

    X: Any
    y: Any
    target: TargetData | None
    sources: dict
    groups: Any
    time: np.ndarray | None = None
    target_time: np.ndarray | None = None
    target_groups: Any = None
    labelled: np.ndarray | None = None
    empty: list = field(default_factory=list)
    differences: list = field(default_factory=list)


def assign_roles(
    X, y, *, X_target, sources, groups, ids, time, y_target=None, votes=None
):
    """Take out of X every column that is named as something else than a feature.

    Names need a data frame; arrays of one value per row are taken as they are.
    """
    check_feature_frame(X, None if isinstance(y, str) else y)
    X = _named_by_text(X)
    names = _Names(X)
    X_target, y_target = _unwrapped(X_target, y_target)
    if X_target is not None:
        check_feature_frame(X_target, name="X_target")
    if is_frame(X_target):
        X_target = _named_by_text(X_target)
    labelled = None
    for name in voting_columns(votes) or _copied_votes(votes, X, names):
        if not isinstance(y, str) or name != y:  # the label may be a vote
            names.use(name, "votes")
    if isinstance(y, str):
        names.use(y, "label")
        if is_frame(X_target) and y_target is None and y in column_names(X_target):
            y_target = _column(X_target, y)
        X, y, labelled = _labelled_rows(X, y, (sources, groups))
    sources = _sources(X, names, sources)
    target_groups = moments = target_moments = None
    if isinstance(groups, str):
        target_groups = _column_if_there(X_target, groups)
        groups = _column(X, names.use(groups, "groups"))
    for name in [ids] if isinstance(ids, str) else ids:
        names.use(name, "ids")
    if time is not None:
        values = _column(X, names.use(time, "time"))
        sources = sources | {time: periods(values, time)}
        theirs = _column_if_there(X_target, time)
        moments, target_moments = read_both_moments(values, theirs, time)
    features, empty = _with_values(X, names.features())
    check_same_length(
        X=X, y=y, groups=groups, **{f"sources[{k!r}]": v for k, v in sources.items()}
    )
    if is_frame(X_target):
        X_target = without_columns(X_target, _shared(X_target, [*names.used, *empty]))
    if names.used or empty:
        X = select_columns(X, features)
    X, target, differences = _matched(X, X_target, y_target)
    return Roles(
        X=X,
        y=y,
        target=target,
        sources=sources,
        groups=groups,
        time=moments,
        target_time=target_moments,
        target_groups=target_groups,
        labelled=labelled,
        empty=empty,
        differences=differences,
    )


def no_such_column(role, name, columns, table):
    """Say that a name is no column, and which one may have been meant."""
    plain = {str(column).strip().casefold(): column for column in columns}
    close = difflib.get_close_matches(str(name).strip().casefold(), plain, 1)
    hint = f"it has {columns[:8]}" + (", ..." if len(columns) > 8 else ".")
    hint = f"did you mean {plain[close[0]]!r}?" if close else hint
    return f"{role}={name!r} is not a column of {table}; {hint}"


def voting_columns(votes):
    """Return the columns of X that votes name, or None if they are no list of names."""
    if isinstance(votes, str):
        return [votes]
    is_array = hasattr(votes, "tolist") and np.ndim(votes) == 1
    names = votes.tolist() if is_array else votes
    if isinstance(names, list | tuple) and all(isinstance(v, str) for v in names):
        return list(names)
    return None


def _copied_votes(votes, X, names):
    """Return the columns of X that a frame of votes has too, cell for cell.

    They are what was voted, and no features; another column may have a name in common.
    """
    if not is_frame(votes) or names.all is None:
        return []
    said = {str(column.name): column for column in as_frame(votes).iter_columns()}
    return [
        name
        for name, column in zip(names.all, as_frame(X).iter_columns(), strict=True)
        if str(name) in said and _same_cells(column, said[str(name)])
    ]


def _same_cells(first, second):
    first, second = column_as_array(first), column_as_array(second)
    missing = missing_mask(first)
    return (
        first.size == second.size
        and np.array_equal(missing, missing_mask(second))
        and first[~missing].tolist() == second[~missing].tolist()
    )


class _Names:
    """Columns of a frame, and those that are used up."""

    def __init__(self, X):
        self.all = column_names(X) if is_frame(X) else None
        self.used = []

    def use(self, name, role):
        """Check that a name is a column, and use it."""
        if self.all is None:
            raise ValueError(
                f"{role}={name!r} names a column, but X has no column names: pass a "
                f"data frame, or one value per row."
            )
        if name not in self.all:
            raise ValueError(no_such_column(role, name, self.all, "X"))
        if name in self.used:
            raise ValueError(f"{role}={name!r} is named twice: a column has one role.")
        self.used.append(name)
        return name

    def features(self):
        features = [name for name in self.all or () if name not in self.used]
        if self.used and not features:
            raise ValueError("X has no column left for features: every one has a role.")
        return features


def _column(frame, name):
    return column_as_array(as_frame(frame)[name])


def _column_if_there(frame, name):
    """Return a column that target rows may have, or None."""
    has_it = is_frame(frame) and name in column_names(frame)
    return _column(frame, name) if has_it else None


def _labelled_rows(X, label, others):
    """Return X, y without the rows that have no label, and which are left."""
    values = _column(X, label)
    missing = missing_mask(values)
    if not missing.any():
        return X, as_frame(X)[label].to_native(), None
    if missing.mean() > MOST_UNLABELLED:
        raise ValueError(
            f"label={label!r} is missing in {int(missing.sum())} of {missing.shape[0]} "
            f"rows: choose another column, or keep the labelled rows only, and pass "
            f"the others as X_pool."
        )
    given = [o for o in others if o is not None and not isinstance(o, str | list)]
    if given:
        raise ValueError(
            f"label={label!r} is missing in {int(missing.sum())} rows: drop them from "
            f"X, sources and groups."
        )
    rows = np.flatnonzero(~missing)
    X = take_rows(X, rows)
    y = as_frame(X)[label].to_native()
    numbers = as_numbers(values[rows], "iuO")
    if values.dtype.kind == "O" and numbers is not None:
        y = numbers  # they stood beside blanks
    return X, y, rows


def _sources(X, names, sources):
    if sources is None:
        return {}
    if isinstance(sources, str):
        sources = [sources]
    if isinstance(sources, Mapping):
        return {
            name: _column(X, names.use(values, "sources"))
            if isinstance(values, str)
            else values
            for name, values in sources.items()
        }
    if not isinstance(sources, list | tuple) or not all(
        isinstance(name, str) for name in sources
    ):
        raise ValueError(
            f"sources={type(sources).__name__} must be a dict of name to one value per "
            f"row, as in sources={{'clinic': clinic}}, or a list of columns of X."
        )
    return {name: _column(X, names.use(name, "sources")) for name in sources}


def _named_by_text(X):
    """Let names of different types be text, which models demand."""
    if not is_pandas(X) or len({isinstance(name, str) for name in X.columns}) < 2:
        return X
    return X.set_axis([str(name) for name in X.columns], axis=1)


def _shared(X, names):
    """Return those of the names that are columns of X."""
    present = set(column_names(X))
    return [name for name in names if name in present]


def _with_values(X, features):
    """Return the features that some row has a value of, and the others."""
    if not is_frame(X):
        return features, []
    wanted = set(features)
    columns = zip(column_names(X), as_frame(X).iter_columns(), strict=True)
    empty = [name for name, v in columns if name in wanted and v.is_null().all()]
    if empty and len(empty) == len(features):
        raise ValueError(f"no column of X has any value, such as {empty[:5]}.")
    gone = set(empty)
    return [name for name in features if name not in gone], empty


def _unwrapped(X_target, y_target):
    """Take target data out of their handle."""
    if not isinstance(X_target, TargetData):
        return X_target, y_target
    if y_target is not None and X_target.y is not None:
        raise ValueError("y_target was given twice: X_target holds labels already.")
    return X_target.X, X_target.y if y_target is None else y_target


def _matched(X, X_target, y_target):
    """Return X and the target data with the columns of both, and how they differ."""
    if X_target is None:
        if y_target is not None:
            raise ValueError(
                "y_target was given without X_target: pass the rows it belongs to."
            )
        return X, None, []
    target = TargetData(X_target, dates_as_text(y_target))
    if are_documents(X) or are_documents(target.X):
        same_columns(X, target.X)
        return X, target, []
    rows = as_rows(X)
    if len(rows.shape) != 2:
        return X, target, []  # X is refused by the check of the table
    rows, theirs, differences = match_columns(rows, target.X)
    return rows, TargetData(theirs, target.y), differences
