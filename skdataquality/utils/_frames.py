"""Data frames of any library, through narwhals, and the columns of any table."""

from decimal import Decimal
from numbers import Real

import narwhals as nw
import numpy as np
import scipy.sparse as sp

_WIDE = (nw.Int128, nw.UInt128)
_NUMBER = (Real, Decimal, np.bool_)


def is_frame(X):
    """Whether X is an eager data frame that narwhals knows (pandas, polars, ...)."""
    return nw.dependencies.is_into_dataframe(X)


def as_frame(X):
    """Return X as a narwhals data frame."""
    return nw.from_native(X, eager_only=True)


def is_pandas(X):
    """Whether X is a pandas data frame."""
    return nw.dependencies.is_pandas_dataframe(X)


def is_number(dtype):
    """Whether a column of this narwhals dtype can be used as numbers."""
    return dtype.is_numeric() or dtype == nw.Boolean


def as_rows(X):
    """Return X itself if it has rows and columns already, else as an array."""
    return X if is_frame(X) or sp.issparse(X) else np.asarray(X)


def column_names(X):
    """Names of the columns of a frame; positions for anything else."""
    return list(as_frame(X).columns) if is_frame(X) else list(range(X.shape[1]))


def select_columns(X, names):
    """Return X with the named columns, in that order and in its own container."""
    place = {name: j for j, name in enumerate(column_names(X))}
    kept = [place[name] for name in names]
    if is_frame(X):  # by position: narwhals selects only names that are text
        return as_frame(X)[:, kept].to_native()
    if sp.issparse(X):
        return X.tocsc()[:, kept].asformat(X.format)
    return X[:, kept]


def without_columns(X, names):
    """Return X without the named columns; X itself if there are none to leave out."""
    if not names:
        return X
    left_out = set(names)
    return select_columns(X, [c for c in column_names(X) if c not in left_out])


def stack_rows(first, second):
    """Stack two tables of the same columns, ``first`` on top, in their own container.

    Raises
    ------
    ValueError
        If one is a data frame and the other is not, or their columns differ.
    """
    if is_frame(first) != is_frame(second):
        raise ValueError(
            f"X is a {type(first).__name__} but X_target is a "
            f"{type(second).__name__}: pass both as data frames or both as arrays."
        )
    if is_frame(first):
        top, bottom = as_frame(first), as_frame(second)
        _check_same_columns(top.columns, bottom.columns)
        if is_pandas(first):
            # positions, not labels: both sides may use the same index values
            top, bottom = (nw.maybe_reset_index(t) for t in (top, bottom))
        # by position: narwhals selects only names that are text
        order = [bottom.columns.index(name) for name in top.columns]
        return nw.concat([top, bottom[:, order]], how="vertical").to_native()
    if first.shape[1] != second.shape[1]:
        raise ValueError(
            f"X has {first.shape[1]} features but X_target has {second.shape[1]}: pass "
            f"rows with the same columns, before any transformation."
        )
    if sp.issparse(first) or sp.issparse(second):
        return sp.vstack([first, second], format="csr")
    return np.concatenate([first, second])


def _check_same_columns(columns, target_columns):
    missing = sorted(set(columns) - set(target_columns))
    extra = sorted(set(target_columns) - set(columns))
    if missing or extra:
        raise ValueError(
            f"X and X_target have different columns: X_target lacks {missing[:5]} and "
            f"has {extra[:5]} that X lacks. Select the same columns on both sides."
        )


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
        yield from enumerate(np.asarray(X).T)


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
        return np.fromiter(column.to_list(), dtype=object, count=len(column))
    return column.to_numpy()


def as_numbers(values, kinds="fiubmMO"):
    """Return a column as numbers, or None if it holds anything else.

    Parameters
    ----------
    values : ndarray of shape (n_rows,)
    kinds : str, default="fiubmMO"
        Kinds of dtype that may be numbers. Objects are if all of them are that are
        not missing; booleans among them need a "b".

    Returns
    -------
    numbers : ndarray of shape (n_rows,) or None
        Times as int64, NaT the lowest of them; objects as float64, NaN where one is
        missing; anything else as it is.
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


def missing_mask(values):
    """Mask of None, NaN, NaT and pd.NA in a 1-D array of any dtype."""
    if values.dtype.kind == "f":
        return np.isnan(values)
    if values.dtype.kind in "mM":
        return np.isnat(values)
    if values.dtype.kind != "O":
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


def like_frame(X, rows):
    """Return rows as a data frame of the library and column names of X."""
    if is_frame(rows):
        return rows
    frame = as_frame(X)
    values = rows.toarray() if sp.issparse(rows) else np.asarray(rows)
    data = {name: values[:, j] for j, name in enumerate(frame.columns)}
    return nw.from_dict(data, backend=frame.implementation).to_native()
