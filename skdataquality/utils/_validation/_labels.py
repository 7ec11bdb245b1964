"""Labels that are all there, discrete and of one type."""

import numpy as np
from sklearn.utils.multiclass import type_of_target

from skdataquality.utils._frames import missing_mask
from skdataquality.utils._validation._label_columns import as_label_column
from skdataquality.utils._validation._positions import positions


def as_label_array(y, *, name="y"):
    """Return labels as a 1-D ndarray, or raise naming what is wrong with them.

    Any dtype will do: integers, booleans, text, pandas categories; shape (n_samples, 1)
    too. Refused if missing, continuous, of mixed types, one-hot or multilabel. ``name``
    is that of the argument in messages.
    """
    values = as_label_column(y, name=name)
    _refuse_missing(values, name)
    if values.dtype.kind in "OS":
        _refuse_mixed(values, name)
        values = _of_one_type(values)
    if _are_small_integers(values):
        return values
    try:
        kind = type_of_target(values, input_name=name)
    except ValueError:  # of lists and the like
        kind = "unknown"
    if kind == "unknown":
        kind = f"objects of type {type(values[0]).__name__}"
    if kind not in ("binary", "multiclass"):
        raise ValueError(
            f"{name} holds values such as {values[:3].tolist()}. Unknown label type: "
            f"{kind}. Pass discrete labels, for example bins, or {name}.astype(str)."
        )
    return values


def _refuse_missing(values, name):
    missing = missing_mask(values)
    if missing.any():
        raise ValueError(
            f"{name} has {int(missing.sum())} missing labels (None or NaN) at "
            f"position(s) {positions(missing)}. Input {name} contains NaN, and a row "
            f"without a label can be neither fitted nor scored: drop those rows, as "
            f"in X[known], {name}[known] with known = ~pandas.isna({name}), or give "
            f"them a label; skdataquality.active_learning says which first."
        )
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        raise ValueError(
            f"Input {name} contains infinity at position(s) "
            f"{positions(~np.isfinite(values))}: replace those labels."
        )


def _refuse_mixed(values, name):
    kinds = {type(v) for v in values}
    if any(issubclass(kind, bytes) for kind in kinds):
        raise ValueError(
            f"{name} holds bytes, first {values.tolist()[0]!r}: decode them to text."
        )
    is_text = [issubclass(kind, str) for kind in kinds]
    if any(is_text) and not all(is_text):
        names = ", ".join(sorted(kind.__name__ for kind in kinds))
        raise ValueError(
            f"{name} mixes labels of different types ({names}). Unknown label type: "
            f"make them all text, for example with {name}.astype(str)."
        )


def _of_one_type(values):
    """Booleans that stood beside blanks, in a type of their own."""
    kinds = {type(value) for value in values.tolist()}
    return values.astype(bool) if kinds <= {bool, np.bool_} else values


def _are_small_integers(values):
    """Whether labels are integers whose range is at most half the number of rows.

    They are classes beyond doubt, and a table of their range is no longer than they.
    """
    if values.dtype.kind not in "iu" or values.size == 0:
        return False
    return int(values.max()) - int(values.min()) < values.size // 2
