"""Does the test set hold training rows? :func:`leakage_report`."""

import warnings

import numpy as np
import scipy.sparse as sp
from scipy import stats

from skdataquality.duplicates._leaks._report import LeakageReport
from skdataquality.duplicates._leaks._scores import TestScores, share_of
from skdataquality.duplicates._leaks._twins import training_twins
from skdataquality.duplicates._remedies import agreement
from skdataquality.exceptions import OverlapWarning
from skdataquality.utils._equal_by_chance import chance_of_equal_rows
from skdataquality.utils._frames import (
    as_rows,
    column_names,
    is_frame,
    match_columns,
    select_columns,
    stack_rows,
)
from skdataquality.utils._stats import SMALL_P
from skdataquality.utils._validation import (
    as_label_array,
    as_label_column,
    check_feature_frame,
    check_same_length,
    is_quantity,
    refuse_mixed_names,
)


def leakage_report(
    X_train,
    X_test,
    y_train=None,
    y_test=None,
    *,
    estimator=None,
    scoring=None,
    near=True,
    detector=None,
):
    """Find test rows that training rows repeat, and what they do to the score.

    A model may answer a test row from memory if training holds its twin. Columns of
    frames are matched by name, in any order; the label is never part of a twin.

    Parameters
    ----------
    X_train : {array-like, sparse matrix, data frame} of shape (n_train, n_features)
    X_test : like X_train, of shape (n_test, n_features)
    y_train, y_test : array-like, default=None
        Labels or numbers. Both: the estimator is fitted on the training rows, in the
        columns of both, and scored on all, leaked and clean test rows. A fitted model
        is scored as it is in ``sklearn.frozen.FrozenEstimator(model)``.
    estimator : estimator, default=None
        Cloned. None is the small boosting that the package takes by default.
    scoring : str or callable, default=None
        Scorer of ``predict`` or ``predict_proba`` that takes weights; greater is
        better. None is "accuracy", and "neg_mean_absolute_error" of numbers.
    near : bool, default=True
        True is short for ``detector=DuplicateDetector()``: nearly equal rows are twins,
        too, in their numbers and their texts. Sparse tables are not searched for them.
        No use beside a detector.
    detector : DuplicateDetector, default=None
        What near twins are, such as ``DuplicateDetector(shingle_size=3)`` for short
        records; not fitted. Tables must be dense. None: the default, if ``near``.

    Returns
    -------
    report : LeakageReport

    Raises
    ------
    ValueError
        If a table is empty, no column is shared, one of the labels is missing, or both
        beside an estimator or a scoring, labels are of two kinds, columns of other
        names are to be scored, or the tables are sparse beside a detector.

    See Also
    --------
    DuplicateGroupKFold : Folds in which no test row has a twin in training.

    Notes
    -----
    Wrong where rows are equal by chance, as in a few coarse columns: ``notes`` says so.
    The clean rows are then fewer and no better. They may also be harder or easier than
    the leaked ones for other reasons, so that the score of rows from outside differs
    from that of the clean rows.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.duplicates import leakage_report
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(300, 5))
    >>> y = rng.integers(0, 2, size=300)  # nothing can be learned
    >>> X_test, y_test = np.vstack([X[:60], X[200:]]), np.r_[y[:60], y[200:]]
    >>> report = leakage_report(X[:200], X_test, y[:200], y_test)
    >>> print(f"{report.leaked.estimate:.3f}")
    0.375
    >>> bool(report.scores["leaked"].lower > report.scores["clean"].upper)
    True
    >>> report.clean_rows[:3]
    array([60, 61, 62])
    """
    X_train, X_test = _table(X_train, "X_train"), _table(X_test, "X_test")
    check_same_length(X_train=X_train, y_train=y_train)
    check_same_length(X_test=X_test, y_test=y_test)
    _check_labels(y_train, y_test, {"estimator": estimator, "scoring": scoring})
    if y_train is not None:
        y_train = as_label_column(y_train, name="y_train")
        y_test = as_label_column(y_test, name="y_test")
    _check_widths(X_train, X_test)
    ours, theirs, left_out = match_columns(
        as_rows(X_train), as_rows(X_test), names=("X_train", "X_test")
    )
    if left_out:
        warnings.warn(f"{'; '.join(left_out)}.", OverlapWarning, stacklevel=2)
    look_near = False if sp.issparse(ours) else near
    twins = training_twins(ours, theirs, near=look_near, detector=detector)
    leaked = twins.twin >= 0
    shares = {
        "exact": share_of(twins.is_exact, twins.group),
        "near": share_of(leaked & ~twins.is_exact, twins.group),
        "leaked": share_of(leaked, twins.group),
    }
    scored = _scored(
        (estimator, *_same_columns(X_train, X_test), y_train, y_test),
        scoring,
        leaked,
        twins.group,
    )
    return LeakageReport(
        n_train=ours.shape[0],
        n_test=theirs.shape[0],
        **shares,
        **scored,
        same_label=_agreement(twins, y_train, y_test),
        twin=twins.twin,
        is_exact=twins.is_exact,
        notes=tuple(_notes(stack_rows(ours, theirs), twins, near, look_near)),
    )


