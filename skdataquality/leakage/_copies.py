"""Columns that say the label itself, as no measurement does."""

import numpy as np

from skdataquality.utils._frames import (
    as_numbers,
    cell_codes,
    missing_mask,
    numbers_in_text,
)

PER_ROWS = 1000  # one stray cell in so many may be wrong
MOST_GAPS = 0.5
FEWEST_APART = 10  # rows outside the largest group
EXCEPTIONS = 0.01
MISSING_TELLS = 0.85
RELATIVE = 1e-9
NEARLY = 0.9  # errors removed: below it a column need not be looked at
LEAST = 0.3  # of the quarters of a quantity

COPY = "each of its values stands for one class"
RESCALED = "it is the label on another scale"
FILLED = "whether it has a value tells the class"


def certain_reason(alone, values, codes, truth):
    """Return why no honest measurement is like this column, or None.

    ``codes`` are the classes that are judged, ``truth`` codes of all classes, or the
    quantity itself.
    """
    if _filled_for_one_class(alone, values, codes):
        return FILLED
    if alone.error_removed < (LEAST if truth.dtype.kind == "f" else NEARLY):
        return None
    missing = missing_mask(values)
    if truth.dtype.kind == "f":
        return _says_the_quantity(values, missing, truth)
    return _says_the_label(alone, values, missing, truth)


def _says_the_label(alone, values, missing, labels):
    """Return the reason why a column is the label under other names, or None."""
    levels = alone.view.levels.astype(np.int64)
    if alone.view.what.startswith("the word"):
        return COPY if _one_to_one(levels, labels) else None
    cells = cell_codes(values)
    if _one_to_one(levels, labels) or _one_to_one(cells, labels):
        return COPY
    known = ~missing
    if known.all() or known.mean() < MOST_GAPS:
        return None
    every = np.unique(labels).shape[0] == np.unique(labels[known]).shape[0]
    return COPY if every and _one_to_one(cells[known], labels[known]) else None


def _one_to_one(levels, labels):
    """Whether each level names one class and each class has one level, but strays."""
    n_levels, n_labels = int(levels.max()) + 1, int(labels.max()) + 1
    if np.unique(levels).shape[0] != np.unique(labels).shape[0]:
        return False
    pair, count = np.unique(levels * n_labels + labels, return_counts=True)
    level, label = pair // n_labels, pair % n_labels
    named = np.zeros(n_levels, dtype=np.int64)
    most = np.lexsort((count, level))  # the last of each level is its largest
    named[level[most]] = label[most]
    right = named[levels] == labels
    n_named = np.unique(named[np.unique(levels)]).shape[0]
    is_onto = n_named == np.unique(labels).shape[0]
    return is_onto and int((~right).sum()) * PER_ROWS <= levels.shape[0]


def _says_the_quantity(values, missing, quantity):
    """Return the reason why a column is a rising or falling function of y, or None."""
    numbers = as_numbers(values)
    numbers = numbers_in_text(values) if numbers is None else numbers
    if numbers is None:
        return None
    numbers = np.asarray(numbers, dtype=float)
    known = ~np.isnan(numbers) & ~missing
    if known.mean() < MOST_GAPS:
        return None
    x, y = numbers[known], quantity[known]
    size = np.unique(x, return_counts=True)[1]
    if size.sum() - size.max() < FEWEST_APART:
        return None
    return RESCALED if _is_monotone(x, y) or _is_monotone(x, -y) else None


def _is_monotone(x, y):
    """Whether no row of a smaller x has a larger y."""
    order = np.lexsort((y, x))
    x, y = x[order], y[order]
    starts = np.flatnonzero(np.r_[True, x[1:] != x[:-1]])
    lowest, highest = y[starts], y[np.r_[starts[1:] - 1, y.shape[0] - 1]]
    slack = RELATIVE * (y.max() - y.min())
    return bool((highest[:-1] <= lowest[1:] + slack).all())


def _filled_for_one_class(alone, values, codes):
    """Whether a value, or its lack, is that of one class only and tells it."""
    if (alone.missing_auc or 0) < MISSING_TELLS:
        return False
    missing = missing_mask(values)
    for side in (missing, ~missing):
        size = np.bincount(codes[side])
        if size.sum() - size.max() <= EXCEPTIONS * size.sum():
            return True
    return False
