"""The one out-of-fold engine: class probabilities from models that did not see the row.

A row may stay without a prediction (a splitter that never tests it, a training fold
without its class). Such rows are NaN and not ``covered``; nothing is filled in.
"""

from dataclasses import dataclass

import numpy as np
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.utils.parallel import Parallel, delayed
from threadpoolctl import threadpool_limits

from skdataquality.utils._folds import make_splits, own_rng, rows_per_class
from skdataquality.utils._sklearn import (
    check_method_params,
    num_samples,
    take_rows,
)
from skdataquality.utils._threads import few_threads
from skdataquality.utils._validation import check_same_length, encode_labels

CALIBRATION_FOLDS = 3


@dataclass(frozen=True)
class OutOfFold:
    """Out-of-fold class probabilities and how they came about.

    Attributes
    ----------
    proba : ndarray of shape (n_samples, n_classes)
        Mean over the predictions of each row, rows sum to 1; NaN if not covered.
    classes : ndarray of shape (n_classes,)
    n_predictions : ndarray of shape (n_samples,)
        How many models predicted the row without having seen it.
    splits : tuple of (train, test) index arrays
        Empty for out-of-bag predictions.
    n_twins_dropped : int
        Training rows left out because a duplicate of theirs was held out.
    new_proba : ndarray of shape (n_splits, n_new, n_classes) or None
        What each fold's model, or the one bagged ensemble, says of the rows of
        ``X_new``; NaN where a fold had one class only to learn from.
    """

    proba: np.ndarray
    classes: np.ndarray
    n_predictions: np.ndarray
    splits: tuple = ()
    n_twins_dropped: int = 0
    new_proba: np.ndarray | None = None

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
    n_jobs=None,
    random_state=None,
    context=None,
    owner=None,
):
    """Predict every row by models that were fitted without it.

    Parameters
    ----------
    estimator : classifier with ``predict_proba`` or ``decision_function``
        Cloned per fold; a decision function is calibrated inside the training fold.
    X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
    y : array-like of shape (n_samples,)
    cv : int, splitter, iterable, "oob" or None, default=None
        See :func:`make_splits`; "oob" takes the out-of-bag predictions of a bagged
        ensemble, where rows with a duplicate stay uncovered.
    groups, duplicate_groups : array-like of shape (n_samples,), default=None
    fit_params : dict, default=None
        Keyed for ``estimator.fit``; row-aligned values are sliced per fold.
    X_new : like X, default=None
        Rows that every fold's model predicts as well.
    trusted : ndarray of shape (n_samples,), bool, default=None
        Rows that may train; all are predicted. A class that would vanish from a fold
        keeps all its rows there.
    n_repeats : int, default=1
        Repetitions with other folds; needs ``cv`` None or an int.
    n_jobs : int or None, default=None
    random_state : int, RandomState instance or None, default=None
    context : CallbackContext, default=None
        Parent of one task per fold.
    owner : estimator, default=None
        Estimator on whose behalf the callbacks are called.

    Returns
    -------
    result : OutOfFold
    """
    classes, codes = encode_labels(y)
    check_same_length(X=X, y=y, groups=groups, duplicate_groups=duplicate_groups)
    y = classes[codes]
    fit_params = fit_params or {}
    if duplicate_groups is not None:
        duplicate_groups = np.unique(duplicate_groups, return_inverse=True)[1]
    if isinstance(cv, str) and cv == "oob":
        _refuse_groups(groups)
        return _out_of_bag(
            estimator, X, y, classes, duplicate_groups, fit_params, X_new, trusted
        )
    splits, n_twins_dropped = _repeated_splits(
        n_repeats,
        random_state,
        X,
        codes,
        cv=cv,
        groups=groups,
        duplicate_groups=duplicate_groups,
    )
    if trusted is not None:
        splits = [(trusted_rows(train, trusted, codes), test) for train, test in splits]
    folds = _predict_folds(
        splits,
        (estimator, X, y, classes, fit_params, X_new, duplicate_groups),
        n_jobs,
        context,
        owner,
    )
    proba, n_predictions = _mean_over_folds(folds, splits, codes, classes.shape[0])
    return OutOfFold(
        proba=proba,
        classes=classes,
        n_predictions=n_predictions,
        splits=tuple(splits),
        n_twins_dropped=n_twins_dropped,
        new_proba=None if X_new is None else np.stack([new for _, _, new in folds]),
    )


def trusted_rows(train, trusted, codes):
    """Trusted ones of the training rows, and all rows of a class that would vanish."""
    left = np.isin(codes[train], codes[train[trusted[train]]])
    return train[trusted[train] | ~left]


def _predict_folds(splits, shared, n_jobs, context, owner):
    """Run every fold, in parallel if wished, as one task of the callbacks each."""
    if context is not None:
        context = context.subcontext(
            task_name="out-of-fold",
            max_subtasks=len(splits),
            sequential_subtasks=False,
        ).call_on_fit_task_begin(estimator=owner)
    folds = Parallel(n_jobs=n_jobs)(
        delayed(_predict_fold)(
            *shared, train, test, _fold_context(context, number), owner
        )
        for number, (train, test) in enumerate(splits)
    )
    if context is not None:
        context.call_on_fit_task_end(estimator=owner)
    return folds


