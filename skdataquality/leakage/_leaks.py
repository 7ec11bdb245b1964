"""Columns that give the answer away."""

import numpy as np
import scipy.sparse as sp
from sklearn.utils.validation import column_or_1d

from skdataquality.leakage._alone import classes_judged, judge_alone
from skdataquality.leakage._copies import certain_reason
from skdataquality.leakage._judge import judge_columns
from skdataquality.leakage._levels import presence_apart
from skdataquality.utils._draws import own_rng
from skdataquality.utils._folds import stratified_folds
from skdataquality.utils._frames import as_rows, iterate_columns
from skdataquality.utils._sklearn import take_rows
from skdataquality.utils._validation import (
    check_same_length,
    encode_labels,
    is_quantity,
)

N_FOLDS = 5
FEWEST_ROWS = 40
SAMPLE = 20_000  # rows that are judged
SAMPLE_OF_CLASS = 200  # at least, where a class has them
MOST_CLASSES = 50  # largest ones; the others are judged as one
QUARTERS = np.array(["lowest", "second", "third", "highest"])
RARER = "one of the rarer classes"
MOST_SPARSE = 1000  # columns of a sparse matrix, by each of two measures


def class_codes(y):
    """Return classes and codes of y; quantities become their quarters.

    Whole numbers are a quantity if they are many, with few rows each. All but the 50
    largest classes share one code.
    """
    values = np.asarray(y)
    if is_quantity(values):
        return _quarters(column_or_1d(values, warn=True).astype(float))
    classes, codes = encode_labels(y)
    size = np.bincount(codes)
    if size.shape[0] <= MOST_CLASSES:
        return classes, codes
    kept = np.sort(np.argsort(-size, kind="stable")[:MOST_CLASSES])
    number = np.full(size.shape[0], MOST_CLASSES)
    number[kept] = np.arange(MOST_CLASSES)
    return np.append(classes[kept].astype(object), RARER), number[codes]


def _quarters(values):
    cuts = np.quantile(values, [0.25, 0.5, 0.75])
    present, codes = np.unique(np.searchsorted(cuts, values), return_inverse=True)
    return QUARTERS[present], codes


def find_leaks(X, y, *, left_out=(), random_state=0):
    """Judge every column alone and beside the others.

    Quantities are cut into quarters; columns ``left_out`` are known to be no features.
    The seed is for the folds, and the rows looked at where there are more than 20,000.
    Returns the leaks, those found before those suspected, and every column that can be
    judged, the strongest first.
    """
    X = as_rows(X)
    check_same_length(X=X, y=y)
    classes, codes = class_codes(y)
    n_classes = classes.shape[0]
    size = np.bincount(codes, minlength=n_classes)
    if codes.shape[0] < FEWEST_ROWS or not classes_judged(size).any():
        return [], []
    rng = own_rng(random_state)
    if is_quantity(values := np.asarray(y)):
        truth = column_or_1d(values).astype(float)
    else:
        truth = encode_labels(y)[1]
    if codes.shape[0] > SAMPLE:
        rows = _some_rows(codes, rng)
        X, codes, truth = take_rows(X, rows), codes[rows], truth[rows]
    fold = stratified_folds(codes, N_FOLDS, random_state=rng)
    names = set(left_out)
    columns, certain = [], {}
    for name, cells in iterate_columns(X, _telling_columns(X, codes, n_classes)):
        if name in names:
            continue
        alone = judge_alone(name, cells, codes, fold, n_classes)
        columns.append(alone)
        reason = certain_reason(alone, cells, codes, truth)
        if reason is not None:
            certain[name] = reason
    columns.sort(key=lambda alone: -alone.strength)
    return judge_columns(columns, certain, codes, fold, n_classes), columns


def _some_rows(codes, rng):
    """Draw rows at random, and more of the classes that would hardly be among them."""
    order = rng.permutation(codes.shape[0])
    by_class = order[np.argsort(codes[order], kind="stable")]
    size = np.bincount(codes)
    place = np.arange(codes.shape[0]) - np.repeat(np.cumsum(size) - size, size)
    return np.union1d(order[:SAMPLE], by_class[place < SAMPLE_OF_CLASS])


def _telling_columns(X, codes, n_classes):
    """Columns of a wide sparse matrix that are worth a look; None for all.

    Those whose mere presence differs most between classes, and the fullest.
    """
    if not sp.issparse(X) or X.shape[1] <= MOST_SPARSE:
        return None
    presence = sp.csc_array(X) != 0
    measures = presence_apart(presence, codes, n_classes), np.diff(presence.indptr)
    most = [np.argsort(-m, kind="stable")[:MOST_SPARSE] for m in measures]
    return np.union1d(*most).tolist()
