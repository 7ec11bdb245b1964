"""Labels of target rows among the classes of training rows."""

import numpy as np


def codes_among(labels, classes):
    """Return the column of each label, -1 for one that is missing or no class.

    Parameters
    ----------
    labels : ndarray of shape (n_target,)
    classes : ndarray of shape (n_classes,)

    Returns
    -------
    codes : ndarray of shape (n_target,), int
    """
    number = {label: code for code, label in enumerate(classes.tolist())}
    return np.array([number.get(label, -1) for label in labels.tolist()], dtype=np.intp)
