"""What the tables of classes share: their joint, their labels, their form."""

from numbers import Integral

import numpy as np
from scipy.sparse import csr_array

from skdataquality.label_noise._confident import calibrated_joint, check_labelled_proba
from skdataquality.utils._prediction_guards import warn_of_predictions
from skdataquality.utils._sklearn import take_rows


def classes_and_joint(y, pred_proba, classes, joint=None):
    """Return the labels of the classes and the calibrated counts, a sparse matrix."""
    if (joint is None) == (y is None and pred_proba is None):
        raise ValueError(
            "pass either y and pred_proba, or joint (the counts of confident_joint) "
            "without them."
        )
    if joint is not None:
        joint = csr_array(check_joint(joint))
        return check_joint_classes(classes, joint.shape[0]), joint
    data = check_labelled_proba(y, pred_proba, classes)
    warn_of_predictions(data.codes, data.proba, data.classes, depth=2)
    return labels_of_classes(y, classes, data), calibrated_joint(data)


def check_joint(joint):
    """Return counts as an integer matrix, or say what is wrong with them."""
    joint = np.asarray(joint)
    if joint.ndim != 2 or joint.shape[0] != joint.shape[1] or joint.shape[0] < 2:
        raise ValueError(
            f"joint has shape {joint.shape}: pass the square matrix of "
            f"confident_joint, for two classes or more."
        )
    kind = joint.dtype.kind
    whole = kind in "iu" or (kind == "f" and np.array_equal(joint, np.floor(joint)))
    if not whole or joint.min() < 0 or not joint.any():
        raise ValueError(
            f"joint must hold counts, whole numbers of 0 or more and not all 0; its "
            f"first row starts with {joint[0, :3].tolist()}: pass the result of "
            f"confident_joint, not that of estimate_joint."
        )
    return joint.astype(np.intp, copy=False)


def check_joint_classes(classes, n_classes, *, name="classes"):
    """Return one label for each row of a joint; None numbers them."""
    labels = np.arange(n_classes) if classes is None else np.asarray(classes)
    if labels.shape != (n_classes,):
        raise ValueError(
            f"{name} has shape {labels.shape} but the joint has {n_classes} rows: pass "
            f"one label for each of them."
        )
    return labels


def labels_of_classes(y, classes, data):
    """Label of each class in the order of the columns; all occur without `classes`."""
    if classes is not None:
        return np.asarray(classes)
    first_rows = np.unique(data.codes, return_index=True)[1]
    return np.asarray(take_rows(y, first_rows)).ravel()


def check_at_least_one(name, value):
    """Refuse what is not a number of things to list or draw."""
    if not isinstance(value, Integral) or value < 1:
        raise ValueError(f"{name}={value!r}: pass an integer of 1 or more.")


def lines_of(columns, order=slice(None)):
    """Turn a dict of columns into a list of dicts, one per line."""
    cells = [np.asarray(values)[order].tolist() for values in columns.values()]
    return [dict(zip(columns, row, strict=True)) for row in zip(*cells, strict=True)]
