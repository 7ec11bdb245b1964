"""Columns of any table: as arrays that are exact, and as numbers where they are."""

from decimal import Decimal
from numbers import Real

import narwhals as nw
import numpy as np
import scipy.sparse as sp

from skdataquality.utils._frames._tables import as_frame, as_rows, is_frame

_WIDE = (nw.Int128, nw.UInt128)
_NUMBER = (Real, Decimal, np.bool_)


def iterate_columns(X, positions=None):
    """Yield name (or position) and cells of every column, as a 1-D array.

    ``positions`` selects columns of a sparse matrix.
    """
    if is_frame(X):
        for column in as_frame(X).iter_columns():
            yield column.name, column_as_array(column)
    elif sp.issparse(X):
        yield from _sparse_columns(
            X, range(X.shape[1]) if positions is None else positions
        )
    else:
        yield from enumerate(as_rows(X).T)


def _sparse_columns(X, positions):
    columns = sp.csc_array(X)
    if not columns.has_canonical_format:
        columns = columns.copy()  # it may share memory with X
        columns.sum_duplicates()
    for j in positions:
        stored = slice(columns.indptr[j], columns.indptr[j + 1])
        values = np.zeros(columns.shape[0], dtype=columns.dtype)
        values[columns.indices[stored]] = columns.data[stored]
        yield j, values


def column_as_array(column):
    """Return a narwhals column as a 1-D array that is exact.

    Columns that numpy would round (integers with missing values), refuse or unfold
    (lists and records in cells) become objects.
    """
    dtype = column.dtype
    if dtype.is_nested() or (
        dtype.is_integer() and (dtype in _WIDE or column.null_count() > 0)
    ):
        return _as_objects(column)
    try:
        cells = column.to_numpy()
    except NotImplementedError:  # types that pyarrow has and numpy has not
        return _as_objects(column)
    except ValueError:  # times of day that are finer than those of Python
        return _as_objects(column.cast(nw.String))
    return cells if cells.ndim == 1 else _as_objects(column)


def _as_objects(column):
    return np.fromiter(column.to_list(), dtype=object, count=len(column))


def as_numbers(values, kinds="fiubmMO"):
    """Return a column as numbers, or None if it holds anything else.

    ``kinds`` of dtype may be numbers. Objects are if all of them are that are not
    missing; booleans among them need a "b". Times become int64, NaT the lowest of them;
    objects float64, NaN where one is missing; anything else stays as it is.
    """
    kind = values.dtype.kind
    if kind not in kinds:
        return None
    if kind in "mM":
        return values.astype(np.int64)
    if kind != "O":
        return values
    known = ~missing_mask(values)
    types = set(map(type, values[known].tolist()))
    if not types or not all(issubclass(t, _NUMBER) for t in types):
        return None
    if "b" not in kinds and types & {bool, np.bool_}:
        return None
    numbers = np.full(values.shape[0], np.nan)
    numbers[known] = values[known].astype(float)
    return numbers


def dates_as_text(y):
    """Write labels that are dates as a reader would; None and others as they are."""
    if y is None or np.asarray(y).dtype.kind != "M":
        return y
    known = ~np.isnat(moments := np.asarray(y))
    said = np.full(moments.shape, None, dtype=object)
    texts = np.datetime_as_string(moments[known].astype("M8[us]"))
    said[known] = [str(text).removesuffix(".000000") for text in texts]
    if all(text.endswith("T00:00:00") for text in said[known]):
        said[known] = [text.removesuffix("T00:00:00") for text in said[known]]
    return said


PLAIN = {str, bytes, int, bool}  # neither missing nor holding anything


def missing_mask(values):
    """Mask of None, NaN, NaT and pd.NA in a 1-D array of any dtype."""
    if values.dtype.kind == "f":
        return np.isnan(values)
    if values.dtype.kind in "mM":
        return np.isnat(values)
    if values.dtype.kind != "O":
        return np.zeros(values.shape[0], dtype=bool)
    if set(map(type, values.tolist())) <= PLAIN:  # 10 times as fast
        return np.zeros(values.shape[0], dtype=bool)
    return np.fromiter(map(is_missing, values), dtype=bool, count=values.shape[0])


def is_missing(value):
    """Whether a value is None, NaN, NaT or pd.NA; lists and dicts are not."""
    if isinstance(value, list | dict | set | np.ndarray):
        return False
    # pd.NA is neither equal nor unequal to itself: the comparison gives pd.NA back.
    is_itself = value == value
    if isinstance(is_itself, bool | np.bool_):
        return value is None or not is_itself
    return is_itself is value
