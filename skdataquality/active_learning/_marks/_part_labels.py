"""Labels of which some are missing: :func:`read_part_labels`."""

from dataclasses import dataclass
from numbers import Real

import numpy as np

from skdataquality.utils._frames import is_missing, missing_mask
from skdataquality.utils._validation import as_label_column, encode_labels

MARK = -1  # of an unlabelled row among integers, as scikit-learn's semi-supervised ones


@dataclass(frozen=True, eq=False)
class PartLabels:
    """Labels of some rows, none of the others.

    Attributes
    ----------
    classes : ndarray of shape (n_classes,)
        Sorted labels; empty if no row has one.
    codes : ndarray of shape (n_samples,), int
        Position of each label in `classes`, -1 for a row without one.
    """

    classes: np.ndarray
    codes: np.ndarray

    @property
    def is_labeled(self):
        """Mask of shape (n_samples,)."""
        return self.codes >= 0

    @property
    def rows(self):
        """Rows that have a label, in rising order."""
        return np.flatnonzero(self.is_labeled)

    @property
    def labels(self):
        """Labels of those rows, ndarray of shape (n_labeled,)."""
        return self.classes[self.codes[self.is_labeled]]

    @property
    def suffice(self):
        """Whether a model can be fitted: two classes have labels."""
        return self.classes.size > 1


def read_part_labels(y, n_rows, *, unlabeled="auto"):
    """Tell labelled rows from unlabelled ones.

    Parameters
    ----------
    y : array-like of shape (n_samples,), or None
        None has no label at all.
    n_rows : int
        Rows of the table.
    unlabeled : "auto" or label, default="auto"
        What stands for "no label", beside missing values. "auto" is -1 among whole
        numbers; False is nothing else than missing values.

    Returns
    -------
    labels : PartLabels

    Raises
    ------
    ValueError
        If labels are continuous, mixed or multilabel, or if "auto" finds -1 beside 1
        alone: a class of its own, or a mark?
    """
    if y is None:
        return PartLabels(np.empty(0, dtype=object), np.full(n_rows, -1))
    values = as_label_column(y)
    known = labeled_mask(values, unlabeled=unlabeled)
    codes = np.full(values.shape[0], -1, dtype=np.intp)
    if not known.any():
        return PartLabels(values[:0], codes)
    classes, codes[known] = encode_labels(_of_own_type(values[known]))
    return PartLabels(classes, codes)


def labeled_mask(values, *, unlabeled="auto"):
    """Mask of the entries of a 1-D array that are labels; see `read_part_labels`."""
    known = ~missing_mask(values)
    if unlabeled is True or isinstance(unlabeled, list | tuple | set | np.ndarray):
        raise ValueError(
            f"unlabeled={unlabeled!r}: pass 'auto', the one label that stands for "
            f"none, or False if only missing values do."
        )
    if unlabeled is False or is_missing(unlabeled) or not known.any():
        return known
    if not isinstance(unlabeled, str) or unlabeled != "auto":
        return known & (values != unlabeled)
    if not known.all() or not _are_whole_numbers(values):
        return known  # missing values are the marks
    is_mark = values == MARK
    if is_mark.any():
        _refuse_ambiguous(values[~is_mark])
    return ~is_mark


def _are_whole_numbers(values):
    if values.dtype.kind in "iu":
        return True
    return values.dtype.kind in "fO" and all(
        isinstance(v, Real) and not isinstance(v, bool) and v % 1 == 0
        for v in values.tolist()
    )


def _refuse_ambiguous(labels):
    if labels.size and set(labels.tolist()) == {1}:
        raise ValueError(
            "y holds -1 and 1: is -1 a class, or a row without a label? Pass "
            "unlabeled=-1 if it marks unlabelled rows; if it is a class, pass "
            "unlabeled=False and mark unlabelled rows by None, in "
            "y.astype(object), or NaN."
        )


def _of_own_type(labels):
    """Labels that stood beside None or NaN: numbers as such, whole ones as integers."""
    if labels.dtype.kind == "O":
        kinds = set(map(type, labels.tolist()))
        are_bools = kinds <= {bool, np.bool_}
        if not are_bools and any(not issubclass(k, Real) or k is bool for k in kinds):
            return labels
        labels = np.array(labels.tolist())
    is_whole = labels.dtype.kind == "f" and bool((labels == np.floor(labels)).all())
    return labels.astype(np.int64) if is_whole else labels
