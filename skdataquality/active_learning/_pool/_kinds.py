"""Values of columns, groups, and classes with too few labelled rows."""

import numpy as np
import scipy.sparse as sp

from skdataquality.active_learning._pool._counts import HALF, HARDLY, count_part
from skdataquality.utils._frames import (
    are_documents,
    as_numbers,
    as_rows,
    cell_codes,
    iterate_columns,
    missing_mask,
)

MOST_CATEGORIES = 50  # a column of more is text, or a number
MOST_OF_NUMBERS = 10
WIDEST = 100  # columns: of more, single ones say little
ENDS = (0.05, 0.2)  # of the rows, at either end of a column of numbers


def find_categories(sides, units):
    """Count labels in the categories and at the ends of columns, and in groups."""
    parts = [
        count_part(
            "category",
            (str(name), which),
            units.touching(inside),
            units.is_labeled,
            hardly=HARDLY if which.startswith("=") else HALF,
            rows=np.flatnonzero(inside & ~sides.is_labeled),
        )
        for name, which, inside in _values(sides.table)
    ]
    if sides.groups is not None and not units.are_groups:
        parts += _of_groups(sides, units)
    return parts


def _values(table):
    """Yield name, words and mask of the categories of a column, or of its ends."""
    if are_documents(table) or sp.issparse(table) or as_rows(table).shape[1] > WIDEST:
        return
    for name, cells in iterate_columns(table):
        codes = cell_codes(cells)
        numbers = as_numbers(cells, "fiubmMO")
        n_categories = codes.max() + 1
        if numbers is not None and n_categories > MOST_OF_NUMBERS:
            for which, inside in _ends(cells, numbers):
                yield name, which, inside
        elif 2 <= n_categories <= MOST_CATEGORIES:
            first = np.unique(codes, return_index=True)[1]
            for code, cell in enumerate(cells[first].tolist()):
                yield name, f"= {cell}", codes == code


def _ends(cells, numbers):
    """Yield the highest and the lowest rows of a column of numbers or dates."""
    missing = missing_mask(cells)
    known = np.sort(numbers[~missing])
    for end in ENDS:
        at = min(int(end * known.size), known.size - 1)
        low, high = known[at], known[known.size - 1 - at]
        for word, inside, bound in (
            ("above", numbers > high, high),
            ("below", numbers < low, low),
        ):
            where = np.flatnonzero(numbers == bound)[0]
            yield f"{word} {_short(cells[where])}", inside & ~missing


def _short(cell):
    return f"{cell:.4g}" if isinstance(cell, float) else str(cell)


def _of_groups(sides, units):
    if sides.group_names.size > MOST_CATEGORIES:
        return []
    return [
        count_part(
            "category",
            ("groups", f"= {name}"),
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
