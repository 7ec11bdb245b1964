"""Categories of columns, groups, and classes with too few labelled rows."""

import numpy as np

from skdataquality.active_learning._pool._counts import count_part
from skdataquality.utils._frames import (
    are_documents,
    as_frame,
    cell_codes,
    is_frame,
    is_number,
    iterate_columns,
)

MOST_CATEGORIES = 50  # a column of more is text, or a number
MOST_OF_NUMBERS = 10
HALF = 0.5  # of the labels expected: a class that has more is covered


def find_categories(sides, units):
    """Count labels in each category of columns that have some, and in each group."""
    parts = []
    for name, cells, most in _columns(sides):
        codes = cell_codes(cells)
        n_categories = codes.max() + 1
        if not 2 <= n_categories <= most:
            continue
        first = np.unique(codes, return_index=True)[1]
        for code in range(n_categories):
            inside = codes == code
            part = count_part(
                "category",
                (str(name), str(cells[first[code]])),
                units.touching(inside),
                units.is_labeled,
                rows=np.flatnonzero(inside & ~sides.is_labeled),
            )
            parts.append(part)
    if sides.groups is not None and not units.are_groups:
        parts += _of_groups(sides, units)
    return parts


def _columns(sides):
    if not is_frame(sides.table) or are_documents(sides.table):
        return
    types = as_frame(sides.table).schema.values()
    for (name, cells), dtype in zip(iterate_columns(sides.table), types, strict=True):
        is_amount = is_number(dtype) and not str(dtype).startswith("Boolean")
        yield name, cells, MOST_OF_NUMBERS if is_amount else MOST_CATEGORIES


def _of_groups(sides, units):
    if sides.group_names.size > MOST_CATEGORIES:
        return []
    return [
        count_part(
            "category",
            ("groups", str(name)),
            sides.groups == number,
            units.is_labeled,
            rows=np.flatnonzero((sides.groups == number) & ~sides.is_labeled),
        )
        for number, name in enumerate(sides.group_names)
    ]


def find_classes(sides, checked):
    """Count, by the class of the nearest reference, checked labels of each class."""
    if sides.classes is None or not 2 <= sides.classes.size <= MOST_CATEGORIES:
        return []
    return [
        count_part(
            "class",
            label,
            checked.code == code,
            checked.is_labeled,
            hardly=HALF,
        )
        for code, label in enumerate(sides.classes.tolist())
    ]
