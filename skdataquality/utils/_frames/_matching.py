"""Two tables of the same columns: matched by name, read alike, stacked."""

import narwhals as nw
import numpy as np
import scipy.sparse as sp

from skdataquality.utils._frames._columns import column_as_array, missing_mask
from skdataquality.utils._frames._documents import are_documents, as_column
from skdataquality.utils._frames._readings import (
    as_floats,
    read_moments,
    read_texts,
    reading_of,
    written_down,
)
from skdataquality.utils._frames._tables import (
    as_frame,
    is_frame,
    is_number,
    is_pandas,
    select_columns,
)
from skdataquality.utils._printable import printable

SHOWN = 5
_TEXT = (nw.String, nw.Categorical, nw.Enum)
_SAID = {
    "number": "numbers",
    "duration": "durations",
    "moment": "dates",
    "text": "text",
    "list": "lists",
    "none": "cells that no model reads",
}


def match_columns(X, X_target, *, names=("X", "X_target")):
    """Return two tables with the columns that they share, and what is said of others.

    ``names`` are what the tables are called there.

    Columns of frames are matched by name. Where types disagree, the cells of both are
    converted if nothing is lost (text that holds numbers or ISO dates only), else the
    column is left out of both. Both come in the library of the first.

    Raises
    ------
    ValueError
        If no column is left, or tables without names differ in width.
    """
    if not (is_frame(X) and is_frame(X_target)):
        return _match_by_position(X, X_target, names)
    ours, theirs = as_frame(X), as_frame(X_target)
    library = ours.implementation
    place, notes = _places(ours.columns, theirs.columns, names)
    new, new_target = {}, {}
    for name in list(place):
        first, second = _column(ours, name), theirs[:, place[name]]
        kind, note = _common_kind(first, second, names)
        notes += [f"column {name}: {note}"] if note else []
        if kind is None:
            del place[name]
        elif kind != "same":
            read = _READ[kind]
            new[name], new_target[name] = read(_cells(first)), read(_cells(second))
        elif library != theirs.implementation:
            is_text = second.dtype == nw.String
            new_target[name] = _READ["text" if is_text else "number"](_cells(second))
    if not place:
        raise ValueError(
            f"{names[0]} and {names[1]} have no column that can be compared: "
            f"{'; '.join(notes)}. Pass {names[1]} with the columns of {names[0]}."
        )
    here = {name: ours.columns.index(name) for name in place}
    return (
        _with_cells(X, here, new, library),
        _with_cells(X_target, place, new_target, library),
        notes,
    )


def listed(names):
    """Return the first names, and how many more there are."""
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(map(printable, names[:SHOWN])) + more


def _places(ours, theirs, names):
    """Say where the other table has our columns, by name, and what is missing."""
    one, other = names
    place = {name: theirs.index(name) for name in ours if name in theirs}
    if place:
        lacking = [name for name in ours if name not in theirs]
        extra = [name for name in theirs if name not in ours]
        notes = [f"{other} lacks {listed(lacking)}: left out of both"] * bool(lacking)
        notes += [f"only {other} has {listed(extra)}: ignored"] * bool(extra)
        return place, notes
    if len(ours) != len(theirs):
        raise ValueError(
            f"{one} and {other} share no column name: {one} has {listed(ours)}, "
            f"{other} has {listed(theirs)}. Pass rows with the same columns."
        )
    note = f"{one} and {other} have different column names; {BY_POSITION}"
    return {name: j for j, name in enumerate(ours)}, [note]


def _column(frame, name):
    return frame[:, frame.columns.index(name)]


# -- tables of which one or none has names ---------------------------------------------


def _match_by_position(X, X_target, names):
    one, other = names
    if X.shape[1] != X_target.shape[1]:
        raise ValueError(
            f"{one} has {X.shape[1]} features but {other} has {X_target.shape[1]}, and "
            f"not both have column names: pass rows with the same columns, before any "
            f"transformation."
        )
    if is_frame(X) == is_frame(X_target):
        if sp.issparse(X) != sp.issparse(X_target):
            X, X_target = _as_sparse(one, X), _as_sparse(other, X_target)
        return X, X_target, []
    note = f"only one of {one} and {other} has column names; {BY_POSITION}"
    if sp.issparse(X) or sp.issparse(X_target):
        return _as_sparse(one, X), _as_sparse(other, X_target), [note]
    if is_frame(X):
        X_target = like_frame(X, X_target)
    else:
        X = like_frame(X_target, X)
    X, X_target, notes = match_columns(X, X_target, names=names)
    return X, X_target, [note, *notes]


BY_POSITION = "columns are matched by position"


def _as_sparse(name, X):
    if sp.issparse(X):
        return X
    cells = as_frame(X).to_numpy() if is_frame(X) else X
    try:
        return sp.csr_array(np.asarray(cells, dtype=float))
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"{name} holds cells that are no numbers, and the other table is a sparse "
            f"matrix: pass both in one container."
        ) from error


# -- columns of the same name ----------------------------------------------------------


def _common_kind(ours, theirs, names):
    """How both columns are read: "same" as they are, None not at all; and a note."""
    if ours.dtype == theirs.dtype and (
        ours.dtype.is_numeric() or ours.dtype in (nw.Boolean, nw.String)
    ):
        return "same", ""
    kinds = first, second = _kind(ours), _kind(theirs)
    if theirs.is_null().all():
        kinds = first, second = first, first
    said = f"{_SAID[first]} in {names[0]}, {_SAID[second]} in {names[1]}"
    if first == second == "list":
        widths = {_reading(ours).width, _reading(theirs).width}
        return ("list", "") if len(widths) == 1 else (None, f"{said}; left out of both")
    if first == second != "none":
        return first, ""
    if first == second and ours.dtype == theirs.dtype == nw.Object:
        return "same", ""  # no model reads them, but they can be compared
    for kind in ("number", "moment"):
        if set(kinds) == {kind, "text"}:
            text = ours if first == "text" else theirs
            if _is_written(text, kind):
                return kind, f"{said}; read as {_SAID[kind]}"
    return None, f"{said}; left out of both"


