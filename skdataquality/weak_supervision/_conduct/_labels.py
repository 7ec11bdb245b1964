"""Labels of rows that have votes, as codes: :func:`read_labels`."""

import numpy as np

from skdataquality.utils._validation import check_same_length
from skdataquality.weak_supervision._votes import read_votes


def read_labels(y, votes, missing_label="auto"):
    """Return the class of every row, -1 where its label is missing, shape (n_rows,).

    A label that is none of the classes of the votes is refused by name.
    """
    y = np.asarray(y)
    check_same_length(votes=np.empty(votes.n_rows), y=y)
    known = read_votes(
        y.reshape(-1, 1), missing_label=missing_label, classes=votes.classes
    )
    out = np.full(votes.n_rows, -1, dtype=np.intp)
    out[known.row] = known.code
    return out
