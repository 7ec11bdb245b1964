"""Whether a label is a class or a quantity, and what is odd about it."""

import warnings

import numpy as np

from skdataquality.diagnosis._notes import look_alike_labels
from skdataquality.exceptions import LookAlikeLabelsWarning
from skdataquality.utils._frames import listed
from skdataquality.utils._validation import (
    FEW_ROWS_EACH,
    as_label_array,
    is_continuous,
    is_quantity,
)

MANY_ROWS = 10


def check_label(y):
    """Return y, whether it holds classes, and notes about it."""
    if is_continuous(y):
        return np.asarray(y), False, []
    y = dates_as_text(as_label_array(y))
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
    notes = [f"labels look alike: {labels}" for labels in alike]
    return y, True, [*notes, *_single_rows(y)]


def dates_as_text(y):
    """Write labels that are dates as a reader would; None and others as they are."""
    if y is None or np.asarray(y).dtype.kind != "M":
        return y
    known = ~np.isnat(moments := np.asarray(y))
    said = np.full(moments.shape, None, dtype=object)
    texts = np.datetime_as_string(moments[known].astype("M8[us]"))
    said[known] = [str(text).removesuffix(".000000") for text in texts]
    if all(text.endswith("T00:00:00") for text in said[known]):
        said[known] = [text.removesuffix("T00:00:00") for text in said[known]]
    return said


def _single_rows(y):
    """Name the classes of one row, where others have many."""
    classes, sizes = np.unique(y, return_counts=True)
    single = [str(label) for label in classes[sizes == 1].tolist()]
    if not single or sizes.max() < MANY_ROWS:
        return []
    verb = "has" if len(single) == 1 else "have"
    return [
        f"{listed(single)} {verb} one row only: a typing error in the label? Out of "
        f"fold such a row cannot be predicted"
    ]
