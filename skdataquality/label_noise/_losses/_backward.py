"""Backward correction: losses that noisy labels leave unbiased."""

import numpy as np

from skdataquality.label_noise._confident import (
    check_class_columns,
    check_noise_matrix,
    refuse_singular,
)
from skdataquality.utils._validation import encode_labels


def backward_corrected_loss(y, losses, noise_matrix, *, classes=None):
    """Correct the losses on noisy labels so that their mean is that on true labels.

    The corrected loss of row i is ``(losses @ inv(noise_matrix))[i, y[i]]``. Averaged
    over the labels that a row of true class t may get, it is ``losses[i, t]`` [1]_,
    [2]_.

    Parameters
    ----------
    y : array-like of shape (n_samples,)
        Given, noisy labels of any type.
    losses : array-like of shape (n_samples, n_classes)
        Loss that the prediction for each row would have with each class as its label,
        finite. Log loss is ``-np.log(pred_proba)``, the loss of accuracy
        ``y_pred[:, None] != classes``.
    noise_matrix : array-like of shape (n_classes, n_classes)
        P(given label | true class), columns sum to 1; invertible.
    classes : array-like of shape (n_classes,), default=None
        Every class in the order of the columns; None takes the sorted labels in `y`.

    Returns
    -------
    corrected : ndarray of shape (n_samples,), float64
        Lower is better, as for the loss. A single value may be negative or far above
        any loss; only means over many rows have a meaning.

    Raises
    ------
    ValueError
        If labels, losses or the matrix are not what they should be, or the matrix has
        no inverse.

    See Also
    --------
    ForwardCorrectedLogisticRegression : Learns from noisy labels.

    Notes
    -----
    It measures: what a model would lose, or get right, on clean labels, though only
    noisy ones are at hand. The variance grows with the inverse of the matrix.

    It is a function, and no wrapper learns with it, for two reasons. Written as
    weighted copies of each row, one per class, some of the weights are negative, and
    scikit-learn's estimators refuse those or are undefined for them. And the corrected
    loss of an unbounded loss has no lower bound: a flexible model drives it to minus
    infinity on the rows with wrong labels. To learn, correct forward instead.

    Right only for noise that depends on nothing but the true class, with a matrix that
    is known well.

    References
    ----------
    .. [1] N. Natarajan et al., "Learning with noisy labels", NeurIPS 2013, lemma 1.
    .. [2] G. Patrini et al., "Making deep neural networks robust to label noise: a
       loss correction approach", CVPR 2017, theorem 1.

    Examples
    --------
    Errors of a perfect model on labels of which a fifth is wrong:

    >>> import numpy as np
    >>> from skdataquality.label_noise import backward_corrected_loss
    >>> y_true = np.repeat([0, 1], 50)
    >>> y_noisy = np.where(np.arange(100) % 5 == 0, 1 - y_true, y_true)
    >>> losses = y_true[:, None] != np.array([0, 1])
    >>> noise = np.array([[0.8, 0.2], [0.2, 0.8]])
    >>> round(float(np.mean(y_true != y_noisy)), 3)
    0.2
    >>> round(abs(float(backward_corrected_loss(y_noisy, losses, noise).mean())), 3)
    0.0
    """
    classes, codes = encode_labels(y, classes=classes)
    check_class_columns(losses, classes, name="losses")
    losses = np.asarray(losses)
    if losses.shape != (codes.size, classes.size):
        raise ValueError(
            f"losses has shape {losses.shape}, expected {(codes.size, classes.size)}: "
            f"pass the loss of each row under each class, and `classes` when y lacks "
            f"one."
        )
    if losses.dtype.kind not in "fiub" or not np.isfinite(losses).all():
        raise ValueError(
            f"losses has values that are not finite numbers (dtype {losses.dtype}): "
            f"clip the probabilities before taking their logarithm."
        )
    noise = check_noise_matrix(noise_matrix, classes.size)
    refuse_singular(noise)
    inverse = np.linalg.inv(noise)
    return np.einsum("ij,ji->i", losses, inverse[:, codes])
