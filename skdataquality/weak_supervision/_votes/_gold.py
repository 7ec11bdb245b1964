"""True labels known of some rows: :func:`read_gold`."""

from dataclasses import replace

import numpy as np
from sklearn.utils.validation import column_or_1d

from skdataquality.weak_supervision._votes._abstaining import abstaining, number_of
from skdataquality.weak_supervision._votes._cells import factor


def read_gold(y, votes, *, missing_label="auto", fixed=False):
    """Return votes and the number of the true class of each row, -1 where unknown.

    Classes that only ``y`` names are added to those of the votes, unless they are
    ``fixed``. What is missing in y follows the rule of the votes, whose classes tell
    whether -1 is one.
    """
    if y is None:
        return votes, np.full(votes.n_rows, -1, dtype=np.int32)
    labels = _column(y)
    if labels.size != votes.n_rows:
        raise ValueError(
            f"Found input variables with inconsistent numbers of samples: votes has "
            f"{votes.n_rows} rows, y has {labels.size}. Pass a label for each row, "
            f"None where it is unknown (rows of LongVotes: in the order of row_names)."
        )
    distinct, codes = factor(labels, "y")
    abstains = abstaining(distinct, missing_label, votes.classes, "y")
    named, classes = distinct[~abstains], votes.classes
    if named.size and not fixed:
        if _kind(named) != _kind(classes):
            raise ValueError(
                f"y holds labels such as {named.tolist()[0]!r}, votes labels such as "
                f"{classes.tolist()[0]!r}: write both alike, or name the classes that "
                f"numbers stand for with classes=, from 0 on."
            )
        classes = np.union1d(classes, named)
    _, number = number_of(distinct, abstains, classes, "y")
    if classes.size > votes.n_classes:
        code = np.searchsorted(classes, votes.classes).astype(np.int32)[votes.code]
        votes = replace(votes, code=code, classes=classes)
    return votes, np.append(number, np.int32(-1))[codes]


def _column(y):
    labels = np.asarray(y)
    if labels.dtype.kind in "UT" and isinstance(y, list | tuple):
        labels = np.asarray(y, dtype=object)  # numpy turns ["a", None] to text
    if labels.ndim != 1 and labels.shape[1:] != (1,):
        raise ValueError(
            f"y has shape {labels.shape}: pass one true label for each row (y should "
            f"be a 1d array), None where it is unknown."
        )
    return column_or_1d(labels, warn=True, input_name="y")


def _kind(labels):
    kind = labels.dtype.kind
    return "number" if kind in "iufb" else "text" if kind in "UTO" else kind
