"""Out-of-fold predictions of numbers: what ``_oof`` is for class probabilities."""

from contextlib import nullcontext
from dataclasses import dataclass

import numpy as np
from joblib import effective_n_jobs
from sklearn.base import clone
from sklearn.utils.parallel import Parallel, delayed

from skdataquality.utils._oof import _fold_context, _repeated_splits
from skdataquality.utils._sklearn import check_method_params, num_samples, take_rows
from skdataquality.utils._threads import few_threads


@dataclass(frozen=True)
class Folds:
    """Train and test rows of one or more cross-validations, used several times.

    Attributes
    ----------
    splits : tuple of (train, test) index arrays
    n_jobs : int or None
        Folds fitted at the same time.
    """

    splits: tuple
    n_jobs: int | None = None


def regression_folds(
    X,
    *,
    cv=None,
    groups=None,
    duplicate_groups=None,
    n_repeats=1,
    n_jobs=None,
    random_state=None,
):
    """Split rows as ``out_of_fold`` does, as if they were of one class.

    Parameters
    ----------
    X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
    cv : int, splitter, iterable or None, default=None
        See :func:`make_splits`; None is 5 shuffled folds.
    groups, duplicate_groups : array-like of shape (n_samples,), default=None
    n_repeats : int, default=1
        Repetitions with other folds; needs ``cv`` None or an int.
    n_jobs : int or None, default=None
    random_state : int, RandomState instance or None, default=None

    Returns
    -------
    folds : Folds
    """
    one_class = np.zeros(num_samples(X), dtype=np.intp)
    splits, _ = _repeated_splits(
        n_repeats,
        random_state,
        X,
        one_class,
        cv=cv,
        groups=groups,
        duplicate_groups=duplicate_groups,
    )
    return Folds(tuple(splits), n_jobs)


def predict_out_of_fold(
    folds, estimator, X, y, *, trusted, fit_params=None, context=None, owner=None
):
    """Predict every row by models that were fitted without it.

    Parameters
    ----------
    folds : Folds
    estimator : regressor
        Cloned per fold.
    X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
    y : ndarray of shape (n_samples,)
        May hold anything where a row is not trusted.
    trusted : ndarray of shape (n_samples,), bool
        Rows that may train; all are predicted.
    fit_params : dict, default=None
        Keyed for ``estimator.fit``; row-aligned values are sliced per fold.
    context : CallbackContext, default=None
        Parent of one task per fold.
    owner : estimator, default=None
        Estimator on whose behalf the callbacks are called.

    Returns
    -------
    prediction : ndarray of shape (n_samples,), float64
        Mean over the predictions of each row; NaN where no model could be fitted
        without the row.
    """
    if context is not None:
        context = context.subcontext(
            task_name="out-of-fold",
            max_subtasks=len(folds.splits),
            sequential_subtasks=False,
        ).call_on_fit_task_begin(estimator=owner)
    # setting the threads costs as much as a small fit: once will do in one process
    alone = effective_n_jobs(folds.n_jobs) == 1
    with few_threads(y.shape[0]) if alone else nullcontext():
        predictions = Parallel(n_jobs=folds.n_jobs)(
            delayed(_predict_fold)(
                estimator,
                X,
                y,
                fit_params or {},
                train[trusted[train]],
                test,
                nullcontext if alone else few_threads,
                _fold_context(context, number),
                owner,
            )
            for number, (train, test) in enumerate(folds.splits)
        )
    if context is not None:
        context.call_on_fit_task_end(estimator=owner)
    return _mean_over_folds(predictions, folds.splits, y.shape[0])


def _predict_fold(estimator, X, y, fit_params, train, test, threads, context, owner):
    """Fit on the training rows and predict the others; NaN with nothing to learn."""
    if context is not None:
        context.call_on_fit_task_begin(estimator=owner)
    if train.shape[0] < 2 or test.shape[0] == 0:
        prediction = np.full(test.shape[0], np.nan)
    else:
        params = check_method_params(X, fit_params, indices=train)
        with threads(train.shape[0]):
            model = clone(estimator).fit(take_rows(X, train), y[train], **params)
            prediction = np.asarray(model.predict(take_rows(X, test)), dtype=float)
    if context is not None:
        context.call_on_fit_task_end(estimator=owner)
    return prediction.reshape(test.shape[0])


def _mean_over_folds(predictions, splits, n_rows):
    total, count = np.zeros(n_rows), np.zeros(n_rows)
    for prediction, (_, test) in zip(predictions, splits, strict=True):
        made = np.isfinite(prediction)
        total[test[made]] += prediction[made]
        count[test[made]] += 1
    return np.divide(total, count, out=np.full(n_rows, np.nan), where=count > 0)
