"""Confident learning: how often each true class was given each label.

Matrices of counts have one row per given label and one column per true class.
"""

import numpy as np
from scipy.sparse import csr_array

from skdataquality.label_noise._confident._joint import (
    calibrated,
    calibrated_joint,
    class_thresholds,
    count_joint,
    true_class_guesses,
)
from skdataquality.label_noise._confident._labelled_proba import (
    check_labelled_proba,
    match_labels,
)
from skdataquality.label_noise._confident._latent import PRIOR_METHODS, latent_estimates
from skdataquality.utils._prediction_guards import warn_of_predictions
from skdataquality.utils._validation import encode_labels

COLLISIONS = ("argmax", "confident")


def confident_thresholds(y, pred_proba, *, classes=None):
    """Mean probability that the rows of each class give to their own label.

    A row that reaches the threshold of a class counts as confident of that class.

    Parameters
    ----------
    y : array-like of shape (n_samples,)
        Given labels of any type: integers, strings, booleans, pandas categorical.
    pred_proba : array-like of shape (n_samples, n_classes)
        Out-of-sample class probabilities, float; each row sums to 1 within 1e-3.
        Columns in the order of `classes`. Float32 and memory maps are not copied.
    classes : array-like of shape (n_classes,), default=None
        Every class in the order of the columns; None takes the sorted labels in `y`.

    Returns
    -------
    thresholds : ndarray of shape (n_classes,), float64
        Between 2e-6 and 1; low for classes that the model does not know or whose
        labels are often wrong. 2.0, which no row reaches, for a class without rows.

    Raises
    ------
    ValueError
        If labels are missing, unknown or of one class only, or if probabilities are
        not probabilities or do not fit `y`.

    Notes
    -----
    They adapt to a model that is more sure of some classes than of others. With few
    rows in a class its threshold is a matter of luck.

    References
    ----------
    .. [1] C. Northcutt, L. Jiang, I. Chuang, "Confident Learning: Estimating
       Uncertainty in Dataset Labels", Journal of Artificial Intelligence Research 70,
       1373-1411, 2021, equation 2.

    Examples
    --------
    >>> from skdataquality.label_noise import confident_thresholds
    >>> proba = [[0.9, 0.1, 0.0], [0.7, 0.3, 0.0], [0.4, 0.6, 0.0]]
    >>> confident_thresholds(["a", "a", "b"], proba, classes=["a", "b", "c"])
    array([0.8, 0.6, 2. ])
    """
    data = check_labelled_proba(y, pred_proba, classes)
    warn_of_predictions(data.codes, data.proba, data.classes)
    return class_thresholds(data)


def _check_thresholds(thresholds, n_classes):
    values = np.asarray(thresholds, dtype=float)
    if values.shape != (n_classes,):
        raise ValueError(
            f"thresholds has shape {values.shape}, expected {(n_classes,)}: pass one "
            f"number per class, in the order of the columns of pred_proba."
        )
    if not np.all(values >= 0):
        raise ValueError(
            f"thresholds={values.tolist()[:10]} has negative or NaN values: pass "
            f"probabilities; a number above 1 keeps a class from being counted."
        )
    return values


def confident_joint(
    y, pred_proba, *, classes=None, thresholds=None, calibrate=True, collision="argmax"
):
    """Count rows by given label and by the true class the model is confident of.

    A row is confident of a class when its probability reaches the class threshold,
    by default the mean probability that rows with that label give to it. Rows that
    are confident of no class are not counted.

    Parameters
    ----------
    y : array-like of shape (n_samples,)
        Given labels of any type: integers, strings, booleans, pandas categorical.
    pred_proba : array-like of shape (n_samples, n_classes)
        Out-of-sample class probabilities, float; each row sums to 1 within 1e-3.
        Columns in the order of `classes`. Float32 and memory maps are not copied.
    classes : array-like of shape (n_classes,), default=None
        Every class in the order of the columns; None takes the sorted labels in `y`.
    thresholds : array-like of shape (n_classes,), default=None
        Probability, 0 or more, at which a row is confident of a class; a higher one
        makes fewer rows count. None takes the mean self-confidence of each class.
    calibrate : bool, default=True
        Scale the counts so that each row sums to the number of rows with that label.
    collision : {"argmax", "confident"}, default="argmax"
        Where a row counts that is confident of several classes: in the most
        probable class of all, or, as published, in the most probable of those.

    Returns
    -------
    joint : ndarray of shape (n_classes, n_classes), integers
        Rows are given labels, columns true classes. Large off-diagonal counts are
        confusions. Before calibration every diagonal cell is at least 1.

    Raises
    ------
    ValueError
        If labels are missing, unknown or of one class only, if probabilities are not
        probabilities or do not fit `y`, or if an option is unknown.

    Notes
    -----
    The counts rest on probabilities from models that did not see the row: in-sample
    probabilities agree with wrong labels and hide them. They assume noise that
    depends on the true class only; where rows are mislabelled because they are
    ambiguous, the off-diagonal counts come out too low, and with a weak model too
    high.

    References
    ----------
    .. [1] C. Northcutt, L. Jiang, I. Chuang, "Confident Learning: Estimating
       Uncertainty in Dataset Labels", Journal of Artificial Intelligence Research 70,
       1373-1411, 2021.

    Examples
    --------
    >>> from skdataquality.label_noise import confident_joint
    >>> y = ["cat", "cat", "cat", "dog", "dog"]
    >>> p_cat = [0.9, 0.8, 0.1, 0.2, 0.1]
    >>> confident_joint(y, [[p, 1 - p] for p in p_cat])
    array([[2, 1],
           [0, 2]])
    """
    data = match_labels(y, pred_proba, classes)
    if collision not in COLLISIONS:
        raise ValueError(
            f"collision={collision!r} is unknown: use one of {COLLISIONS}."
        )
    if thresholds is None:
        thresholds = class_thresholds(data)
    else:
        thresholds = _check_thresholds(thresholds, data.n_classes)
    joint = count_joint(data, true_class_guesses(data, thresholds, collision))
    warn_of_predictions(data.codes, data.proba, data.classes)
    if calibrate:
        joint = calibrated(joint, data.class_counts)
    return joint.toarray()


