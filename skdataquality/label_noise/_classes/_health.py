"""Which classes hold the wrong labels: :func:`class_health`."""

import numpy as np

from skdataquality.label_noise._classes._class_table import (
    check_at_least_one,
    classes_and_joint,
    lines_of,
)


def class_health(y=None, pred_proba=None, *, classes=None, joint=None, top=None):
    """Estimate, class by class, how many labels are wrong and how many are missing.

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
        Counts of :func:`confident_joint`, or ``confident_joint_`` of a fitted
        :class:`LabelErrorDetector`, instead of `y` and `pred_proba`.

    top : int, default=None
        Number of classes at most, 1 or more; None lists all.

    Returns
    -------
    table : list of dict
        One row per class, lowest label quality first and, of equals, most label
        issues; ``pandas.DataFrame(table)`` works.

        - ``class``: its label;
        - ``rows``: int, rows with that label;
        - ``label_issues``: int, rows with that label that belong to another class;
        - ``inverse_label_issues``: int, rows of that class that have another label;
        - ``label_noise``: P(true class is another | given label), in [0, 1]; NaN for
          a label that no row has;
        - ``inverse_label_noise``: P(given label is another | true class), in [0, 1];
          NaN for a class that no row is thought to belong to;
        - ``label_quality``: one minus ``label_noise``, higher is better.

    Raises
    ------
    ValueError
        If labels are missing, unknown or of one class only, if probabilities are not
        probabilities or do not fit `y`, if `joint` is not a matrix of counts, if both
        or none of `joint` and the data are passed, or if `top` is not 1 or more.

    See Also
    --------
    label_health_score : All classes in one number.
    confusing_pairs : Where the wrong labels should have gone.

    Notes
    -----
    The counts are those of the calibrated confident joint [1]_ and share its limits:
    they trust the model, a weak one inflates them, and in small classes they are
    rough. A class of low quality and high inverse noise is not well defined for the
    people who label; one of low quality alone is used as a dump for others.

    References
    ----------
    .. [1] C. Northcutt, L. Jiang, I. Chuang, "Confident Learning: Estimating
       Uncertainty in Dataset Labels", Journal of Artificial Intelligence Research 70,
       1373-1411, 2021.

    Examples
    --------
    >>> from skdataquality.label_noise import class_health
    >>> y = ["cat", "cat", "cat", "dog", "dog"]
    >>> p_cat = [0.9, 0.8, 0.1, 0.2, 0.1]
    >>> for row in class_health(y, [[p, 1 - p] for p in p_cat]):
    ...     print("{class} {label_issues}/{rows} {label_quality:.2f}".format(**row))
    cat 1/3 0.67
    dog 0/2 1.00
    """
    if top is not None:
        check_at_least_one("top", top)
    classes, joint = classes_and_joint(y, pred_proba, classes, joint)
    return health_table(classes, joint, top)


def health_table(classes, joint, top):
    """Return the table of `class_health` from a sparse joint."""
    given, true, right = joint.sum(axis=1), joint.sum(axis=0), joint.diagonal()
    columns = {
        "class": classes,
        "rows": given,
        "label_issues": given - right,
        "inverse_label_issues": true - right,
        "label_noise": _share(given - right, given),
        "inverse_label_noise": _share(true - right, true),
        "label_quality": _share(right, given),
    }
    worst_first = np.lexsort((-columns["label_issues"], columns["label_quality"]))
    return lines_of(columns, worst_first[:top])  # NaN comes last


def label_health_score(y=None, pred_proba=None, *, classes=None, joint=None):
    """Estimate the share of labels that are right.

    Parameters
    ----------
    y : array-like of shape (n_samples,), default=None
        Given labels of any type: integers, strings, booleans, pandas categorical.
    pred_proba : array-like of shape (n_samples, n_classes), default=None
        Out-of-sample class probabilities, float; each row sums to 1 within 1e-3.
        Columns in the order of `classes`. Float32 and memory maps are not copied.
    classes : array-like of shape (n_classes,), default=None
        Every class in the order of the columns; None takes the sorted labels in `y`.
    joint : array-like of shape (n_classes, n_classes), default=None
        Counts of :func:`confident_joint` instead of `y` and `pred_proba`.

    Returns
    -------
    score : float
        In [0, 1], higher is better: the mean label quality of the classes weighted by
        their rows, or one minus ``noise_rate_`` of a :class:`LabelErrorDetector`.

    Raises
    ------
    ValueError
        If labels are missing, unknown or of one class only, if probabilities are not
        probabilities or do not fit `y`, if `joint` is not a matrix of counts, or if
        both or none of `joint` and the data are passed.

    Notes
    -----
    It trusts the model: clean labels of overlapping classes score below 1, and a weak
    model scores any labels low. Compare it between versions of one data set, not
    between data sets.

    Examples
    --------
    >>> from skdataquality.label_noise import label_health_score
    >>> y = ["cat", "cat", "cat", "dog", "dog"]
    >>> p_cat = [0.9, 0.8, 0.1, 0.2, 0.1]
    >>> label_health_score(y, [[p, 1 - p] for p in p_cat])
    0.8
    """
    _, joint = classes_and_joint(y, pred_proba, classes, joint)
    return float(joint.trace() / joint.sum())


def _share(part, whole):
    """Divide, with NaN for a share of nothing."""
    share = np.full(part.shape, np.nan)
    return np.divide(part, whole, out=share, where=whole > 0)
