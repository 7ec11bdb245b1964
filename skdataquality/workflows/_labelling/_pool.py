"""Rows to select from: points, and what else is known of each row: :class:`Pool`."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

import numpy as np

from skdataquality.diagnosis._roles import no_such_column
from skdataquality.tables._formats import listed
from skdataquality.utils._frames import is_frame, select_columns

PASSTHROUGH = "passthrough"


@dataclass(frozen=True, eq=False)
class Pool:
    """Rows to select from.

    Attributes
    ----------
    X : ndarray of shape (n_samples, n_features) or data frame
        What distances are measured in: numbers as they are, or columns to be scaled.
    embedding : "passthrough" or None
        What a selector makes of X.
    frame : data frame or None
        The columns of the rows that are no part of an embedding.
    columns : list of str or None
        Columns that X is made of; None where they have no names.
    """

    X: Any
    embedding: str | None
    frame: Any
    columns: list | None

    @property
    def n_rows(self):
        """How many rows there are."""
        return self.X.shape[0]

    def column(self, role, name):
        """Return a column of the rows by its name."""
        if self.frame is None:
            raise ValueError(
                f"{role}={name!r} names a column, and the pool has none: an array has "
                f"no names. Save it beside other arrays, by numpy.savez."
            )
        names = list(self.frame.columns)
        if name not in names:
            if self.columns is not None and name in self.columns:
                raise ValueError(f"{role}={name!r} is a column of the embedding.")
            raise ValueError(no_such_column(role, name, names, "the pool"))
        return self.frame[name].to_numpy()


def pool_of(X, embedding=None, apart=()):
    """Return the Pool that rows in memory are.

    Parameters
    ----------
    X : pandas data frame, or array of shape (n_samples, n_features)
    embedding : str, list of str, or None
        Columns, or patterns such as ``"e*"``. None takes all columns of numbers, which
        are then scaled, and all of an array, as they are.
    apart : sequence of str
        Columns that are no part of it for None.
    """
    if not is_frame(X):
        if embedding is not None:
            raise ValueError(
                f"embedding={embedding!r} names columns, and X is an array: pass a "
                f"data frame, or leave embedding out."
            )
        return Pool(as_floats(np.asarray(X)), PASSTHROUGH, None, None)
    names = list(X.columns)
    if embedding is None:
        numbers = [
            name
            for name, kind in zip(names, X.dtypes, strict=True)
            if getattr(kind, "kind", "O") in "fiu" and name not in apart
        ]
        if not numbers:
            raise ValueError(
                "X has no column of numbers to measure distances in: name the columns "
                "of an embedding, as in embedding='e*'."
            )
        return Pool(select_columns(X, numbers), None, X, numbers)
    chosen = matching(names, embedding)
    others = [name for name in names if name not in set(chosen)]
    points = points_of([X[name].to_numpy() for name in chosen], chosen)
    return Pool(points, PASSTHROUGH, select_columns(X, others), chosen)


def matching(names, patterns):
    """Return the names that are one of the patterns, or match one, in their order.

    >>> matching(["id", "e1", "e2", "e*"], "e*"), matching(["id", "e1", "e2"], "e*")
    (['e*'], ['e1', 'e2'])
    """
    patterns = [patterns] if isinstance(patterns, str) else list(patterns)
    found = set()
    for pattern in patterns:
        own = {n for n in names if n == pattern}
        own = own or {n for n in names if fnmatchcase(str(n), pattern)}
        if not own:
            raise ValueError(
                f"embedding={pattern!r} matches no column: there are {listed(names)}."
            )
        found |= own
    return [name for name in names if name in found]


def points_of(columns, names):
    """Return numbers in two dimensions from columns of numbers, or one of lists.

    They are of single precision if all columns are of that or less.
    """
    if len(columns) == 1 and columns[0].dtype == object:
        return _from_lists(columns[0], names[0])
    for name, column in zip(names, columns, strict=True):
        if column.dtype.kind not in "fiub":
            raise ValueError(
                f"column {name!r} is part of the embedding and holds no numbers: name "
                f"columns of numbers, or one of lists of numbers."
            )
    is_single = all(c.dtype.kind == "f" and c.dtype.itemsize <= 4 for c in columns)
    points = np.empty(
        (columns[0].shape[0], len(columns)), np.float32 if is_single else np.float64
    )
    for start in range(0, points.shape[0], BLOCK):
        part = slice(start, start + BLOCK)
        for j, column in enumerate(columns):
            points[part, j] = column[part]
    return points


BLOCK = 8192  # rows of which one column at a time is filled in


def _from_lists(cells, name):
    sizes = {np.size(cell) if np.ndim(cell) == 1 else -1 for cell in cells}
    if len(sizes) != 1 or sizes == {-1}:
        raise ValueError(
            f"column {name!r} is the embedding, and its cells are not all lists of as "
            f"many numbers: they must be."
        )
    try:
        return as_floats(np.stack([np.asarray(cell) for cell in cells]))
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"column {name!r} is the embedding, and holds lists of something else than "
            f"numbers."
        ) from error


def as_floats(points):
    """Return numbers as floats that products are fast in; as they are if they are."""
    if points.ndim != 2 or points.dtype.kind not in "fiub":
        raise ValueError(
            f"the embedding has the shape {points.shape} and dtype {points.dtype}: "
            f"pass numbers in two dimensions, a row for each sample."
        )
    if points.dtype in (np.float32, np.float64) and points.dtype.isnative:
        return points
    is_small = points.dtype.itemsize <= (4 if points.dtype.kind == "f" else 2)
    return points.astype(np.float32 if is_small else np.float64)
