"""Whether a label is a class or a quantity, and what is odd about it."""

import warnings

import numpy as np

from skdataquality.diagnosis._notes import look_alike_labels
from skdataquality.exceptions import LookAlikeLabelsWarning
from skdataquality.utils._validation import (
    FEW_ROWS_EACH,
    as_label_array,
    is_continuous,
    is_quantity,
)


def check_label(y):
    """Return y, whether it holds classes, and notes about it."""
    if is_continuous(y):
        return np.asarray(y), False, []
    y = as_label_array(y)
    classes = np.unique(y)
    if classes.shape[0] == y.shape[0] > FEW_ROWS_EACH:
        raise ValueError(
            f"y has {y.shape[0]} rows and as many different values, such as "
            f"{classes[:2].tolist()}: it names rows, it is no label."
        )
    if is_quantity(y):
        said = f"the label has {classes.shape[0]} whole numbers: taken as a quantity"
        return y.astype(float), False, [said]
    alike = look_alike_labels(classes)
    for labels in alike:
        warnings.warn(
            f"labels {list(labels)} look alike: they differ by case, blanks or unicode "
            f"form only, and count as different classes. Unify them if they are one.",
            LookAlikeLabelsWarning,
            stacklevel=4,
        )
    return y, True, [f"labels look alike: {labels}" for labels in alike]
