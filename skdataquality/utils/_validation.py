"""What an input must be, said in words that name argument, value and cure."""

import warnings
from collections import Counter
from typing import Any

import numpy as np
import scipy.sparse as sp
from sklearn.utils import check_array
from sklearn.utils.multiclass import type_of_target
from sklearn.utils.validation import column_or_1d, validate_data

from skdataquality.exceptions import IndexMismatchWarning
from skdataquality.utils._frames import (
    as_rows,
    column_names,
    is_frame,
    missing_mask,
    sorted_codes,
)
from skdataquality.utils._sklearn import num_samples

MAX_POSITIONS_SHOWN = 5
MANY_VALUES = 30  # distinct whole numbers with few rows each are a quantity
FEW_ROWS_EACH = 10


def positions(mask, first_row=0):
    """List the first true positions of a mask, for an error message."""
    rows = np.flatnonzero(mask) + first_row
    shown = ", ".join(map(str, rows[:MAX_POSITIONS_SHOWN]))
    return shown + (", ..." if rows.size > MAX_POSITIONS_SHOWN else "")


def as_label_array(y, *, name="y"):
    """Return labels as a 1-D ndarray, or raise naming what is wrong with them.

    Any dtype will do: integers, booleans, text, pandas categories; shape (n_samples, 1)
    too. Refused if missing, continuous, of mixed types, one-hot or multilabel. ``name``
    is that of the argument in messages.
    """
    if y is None:
        raise ValueError(
            f"{name}=None: requires y to be passed, but the target y is None."
        )
    if sp.issparse(y):
        raise ValueError(f"{name} is a sparse matrix; pass a 1-D array of labels.")
    values = _as_array(y, name)
    if values.dtype.kind == "c":
        raise ValueError(
            f"{name} has complex values. Complex data not supported: pass real labels."
        )
    if values.ndim != 1 and values.shape[1:] != (1,):
        _raise_two_dimensional(values, name)
    values = np.asarray(column_or_1d(values, warn=True, input_name=name))
    _refuse_missing(values, name)
    if values.dtype.kind in "OS":
        _refuse_mixed(values, name)
        values = _of_one_type(values)
    if _are_small_integers(values):
        return values
    try:
        kind = type_of_target(values, input_name=name)
    except ValueError as error:
        kind = str(error)
    if kind not in ("binary", "multiclass"):
        raise ValueError(
            f"{name} holds values such as {values[:3].tolist()}. Unknown label type: "
            f"{kind}. Pass discrete labels, for example bins, or {name}.astype(str)."
        )
    return values


def _as_array(y, name):
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
    if (
        values.ndim == 2
        and values.dtype.kind in "biuf"
        and np.all((values != 0).sum(axis=1) == 1)
    ):
        cure = f"it looks one-hot encoded: pass {name}.argmax(axis=1)"
    raise ValueError(
        f"{name} has shape {values.shape}. Multilabel and multioutput targets are not "
        f"supported; {cure}."
    )


