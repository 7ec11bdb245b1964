"""The one loop over folds: fits on some rows that answer for others."""

from contextlib import nullcontext

import numpy as np
from joblib import effective_n_jobs
from joblib.parallel import get_active_backend
from sklearn.utils.parallel import Parallel, delayed

from skdataquality.utils._folds._labels import fit_labels
from skdataquality.utils._folds._threads import few_threads
from skdataquality.utils._sklearn import check_method_params, take_rows


def run_folds(fit_one, splits, *, n_jobs=None, context=None, owner=None):
    """Call ``fit_one(train, test)`` for every fold, with few threads each.

    ``fit_one`` must pickle if folds run in processes. Each fold is a task of the
    callback ``context``, on behalf of the estimator ``owner``. Results are in the order
    of splits.
    """
    if context is not None:
        context = context.subcontext(
            task_name="out-of-fold",
            max_subtasks=len(splits),
            sequential_subtasks=False,
        ).call_on_fit_task_begin(estimator=owner)
    n_rows = max((len(train) for train, _ in splits), default=0)
    # setting the threads costs as much as a small fit: once will do in one process
    stays = effective_n_jobs(n_jobs) == 1 or _runs_threads()
    around, inside = (few_threads, nullcontext) if stays else (nullcontext, few_threads)
    with around(n_rows):
        results = Parallel(n_jobs=n_jobs)(
            delayed(_run_one)(
                fit_one, train, test, inside, n_rows, _task(context, number), owner
            )
            for number, (train, test) in enumerate(splits)
        )
    if context is not None:
        context.call_on_fit_task_end(estimator=owner)
    return results


def _runs_threads():
    backend, _ = get_active_backend()
    return getattr(backend, "supports_sharedmem", False)


def _task(context, number):
    if context is None:
        return None
    return context.subcontext(task_name="fold", task_id=number)


def _run_one(fit_one, train, test, threads, n_rows, context, owner):
    if context is not None:
        context.call_on_fit_task_begin(estimator=owner)
    with threads(n_rows):
        result = fit_one(train, test)
    if context is not None:
        context.call_on_fit_task_end(estimator=owner)
    return result


def fit_on(model, X, y, rows, fit_params):
    """Fit a model on some rows, with the row-aligned parameters of these rows."""
    params = check_method_params(X, fit_params, indices=rows)
    return fit_labels(model, take_rows(X, rows), y[rows], params)


def mean_over_folds(predictions, splits, shape):
    """Average what the folds predict for each row, and count the predictions.

    ``predictions`` hold, for the test rows of each fold, what was predicted and the
    mask of those that count; ``shape`` is that of the mean, which is NaN for a row
    without any.
    """
    total, n_predictions = np.zeros(shape), np.zeros(shape[0], dtype=np.intp)
    for (predicted, made), (_, test) in zip(predictions, splits, strict=True):
        total[test[made]] += predicted[made]
        n_predictions[test[made]] += 1
    with np.errstate(invalid="ignore"):
        return (total.T / n_predictions).T, n_predictions
