"""What says something of each row has one value for each."""

from collections.abc import Mapping, Set
from reprlib import repr as shortened

import numpy as np
import scipy.sparse as sp

from skdataquality.utils._sklearn import num_samples

_OTHER_ROWS = ("_target", "_train", "_test")
_TABLES = {"pred_proba", *(f"{a}{b}" for a in "Xy" for b in ("", *_OTHER_ROWS))}


def check_same_length(**arrays):
    """Raise unless all arrays that are not None have the same number of rows.

    What says something of each row, and is no table or labels, has one value for each.
    """
    lengths = {}
    for name, value in arrays.items():
        if value is not None:
            _refuse_one_value(name, value)
            lengths[name] = num_samples(value)
    if len(set(lengths.values())) > 1:
        seen = ", ".join(f"{k} has {n}" for k, n in lengths.items())
        raise ValueError(
            f"Found input variables with inconsistent numbers of samples: {seen} rows. "
            f"Pass the same rows, in the same order, in each."
        )


def _refuse_one_value(name, value):
    """Refuse what is not one value for each row, but one value, or several."""
    shape = getattr(value, "shape", None)
    is_array = sp.issparse(value) or hasattr(value, "__array__")
    is_single = isinstance(value, str | bytes | Mapping | Set) or not (
        (hasattr(value, "__len__") and hasattr(value, "__getitem__")) or shape
    )
    if (is_single and not is_array) or shape == ():
        raise ValueError(
            f"{name}={shortened(value)} is a {type(value).__name__}: pass an array "
            f"with one value for each row."
        )
    if sp.issparse(value) and name in ("y", "y_target"):
        raise ValueError(f"{name} is a sparse matrix; pass a 1-D array of labels.")
    if name in _TABLES:  # they have their own checks
        return
    if shape is None:
        shape = np.shape(value[:1]) if isinstance(value, list | tuple) else (0,)
    if len(shape) > 1:
        raise ValueError(
            f"{name} has shape {(num_samples(value), *shape[1:])}: pass one value for "
            f"each row, in one dimension."
        )
