"""Confident learning: how often each true class was given each label.

Matrices of counts have one row per given label and one column per true class.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from skdataquality.utils._validation import (
    check_pred_proba,
    encode_labels,
    warn_if_in_sample,
)

CHUNK_BYTES = 2**21
TOLERANCE = 1e-6  # slack in comparisons of probabilities
LOWEST_THRESHOLD = 2 * TOLERANCE
UNREACHABLE_THRESHOLD = 2.0  # of a class without a row
HIGHEST_NOISE_RATE = 0.9999
TINY = 1e-100
COLLISIONS = ("argmax", "confident")


class LabelledProba(NamedTuple):
    """Checked labels and probabilities, with the rows sorted by given label."""

    codes: np.ndarray
    proba: np.ndarray
    self_confidence: np.ndarray
    class_counts: np.ndarray
    order: np.ndarray

    @property
    def n_classes(self):
        return self.class_counts.size

    def rows_by_class(self):
        """Row numbers of each class, ascending, in the order of the classes."""
        return np.split(self.order, np.cumsum(self.class_counts)[:-1])

    def chunks(self):
        """Slices of rows whose probabilities take about 2 MB."""
        return row_chunks(self.codes.size, self.n_classes)


def row_chunks(n_rows, n_classes):
    """Slices of rows of a float64 matrix of about 2 MB each."""
    size = max(1, CHUNK_BYTES // (8 * n_classes))
    return (slice(start, start + size) for start in range(0, n_rows, size))


def check_labelled_proba(y, pred_proba, classes):
    """Check labels and probabilities and return them as a LabelledProba."""
    classes, codes = encode_labels(y, classes=classes)
    n_classes = classes.size
    if n_classes < 2:
        raise ValueError(
            f"y holds a single class, {classes.tolist()}, and a wrong label needs "
            f"another class to come from: pass every class in `classes` (the fitted "
            f"estimator's classes_)."
        )
    proba = check_pred_proba(pred_proba, codes.size, n_classes)
    return LabelledProba(
        codes=codes,
        proba=proba,
        self_confidence=proba[np.arange(codes.size), codes].astype(float, copy=False),
        class_counts=np.bincount(codes, minlength=n_classes),
        # A small integer type makes numpy's stable sort a radix sort.
        order=np.argsort(codes.astype(np.min_scalar_type(n_classes)), kind="stable"),
    )


def class_thresholds(data):
    """Mean self-confidence of each class, what a row must reach to be counted.

    2.0, which no row reaches, for a class without rows.
    """
    thresholds = np.full(data.n_classes, UNREACHABLE_THRESHOLD)
    for k, rows in enumerate(data.rows_by_class()):
        if rows.size:
            thresholds[k] = data.self_confidence[rows].mean()
    return np.maximum(thresholds, LOWEST_THRESHOLD)


def true_class_guesses(data, thresholds, collision="argmax"):
    """Return the class each row is counted in, -1 for rows confident of no class."""
    cuts = _cuts_in_dtype(thresholds - TOLERANCE, data.proba.dtype)
    # One product gives the number of confident classes and the sum of their codes,
    # which is the class itself where there is one; both are exact in float32.
    weights = np.ones((data.n_classes, 2), dtype=np.float32)
    weights[:, 1] = np.arange(data.n_classes)
    guesses = np.empty(data.codes.size, dtype=np.intp)
    for chunk in data.chunks():
        proba = data.proba[chunk]
        confident = proba >= cuts
        number, guess = (confident.astype(np.float32) @ weights).T
        several = np.flatnonzero(number > 1)
        candidates = proba[several]
        if collision == "confident":
            candidates[~confident[several]] = -1
        guess = guess.astype(np.intp)
        guess[several] = candidates.argmax(axis=1)
        guess[number == 0] = -1
        guesses[chunk] = guess
    return guesses


def _cuts_in_dtype(cuts, dtype):
    """Round up, so that ``p >= cut`` holds for the same p as in float64."""
    rounded = cuts.astype(dtype)
    return np.where(rounded < cuts, np.nextafter(rounded, dtype.type(np.inf)), rounded)


def count_joint(data, guesses):
    """Count rows by given label and guessed class; every class agrees once or more."""
    n_classes = data.n_classes
    # True classes in the outer loop: `calibrate_joint` sums in memory order. The first
    # block is that of the guess -1, rows that are not counted.
    cells = (guesses + 1) * n_classes
    cells += data.codes
    counts = np.bincount(cells, minlength=(n_classes + 1) * n_classes)
    joint = counts.reshape(n_classes + 1, n_classes)[1:].T
    np.fill_diagonal(joint, np.maximum(joint.diagonal(), 1))
    return joint


def calibrate_joint(joint, class_counts):
    """Scale a joint to the class counts and round it so that each row keeps its sum.

    Where rounding misses the row sum, the cells with the largest residual are raised,
    or those with the smallest lowered. Equal residuals are common in small counts;
    cleanlab leaves them to numpy's default sort, and so must whoever equals it.
    """
    by_true = joint.T / joint.sum(axis=1)
    by_true *= class_counts
    # The last bit of this sum decides between residuals that are all but equal.
    by_true /= by_true.sum()
    by_true *= class_counts.sum()
    exact = np.ascontiguousarray(by_true.T)
    rounded = np.rint(exact)
    missing = (class_counts - rounded.sum(axis=1)).astype(np.intp)
    for given in np.flatnonzero(missing):
        ranked = np.argsort(exact[given] - rounded[given])
        if missing[given] > 0:
            rounded[given, ranked[-missing[given] :]] += 1
        else:
            rounded[given, ranked[: -missing[given]]] -= 1
    return rounded.astype(np.intp)


def calibrated_joint(data):
    """Return the calibrated confident joint with every default."""
    joint = count_joint(data, true_class_guesses(data, class_thresholds(data)))
    return calibrate_joint(joint, data.class_counts)


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
    data = check_labelled_proba(y, pred_proba, classes)
    if collision not in COLLISIONS:
        raise ValueError(
            f"collision={collision!r} is unknown: use one of {COLLISIONS}."
        )
    if thresholds is None:
        thresholds = class_thresholds(data)
    else:
        thresholds = _check_thresholds(thresholds, data.n_classes)
    warn_if_in_sample(data.self_confidence)
    joint = count_joint(data, true_class_guesses(data, thresholds, collision))
    return calibrate_joint(joint, data.class_counts) if calibrate else joint


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
    data = check_labelled_proba(y, pred_proba, classes)
    warn_if_in_sample(data.self_confidence)
    return calibrated_joint(data) / data.codes.size


@dataclass(frozen=True)
class NoiseMatrices:
    """How labels arise from true classes, and the reverse.

    Attributes
    ----------
    noise_matrix : ndarray of shape (n_classes, n_classes)
        Noise transition matrix: probability of the given label (row) for a row of
        the true class (column). Columns sum to 1.
    inverse_noise_matrix : ndarray of shape (n_classes, n_classes)
        Probability of the true class (row) for a row with the given label (column).
        Columns sum to 1.
    prior : ndarray of shape (n_classes,)
        Estimated frequency of each true class, above 0; sums to 1.
    """

    noise_matrix: np.ndarray
    inverse_noise_matrix: np.ndarray
    prior: np.ndarray


def noise_matrices(y, pred_proba, *, classes=None):
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

    Returns
    -------
    matrices : NoiseMatrices
        Three arrays of probabilities between 0 and 1: `noise_matrix`,
        `inverse_noise_matrix` and `prior`. Diagonals near 1 mean clean labels. The
        columns of a class that no row has, or that no row is counted in, are 0.

    Raises
    ------
    ValueError
        If labels are missing, unknown or of one class only, or if probabilities are
        not probabilities or do not fit `y`.

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
    data = check_labelled_proba(y, pred_proba, classes)
    warn_if_in_sample(data.self_confidence)
    joint = calibrated_joint(data)
    noise = _divide_columns(joint, joint.sum(axis=0))
    inverse = _divide_columns(joint.T, joint.sum(axis=1))
    prior = inverse.diagonal() / np.maximum(noise.diagonal(), TINY)
    prior = np.clip(prior * (data.class_counts / data.codes.size), TOLERANCE, 1)
    return NoiseMatrices(
        noise_matrix=_limit_noise_rates(noise),
        inverse_noise_matrix=_limit_noise_rates(inverse),
        prior=prior / prior.sum(),
    )


def _divide_columns(matrix, divisor):
    return matrix / np.maximum(divisor, TINY)


def _limit_noise_rates(matrix):
    """Keep rates off the diagonal below 1 and let the columns sum to 1 again."""
    limited = np.clip(matrix, 0, HIGHEST_NOISE_RATE)
    np.fill_diagonal(limited, matrix.diagonal())
    return _divide_columns(limited, limited.sum(axis=0))
