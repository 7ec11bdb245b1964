"""Which rows belong together without being copies: :func:`entity_groups`."""

from dataclasses import dataclass, field

import numpy as np
import scipy.sparse as sp

from skdataquality.duplicates._entities._columns import entity_columns
from skdataquality.duplicates._entities._given import check_given
from skdataquality.utils._duplicate_rows import duplicate_groups
from skdataquality.utils._frames import are_documents, column_names
from skdataquality.utils._printable import printable
from skdataquality.utils._shown import WIDTH, ShownResult, cut
from skdataquality.utils._sklearn import num_samples, take_rows

FEWEST_ROWS = 40


@dataclass(frozen=True, eq=False, repr=False)
class EntityGroups(ShownResult):
    """What :func:`entity_groups` returns.

    Attributes
    ----------
    column : str, int or None
        The column that names entities; None if no column is known to.
    groups : ndarray of shape (n_samples,), int
        First row of the entity of each row, its own where there is none: pass it as
        ``groups``.
    candidates : list of EntityColumn
        Columns whose values repeat as names do, the likeliest first.
    """

    column: str | int | None
    groups: np.ndarray = field(repr=False)
    candidates: list = field(repr=False)

    def __repr__(self):
        said = [
            f"EntityGroups(column={self.column!r}, "
            f"{np.unique(self.groups).size} groups of {len(self.groups)} rows)"
        ]
        said += [f"- {line_of(each)}" for each in self.candidates[:5]]
        return "\n".join(cut(printable(line), WIDTH) for line in said)

    def _facts(self):
        return {
            "column": self.column,
            "groups": int(np.unique(self.groups).size),
            "rows": len(self.groups),
            "candidates": [each.column for each in self.candidates],
        }


def called(found):
    """Name a column, or the part of its texts that names entities."""
    return found.column if found.part is None else f"{found.part} {found.column}"


def line_of(found):
    """Say in a line what is known of a column."""
    return (
        f"{called(found)}: {found.verdict}, {found.entities} values of "
        f"{found.rows_per_entity:.1f} rows, alike by {found.similarity.estimate:.2f}"
    )


def entity_groups(X, y=None, *, column=None):
    """Find the column that names what rows are readings of, and group rows by it.

    Patients, authors, devices: values that repeat a few times each, in a column of
    whole numbers, short texts or categories, and of which the rows resemble each other
    in the other columns. Nothing is changed; pass ``groups`` to a splitter.

    Parameters
    ----------
    X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
    y : array-like of shape (n_samples,), default=None
        Labels or numbers, in which rows of an entity may be alike, too.
    column : str or int, default=None
        The column to group by, whatever it looks like; None takes the likeliest that
        is "found".

    Returns
    -------
    result : EntityGroups

    Raises
    ------
    ValueError
        If there is no such column, no row, or a label is missing, or lengths differ.

    Notes
    -----
    A column is a candidate if at least 30 % of the rows share their value with another
    row, and it has 10 values or more if a word of its name says so ("id", "patient",
    "kunde", "site": words, not parts of words), else 20 or more, of 25 rows each at
    most. Of texts that differ in each row the folder or the beginning is looked at:
    "img12" of "img12_crop3.png". It is "found" if rows of one value are alike (p <
    .0001 by Holm over the candidates): by a correlation of .1 in some column or the
    label if its name is of persons or things that are measured, else in most of the
    other columns, and by .15 on average over them. A name such as "site" or "batch"
    makes it "suspect" with less; one of a category, such as "city", at most. From the
    similarity that of rows with the next values is subtracted, which a measurement such
    as an age has as well. A category of many levels that matters, such as a town, looks
    like an entity, and only who made the table can tell.

    Copies of a row are looked at once. Values that are missing are each a group.

    Examples
    --------
    >>> import numpy as np
    >>> import pandas as pd
    >>> from skdataquality.duplicates import entity_groups
    >>> rng = np.random.default_rng(0)
    >>> patient = rng.permutation(np.repeat(np.arange(60), 3))
    >>> X = rng.normal(size=(60, 4))[patient] + 0.5 * rng.normal(size=(180, 4))
    >>> table = pd.DataFrame(X).add_prefix("x").assign(patient=patient)
    >>> entity_groups(table)
    EntityGroups(column='patient', 60 groups of 180 rows)
    - patient: found, 60 values of 3.0 rows, alike by 0.78
    """
    X, y, _, _ = check_given(X, y)
    if column is not None:
        _check_column(X, column)
    candidates, codes = candidates_of(X, y, only=column)
    best = candidates[0] if candidates else None
    if best is None or (column is None and best.verdict != "found"):
        return EntityGroups(None, np.arange(num_samples(X)), candidates)
    return EntityGroups(best.column, first_rows(codes[best.column]), candidates)


def candidates_of(X, y=None, *, only=None):
    """Judge the columns of a table that could name entities, copies looked at once."""
    if (
        are_documents(X)
        or sp.issparse(X)
        or (X.shape[0] < FEWEST_ROWS and only is None)
    ):
        return [], {}
    rows = np.unique(duplicate_groups(X))
    once = X if rows.size == X.shape[0] else take_rows(X, rows)
    label = None if y is None else y[rows]
    candidates, codes = entity_columns(once, label, only=only)
    if rows.size < X.shape[0]:
        groups = duplicate_groups(X)
        place = np.searchsorted(rows, groups)
        codes = {name: own[place] for name, own in codes.items()}
    return candidates, codes


def first_rows(codes):
    """First row with the code of each row; its own where the code is missing."""
    rows = np.arange(codes.size)
    known = rows[codes >= 0]
    first = rows.copy()
    if known.size:
        _, at, member = np.unique(codes[known], return_index=True, return_inverse=True)
        first[known] = known[at][member]
    return first


def _check_column(X, column):
    if are_documents(X) or sp.issparse(X):
        raise ValueError(
            f"column={column!r} names a column, but X is sparse or a list of texts: "
            f"pass a data frame or an array."
        )
    names = column_names(X)
    if column not in names:
        shown = f"{names[:8]}" + (", ..." if len(names) > 8 else "")
        raise ValueError(f"column={column!r} is not a column of X; it has {shown}.")
