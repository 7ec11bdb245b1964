"""What an input must be, said in words that name argument, value and cure."""

import warnings
from collections import Counter
from collections.abc import Mapping, Set
from reprlib import repr as shortened
from typing import Any

import numpy as np
import scipy.sparse as sp
from sklearn.utils import check_array
from sklearn.utils.multiclass import type_of_target
from sklearn.utils.validation import column_or_1d, validate_data

from skdataquality.exceptions import IndexMismatchWarning
from skdataquality.utils._first_guesses import is_path
from skdataquality.utils._frames import (
    are_documents,
    as_rows,
    column_names,
    is_document,
    is_frame,
    missing_mask,
    sequence_cells,
    sorted_codes,
)
from skdataquality.utils._sklearn import num_samples

MAX_POSITIONS_SHOWN = 5
MANY_VALUES = 20  # more whole numbers than that are a quantity
SOME_VALUES = 10  # more than that are, too, if hardly any is repeated
ROWS_OF_CODE = 10  # of each of the codes 0 to K - 1, if they are to be classes
_OTHER_ROWS = ("_target", "_train", "_test")
_TABLES = {"pred_proba", *(f"{a}{b}" for a in "Xy" for b in ("", *_OTHER_ROWS))}


def positions(mask, first_row=0):
    """List the first true positions of a mask, and where they start, for an error."""
    rows = np.flatnonzero(mask) + first_row
    shown = ", ".join(map(str, rows[:MAX_POSITIONS_SHOWN]))
    return shown + (", ..." if rows.size > MAX_POSITIONS_SHOWN else "") + " (from 0)"


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


def as_label_column(y, *, name="y"):
    """Return labels, some of which may be missing, as a 1-D ndarray."""
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
    if values.ndim == 0:
        raise ValueError(
            f"{name} is a {type(y).__name__}: pass an array with one label for each "
            f"row."
        )
    if values.ndim != 1 and values.shape[1:] != (1,):
        _raise_two_dimensional(values, name)
    return np.asarray(column_or_1d(values, warn=True, input_name=name))


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


def is_continuous(y):
    """Whether y holds finite numbers that are no class labels."""
    values = _as_array(y, "y")
    return (
        values.dtype.kind == "f"
        and bool(np.isfinite(values).all())
        and bool((values != np.floor(values)).any())
    )


def is_quantity(y):
    """Whether y holds numbers that are taken as a quantity, not as classes.

    Those are numbers with fractions, and whole numbers of more than 20 different
    values, or of more than 10 with fewer than two rows each in the mean. Codes of
    classes are none: every number from 0 or 1 on, each on ten rows or more.
    """
    values = _as_array(y, "y")
    if is_continuous(values):
        return True
    if values.dtype.kind not in "iuf" or not np.isfinite(values).all():
        return False
    present, size = np.unique(values, return_counts=True)
    n_values = present.shape[0]
    if n_values <= SOME_VALUES:
        return False
    is_coded = present[0] in (0, 1) and present[-1] - present[0] == n_values - 1
    if is_coded and size.min() >= ROWS_OF_CODE:
        return False
    return n_values > MANY_VALUES or values.size < 2 * n_values


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


def _refuse_numbers_in_a_row(X, name):
    """Refuse a sequence that is neither a table nor one of texts or dicts."""
    if is_path(X):
        raise ValueError(
            f"{name}={str(X)!r} names a file: read it first, with "
            f"read_table({str(X)!r}) from skdataquality.tables."
        )
    if isinstance(X, str | bytes):
        raise ValueError(
            f"{name} is one text, {X[:20]!r}: pass a list of texts, one for each row."
        )
    if not is_frame(X) and not sp.issparse(X):
        _refuse_without_rows(X, name)
    cells = sequence_cells(X)
    if cells is None or cells.size == 0:
        return
    if not are_documents(X):
        column = "to_frame()" if hasattr(X, "to_frame") else "reshape(-1, 1)"
        raise ValueError(
            f"{name} has shape {cells.shape}, and a table is needed. Expected 2D "
            f"array, got 1D array instead. Reshape your data with "
            f"{name}.{column} if it has a single feature, or "
            f"{name}.reshape(1, -1) if it is a single sample."
        )
    if set(map(type, cells)) <= {str, bytes, dict}:  # nothing odd, seen at once
        return
    missing = missing_mask(cells)
    if missing.any():
        raise ValueError(
            f"{name} has {int(missing.sum())} missing text(s) (None or NaN) at "
            f"position(s) {positions(missing)}: drop those rows, or fill them with ''."
        )
    strange = np.fromiter((not is_document(cell) for cell in cells), dtype=bool)
    if strange.any():
        kind = type(cells[strange][0]).__name__
        raise ValueError(
            f"{name} mixes texts with {int(strange.sum())} cell(s) of another type "
            f"(first {kind}) at position(s) {positions(strange)}: make all text."
        )


