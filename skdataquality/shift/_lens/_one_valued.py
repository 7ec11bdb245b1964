"""Columns that have one value in training rows and vary in target rows, or back."""

import numpy as np

from skdataquality.utils._frames import (
    are_documents,
    cell_codes,
    iterate_columns,
    missing_mask,
)

ONE_VALUED = "constant on one side"


def constant_on_one_side(X, X_target):
    """List the columns that are constant in one table and not in the other."""
    if are_documents(X):
        return []
    pairs = zip(iterate_columns(X), iterate_columns(X_target), strict=True)
    lines = []
    for (name, ours), (_, theirs) in pairs:
        sides = _has_one_value(ours), _has_one_value(theirs)
        if sides[0] != sides[1]:
            where = "training rows" if sides[0] else "target rows"
            lines.append({"column": name, "constant_in": where})
    return lines


def _has_one_value(values):
    missing = missing_mask(values)
    if missing.any():
        return bool(missing.all())
    if values.dtype.kind in "biufmM":
        return bool((values == values[:1]).all())
    return not np.any(cell_codes(values))
