"""Which classes are taken for each other: pairs with one direction or both."""

import numpy as np

from skdataquality.label_noise._classes._class_table import (
    check_at_least_one,
    classes_and_joint,
    labels_of_classes,
    lines_of,
)
from skdataquality.label_noise._confident import calibrated_joint, check_labelled_proba
from skdataquality.utils._prediction_guards import warn_of_predictions


def overlapping_classes(y=None, pred_proba=None, *, classes=None, joint=None, top=None):
    """List the pairs of classes that are taken for each other, in either direction.

    The first pairs are those to merge, or to tell apart in the labelling guidelines.

    Parameters
    ----------
    y : array-like of shape (n_samples,), default=None
        Given labels of any type: integers, strings, booleans, pandas categorical.
    pred_proba : array-like of shape (n_samples, n_classes), default=None
        Out-of-sample class probabilities, float; each row sums to 1 within 1e-3.
        Columns in the order of `classes`. Float32 and memory maps are not copied.
    classes : array-like of shape (n_classes,), default=None
        Every class in the order of the columns; None takes the sorted labels in `y`,
        or 0, 1, ... with `joint`.
    joint : array-like of shape (n_classes, n_classes), default=None
        Counts of :func:`confident_joint` instead of `y` and `pred_proba`.
    top : int, default=None
        Number of pairs at most, 1 or more; None lists every pair that is confused.

    Returns
    -------
    table : list of dict
        One row per pair with at least one expected error, largest first, equal ones in
        the order of the classes.

        - ``class_a``, ``class_b``: the labels, in the order of the classes;
        - ``rows``: int, expected rows of one with the label of the other;
        - ``share``: that over all rows, the joint probability, in [0, 1];
        - ``a_given_b_true``, ``b_given_a_true``: int, ``rows`` by direction. Near equal
          counts speak for overlap, unequal ones for a habit of the labellers.

    Raises
    ------
    ValueError
        If labels are missing, unknown or of one class only, if probabilities are not
        probabilities or do not fit `y`, if `joint` is not a matrix of counts, if both
        or none of `joint` and the data are passed, or if `top` is not 1 or more.

    See Also
    --------
    confusing_pairs : One direction at a time, with example rows.

    Notes
    -----
    The table rests on the confident joint, which discounts classes the model is less
    sure of; it is not the confusion matrix of the model. Large classes come first for
    their size alone: divide by the rows of both for a relative order.

    Examples
    --------
    >>> from skdataquality.label_noise import overlapping_classes
    >>> joint = [[50, 3, 0], [5, 40, 1], [0, 0, 60]]
    >>> for row in overlapping_classes(joint=joint, classes=["car", "truck", "bike"]):
    ...     print("{class_a} ~ {class_b}: {rows}".format(**row))
    car ~ truck: 8
    truck ~ bike: 1
    """
    if top is not None:
        check_at_least_one("top", top)
    classes, joint = classes_and_joint(y, pred_proba, classes, joint)
    return overlap_table(classes, joint, top)