def _table(X, name):
    check_feature_frame(X, name=name)
    refuse_mixed_names(X, name)
    shape = as_rows(X).shape
    if len(shape) != 2 or min(shape) == 0:
        raise ValueError(
            f"{name} has shape {shape}: pass a table with at least one row and one "
            f"column."
        )
    return X


def _check_widths(X_train, X_test):
    """Refuse tables that are matched by position and differ in width."""
    ours, theirs = as_rows(X_train).shape[1], as_rows(X_test).shape[1]
    if ours != theirs and not (is_frame(X_train) and is_frame(X_test)):
        raise ValueError(
            f"X_test has {theirs} columns and X_train {ours}: pass the same columns in "
            f"the same order, or data frames, which are matched by name."
        )


def _same_columns(X_train, X_test):
    """Return frames with the columns that they share, in the order of the first."""
    if not (is_frame(X_train) and is_frame(X_test)):
        return X_train, X_test
    ours, theirs = column_names(X_train), column_names(X_test)
    shared = [name for name in ours if name in set(theirs)]
    if not shared or ours == theirs:
        return X_train, X_test
    return (
        X_train if shared == ours else select_columns(X_train, shared),
        select_columns(X_test, shared),
    )


def _check_labels(y_train, y_test, needing):
    if (y_train is None) != (y_test is None):
        lacking = "y_train" if y_train is None else "y_test"
        raise ValueError(
            f"{lacking} is None, but the other labels were passed: pass both to score "
            f"a model, or neither to count twins."
        )
    for name, value in needing.items():
        if y_train is None and value is not None:
            raise ValueError(
                f"{name} was passed without labels, and there is nothing to score: "
                f"pass y_train and y_test, or leave {name} out to count twins."
            )


def _scored(model_and_rows, scoring, leaked, group):
    if model_and_rows[-1] is None:
        return {"scoring": None, "scores": {}, "inflation": None}
    scores = TestScores(*model_and_rows, scoring=scoring, group=group)
    masks = {"all": np.ones_like(leaked), "leaked": leaked, "clean": ~leaked}
    return {
        "scoring": scores.name if isinstance(scores.name, str) else str(scores.name),
        "scores": {name: scores.of(mask) for name, mask in masks.items()},
        "inflation": scores.gain(~leaked),
    }


def _agreement(twins, y_train, y_test):
    rows = np.flatnonzero(twins.twin >= 0)
    if y_train is None or rows.size == 0:
        return None
    read = np.asarray if is_quantity(y_train) else as_label_array
    labels = np.concatenate([read(y_train), read(y_test)])
    same = agreement(labels)(twins.twin[rows], len(y_train) + rows)
    return share_of(same, twins.group[rows])


def _notes(pooled, twins, near, looked_near):
    """Say what the shares do not."""
    if near and not looked_near:
        yield "The tables are sparse: near twins were not looked for."
    if not twins.complete:
        yield "The search for near twins was narrowed: less near ones may be missing."
    n_train = twins.exact_groups.size - twins.twin.size
    n_pairs = int(
        np.bincount(twins.exact_groups[:n_train], minlength=twins.exact_groups.size)[
            twins.exact_groups[n_train:]
        ].sum()
    )
    if n_pairs == 0:
        return
    chance = chance_of_equal_rows(pooled, twins.exact_groups)
    expected = chance * n_train * twins.twin.size
    if stats.poisson.sf(n_pairs - 1, expected) >= SMALL_P:
        yield (
            f"Chance alone makes about as many rows equal ({expected:.0f} pairs "
            f"expected, {n_pairs} met): in these columns equal rows need not be copies."
        )