def _refuse_missing(values, name):
    missing = missing_mask(values)
    if missing.any():
        raise ValueError(
            f"{name} has {int(missing.sum())} missing labels (None or NaN) at "
            f"position(s) {positions(missing)}. Input {name} contains NaN: drop those "
            f"rows or give them a label."
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


def is_continuous(y):
    """Whether y holds finite numbers that are no class labels."""
    values = np.asarray(y)
    return (
        values.dtype.kind == "f"
        and bool(np.isfinite(values).all())
        and bool((values != np.floor(values)).any())
    )


def is_quantity(y):
    """Whether y holds numbers that no one would call classes.

    Fractions, and whole numbers of which there are 30 or more, each on fewer than ten
    rows in the mean.
    """
    values = np.asarray(y)
    if is_continuous(values):
        return True
    if values.dtype.kind not in "iuf" or not np.isfinite(values).all():
        return False
    n_values = np.unique(values).shape[0]
    return n_values >= MANY_VALUES and values.size < FEW_ROWS_EACH * n_values


def encode_labels(y, *, classes=None, name="y"):
    """Return ``(classes, codes)`` with ``classes[codes]`` equal to the labels.

    ``classes`` are all of them in the order wanted; None takes the sorted labels
    present.
    """
    values = as_label_array(y, name=name)
    if values.size == 0:
        raise ValueError(f"{name} is empty: 0 rows were passed, at least 1 is needed.")
    present, codes = sorted_codes(values)
    if classes is None:
        return present, codes
    classes = np.asarray(classes)
    number = {label: i for i, label in enumerate(classes.ravel().tolist())}
    if classes.ndim != 1 or len(number) < classes.size:
        raise ValueError(
            f"classes must list each class once, got {classes!r}: remove repeats."
        )
    position = np.array([number.get(label, -1) for label in present.tolist()])
    unknown = position < 0
    if np.any(unknown):
        raise ValueError(
            f"{name} holds label(s) {present[unknown][:5].tolist()} that are not in "
            f"classes={classes.tolist()[:10]}: add them to classes or mend the labels."
        )
    if np.array_equal(position, np.arange(classes.size)):
        return classes, codes
    return classes, position[codes]


def _are_small_integers(values):
    """Whether labels are integers whose range is at most half the number of rows.

    They are classes beyond doubt, and a table of their range is no longer than they.
    """
    if values.dtype.kind not in "iu" or values.size == 0:
        return False
    return int(values.max()) - int(values.min()) < values.size // 2


def check_same_length(**arrays):
    """Raise unless all arrays that are not None have the same number of rows."""
    lengths = {k: num_samples(v) for k, v in arrays.items() if v is not None}
    if len(set(lengths.values())) > 1:
        seen = ", ".join(f"{k} has {n}" for k, n in lengths.items())
        raise ValueError(
            f"Found input variables with inconsistent numbers of samples: {seen} rows. "
            f"Pass the same rows, in the same order, in each."
        )


def check_feature_frame(X, y=None):
    """Refuse masked cells and repeated names; warn if the indices of X and y differ."""
    if np.ma.is_masked(X):
        raise ValueError(
            f"X is a masked array with {np.ma.count_masked(X)} masked cells, and masks "
            f"are not supported: pass X.filled(np.nan)."
        )
    # the columns of a pyarrow table are its data, not their names
    columns = getattr(X, "column_names", getattr(X, "columns", None))
    if columns is None or sp.issparse(X):
        return
    if getattr(columns, "nlevels", 1) > 1:
        raise ValueError(
            f"X has column names of {columns.nlevels} levels (a MultiIndex); flatten "
            f"them, for example with X.columns = X.columns.map('_'.join)."
        )
    repeated = sorted(str(name) for name, n in Counter(columns).items() if n > 1)
    if repeated:
        raise ValueError(
            f"X has repeated column names {repeated}: rename or drop the repeats."
        )
    index: Any = getattr(X, "index", None)
    y_index: Any = getattr(y, "index", None)
    comparable = hasattr(index, "equals") and hasattr(y_index, "equals")
    if comparable and len(index) == len(y_index) and not index.equals(y_index):
        warnings.warn(
            "X and y have different indices; rows are matched by position. If y must "
            "be matched by index, pass y.loc[X.index].",
            IndexMismatchWarning,
            stacklevel=3,
        )


def check_table(estimator, X, y=None, *, reset=True):
    """Return X as it is or as an array, without asking what its cells hold.

    Sets or compares ``n_features_in_`` and ``feature_names_in_`` of ``estimator``; y is
    only asked whether its index is that of X.
    """
    check_feature_frame(X, y)
    if not is_frame(X):
        X = as_rows(X)
        _refuse_complex(X)
        X = check_array(
            X,
            accept_sparse=("csr", "csc"),
            dtype=None,
            ensure_all_finite=False,
            estimator=estimator,
        )
    elif min(X.shape) == 0:
        raise ValueError(
            f"Found array with {X.shape[0]} sample(s) and {X.shape[1]} feature(s) "
            f"(shape={X.shape}) while a minimum of 1 is required by "
            f"{estimator.__class__.__name__}."
        )
    remember_columns(estimator, X, reset=reset)
    return X


def remember_columns(estimator, X, *, reset=True):
    """Set or compare number and names of the columns; refuse names of mixed types."""
    refuse_mixed_names(X)
    validate_data(estimator, X, reset=reset, skip_check_array=True)


def refuse_mixed_names(X):
    """Refuse column names of which only some are text."""
    names = column_names(X) if is_frame(X) else []
    kinds = sorted({type(name).__name__ for name in names})
    if len(kinds) > 1 and "str" in kinds:
        raise ValueError(
            f"X has column names of different types ({', '.join(kinds)}), which models "
            f"do not take: make them text, X.columns = X.columns.astype(str)."
        )


def _refuse_complex(X):
    if X.dtype.kind == "c":
        raise ValueError(
            f"X has complex values ({X.dtype}). Complex data not supported: pass their "
            f"real and imaginary parts as columns."
        )


def check_weights(sample_weight, n_samples, *, name="sample_weight"):
    """Return weights as float64, or None; refuse negative, NaN, all zero, wrong length.

    A weight k means that the row counts k times; one number stands for all rows.
    """
    if sample_weight is None:
        return None
    if np.isscalar(sample_weight):
        sample_weight = np.full(n_samples, sample_weight)
    weights = check_array(
        sample_weight,
        ensure_2d=False,
        dtype=np.float64,
        ensure_all_finite=False,
        input_name=name,
    )
    if weights.shape != (n_samples,):
        raise ValueError(
            f"{name}.shape == {weights.shape}, expected {(n_samples,)}. Sample weights "
            f"must be 1D array or scalar: pass one weight per row of X."
        )
    bad = ~np.isfinite(weights)
    if bad.any():
        raise ValueError(
            f"Input {name} contains NaN or infinity at position(s) {positions(bad)}: "
            f"every weight must be a finite number."
        )
    bad = weights < 0
    if bad.any():
        raise ValueError(
            f"Negative values in data passed to `{name}` (first "
            f"{weights[bad][0]:g} at position(s) {positions(bad)}): weights must be 0 "
            f"or positive."
        )
    if not weights.any():
        raise ValueError(
            f"{name} is zero for all {n_samples} rows. Sample weights must contain at "
            f"least one non-zero number."
        )
    return weights
