"""Predictions of numbers by models that did not see the row."""

from dataclasses import dataclass
from functools import partial

import numpy as np
from sklearn.base import clone

from skdataquality.utils._folds._run import fit_on, mean_over_folds, run_folds
from skdataquality.utils._folds._splits import repeated_splits
from skdataquality.utils._shown import ShownResult
from skdataquality.utils._sklearn import take_rows


@dataclass(frozen=True, repr=False)
class OutOfFoldNumbers(ShownResult):
    """Predictions of numbers by models that did not see the row.

    ``prediction`` is the mean over the repeats, NaN where there is none; ``splits`` are
    pairs of training and test rows; ``n_twins_dropped`` counts training rows left out
    of a fold because a duplicate of theirs was held out.
    """

    prediction: np.ndarray
    splits: tuple
    n_twins_dropped: int = 0

    @property
    def covered(self):
        """Rows that some model predicted without having seen them."""
        return np.isfinite(self.prediction)


def numbers_out_of_fold(
    estimator,
    X,
    y,
    *,
    cv=None,
    groups=None,
    duplicate_groups=None,
    n_repeats=1,
    random_state=None,
    **running,
):
    """Predict the number of every row, folds drawn as for rows of one class.

    Returns an `OutOfFoldNumbers`; ``running`` goes to :func:`run_folds`.
    """
    splits, n_twins_dropped = repeated_splits(
        X,
        np.zeros(y.shape[0], dtype=np.intp),
        cv=cv,
        n_repeats=n_repeats,
        random_state=random_state,
        groups=groups,
        duplicate_groups=duplicate_groups,
    )
    prediction = predict_out_of_fold(estimator, X, y, splits, **running)
    return OutOfFoldNumbers(prediction, tuple(splits), n_twins_dropped)


def predict_out_of_fold(
    estimator, X, y, splits, *, trusted=None, fit_params=None, **running
):
    """Predict the number of every row by models that were fitted without it.

    Only ``trusted`` rows train; all are predicted, and y may hold anything where a row
    is not trusted. Row-aligned ``fit_params`` are sliced per fold; ``running`` goes to
    :func:`run_folds`. Returns the mean over the predictions of each row, NaN where no
    model could be fitted without the row.
    """
    if trusted is not None:
        splits = [(train[trusted[train]], test) for train, test in splits]
    fit_one = partial(_predict_fold, estimator, X, y, fit_params or {})
    predictions = run_folds(fit_one, splits, **running)
    return mean_over_folds(predictions, splits, y.shape)[0]


def _predict_fold(estimator, X, y, fit_params, train, test):
    """Fit on the training rows and predict the others; NaN with nothing to learn."""
    prediction = np.full(test.shape[0], np.nan)
    if train.shape[0] >= 2 and test.shape[0] > 0:
        model = fit_on(clone(estimator), X, y, train, fit_params)
        predicted = np.asarray(model.predict(take_rows(X, test)), dtype=float)
        prediction = predicted.reshape(test.shape[0])
    return prediction, np.isfinite(prediction)
