"""Class probabilities from models that did not see the row.

A row may stay without a prediction (a splitter that never tests it, a training fold
without its class). Such rows are NaN and not ``covered``; nothing is filled in.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV

from skdataquality.utils._first_guesses import wrong_object
from skdataquality.utils._folds._run import fit_on, mean_over_folds, run_folds
from skdataquality.utils._folds._splits import (
    make_splits,
    repeated_splits,
    rows_per_class,
)
from skdataquality.utils._folds._threads import few_threads
from skdataquality.utils._printable import printable
from skdataquality.utils._shown import ShownResult
from skdataquality.utils._sklearn import num_samples, take_rows
from skdataquality.utils._validation import (
    check_feature_frame,
    check_same_length,
    encode_labels,
    refuse_mixed_names,
)

CALIBRATION_FOLDS = 3


@dataclass(frozen=True, eq=False, repr=False)
class OutOfFold(ShownResult):
    """Out-of-fold class probabilities and how they came about.

    Made by :func:`out_of_fold`.

    Attributes
    ----------
    proba : ndarray of shape (n_samples, n_classes), float64
        Mean over the predictions of each row, rows sum to 1; NaN if not covered.
    classes : ndarray of shape (n_classes,)
        Sorted labels, one per column of ``proba``.
    n_predictions : ndarray of shape (n_samples,), int
        How many models predicted the row without having seen it.
    splits : tuple of (train, test) index arrays
        Training rows are those used. Empty for out-of-bag predictions.
    n_twins_dropped : int
        Training rows left out because a duplicate of theirs was held out.
    new_proba : ndarray of shape (n_splits, n_new, n_classes) or None
        What each fold's model, or the one bagged ensemble, says of the rows of
        ``X_new``; NaN where a fold had one class only to learn from.
    models : tuple
        The model of each fold, None where it had one class only to learn from; empty
        unless they were to be kept.
    """

    proba: np.ndarray
    classes: np.ndarray
    n_predictions: np.ndarray
    splits: tuple = ()
    n_twins_dropped: int = 0
    new_proba: np.ndarray | None = None
    models: tuple = ()

    def __repr__(self):
        n_rows, n_classes = self.proba.shape
        n_covered = int(self.covered.sum())
        return f"OutOfFold({n_rows} rows, {n_covered} covered, {n_classes} classes)"

    def _facts(self):
        n_rows, n_classes = self.proba.shape
        n_covered = int(self.covered.sum())
        return {"rows": n_rows, "covered": n_covered, "classes": n_classes}

    @property
    def covered(self) -> np.ndarray:
        """Mask of shape (n_samples,): rows that have a prediction."""
        return self.n_predictions > 0


def out_of_fold(
    estimator,
    X,
    y,
    *,
    cv=None,
    groups=None,
    duplicate_groups=None,
    fit_params=None,
    X_new=None,
    trusted=None,
    n_repeats=1,
    keep_models=False,
    n_jobs=None,
    random_state=None,
    context=None,
    owner=None,
):
    """Predict the class probabilities of every row by models fitted without it.

    Parameters
    ----------
    estimator : classifier with ``predict_proba`` or ``decision_function``
        Cloned per fold; a decision function is calibrated inside the training fold.
    X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
        Handed to the estimator as it is, never converted.
    y : array-like of shape (n_samples,)
        Labels of any type.
    cv : int, splitter, iterable, "oob" or None, default=None
        None or an int: stratified, shuffled folds (None is 5), at most as many as the
        rarest class has rows. A splitter or an iterable is used as given, if it trains
        on no row that it tests. "oob" takes the out-of-bag predictions of a bagged
        ensemble, where rows with a duplicate stay uncovered.
    groups : array-like of shape (n_samples,), default=None
        Rows of one group stay in one fold.
    duplicate_groups : array-like of shape (n_samples,), default=None
        Rows of one group are twins and never stand on both sides of a split, as made
        by :func:`skdataquality.duplicates.duplicate_groups`. A splitter that takes no
        groups loses training rows whose twin is held out.
    fit_params : dict, default=None
        Keyed for ``estimator.fit``; row-aligned values are sliced per fold.
    X_new : like X, default=None
        Rows that every fold's model predicts as well.
    trusted : array-like of shape (n_samples,), bool, default=None
        Rows that may train; all are predicted. A class that would vanish from a fold
        keeps all its rows there.
    n_repeats : int, default=1
        Repetitions with other folds; needs ``cv`` None or an int.
    keep_models : bool, default=False
        Whether the result holds the models of the folds, for rows that come later. Not
        with "oob".
    n_jobs : int or None, default=None
        Folds fitted at the same time; the numbers are the same for any.
    random_state : int, RandomState instance or None, default=None
        For the folds.
    context : CallbackContext, default=None
        Of a fit under way; each fold is a task of it.
    owner : estimator, default=None
        Estimator on whose behalf the callbacks are called.

    Returns
    -------
    result : OutOfFold

    Raises
    ------
    ValueError
        If lengths differ, labels are missing or continuous, the estimator gives no
        probabilities, a fold trains on rows that it tests, or "oob" is asked of another
        estimator or together with groups.

    Warns
    -----
    FewFoldsWarning
        If the rarest class has fewer rows, or groups, than folds were wanted.
    UnevenFoldsWarning
        If one group holds more rows than a fold should.

    See Also
    --------
    skdataquality.label_noise.LabelErrorDetector : Judges labels by them.

    Notes
    -----
    A row whose class no training fold holds, or that is never tested, has no
    prediction: NaN, counted by ``n_predictions``, and never filled in. Every fit runs
    with one BLAS thread.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.linear_model import LogisticRegression
    >>> from skdataquality.model_selection import out_of_fold
    >>> X, y = load_iris(return_X_y=True, as_frame=True)
    >>> labels = y.map({0: "setosa", 1: "versicolor", 2: "virginica"})
    >>> model = LogisticRegression(max_iter=1000)
    >>> result = out_of_fold(model, X, labels, n_repeats=2, random_state=0)
    >>> result.proba.shape, result.classes.tolist()
    ((150, 3), ['setosa', 'versicolor', 'virginica'])
    >>> bool(result.covered.all()), set(result.n_predictions.tolist())
    (True, {2})
    >>> bool((result.classes[result.proba.argmax(axis=1)] == labels).mean() > 0.95)
    True
    """
    if said := wrong_object("estimator", estimator, "estimator"):
        raise ValueError(said)
    check_feature_frame(X, y)
    refuse_mixed_names(X)
    classes, codes = encode_labels(y)
    check_same_length(
        X=X, y=y, groups=groups, duplicate_groups=duplicate_groups, trusted=trusted
    )
    y = classes[codes]
    if duplicate_groups is not None:
        duplicate_groups = np.unique(duplicate_groups, return_inverse=True)[1]
    if trusted is not None:
        trusted = _as_mask(trusted)
    params = fit_params or {}
    data = _Data(X, y, classes, codes, params, duplicate_groups, X_new, keep_models)
    if isinstance(cv, str) and cv == "oob":
        _refuse_groups(groups)
        return _out_of_bag(estimator, data, trusted)
    splits, n_twins_dropped = repeated_splits(
        X,
        codes,
        cv=cv,
        n_repeats=n_repeats,
        random_state=random_state,
        groups=groups,
        duplicate_groups=duplicate_groups,
    )
    if trusted is not None:
        splits = [(trusted_rows(train, trusted, codes), test) for train, test in splits]
    folds = run_folds(
        partial(_predict_fold, estimator, data),
        splits,
        n_jobs=n_jobs,
        context=context,
        owner=owner,
    )
    proba, n_predictions = mean_over_folds(
        [fold[:2] for fold in folds], splits, (codes.size, classes.size)
    )
    return OutOfFold(
        proba=proba,
        classes=classes,
        n_predictions=n_predictions,
        splits=tuple(splits),
        n_twins_dropped=n_twins_dropped,
        new_proba=None if X_new is None else np.stack([fold[2] for fold in folds]),
        models=tuple(fold[3] for fold in folds) if keep_models else (),
    )


def _as_mask(trusted):
    trusted = np.asarray(trusted)
    if trusted.dtype != bool:
        raise ValueError(
            f"trusted has dtype {trusted.dtype}, expected bool: pass True or False for "
            f"each row, not row numbers."
        )
    return trusted


@dataclass(frozen=True)
class _Data:
    """What all folds share."""

    X: Any
    y: np.ndarray
    classes: np.ndarray
    codes: np.ndarray
    fit_params: dict
    twins: np.ndarray | None
    X_new: Any
    keep_models: bool = False


def trusted_rows(train, trusted, codes):
    """Trusted ones of the training rows, and all rows of a class that would vanish."""
    left = np.isin(codes[train], codes[train[trusted[train]]])
    return train[trusted[train] | ~left]


def _predict_fold(estimator, data, train, test):
    """Fit on the training rows; return probabilities, which count, those of new rows.

    Those of rows count whose class the model has seen. The model comes last, or None.
    """
    if not hasattr(estimator, "predict_proba"):
        train = calibratable_rows(train, data.codes, data.twins)
    seen = np.isin(np.arange(data.classes.size), data.codes[train])
    if seen.sum() < 2:  # there was nothing to learn
        n_new = 0 if data.X_new is None else num_samples(data.X_new)
        unknown = np.full((test.shape[0] + n_new, seen.size), np.nan)
        none = np.zeros(test.shape[0], dtype=bool)
        return unknown[: none.size], none, unknown[none.size :], None
    model = with_probabilities(estimator, train, data.codes, data.twins)
    model = fit_on(model, data.X, data.y, train, data.fit_params)
    proba = aligned_proba(model, take_rows(data.X, test), data.classes)
    has_new = data.X_new is not None
    new = aligned_proba(model, data.X_new, data.classes) if has_new else None
    return proba, seen[data.codes[test]], new, model if data.keep_models else None


def calibratable_rows(rows, codes, twins=None):
    """Rows but those of classes too rare to be held out once more."""
    own = np.unique(codes[rows], return_inverse=True)[1]
    counts = rows_per_class(own, rows if twins is None else twins[rows])
    return rows[counts[own] >= 2]


def with_probabilities(estimator, rows, codes, twins=None):
    """Return a clone to fit on these rows, its decision function calibrated if need be.

    Calibrated rows are those of `calibratable_rows`, in their order.
    """
    if hasattr(estimator, "predict_proba"):
        return clone(estimator)
    if not hasattr(estimator, "decision_function"):
        raise ValueError(
            f"estimator={estimator.__class__.__name__} has neither predict_proba nor "
            f"decision_function: pass a classifier that has one of them."
        )
    codes = codes[rows]
    groups = None if twins is None else twins[rows]
    counts = rows_per_class(codes, groups)
    inner, _ = make_splits(
        rows,
        codes,
        cv=min(CALIBRATION_FOLDS, counts[counts > 0].min()),
        duplicate_groups=groups,
        random_state=0,
    )
    return CalibratedClassifierCV(clone(estimator), cv=inner, ensemble=False)


def aligned_proba(model, X, classes):
    """Probabilities with one column per class of ``classes``; 0 where it lacks one."""
    proba = model.predict_proba(X)
    if np.array_equal(model.classes_, classes):
        return proba
    unknown = model.classes_[~np.isin(model.classes_, classes)]
    if unknown.size:  # of a frozen one
        raise ValueError(
            f"{type(model).__name__} knows the class "
            f"{printable(repr(unknown.tolist()[0]))}, of which y has no row: fit it on "
            f"these labels, or pass those that it was trained on."
        )
    out = np.zeros((proba.shape[0], classes.shape[0]), dtype=proba.dtype)
    out[:, np.searchsorted(classes, model.classes_)] = proba
    return out


def _refuse_groups(groups):
    if groups is not None:
        raise ValueError(
            "cv='oob' cannot keep groups apart, but groups were passed: pass a number "
            "of folds or a splitter instead."
        )


def _out_of_bag(estimator, data, trusted):
    parameters = estimator.get_params(deep=False)
    if not {"oob_score", "bootstrap"} <= set(parameters) or not parameters["bootstrap"]:
        raise ValueError(
            f"cv='oob' needs a bagged ensemble with bootstrap=True, got "
            f"{estimator!r}: pass a number of folds instead."
        )
    every = rows = np.arange(data.codes.size)
    if trusted is not None:
        rows = trusted_rows(rows, trusted, data.codes)
    with few_threads(rows.size):
        model = clone(estimator).set_params(oob_score=True)
        model = fit_on(model, data.X, data.y, rows, data.fit_params)
    proba = np.full((every.size, data.classes.size), np.nan)
    proba[rows] = model.oob_decision_function_
    unused = np.setdiff1d(every, rows)
    if unused.size:
        proba[unused] = model.predict_proba(take_rows(data.X, unused))
    covered = np.isfinite(proba).all(axis=1) & (proba.sum(axis=1) > 0)
    if data.twins is not None:
        covered &= np.bincount(data.twins)[data.twins] == 1
    proba[~covered] = np.nan
    new = None if data.X_new is None else model.predict_proba(data.X_new)[None]
    return OutOfFold(
        proba=proba,
        classes=data.classes,
        n_predictions=covered.astype(np.intp),
        new_proba=new,
    )
