"""Numbers that are a quantity, and no codes of classes."""

import numpy as np

from skdataquality.utils._validation._label_columns import unmasked_array

MANY_VALUES = 20  # more whole numbers than that are a quantity
SOME_VALUES = 10  # more than that are, too, if hardly any is repeated
ROWS_OF_CODE = 10  # of each of the codes 0 to K - 1, if they are to be classes


def is_continuous(y):
    """Whether y holds finite numbers that are no class labels."""
    values = unmasked_array(y, "y")
    return (
        values.dtype.kind == "f"
        and bool(np.isfinite(values).all())
        and bool((values != np.floor(values)).any())
    )


def is_quantity(y):
    """Whether y holds numbers that are taken as a quantity, not as classes.

    Those are numbers with fractions, and whole numbers of more than 20 different
    values, or of more than 10 with fewer than two rows each in the mean. Codes of
    classes are none: every number from 0 or 1 on, each on ten rows or more.
    """
    values = unmasked_array(y, "y")
    if is_continuous(values):
        return True
    if values.dtype.kind not in "iuf" or not np.isfinite(values).all():
        return False
    present, size = np.unique(values, return_counts=True)
    n_values = present.shape[0]
    if n_values <= SOME_VALUES:
        return False
    is_coded = present[0] in (0, 1) and present[-1] - present[0] == n_values - 1
    if is_coded and size.min() >= ROWS_OF_CODE:
        return False
    return n_values > MANY_VALUES or values.size < 2 * n_values
