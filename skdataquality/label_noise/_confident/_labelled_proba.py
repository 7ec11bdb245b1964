"""Labels and their probabilities, checked and held together."""

import numpy as np

from skdataquality.utils._frames import row_blocks
from skdataquality.utils._probabilities import (
    ROW_SUM_TOLERANCE,
    as_proba_matrix,
    check_partial_proba,
    check_proba_values,
)
from skdataquality.utils._validation import encode_labels

CHUNK_BYTES = 2**19  # of float64, so that a chunk and its copies fit in the cache


class LabelledProba:
    """Codes of the given labels and the probabilities of the same rows.

    The values of the probabilities are checked by the first pass over all `chunks`,
    while they are in the cache; `check_values` makes a pass if there was none.

    Parameters
    ----------
    codes : ndarray of shape (n_samples,), int
        Given labels, as positions in ``classes``.
    proba : ndarray of shape (n_samples, n_classes), float
    classes : ndarray of shape (n_classes,)
    name : str, default="pred_proba"
        What messages call the probabilities.

    Attributes
    ----------
    class_counts : ndarray of shape (n_classes,), int
        Rows of each given label.
    self_confidence : ndarray of shape (n_samples,), float
        Probability of the given label.
    """

    def __init__(self, codes, proba, classes, *, name="pred_proba"):
        self.codes = codes
        self.proba = proba
        self.classes = classes
        self.n_classes = classes.size
        self.class_counts = np.bincount(codes, minlength=self.n_classes)
        own = proba[np.arange(codes.size), codes]
        self.self_confidence = own.astype(float, copy=False)
        self._name = name
        self._values_are_checked = False

    def most_elsewhere(self):
        """Bound of what any class but the given label can have in each row."""
        return 1 + 2 * ROW_SUM_TOLERANCE - self.self_confidence

    def chunks(self):
        """Yield slices of rows, each with a view of the probabilities."""
        for rows in row_chunks(self.codes.size, self.n_classes):
            proba = self.proba[rows]
            if not self._values_are_checked:
                check_proba_values(proba, name=self._name, first_row=rows.start)
            yield rows, proba
        self._values_are_checked = True

    def check_values(self):
        for _ in self.chunks() if not self._values_are_checked else ():
            pass


def rows_per_chunk(n_classes):
    return max(1, CHUNK_BYTES // (8 * n_classes))


def row_chunks(n_rows, n_classes):
    """Slices of rows of a float64 matrix of about half a megabyte each."""
    return row_blocks((n_rows, n_classes), CHUNK_BYTES // 8)


def check_class_columns(pred_proba, classes, *, name="pred_proba"):
    """Refuse a data frame whose columns are named by the classes in another order.

    A file that was read again names integers by text.
    """
    columns = getattr(pred_proba, "columns", None)
    if columns is None:
        return
    names, wanted = list(map(str, columns)), list(map(str, classes.tolist()))
    if names != wanted and set(names) == set(wanted):
        raise ValueError(
            f"{name} has the columns {names[:10]} but the classes are in the order "
            f"{wanted[:10]}: put the columns in the order of the classes, or pass "
            f"`classes` in theirs."
        )


def match_labels(y, pred_proba, classes):
    """Return labels and probabilities that fit, their values not yet checked."""
    return next(match_members(y, {"pred_proba": pred_proba}, classes))


def match_members(y, pred_probas, classes):
    """Yield the same labels with the probabilities of each name."""
    classes, codes = encode_labels(y, classes=classes)
    n_classes = classes.size
    if n_classes < 2:
        raise ValueError(
            f"y holds a single class, {classes.tolist()}, and a wrong label needs "
            f"another class to come from: pass every class in `classes` (the fitted "
            f"estimator's classes_)."
        )
    for name, pred_proba in pred_probas.items():
        check_class_columns(pred_proba, classes)
        proba = as_proba_matrix(pred_proba, codes.size, n_classes, name=name)
        yield LabelledProba(codes, proba, classes, name=name)


def check_labelled_proba(y, pred_proba, classes):
    """Return labels and probabilities that fit, their values checked."""
    data = match_labels(y, pred_proba, classes)
    data.check_values()
    return data


def match_partial(y, pred_proba, classes):
    """Return classes, codes, probabilities, and the rows where these are not NaN."""
    classes, codes = encode_labels(y, classes=classes)
    check_class_columns(pred_proba, classes)
    return classes, codes, *check_partial_proba(pred_proba, codes.size, classes.size)
