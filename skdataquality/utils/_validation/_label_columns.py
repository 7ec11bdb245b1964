"""Labels as one column, some of which may be missing."""

import numpy as np
import scipy.sparse as sp
from sklearn.utils.validation import column_or_1d


def as_label_column(y, *, name="y"):
    """Return labels, some of which may be missing, as a 1-D ndarray."""
    if y is None:
        raise ValueError(
            f"{name}=None: requires y to be passed, but the target y is None."
        )
    if sp.issparse(y):
        raise ValueError(f"{name} is a sparse matrix; pass a 1-D array of labels.")
    values = unmasked_array(y, name)
    if values.dtype.kind == "c":
        raise ValueError(
            f"{name} has complex values. Complex data not supported: pass real labels."
        )
    if values.ndim == 0:
        raise ValueError(
            f"{name} is a {type(y).__name__}: pass an array with one label for each "
            f"row."
        )
    if values.ndim != 1 and values.shape[1:] != (1,):
        _raise_two_dimensional(values, name)
    return np.asarray(column_or_1d(values, warn=True, input_name=name))


def unmasked_array(y, name):
    """Labels as an array that hides neither a mask nor a mixture of types."""
    try:
        values = np.asarray(y)
    except ValueError as error:
        raise ValueError(
            f"{name} holds lists of different lengths. Multilabel targets are not "
            f"supported; pass one label per row."
        ) from error
    if np.ma.is_masked(y):
        values = values.astype(object)
        values[np.ma.getmaskarray(y)] = None
    elif values.dtype.kind == ("U" if isinstance(y, list | tuple) else "T"):
        values = np.asarray(y, dtype=object)  # numpy turns ['a', 1, None] to text
    return values


def _raise_two_dimensional(values, name):
    cure = "pass one column of labels"
    if is_one_hot(values):
        cure = f"it looks one-hot encoded: pass {name}.argmax(axis=1)"
    raise ValueError(
        f"{name} has shape {values.shape}. Multilabel and multioutput targets are not "
        f"supported; {cure}."
    )


def is_one_hot(y):
    """Whether y has several columns of numbers, one of them above 0 in each row."""
    try:
        values = np.asarray(y)
    except ValueError:  # lists of different lengths
        return False
    return (
        values.ndim == 2
        and values.shape[1] > 1
        and values.dtype.kind in "biuf"
        and bool(((values != 0).sum(axis=1) == 1).all() and (values >= 0).all())
    )