def calibrate_joint(joint, y, *, classes=None):
    """Scale a joint so that each row sums to the number of rows with that label.

    Parameters
    ----------
    joint : array-like of shape (n_classes, n_classes)
        Counts or probabilities of given labels (rows) with true classes (columns).
    y : array-like of shape (n_samples,)
        Given labels of any type: integers, strings, booleans, pandas categorical.
    classes : array-like of shape (n_classes,), default=None
        Every class in the order of the rows; None takes the sorted labels in `y`.

    Returns
    -------
    calibrated : ndarray of shape (n_classes, n_classes), integers
        0 or more, summing to ``len(y)``. Each row is rounded so that it keeps its sum:
        where that fails, the cells with the largest residual are raised or those
        with the smallest lowered; of equals the last class is raised, the first
        lowered.

    Raises
    ------
    ValueError
        If labels are missing or unknown, if `joint` does not fit them, is negative or
        not finite, or if it is 0 throughout the row of a label in `y`.

    Notes
    -----
    It assumes that the counted rows of each label are a fair sample of all rows with
    that label. :func:`confident_joint` calibrates by default.

    References
    ----------
    .. [1] C. Northcutt, L. Jiang, I. Chuang, "Confident Learning: Estimating
       Uncertainty in Dataset Labels", Journal of Artificial Intelligence Research 70,
       1373-1411, 2021, equation 3.

    Examples
    --------
    >>> from skdataquality.label_noise import calibrate_joint
    >>> calibrate_joint([[3, 1], [0, 2]], ["a"] * 8 + ["b"] * 4)
    array([[6, 2],
           [0, 4]])
    """
    classes, codes = encode_labels(y, classes=classes)
    class_counts = np.bincount(codes, minlength=classes.size)
    counts = _check_fit(joint, classes, class_counts)
    return calibrated(csr_array(counts), class_counts).toarray()


def _check_fit(joint, classes, class_counts):
    counts = np.asarray(joint, dtype=float)
    if counts.shape != 2 * (classes.size,):
        raise ValueError(
            f"joint has shape {counts.shape} but there are {classes.size} classes: "
            f"pass one row and column per class, and `classes` when y lacks a class."
        )
    if not (np.isfinite(counts).all() and counts.min() >= 0):
        raise ValueError(
            f"joint holds {counts[~(np.isfinite(counts) & (counts >= 0))][0]:g}: pass "
            f"counts, 0 or more."
        )
    empty = (counts.sum(axis=1) == 0) & (class_counts > 0)
    if empty.any():
        raise ValueError(
            f"joint is 0 throughout the row of class {classes[empty].tolist()[0]!r}, "
            f"which {class_counts[empty][0]} rows of y have: add 1 to its diagonal."
        )
    return counts


