"""The loss of each row, of predictions that have not seen it."""

import numpy as np

CLASS_LOSSES = ("zero_one", "log_loss", "brier")
NUMBER_LOSSES = ("absolute", "squared")
SMALLEST = 1e-15


def check_loss(loss, is_number):
    """Refuse the name of a loss that does not fit the labels."""
    fitting = NUMBER_LOSSES if is_number else CLASS_LOSSES
    if callable(loss) or loss in fitting:
        return
    kind = "numbers" if is_number else "classes"
    raise ValueError(
        f"loss={loss!r} is no loss for {kind}: pass one of {list(fitting)}, or a "
        f"function of labels and predictions that returns one number for each row."
    )


def loss_of_rows(loss, labels, predicted, codes=None):
    """Return the loss of each row, float.

    ``predicted`` are numbers, or probabilities with the column ``codes`` for the label;
    a row whose code is -1 has a label that no model knows.
    """
    if callable(loss):
        return _of_function(loss, labels, predicted)
    if codes is None:
        gap = labels.astype(float) - predicted
        return np.abs(gap) if loss == "absolute" else gap**2
    if loss == "zero_one":
        return (predicted.argmax(axis=1) != codes).astype(float)
    own = np.where(codes < 0, 0, predicted[np.arange(codes.size), codes])
    if loss == "log_loss":
        return -np.log(np.maximum(own, SMALLEST))
    return (predicted**2).sum(axis=1) - 2 * own + 1


def _of_function(loss, labels, predicted):
    found = np.asarray(loss(labels, predicted), dtype=float)
    if found.shape != (labels.shape[0],) or not np.isfinite(found).all():
        raise ValueError(
            f"loss returned an array of shape {found.shape} for {labels.shape[0]} "
            f"rows, or one with NaN: return one finite number for each row."
        )
    return found


def signs_of_loss(predicted):
    """Return what the predictions alone say of the loss, (n_rows, 2)."""
    if predicted.ndim == 1:
        return np.column_stack([predicted, predicted**2])
    return np.column_stack([predicted.max(axis=1), (predicted**2).sum(axis=1)])
