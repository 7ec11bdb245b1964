"""What errors cost: checked vectors and matrices."""

from reprlib import repr as shortened

import numpy as np

from skdataquality.utils._frames import is_pandas
from skdataquality.utils._printable import printable


def check_costs(costs, classes, *, name="costs"):
    """Check what errors cost, one number a class or one for each pair.

    Parameters
    ----------
    costs : dict or array-like of shape (n_classes, n_classes)
        ``{label: cost of one error on that class}``, or a matrix of the cost of
        predicting the class of the column where that of the row is true, both in the
        order of ``classes``; in a pandas frame whose index and columns name the
        classes, in any order.
    classes : ndarray of shape (n_classes,)
    name : str
        For messages.

    Returns
    -------
    matrix : ndarray of shape (n_classes, n_classes), float64
        0 on the diagonal for a dict.

    Raises
    ------
    ValueError
        If a class has no cost, the shape is another, a cost is negative or not finite,
        or no error costs anything.
    """
    if isinstance(costs, dict):
        matrix = np.outer(_cost_of_each(costs, classes, name), np.ones(classes.size))
        np.fill_diagonal(matrix, 0)
    else:
        matrix = _as_numbers(_in_order(costs, classes.tolist()), name)
        if matrix.shape != (classes.size, classes.size):
            raise ValueError(
                f"{name} has the shape {matrix.shape}, but y has {classes.size} "
                f"classes: pass a dict of one cost a class, or a square matrix with a "
                f"row for each true and a column for each predicted class."
            )
    if not (np.isfinite(matrix).all() and (matrix >= 0).all()):
        raise ValueError(
            f"{name}={_said(costs)} must hold finite costs of 0 or more: add a "
            f"constant to a row of the matrix, which changes no decision, to make a "
            f"gain a cost."
        )
    if not (matrix - np.diag(np.diag(matrix))).any():
        raise ValueError(
            f"{name}={_said(costs)} gives every error the cost 0: at least one "
            f"positive cost is needed."
        )
    return matrix


def _cost_of_each(costs, classes, name):
    missing = [label for label in classes.tolist() if label not in costs]
    if missing:
        raise ValueError(
            f"{name} has no cost for the label(s) {missing[:5]}: give one for each "
            f"class of y, 1 for an ordinary one."
        )
    return _as_numbers([costs[label] for label in classes.tolist()], name)


def _in_order(costs, labels):
    """Return costs by position, those of a frame that names classes by name."""
    if is_pandas(costs) and all(set(axis) == set(labels) for axis in costs.axes):
        return costs.loc[labels, labels]
    return costs


def _said(costs):
    shown = costs if isinstance(costs, dict) else np.asarray(costs, object).tolist()
    return printable(shortened(shown))


def _as_numbers(costs, name):
    try:
        return np.array(costs, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name}={_said(costs)} must hold numbers only.") from None
