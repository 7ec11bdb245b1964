"""Labels as codes of their classes."""

import numpy as np

from skdataquality.utils._frames import sorted_codes
from skdataquality.utils._validation._labels import as_label_array


def encode_labels(y, *, classes=None, name="y"):
    """Return ``(classes, codes)`` with ``classes[codes]`` equal to the labels.

    ``classes`` are all of them in the order wanted; None takes the sorted labels
    present.
    """
    values = as_label_array(y, name=name)
    if values.size == 0:
        raise ValueError(f"{name} is empty: 0 rows were passed, at least 1 is needed.")
    present, codes = sorted_codes(values)
    if classes is None:
        return present, codes
    classes = np.asarray(classes)
    number = {label: i for i, label in enumerate(classes.ravel().tolist())}
    if classes.ndim != 1 or len(number) < classes.size:
        raise ValueError(
            f"classes must list each class once, got {classes!r}: remove repeats."
        )
    position = np.array([number.get(label, -1) for label in present.tolist()])
    unknown = position < 0
    if np.any(unknown):
        raise ValueError(
            f"{name} holds label(s) {present[unknown][:5].tolist()} that are not in "
            f"classes={classes.tolist()[:10]}: add them to classes or mend the labels."
        )
    if np.array_equal(position, np.arange(classes.size)):
        return classes, codes
    return classes, position[codes]
