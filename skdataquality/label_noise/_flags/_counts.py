"""How many labels are wrong, where nobody asks which."""

from skdataquality.label_noise._confident import calibrated_joint, match_labels
from skdataquality.label_noise._flags._filters import FILTERS, Options
from skdataquality.utils._prediction_guards import warn_of_predictions

METHODS = {
    "off_diagonal": lambda data: FILTERS["confident_learning"](data, Options()).sum(),
    "off_diagonal_calibrated": lambda data: (
        data.codes.size - calibrated_joint(data).trace()
    ),
}


def count_label_issues(y, pred_proba, *, classes=None, method="off_diagonal"):
    """Estimate how many given labels are wrong.

    Parameters
    ----------
    y : array-like of shape (n_samples,)
        Given labels of any type: integers, strings, booleans, pandas categorical.
    pred_proba : array-like of shape (n_samples, n_classes)
        Out-of-sample class probabilities, float; each row sums to 1 within 1e-3.
        Columns in the order of `classes`. Float32 and memory maps are not copied.
    classes : array-like of shape (n_classes,), default=None
        Every class in the order of the columns; None takes the sorted labels in `y`.
    method : {"off_diagonal", "off_diagonal_calibrated"}, default="off_diagonal"
        Count the rows that ``find_label_issues(filter_by="confident_learning")``
        flags; or what is off the diagonal of the calibrated joint, which also stands
        for the rows that are confident of no class.

    Returns
    -------
    n_issues : int
        Between 0 and n_samples; lower is cleaner.

    Raises
    ------
    ValueError
        If labels are missing, unknown or of one class only, if probabilities are not
        probabilities or do not fit `y`, or if `method` is unknown.

    Notes
    -----
    The count for a joint of your own is ``c.sum() - c.trace()`` with
    ``c = calibrate_joint(joint, y)``. Both counts trust the model: one that is weak
    inflates them, and where ambiguous rows are mislabelled they are too low. With
    few classes the first is often too low.

    References
    ----------
    .. [1] C. Northcutt, L. Jiang, I. Chuang, "Confident Learning: Estimating
       Uncertainty in Dataset Labels", Journal of Artificial Intelligence Research 70,
       1373-1411, 2021.

    Examples
    --------
    >>> from skdataquality.label_noise import count_label_issues
    >>> y = ["cat", "cat", "cat", "dog", "dog"]
    >>> p_cat = [0.9, 0.8, 0.1, 0.2, 0.1]
    >>> count_label_issues(y, [[p, 1 - p] for p in p_cat])
    1
    """
    data = match_labels(y, pred_proba, classes)
    if method not in METHODS:
        raise ValueError(f"method={method!r} is unknown: use one of {list(METHODS)}.")
    n_issues = int(METHODS[method](data))
    warn_of_predictions(data.codes, data.proba, data.classes)
    return n_issues
