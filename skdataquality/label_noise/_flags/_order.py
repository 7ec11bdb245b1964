"""Flagged rows, worst first."""

import numpy as np

from skdataquality.label_noise._confident import match_labels
from skdataquality.label_noise._flags._scores import check_scoring, quality_scores
from skdataquality.utils._probabilities import warn_if_in_sample


def order_label_issues(
    mask, y, pred_proba, *, classes=None, method="self_confidence", adjust=False
):
    """Sort flagged rows by label quality, worst first.

    Parameters
    ----------
    mask : array-like of shape (n_samples,), bool
        True for the rows to sort, as :func:`find_label_issues` returns.
    y : array-like of shape (n_samples,)
        Given labels of any type: integers, strings, booleans, pandas categorical.
    pred_proba : array-like of shape (n_samples, n_classes)
        Out-of-sample class probabilities, float; each row sums to 1 within 1e-3.
        Columns in the order of `classes`. Float32 and memory maps are not copied.
    classes : array-like of shape (n_classes,), default=None
        Every class in the order of the columns; None takes the sorted labels in `y`.
    method, adjust
        As for :func:`label_quality_scores`.

    Returns
    -------
    rows : ndarray of shape (n_flagged,), integers
        Row numbers; the first is the most suspicious, so that ``rows[:10]`` are the
        ten to look at first. Of equal scores the first row comes first, on any
        processor; cleanlab leaves their order to the processor's sort.

    Raises
    ------
    ValueError
        If `mask` is no mask of the rows, or as for :func:`label_quality_scores`.

    Notes
    -----
    The order is that of one score: the rule that set the flags may rank otherwise,
    and a correct label of an ambiguous row comes as early as a wrong one.

    References
    ----------
    .. [1] C. Northcutt, L. Jiang, I. Chuang, "Confident Learning: Estimating
       Uncertainty in Dataset Labels", Journal of Artificial Intelligence Research 70,
       1373-1411, 2021.

    Examples
    --------
    >>> from skdataquality.label_noise import order_label_issues
    >>> y, p_one = [0, 0, 1, 1], [0.7, 0.9, 0.8, 0.2]
    >>> mask = [True, True, False, True]
    >>> order_label_issues(mask, y, [[1 - p, p] for p in p_one])
    array([1, 3, 0])
    """
    data = match_labels(y, pred_proba, classes)
    check_scoring(method, adjust)
    flags = np.asarray(mask)
    if flags.dtype != bool or flags.shape != data.codes.shape:
        raise ValueError(
            f"mask has dtype {flags.dtype} and shape {flags.shape}, expected bool and "
            f"{data.codes.shape}: pass True or False for each row, not row numbers."
        )
    scores = quality_scores(data, method, adjust)
    warn_if_in_sample(data.self_confidence)
    rows = np.flatnonzero(flags)
    return rows[np.argsort(scores[rows], kind="stable")]