def _repeated_splits(n_repeats, random_state, X, codes, *, cv, **groupings):
    """Return the splits of all repetitions and how many twins they leave out."""
    if n_repeats > 1 and not (cv is None or isinstance(cv, int | np.integer)):
        raise ValueError(
            f"n_repeats={n_repeats} needs cv=None or a number of folds, got cv={cv!r}: "
            f"leave n_repeats=1 or pass a splitter that repeats."
        )
    rng = own_rng(random_state)
    splits, n_twins_dropped = [], 0
    for _ in range(n_repeats):
        seed = rng.randint(np.iinfo(np.int32).max)
        more, dropped = make_splits(X, codes, cv=cv, random_state=seed, **groupings)
        splits += more
        n_twins_dropped += dropped
    return splits, n_twins_dropped


def _fold_context(context, number):
    if context is None:
        return None
    return context.subcontext(task_name="fold", task_id=number)


def _predict_fold(
    estimator, X, y, classes, fit_params, X_new, twins, train, test, context, owner
):
    """Fit on the training rows; return probabilities, classes seen, new rows."""
    if context is not None:
        context.call_on_fit_task_begin(estimator=owner)
    if not hasattr(estimator, "predict_proba"):
        train = _calibratable(train, y, twins)
    seen = np.isin(classes, y[train])
    if seen.sum() < 2:  # there was nothing to learn
        seen = np.zeros_like(seen)
        proba, new = np.full((test.shape[0], classes.shape[0]), np.nan), None
        if X_new is not None:
            new = np.full((num_samples(X_new), classes.shape[0]), np.nan)
    else:
        params = check_method_params(X, fit_params, indices=train)
        with few_threads(train.shape[0]):
            model = _with_probabilities(estimator, train, y, classes, twins)
            model.fit(take_rows(X, train), y[train], **params)
            proba = aligned_proba(model, take_rows(X, test), classes)
            new = None if X_new is None else aligned_proba(model, X_new, classes)
    if context is not None:
        context.call_on_fit_task_end(estimator=owner)
    return proba, seen, new


def _calibratable(train, y, twins):
    """Training rows but those of classes too rare to be held out once more."""
    codes = np.unique(y[train], return_inverse=True)[1]
    counts = rows_per_class(codes, train if twins is None else twins[train])
    return train[counts[codes] >= 2]


def _with_probabilities(estimator, train, y, classes, twins):
    if hasattr(estimator, "predict_proba"):
        return clone(estimator)
    if not hasattr(estimator, "decision_function"):
        raise ValueError(
            f"estimator={estimator.__class__.__name__} has neither predict_proba nor "
            f"decision_function: pass a classifier that has one of them."
        )
    codes = np.searchsorted(classes, y[train])
    groups = None if twins is None else twins[train]
    counts = rows_per_class(codes, groups)
    inner, _ = make_splits(
        train,
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
    out = np.zeros((proba.shape[0], classes.shape[0]), dtype=proba.dtype)
    out[:, np.searchsorted(classes, model.classes_)] = proba
    return out


def _mean_over_folds(folds, splits, codes, n_classes):
    total = np.zeros((codes.shape[0], n_classes))
    n_predictions = np.zeros(codes.shape[0], dtype=np.intp)
    for (proba, seen, _), (_, test) in zip(folds, splits, strict=True):
        valid = seen[codes[test]]
        total[test[valid]] += proba[valid]
        n_predictions[test[valid]] += 1
    with np.errstate(invalid="ignore"):
        return total / n_predictions[:, None], n_predictions


def _refuse_groups(groups):
    if groups is not None:
        raise ValueError(
            "cv='oob' cannot keep groups apart, but groups were passed: pass a number "
            "of folds or a splitter instead."
        )


def _out_of_bag(estimator, X, y, classes, duplicate_groups, fit_params, X_new, trusted):
    parameters = estimator.get_params(deep=False)
    if not {"oob_score", "bootstrap"} <= set(parameters) or not parameters["bootstrap"]:
        raise ValueError(
            f"cv='oob' needs a bagged ensemble with bootstrap=True, got "
            f"{estimator!r}: pass a number of folds instead."
        )
    rows = np.arange(y.shape[0])
    if trusted is not None:
        rows = trusted_rows(rows, trusted, np.searchsorted(classes, y))
    params = check_method_params(X, fit_params, indices=rows)
    with threadpool_limits(limits=1, user_api="blas"):
        model = clone(estimator).set_params(oob_score=True)
        model.fit(take_rows(X, rows), y[rows], **params)
    proba = np.full((y.shape[0], classes.shape[0]), np.nan)
    proba[rows] = model.oob_decision_function_
    unused = np.setdiff1d(np.arange(y.shape[0]), rows)
    if unused.size:
        proba[unused] = model.predict_proba(take_rows(X, unused))
    covered = np.isfinite(proba).all(axis=1) & (proba.sum(axis=1) > 0)
    if duplicate_groups is not None:
        covered &= np.bincount(duplicate_groups)[duplicate_groups] == 1
    proba[~covered] = np.nan
    return OutOfFold(
        proba=proba,
        classes=classes,
        n_predictions=covered.astype(np.intp),
        new_proba=None if X_new is None else model.predict_proba(X_new)[None],
    )
