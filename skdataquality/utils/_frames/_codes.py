"""Values of any type as whole numbers: equal numbers for equal values."""

import pickle

import numpy as np

from skdataquality.utils._frames._columns import PLAIN, is_missing


def sorted_codes(values):
    """Return ``np.unique(values, return_inverse=True)``, faster for close integers."""
    if values.dtype.kind not in "iu" or values.size == 0:
        return np.unique(values, return_inverse=True)
    lowest = values.min()
    if int(values.max()) - int(lowest) >= 4 * values.size:
        return np.unique(values, return_inverse=True)
    offsets = np.subtract(values, lowest, dtype=np.intp, casting="unsafe")
    is_present = np.bincount(offsets) > 0
    present = np.flatnonzero(is_present)
    if present.size < is_present.size:
        offsets = (np.cumsum(is_present) - 1)[offsets]
    return present.astype(values.dtype) + lowest, offsets  # wraps where it must


def cell_codes(values):
    """Give the distinct cells of a column numbers, in the order of their first rows.

    NaN equals NaN and any other missing value, and -0.0 equals 0.0. Any dtype will do,
    objects that cannot be hashed or ordered included.
    """
    if fits_64_bits(values.dtype):
        bits = cell_bits(values)
        _, first, codes = np.unique(bits, return_index=True, return_inverse=True)
        return sorted_codes(first)[1][codes]
    cells = values.astype(object).tolist()
    try:
        distinct = dict.fromkeys(cells)
    except TypeError:  # some are not hashable
        cells = [_key(cell) for cell in cells]
        distinct = dict.fromkeys(cells)
    number: dict = {}
    for cell in distinct:
        key = cell if type(cell) in PLAIN else _key(cell)
        distinct[cell] = number.setdefault(key, len(number))
    numbers = map(distinct.__getitem__, cells)
    return np.fromiter(numbers, dtype=np.intp, count=len(cells))


def cell_bits(values):
    """Represent cells by uint64 numbers, equal exactly when the cells are."""
    if not fits_64_bits(values.dtype):
        values = cell_codes(values)
    if values.dtype.kind == "f":
        values = np.add(values, 0.0, dtype=np.float64)  # turns -0.0 into 0.0
        missing = np.isnan(values)
        if missing.any():
            values[missing] = np.nan  # one bit pattern for all NaN
    elif values.dtype.kind in "ib":
        values = values.astype(np.int64)
    elif values.dtype.kind == "u":
        values = values.astype(np.uint64)
    return values.view(np.uint64)


def fits_64_bits(dtype):
    """Whether cells of a dtype are numbers or times of 64 bits at most."""
    return dtype.kind in "fiubmM" and dtype.itemsize <= 8


def _key(value):
    """Stand for a cell by something hashable, equal exactly when the cells are."""
    if isinstance(value, list | tuple):
        return (type(value), *map(_key, value))
    if isinstance(value, dict):
        return (dict, frozenset((k, _key(v)) for k, v in value.items()))
    if isinstance(value, set):
        return (set, frozenset(map(_key, value)))
    if isinstance(value, np.ndarray):
        kind, flat = value.dtype.kind, value.ravel()
        cells = (
            cell_bits(flat).tobytes()
            if fits_64_bits(value.dtype)
            else tuple(map(_key, flat.tolist()))
        )
        return (np.ndarray, kind, value.shape, cells)
    if is_missing(value):
        return None
    try:
        hash(value)
    except TypeError:
        return (type(value), pickle.dumps(value))
    return value