def _refuse_without_rows(X, name):
    """Refuse what holds columns or cells, and gives no rows of them."""
    kind = type(X).__name__
    if any(hasattr(type(X), names) for names in ("columns", "column_names")):
        ways = (way for way in _TO_FRAME if hasattr(type(X), way))
        raise ValueError(
            f"{name} is a {kind}, which is no data frame in memory: pass "
            f"{name}.{next(ways, 'to_pandas')}()."
        )
    if isinstance(X, Mapping):
        raise ValueError(
            f"{name} is a {kind}: pass a data frame, such as pandas.DataFrame({name})."
        )
    has_rows = hasattr(X, "__len__") or hasattr(X, "shape") or hasattr(X, "__array__")
    if isinstance(X, Set) or not has_rows:
        raise ValueError(
            f"{name} is a {kind}, not a table: pass a data frame, an array or a list "
            f"of rows."
        )


# methods of lazy and foreign tables that give a data frame
_TO_FRAME = ("compute", "to_pandas", "toPandas", "df", "collect")


def refuse_documents(X, owner, cure):
    """Refuse texts where numbers are needed, saying how to make some."""
    if are_documents(X):
        raise ValueError(
            f"X holds texts, and {type(owner).__name__} needs columns: {cure}"
        )


def check_feature_frame(X, y=None, *, name="X"):
    """Refuse what is no table and no texts, masked cells and repeated names.

    Warn if the indices of X and y differ.
    """
    if np.ma.is_masked(X):
        raise ValueError(
            f"{name} is a masked array with {np.ma.count_masked(X)} masked cells, and "
            f"masks are not supported: pass {name}.filled(np.nan)."
        )
    _refuse_numbers_in_a_row(X, name)
    # the columns of a pyarrow table are its data, not their names
    columns: Any = getattr(X, "column_names", getattr(X, "columns", None))
    if columns is None or sp.issparse(X):
        columns = ()
    if getattr(columns, "nlevels", 1) > 1:
        raise ValueError(
            f"{name} has column names of {columns.nlevels} levels (a MultiIndex); "
            f"flatten them, for example by {name}.columns = "
            f"{name}.columns.map('_'.join)."
        )
    refuse_repeated_columns(columns, name)
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

    Frames and sequences of texts stay as they are. Sets or compares ``n_features_in_``
    and ``feature_names_in_`` of ``estimator``; y is only asked whether its index is
    that of X.
    """
    check_feature_frame(X, y)
    if not is_frame(X) and not are_documents(X):
        X = as_rows(X)
        refuse_complex(X)
        X = check_array(
            X,
            accept_sparse=("csr", "csc"),
            dtype=None,
            ensure_all_finite=False,
            estimator=estimator,
        )
    elif is_frame(X) and min(X.shape) == 0:
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


def refuse_mixed_names(X, name="X"):
    """Refuse column names of which some are text."""
    names = column_names(X) if is_frame(X) else []
    kinds = sorted({type(name).__name__ for name in names})
    if len(kinds) > 1 and "str" in kinds:
        raise ValueError(
            f"{name} has column names of different types ({', '.join(kinds)}), which "
            f"models do not take: make them text, {name}.columns = "
            f"{name}.columns.astype(str)."
        )


def refuse_complex(X):
    if X.dtype.kind == "c":
        raise ValueError(
            f"X has complex values ({X.dtype}). Complex data not supported: pass their "
            f"real and imaginary parts as columns."
        )


def refuse_repeated_columns(columns, name):
    """Refuse columns of a table of which two have the same name."""
    repeated = sorted(str(name) for name, n in Counter(columns).items() if n > 1)
    if repeated:
        raise ValueError(
            f"{name} has repeated column names {repeated}: rename or drop the repeats."
        )


def check_weights(sample_weight, n_samples, *, name="sample_weight"):
    """Return weights as float64, or None; refuse negative, NaN, all zero, wrong length.

    A weight k means that the row counts k times; one number stands for all rows.
    """
    if sample_weight is None:
        return None
    if isinstance(sample_weight, str):
        raise ValueError(
            f"{name}={sample_weight!r} is a text: pass one number per row of X."
        )
    if np.isscalar(sample_weight):
        sample_weight = np.full(n_samples, sample_weight)
    try:
        weights = check_array(
            sample_weight,
            ensure_2d=False,
            dtype=np.float64,
            ensure_all_finite=False,
            input_name=name,
        )
    except ValueError as error:
        if "could not convert" not in str(error):
            raise
        raise ValueError(
            f"{name} holds values that are no numbers ({error}): pass one number per "
            f"row of X."
        ) from error
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
