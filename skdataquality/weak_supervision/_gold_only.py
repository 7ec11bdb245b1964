"""Gold labels to learn from without functions: :func:`gold_rows`."""

import numpy as np

from skdataquality.utils._frames import missing_mask
from skdataquality.utils._validation import encode_labels
from skdataquality.weak_supervision._votes import abstaining


def gold_rows(y, missing_label):
    """Return the labels in y, sorted, and the number of each row's, -1 if it has none.

    Parameters
    ----------
    y : ndarray of shape (n_rows,)
    missing_label : "auto", None or label
        What says "no label" beside missing cells. "auto" takes -1 among numbers, unless
        -1 and one other number are all there is: nothing can be learned from one class.

    Returns
    -------
    labels : ndarray
        Whole numbers held as floats, because cells are missing beside them, are
        integers.
    number : ndarray of shape (n_rows,)
    """
    number, known = np.full(y.size, -1), ~missing_mask(y)
    if not known.any():
        return np.zeros(0, dtype=int), number
    given = y[known]
    # beside a missing cell, numbers are objects
    given = given.tolist() if given.dtype == object else given
    distinct, number[known] = encode_labels(given)
    if distinct.dtype.kind == "f" and not known.all():
        distinct = distinct.astype(int)
    classes = distinct if distinct.size == 2 else None
    none = abstaining(distinct, missing_label, classes, "y")
    place = np.append(np.where(none, -1, np.cumsum(~none) - 1), -1)
    return distinct[~none], place[number]
