"""Cells that hold votes as numbers of distinct labels: :func:`factor`."""

import numpy as np

from skdataquality.utils._frames import cell_codes, missing_mask, sorted_codes

_TOO_LARGE = 2.0**63  # no whole number of 64 bits from here on


def factor(cells, name="votes"):
    """Return the distinct labels, sorted, and the number of each cell's, -1 if missing.

    Whole numbers held as floats, because cells are missing beside them, are integers.
    """
    if cells.dtype.kind in "biu":
        distinct, codes = sorted_codes(cells)
        return distinct, codes.astype(np.int32)
    if cells.dtype.kind == "f":
        return _scattered(_whole(cells[~np.isnan(cells)], name), ~np.isnan(cells))
    if cells.dtype.kind == "c":
        raise ValueError(
            f"{name} has complex values. Complex data not supported: pass labels."
        )
    known = ~missing_mask(cells)
    firsts, codes = np.unique(cell_codes(cells[known]), return_inverse=True)
    first = np.full(firsts.size, known.sum(), dtype=np.intp)
    np.minimum.at(first, codes, np.arange(codes.size))
    labels = _of_one_type(cells[known][first].tolist(), name)
    order = np.argsort(labels, kind="stable")
    number = np.empty(order.size, dtype=np.int32)
    number[order] = np.arange(order.size, dtype=np.int32)
    out = np.full(cells.size, -1, dtype=np.int32)
    out[known] = number[codes]
    return labels[order], out


def _scattered(values, known):
    distinct, codes = sorted_codes(values)
    out = np.full(known.size, -1, dtype=np.int32)
    out[known] = codes
    return distinct, out


def _whole(values, name):
    if np.isinf(values).any():
        raise ValueError(f"{name} contains infinity: let those cells be missing.")
    values = values.astype(np.float64, copy=False)  # half floats hold no 2**63
    if (np.abs(values) >= _TOO_LARGE).any():
        raise ValueError(
            f"{name} holds numbers such as {values[np.argmax(np.abs(values))]:g}, too "
            f"large for whole numbers of 64 bits: make the labels text."
        )
    whole = values.astype(np.int64)
    if (whole != values).any():
        seen = values[whole != values][:3].tolist()
        raise ValueError(
            f"{name} holds numbers with fractions such as {seen}. Unknown label type: "
            f"continuous. Pass class labels."
        )
    return whole


def _integers(labels, name):
    """Whole numbers as they are, where floats would round those above 2**53."""
    try:
        return np.array([int(label) for label in labels], dtype=np.int64)
    except OverflowError as error:
        raise ValueError(
            f"{name} holds {max(labels, key=abs)}, too large for whole numbers of 64 "
            f"bits: make the labels text."
        ) from error


def _of_one_type(labels, name):
    """Labels as an array of one type, or an error that names the types."""
    kinds = {type(label) for label in labels}
    if any(issubclass(kind, bytes | list | dict | set | tuple) for kind in kinds):
        raise ValueError(
            f"{name} holds cells such as {labels[:2]!r:.60}. Unknown label type: pass "
            f"one label, text or a whole number, in each cell."
        )
    is_number = [issubclass(kind, (int, float, np.number, np.bool_)) for kind in kinds]
    if kinds and all(is_number) and not kinds <= {bool, np.bool_}:
        if all(issubclass(kind, (int, np.integer, np.bool_)) for kind in kinds):
            return _integers(labels, name)
        return _whole(np.array(labels, dtype=float), name)
    if len(kinds) > 1 and not all(issubclass(kind, str) for kind in kinds):
        names = ", ".join(sorted(kind.__name__ for kind in kinds))
        raise ValueError(
            f"{name} mixes labels of different types ({names}): make them all text."
        )
    array = np.array(labels)
    if array.dtype.kind in "bUSMm" or array.size == 0:
        return array if array.size else np.zeros(0, dtype=int)
    return np.fromiter(labels, dtype=object, count=len(labels))