def overlap_table(classes, joint, top):
    """Return the table of `overlapping_classes` from a sparse joint."""
    given, true, counts = _confused_cells(joint)
    pair = np.minimum(given, true) * classes.size + np.maximum(given, true)
    pairs, pair = np.unique(pair, return_inverse=True)
    is_upper = given < true
    upper = _sum_by(pair[is_upper], counts[is_upper], pairs.size)
    lower = _sum_by(pair[~is_upper], counts[~is_upper], pairs.size)
    rows = upper + lower
    columns = {
        "class_a": classes[pairs // classes.size],
        "class_b": classes[pairs % classes.size],
        "rows": rows,
        "share": rows / joint.sum(),
        "a_given_b_true": upper,
        "b_given_a_true": lower,
    }
    return lines_of(columns, _largest_first(rows, top))


def confusing_pairs(y, pred_proba, *, classes=None, top=20, n_examples=5):
    """List the wrong labels by what they are and what they should be, with examples.

    Parameters
    ----------
    y : array-like of shape (n_samples,)
        Given labels of any type: integers, strings, booleans, pandas categorical.
    pred_proba : array-like of shape (n_samples, n_classes)
        Out-of-sample class probabilities, float; each row sums to 1 within 1e-3.
        Columns in the order of `classes`. Float32 and memory maps are not copied.
    classes : array-like of shape (n_classes,), default=None
        Every class in the order of the columns; None takes the sorted labels in `y`.
    top : int, default=20
        Number of pairs at most, 1 or more; None lists all.
    n_examples : int, default=5
        Rows shown per pair at most, 1 or more.

    Returns
    -------
    table : list of dict
        One row per given label and other class with at least one expected error,
        largest count first, equal ones in the order of the classes.

        - ``given``, ``true``: the label, and the class the rows belong to;
        - ``rows``: int, expected number of such rows;
        - ``share``: that over all rows, in [0, 1];
        - ``share_of_given``: that over the rows with the given label, in [0, 1];
        - ``examples``: list of int, row numbers in `y`, the worst first: those with
          the largest margin of the probability of ``true`` over that of ``given``; no
          more than ``rows``.

    Raises
    ------
    ValueError
        If labels are missing, unknown or of one class only, if probabilities are not
        probabilities or do not fit `y`, or if `top` or `n_examples` is not 1 or more.

    See Also
    --------
    overlapping_classes : Both directions of a pair as one.
    find_label_issues : Every row that is likely wrong.

    Notes
    -----
    Counts are expected ones and trust the model: look at the examples before acting
    on a pair. Where one class really contains another, its wrong labels are right.

    Examples
    --------
    >>> from skdataquality.label_noise import confusing_pairs
    >>> y = ["cat", "cat", "cat", "dog", "dog"]
    >>> p_cat = [0.9, 0.8, 0.1, 0.2, 0.1]
    >>> for row in confusing_pairs(y, [[p, 1 - p] for p in p_cat]):
    ...     print("{given} -> {true}: {rows}, rows {examples}".format(**row))
    cat -> dog: 1, rows [2]
    """
    if top is not None:
        check_at_least_one("top", top)
    check_at_least_one("n_examples", n_examples)
    data = check_labelled_proba(y, pred_proba, classes)
    warn_of_predictions(data.codes, data.proba, data.classes)
    labels = labels_of_classes(y, classes, data)
    return pair_table(data, labels, calibrated_joint(data), top, n_examples)


def pair_table(data, labels, joint, top, n_examples):
    """Return the table of `confusing_pairs` from a sparse joint."""
    given, true, rows = _confused_cells(joint)
    largest = _largest_first(rows, top)
    given, true, rows = given[largest], true[largest], rows[largest]
    columns = {
        "given": labels[given],
        "true": labels[true],
        "rows": rows,
        "share": rows / data.codes.size,
        "share_of_given": rows / data.class_counts[given],
    }
    table = lines_of(columns)
    for row, worst in zip(table, _worst_rows(data, given, true, rows), strict=True):
        row["examples"] = worst[:n_examples].tolist()
    return table


def _worst_rows(data, given, true, counts):
    """Yield of each pair of classes the rows of largest margin, as many as counted."""
    by_class = np.argsort(data.codes, kind="stable")
    stops = np.cumsum(data.class_counts)
    for i, j, count in zip(given, true, counts, strict=True):
        rows = by_class[stops[i] - data.class_counts[i] : stops[i]]
        margin = data.proba[rows, j] - data.self_confidence[rows]
        yield rows[np.argsort(-margin, kind="stable")[:count]]


def _confused_cells(joint):
    """Given class, true class and count of the cells off the diagonal that are not 0.

    In the order of the classes.
    """
    cells = joint.tocoo()
    confused = (cells.row != cells.col) & (cells.data > 0)
    return tuple(
        np.asarray(values, dtype=np.intp)[confused]
        for values in (cells.row, cells.col, cells.data)
    )


def _sum_by(member, counts, size):
    return np.bincount(member, weights=counts, minlength=size).astype(np.intp)


def _largest_first(counts, top):
    return np.argsort(-counts, kind="stable")[:top]
