"""Where rows come from, how many of each source are flagged, and groups of rows."""

from contextlib import suppress
from dataclasses import dataclass
from numbers import Integral
from reprlib import repr as shortened

import numpy as np
from numpy.typing import NDArray

from skdataquality.utils._frames import (
    are_documents,
    cell_codes,
    column_names,
    is_frame,
    is_missing,
    iterate_columns,
    listed,
    missing_mask,
    select_columns,
    sorted_codes,
)
from skdataquality.utils._sklearn import num_samples
from skdataquality.utils._validation import (
    check_feature_frame,
    check_same_length,
    refuse_repeated_columns,
)

MISSING = "missing"


@dataclass(frozen=True)
class Sources:
    """One column of sources: ``levels[codes]`` are its values."""

    levels: list
    codes: NDArray[np.intp]

    @property
    def n_sources(self) -> int:
        return len(self.levels)

    def rows(self) -> NDArray[np.intp]:
        """Return the number of rows of each source."""
        return np.bincount(self.codes, minlength=self.n_sources)

    def count(self, flags) -> NDArray[np.intp]:
        """Return the number of flagged rows of each source."""
        return np.bincount(self.codes[flags], minlength=self.n_sources)

    def in_order(self) -> list[int]:
        """Return the sources, the lowest first and the missing one last."""
        known = [g for g, level in enumerate(self.levels) if level != MISSING]
        absent = [g for g, level in enumerate(self.levels) if level == MISSING]
        with suppress(TypeError):  # of different types: sorted by their text
            known = sorted(known, key=self.levels.__getitem__)
        return known + absent


def encode_sources(values, *, name):
    """Give the distinct values of a column codes; missing ones count as one source.

    Any dtype will do; None, NaN, NaT and pd.NA are read as the text "missing". Levels
    are sorted as numbers or as text; ``name`` is that of the argument in messages.
    """
    values = values if isinstance(values, np.ndarray) else _as_array(values, name)
    if np.ma.is_masked(values):
        raise ValueError(
            f"{name} is a masked array with {np.ma.count_masked(values)} masked "
            f"cells: pass {name}.filled() with a value of your choice."
        )
    if values.ndim != 1:
        raise ValueError(
            f"{name} has shape {values.shape}: pass one value per row, in one "
            f"dimension."
        )
    if values.dtype.kind not in "iufbmM":
        return _encode_objects(values, name)
    distinct, codes = sorted_codes(values)
    levels = (
        distinct.astype(str) if distinct.dtype.kind in "mM" else distinct
    ).tolist()
    absent = missing_mask(distinct)
    if not absent.any():
        return Sources(levels, codes)
    # NaN and NaT sort last, and unique keeps one of them
    return Sources([*levels[:-1], MISSING], codes)


def _as_array(values, name):
    if isinstance(values, list | tuple):  # numpy turns ['a', 1, None] into text
        out = np.empty(len(values), dtype=object)
        out[:] = values
        return out
    try:
        return np.asarray(values)
    except ValueError as error:
        raise ValueError(
            f"{name} holds lists of different lengths: pass one value per row."
        ) from error


def _encode_objects(values, name):
    codes = cell_codes(values)
    cells = values[np.unique(codes, return_index=True)[1]].tolist()
    named = [MISSING if is_missing(cell) else cell for cell in cells]
    try:
        levels = sorted(dict.fromkeys(named), key=_by_text)
    except TypeError as error:
        raise ValueError(
            f"{name} holds values that cannot be compared ({error}): pass text or "
            f"numbers."
        ) from error
    number = {level: code for code, level in enumerate(levels)}
    return Sources(levels, np.array([number[level] for level in named], int)[codes])


def _by_text(level):
    return str(level), type(level).__name__


def encode_groups(groups, *, name="groups"):
    """Code one column of groups, or each of several: a dict of their Sources by name.

    A frame or an array of two dimensions holds several. Missing values are a group of
    their own, "missing". One column is called as the Series, or ``name``.
    """
    if is_frame(groups):
        refuse_repeated_columns(groups.columns, name)
        columns = list(iterate_columns(groups))
    elif _has_two_dimensions(groups):
        table = _as_table(groups, name)
        columns = [(f"{name}[{key}]", cells) for key, cells in iterate_columns(table)]
    else:
        said = getattr(groups, "name", None)
        columns = [(said if isinstance(said, str) and said else name, groups)]
    if not columns:
        raise ValueError(f"{name} has no columns: pass one value for each row.")
    return {key: encode_sources(values, name=name) for key, values in columns}


def check_group_columns(groups, n_rows, *, name="groups", rows="X"):
    """Refuse groups that are neither one value nor a row of values for each row.

    ``rows`` is the argument that has ``n_rows``.
    """
    if is_frame(groups):
        check_feature_frame(groups, name=name)
    if not are_group_columns(groups):
        check_same_length(**{rows: range(n_rows), name: groups})
    elif num_samples(groups) != n_rows:
        raise ValueError(
            f"{name} has {num_samples(groups)} rows and {rows} has {n_rows}: pass the "
            f"same rows, in the same order, in each."
        )


def are_group_columns(groups):
    """Whether groups are columns, which are no groups of rows to be kept together."""
    return is_frame(groups) or _has_two_dimensions(groups)


def _has_two_dimensions(groups):
    if hasattr(groups, "shape"):
        return len(groups.shape) == 2
    first = groups[0] if isinstance(groups, list | tuple) and groups else None
    return isinstance(first, list | tuple | np.ndarray)


def _as_table(groups, name):
    if hasattr(groups, "shape"):
        return groups
    try:
        return np.array(groups, dtype=object)  # numpy turns ['a', 1] into text
    except ValueError:
        raise ValueError(
            f"{name} holds rows of different lengths: pass a data frame, or equally "
            f"many values for each row."
        ) from None


def check_group_names(groups, *, instead=""):
    """Return the name of a column of X, or of several, as a list.

    ``instead`` ends the message for anything else.
    """
    names = list(groups) if isinstance(groups, list | tuple) else [groups]
    if (
        not names
        or not all(
            isinstance(name, str | Integral) and not isinstance(name, bool)
            for name in names
        )
        or len(names) > len(set(names))
    ):
        raise ValueError(
            f"groups={shortened(groups)}: name a column of X, or several, each "
            f"once{instead}."
        )
    return names


def take_group_columns(X, names):
    """Return the named columns of X as groups; they are numbers, if X is an array."""
    known = [] if are_documents(X) else column_names(X)
    absent = [name for name in names if name not in known]
    if absent:
        said = names[0] if len(names) == 1 else names
        raise ValueError(
            f"groups={shortened(said)}, and X, as it comes here, has no column "
            f"{shortened(absent[0])}: its columns are "
            f"{listed([str(name) for name in known]) or 'none'}."
        )
    columns = select_columns(X, names)
    is_sparse = not is_frame(columns) and hasattr(columns, "toarray")
    return columns.toarray() if is_sparse else columns


def cross_groups(columns):
    """Cross several Sources: the combinations that occur, in the order of levels.

    Levels are tuples, or the values themselves of one column.
    """
    columns = list(columns)
    if len(columns) == 1:
        return columns[0]
    codes = columns[0].codes
    for column in columns[1:]:  # numbered anew each time, so that nothing overflows
        codes = np.unique(codes * column.n_sources + column.codes, return_inverse=True)[
            1
        ]
    rows = np.unique(codes, return_index=True)[1]
    of_each = [[c.levels[k] for k in c.codes[rows]] for c in columns]
    return Sources(list(zip(*of_each, strict=True)), codes)
