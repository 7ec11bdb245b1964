"""What a model says of the pool: :func:`class_probabilities`."""

import numpy as np
from scipy.special import expit, softmax

from skdataquality.utils._probabilities import check_pred_proba
from skdataquality.utils._sklearn import num_samples


def class_probabilities(model, X):
    """Return probabilities, shape (n_samples, n_classes), columns as ``classes_``.

    A decision function is squeezed into (0, 1), which ranks rows and is not calibrated.

    Raises
    ------
    ValueError
        If the model has neither, or its probabilities are none.
    """
    if hasattr(model, "predict_proba"):
        n_classes = np.size(model.classes_)
        proba = np.asarray(model.predict_proba(X))
        return check_pred_proba(proba, num_samples(X), n_classes, name="predict_proba")
    if hasattr(model, "decision_function"):
        scores = np.asarray(model.decision_function(X), dtype=np.float64)
        if scores.ndim == 1:
            high = expit(scores)
            return np.column_stack([1 - high, high])
        return softmax(scores, axis=1)
    raise ValueError(
        f"estimator={type(model).__name__} has neither predict_proba nor "
        f"decision_function: pass a classifier that has one of them."
    )
