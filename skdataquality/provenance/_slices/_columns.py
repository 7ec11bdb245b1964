"""Columns of sources: read, numbers binned, useless ones left out."""

import numpy as np

from skdataquality.provenance._rates import why_not_compared
from skdataquality.utils._frames import (
    is_frame,
    iterate_columns,
)
from skdataquality.utils._sklearn import num_samples
from skdataquality.utils._sources import MISSING, Sources, encode_sources
from skdataquality.utils._validation import check_same_length, refuse_repeated_columns

MOST_SOURCES = 10_000
MOST_MEASURED = 50  # different fractions or dates; more are binned
N_BINS = 5


def read_columns(metadata, n_rows, name="metadata"):
    """Return Sources by column, and why other columns are left out, by column.

    A dict of columns, a frame, or an array of rows and columns, named x0, x1, ... then.
    Missing values are a source of their own.
    """
    columns, left_out = {}, {}
    for key, values in _named(metadata, n_rows, name):
        column = _binned(values, encode_sources(values, name=f"{name}[{key!r}]"))
        why = _why_left_out(column)
        if why:
            left_out[key] = why
        else:
            columns[key] = column
    return columns, left_out


def _named(metadata, n_rows, name):
    if isinstance(metadata, dict):
        named = {str(key): values for key, values in metadata.items()}
        lengths = {f"{name}[{key!r}]": values for key, values in named.items()}
        check_same_length(errors=range(n_rows), **lengths)
        return named.items()
    if is_frame(metadata):
        refuse_repeated_columns(metadata.columns, name)
        _check_rows(metadata, n_rows, name)
        return [(str(key), values) for key, values in iterate_columns(metadata)]
    table = metadata if hasattr(metadata, "shape") else np.array(metadata, dtype=object)
    if len(table.shape) != 2:
        raise ValueError(
            f"{name} has shape {table.shape}: pass a table of one row for each error, "
            f"such as a data frame."
        )
    _check_rows(table, n_rows, name)
    return [(f"x{key}", values) for key, values in iterate_columns(table)]


def _check_rows(table, n_rows, name):
    check_same_length(errors=range(n_rows), **{name: range(num_samples(table))})


def _why_left_out(column):
    why = why_not_compared(column)
    if not why and column.n_sources > MOST_SOURCES:
        return f"has more than {MOST_SOURCES} sources"
    return why


def _binned(values, column):
    """Cut a column of measurements or dates, or of too many numbers, at quantiles."""
    dtype = getattr(values, "dtype", np.dtype(object))
    if not hasattr(dtype, "kind"):  # a Series of polars
        dtype = np.asarray(values).dtype
    kind = dtype.kind
    if kind not in "iufmM":
        return column
    is_known = np.array([level != MISSING for level in column.levels])
    most = MOST_SOURCES
    if kind in "mM" or (kind == "f" and _has_fractions(column.levels)):
        most = MOST_MEASURED
    if column.n_sources <= most:
        return column
    rows = column.rows() * is_known  # a missing source is the last
    middle = np.cumsum(rows) - rows / 2
    bins = np.minimum(middle * N_BINS // rows.sum(), N_BINS - 1).astype(np.intp)
    bins[~is_known] = N_BINS
    used, bin_of_level = np.unique(bins, return_inverse=True)
    names = [_spoken(column.levels, bins == which, which) for which in used]
    return Sources(names, bin_of_level[column.codes])


def _has_fractions(levels):
    numbers = np.array([level for level in levels if level != MISSING], dtype=float)
    return bool((numbers != np.floor(numbers)).any())


def _spoken(levels, inside, which):
    if which == N_BINS:
        return MISSING
    ends = [levels[place] for place in np.flatnonzero(inside)[[0, -1]]]
    said = [f"{end:.6g}" if isinstance(end, int | float) else str(end) for end in ends]
    return " to ".join(said)
