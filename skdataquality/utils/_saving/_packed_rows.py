"""Row numbers and values of rows in few bytes, for what is saved."""

import numpy as np
import scipy.sparse as sp


def pack_rows(rows, n_rows):
    """Pack row numbers below ``n_rows``; negative ones stand for no row.

    All rows take no space; where many are named, once each and ascending, they take one
    bit for each of the ``n_rows``. Neither do those that are no row at the end, as made
    ones are.

    Returns
    -------
    packed : dict
        Of plain numbers and arrays; :func:`unpack_rows` reads it.
    """
    rows = np.asarray(rows)
    n_made = _n_alike_at_the_end(rows)
    if n_made and (n_made == rows.size or rows[-n_made - 1] >= 0):
        made = {"made": int(rows[-1]), "n_made": n_made}
        return pack_rows(rows[:-n_made], n_rows) | made
    numbers = _in_small_integers(rows)
    if rows.size == 0 or rows[0] < 0 or np.any(np.diff(rows) <= 0):
        return {"rows": numbers}
    if rows.size == n_rows:
        return {"all": True}
    bits = np.packbits(_mask(rows, n_rows))
    return {"rows": numbers} if numbers.nbytes < bits.nbytes else {"bits": bits}


def unpack_rows(packed, n_rows, dtype=np.int64):
    """Return the row numbers that :func:`pack_rows` has packed."""
    if "made" in packed:
        first = {k: v for k, v in packed.items() if k not in {"made", "n_made"}}
        made = np.full(packed["n_made"], packed["made"], dtype=dtype)
        return np.concatenate([unpack_rows(first, n_rows, dtype), made])
    if "all" in packed:
        return np.arange(n_rows, dtype=dtype)
    if "bits" in packed:
        mask = np.unpackbits(packed["bits"], count=n_rows)
        return np.flatnonzero(mask).astype(dtype)
    return packed["rows"].astype(dtype)


def pack_values(values, usual):
    """Pack integers or booleans, one for each row and most of them ``usual``."""
    n_rows, unusual = values.shape[0], np.flatnonzero(values != usual)
    values = _in_small_integers(values[unusual])
    return {
        "rows": pack_rows(unusual, n_rows),
        "values": values[:1] if np.all(values == values[:1]) else values,
    }


def unpack_values(packed, n_rows, usual, dtype):
    """Return the values that :func:`pack_values` has packed."""
    values = np.full(n_rows, usual, dtype=dtype)
    values[unpack_rows(packed["rows"], n_rows)] = packed["values"]
    return values


def parents_of_kept(origin, n_in):
    """Map each row that is one of ``n_in`` rows to that one, and others to none."""
    kept = origin >= 0
    return sp.csr_array(
        (np.ones(kept.sum()), origin[kept], np.r_[0, np.cumsum(kept)]),
        shape=(origin.size, n_in),
    )


def pack_parents(parents, origin):
    """Pack a sparse map of rows, most of which follow from their ``origin``."""
    other = sp.csr_array(parents - parents_of_kept(origin, parents.shape[1]))
    other.eliminate_zeros()
    rows = np.flatnonzero(np.diff(other.indptr))
    those = parents[rows]
    return {
        "rows": pack_rows(rows, origin.size),
        "n_parents": _in_small_integers(np.diff(those.indptr)),
        "parents": _in_small_integers(those.indices),
        "weights": those.data,
    }


def unpack_parents(packed, origin, n_in):
    """Return the map that :func:`pack_parents` has packed."""
    rows = unpack_rows(packed["rows"], origin.size)
    plain = origin.copy()
    plain[rows] = -1
    n_parents = packed["n_parents"].astype(np.int64)
    shape = origin.size, n_in
    other = (packed["weights"], (np.repeat(rows, n_parents), packed["parents"]))
    return sp.csr_array(parents_of_kept(plain, n_in) + sp.csr_array(other, shape=shape))


def _n_alike_at_the_end(rows):
    """How many equal negative numbers the rows end with."""
    if rows.size == 0 or rows[-1] >= 0:
        return 0
    others = np.flatnonzero(rows != rows[-1])
    return int(rows.size - 1 - others[-1]) if others.size else int(rows.size)


def _mask(rows, n_rows):
    mask = np.zeros(n_rows, dtype=bool)
    mask[rows] = True
    return mask


def _in_small_integers(values):
    if values.size == 0 or values.dtype == bool:
        return values
    ends = map(np.min_scalar_type, (values.min(), values.max()))
    return values.astype(np.result_type(*ends))