def estimate_joint(y, pred_proba, *, classes=None):
    """Estimate the joint distribution of given labels and true classes.

    Parameters
    ----------
    y : array-like of shape (n_samples,)
        Given labels of any type: integers, strings, booleans, pandas categorical.
    pred_proba : array-like of shape (n_samples, n_classes)
        Out-of-sample class probabilities, float; each row sums to 1 within 1e-3.
        Columns in the order of `classes`. Float32 and memory maps are not copied.
    classes : array-like of shape (n_classes,), default=None
        Every class in the order of the columns; None takes the sorted labels in `y`.

    Returns
    -------
    joint : ndarray of shape (n_classes, n_classes), float64
        Probability, between 0 and 1, of a given label (row) with a true class
        (column). It sums to 1 and each row to the frequency of its label; the sum off
        the diagonal is the estimated share of wrong labels, lower is cleaner.

    Raises
    ------
    ValueError
        If labels are missing, unknown or of one class only, or if probabilities are
        not probabilities or do not fit `y`.

    Notes
    -----
    It is the calibrated confident joint divided by its sum and inherits its limits:
    an estimate for noise that depends on the true class only, from a model that is
    better than chance on every class. A weak model inflates the share of wrong labels.

    References
    ----------
    .. [1] C. Northcutt, L. Jiang, I. Chuang, "Confident Learning: Estimating
       Uncertainty in Dataset Labels", Journal of Artificial Intelligence Research 70,
       1373-1411, 2021.

    Examples
    --------
    >>> from skdataquality.label_noise import estimate_joint
    >>> p_zero = [0.9, 0.8, 0.1, 0.2, 0.1]
    >>> estimate_joint([0, 0, 0, 1, 1], [[p, 1 - p] for p in p_zero])
    array([[0.4, 0.2],
           [0. , 0.4]])
    """
    data = match_labels(y, pred_proba, classes)
    joint = calibrated_joint(data).toarray() / data.codes.size
    warn_of_predictions(data.codes, data.proba, data.classes)
    return joint


def noise_matrices(
    y, pred_proba, *, classes=None, prior_method="counts", converge=False
):
    """Estimate the noise transition matrix, its inverse and the true class prior.

    Parameters
    ----------
    y : array-like of shape (n_samples,)
        Given labels of any type: integers, strings, booleans, pandas categorical.
    pred_proba : array-like of shape (n_samples, n_classes)
        Out-of-sample class probabilities, float; each row sums to 1 within 1e-3.
        Columns in the order of `classes`. Float32 and memory maps are not copied.
    classes : array-like of shape (n_classes,), default=None
        Every class in the order of the columns; None takes the sorted labels in `y`.
    prior_method : {"counts", "equation", "marginal", "total_probability"}, \
            default="counts"
        How the true class prior is estimated, with s the frequencies of the labels,
        T the noise matrix and V its inverse:

        - "counts": ``diag(V) / diag(T) * s``, which needs no rate off the diagonals;
        - "equation": the solution p of ``T @ p = s``, exact if T is;
        - "marginal": column sums of the calibrated joint, as shares;
        - "total_probability": ``V @ s``.
    converge : bool, default=False
        Compute the three estimates from each other by Bayes' rule a few times, so
        that they agree. It hardly changes them.

    Returns
    -------
    matrices : NoiseMatrices
        Three arrays of probabilities between 0 and 1: `noise_matrix`,
        `inverse_noise_matrix` and `prior`. Diagonals near 1 mean clean labels. The
        columns of a class that no row has, or that no row is counted in, are 0.

    Raises
    ------
    ValueError
        If labels are missing, unknown or of one class only, if probabilities are not
        probabilities or do not fit `y`, if `prior_method` is unknown, or "equation"
        and some true classes cannot be told apart by their labels.

    Notes
    -----
    One matrix for all rows is wrong when mislabelling depends on the row itself:
    ambiguous rows, one careless annotator, one bad batch. "Inverse" is the usual
    name for the reversed conditional probability; it is not a matrix inverse.

    References
    ----------
    .. [1] C. Northcutt, L. Jiang, I. Chuang, "Confident Learning: Estimating
       Uncertainty in Dataset Labels", Journal of Artificial Intelligence Research 70,
       1373-1411, 2021.

    Examples
    --------
    >>> from skdataquality.label_noise import noise_matrices
    >>> p_zero = [0.9, 0.8, 0.1, 0.2, 0.1]
    >>> matrices = noise_matrices([0, 0, 0, 1, 1], [[p, 1 - p] for p in p_zero])
    >>> matrices.noise_matrix.round(3)
    array([[1.   , 0.333],
           [0.   , 0.667]])
    >>> matrices.prior.round(3)
    array([0.4, 0.6])
    """
    data = match_labels(y, pred_proba, classes)
    if prior_method not in PRIOR_METHODS:
        raise ValueError(
            f"prior_method={prior_method!r} is unknown: use one of "
            f"{list(PRIOR_METHODS)}."
        )
    matrices = latent_estimates(
        calibrated_joint(data).toarray(), prior_method, converge
    )
    warn_of_predictions(data.codes, data.proba, data.classes)
    return matrices
