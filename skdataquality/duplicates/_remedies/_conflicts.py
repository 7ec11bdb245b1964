"""Duplicates that carry different labels."""

import numpy as np

from skdataquality.utils._validation import (
    as_label_column,
    encode_labels,
    is_continuous,
)

MOST_DECIMALS = 12
RELATIVE = 1e-9


def conflicting_groups(groups, codes):
    """Return the first rows of the groups that hold more than one label."""
    return np.unique(groups[codes != codes[groups]])


def codes_within(groups, y):
    """Codes of labels; of numbers that are equal but for rounding, one within a group.

    Those agree that equal the number of the group's first row, rounded to as many
    decimals as the coarser of both is written with.

    >>> import numpy as np
    >>> from skdataquality.duplicates._remedies._conflicts import codes_within
    >>> codes_within(np.array([0, 0, 0]), np.array([2.5, 2.54, 2.61])).tolist()
    [0, 0, 1]
    """
    if not is_continuous(y):
        return encode_labels(y)[1]
    values = as_label_column(y).astype(float)
    alike = agreement(values)(np.arange(values.shape[0]), groups)
    return np.unique(np.where(alike, values[groups], values), return_inverse=True)[1]


def agreement(y):
    """Return a function that says of pairs of rows whether their labels agree."""
    if not is_continuous(y):
        codes = encode_labels(y)[1]
        return lambda first, second: codes[first] == codes[second]
    values = as_label_column(y).astype(float)
    half_unit = 0.5 * 10.0 ** -_decimals(values)

    def agree(first, second):
        a, b = values[first], values[second]
        unit = np.maximum(half_unit[first], half_unit[second])
        rounding = RELATIVE * np.maximum(np.abs(a), np.abs(b))
        return np.abs(a - b) <= np.maximum(unit * (1 + RELATIVE), rounding)

    return agree


def _decimals(values):
    """How many decimals each number is written with, at most 12."""
    decimals = np.full(values.shape[0], MOST_DECIMALS)
    slack = RELATIVE * np.maximum(np.abs(values), 1e-3)
    for number in reversed(range(MOST_DECIMALS)):
        decimals[np.abs(np.round(values, number) - values) <= slack] = number
    return decimals