def _kind(column):
    return "text" if column.dtype in _TEXT else _reading(column).kind


def _reading(column):
    return reading_of(_cells(column))


def _cells(column):
    if column.dtype == nw.Datetime and column.dtype.time_zone is not None:
        column = column.dt.replace_time_zone(None)
    return column_as_array(column)


def _is_written(column, kind):
    """Whether all texts are numbers, or ISO dates."""
    texts = read_texts(column_as_array(column))
    gone = missing_mask(texts)
    return not missing_mask(_READ[kind](texts))[~gone].any()


def _numbers(cells):
    if cells.dtype.kind in "biu":
        return cells
    if cells.dtype.kind == "f":
        return cells.astype(np.float64)
    return as_floats(cells)


def _lists(cells):
    out = np.empty(cells.shape[0], dtype=object)
    for i, cell in enumerate(cells.tolist()):
        out[i] = list(map(float, cell)) if hasattr(cell, "__len__") else None
    return out


_READ = {
    "number": _numbers,
    "duration": lambda cells: as_floats(cells, "duration"),
    "moment": read_moments,
    "text": read_texts,
    "list": _lists,
}


# -- new tables ------------------------------------------------------------------------


def _with_cells(X, place, cells, library):
    """Return columns of X, by their places, some with other cells, in a library."""
    frame = as_frame(X)
    if not cells and frame.implementation == library:
        if list(place) == list(frame.columns):
            return X
        if set(place) <= set(frame.columns):
            return select_columns(X, list(place))
    columns = [
        _series(cells[name], library) if name in cells else frame[:, j]
        for name, j in place.items()
    ]
    return _assembled(columns, list(place))


def _series(cells, library):
    if cells.dtype != object:
        return nw.new_series("", cells, backend=library)
    is_list = any(isinstance(cell, list) for cell in cells.tolist())
    dtype = None if is_list else nw.String
    return nw.new_series("", cells.tolist(), dtype, backend=library)


def _assembled(columns, names):
    """Columns side by side under names, which may be no text."""
    named = [
        nw.maybe_reset_index(column.alias(str(j)).to_frame())
        for j, column in enumerate(columns)
    ]
    table = nw.concat(named, how="horizontal")
    native = table.to_native()
    if is_pandas(native):
        return native.set_axis(names, axis=1)
    return table.rename(dict(zip(table.columns, names, strict=True))).to_native()


def like_frame(X, rows):
    """Return rows as a data frame of the library and column names of X."""
    if is_frame(rows):
        return rows
    frame = as_frame(X)
    return named_frame(rows, frame.columns, frame.implementation)


def named_frame(rows, names, library):
    """Return an array or a sparse matrix as a data frame of a library."""
    values = rows.toarray() if sp.issparse(rows) else np.asarray(rows)
    is_pandas_like = nw.Implementation.from_backend(library).is_pandas_like()
    store = written_down if is_pandas_like else _of_one_kind
    data = {name: store(values[:, j]) for j, name in enumerate(names)}
    return nw.from_dict(data, backend=library).to_native()


def _of_one_kind(cells):
    """Cells as a library with strict types takes them."""
    if cells.dtype != object:
        return cells
    return _READ.get(reading_of(cells).kind, read_texts)(cells)


def stack_rows(first, second):
    """Stack two tables that match_columns returned, in the container of the first."""
    if is_frame(first):
        return _stacked(as_frame(first), as_frame(second)).to_native()
    if sp.issparse(first) or sp.issparse(second):
        pair = _as_sparse("X", first), _as_sparse("X_target", second)
        return sp.vstack(pair, format="csr")
    if are_documents(first):
        return _stacked_documents(first, second)
    if {first.dtype.kind, second.dtype.kind} <= set("biuf"):
        return np.concatenate([first, second])
    return np.concatenate([first.astype(object), second.astype(object)])


def _stacked_documents(first, second):
    cells = np.concatenate([as_column(first), as_column(second)]).ravel()
    if not nw.dependencies.is_into_series(first):
        return cells
    series = nw.from_native(first, series_only=True)
    library = series.implementation
    return nw.new_series(series.name, cells.tolist(), backend=library).to_native()


def _stacked(top, bottom):
    # positions, not labels: both sides may use the same index values
    top, bottom = (nw.maybe_reset_index(t) for t in (top, bottom))
    # by position: narwhals selects only names that are text
    bottom = bottom[:, [bottom.columns.index(name) for name in top.columns]]
    if not top.implementation.is_pandas():  # pandas finds a common type by itself
        top, bottom = _of_one_type(top, bottom)
    return nw.concat([top, bottom], how="vertical")


def _of_one_type(top, bottom):
    """Cast numbers that differ in type to floats, and text to one type of it."""
    pairs = ((n, top.schema[n], bottom.schema[n]) for n in top.columns)
    other = [name for name, a, b in pairs if a != b and is_number(a) and is_number(b)]
    # narwhals does not tell large strings of pyarrow from others
    texts = [name for name in top.columns if top.schema[name] == nw.String]
    cast = [nw.col(name).cast(nw.String) for name in texts]
    return (
        table.with_columns(*cast, *(_as_floats(table[name]) for name in other))
        for table in (top, bottom)
    )


def _as_floats(column):
    """Cast without asking whether each integer has an exact float."""
    numbers = as_floats(column_as_array(column))
    return nw.new_series(column.name, numbers, backend=column.implementation)
