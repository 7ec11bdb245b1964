"""What a model says of training rows and of labelled target rows, unseen by it."""

from dataclasses import dataclass

import numpy as np

from skdataquality.compose._default import default_model
from skdataquality.shift._targets import pool
from skdataquality.utils._fits import default_fit
from skdataquality.utils._folds import (
    numbers_out_of_fold,
    out_of_fold,
    predict_out_of_fold,
)
from skdataquality.utils._sklearn import num_samples, take_rows
from skdataquality.utils._validation import as_label_column, missing_mask


@dataclass(frozen=True)
class Labelled:
    """Training rows and target rows with a known label.

    Attributes
    ----------
    X, X_target : tables
        Target rows with a label only.
    y, y_target : ndarray
    rows : ndarray of int
        Which target rows these are.
    """

    X: object
    y: np.ndarray
    X_target: object
    y_target: np.ndarray
    rows: np.ndarray


def labelled_rows(X, y, X_target, y_target):
    """Leave out the target rows whose label is missing."""
    labels = as_label_column(y_target, name="y_target")
    rows = np.flatnonzero(~missing_mask(labels))
    if rows.size < labels.shape[0]:
        X_target = take_rows(X_target, rows)
    return Labelled(X, y, X_target, labels[rows], rows)


def label_codes(labels, classes):
    """Column of each label among ``classes``, -1 for one that is not there."""
    number = {label: code for code, label in enumerate(classes.tolist())}
    return np.array([number.get(v, -1) for v in labels.tolist()], dtype=np.intp)


def class_probabilities(data, estimator, *, oof=None, random_state=0, **options):
    """Return the OutOfFold of training rows, whose new rows are the labelled ones."""
    if oof is not None:
        if oof.new_proba is None:
            raise ValueError(
                "oof has no predictions of target rows (new_proba is None): make it "
                "by out_of_fold(..., X_new=X_target), or leave it out."
            )
        return oof, oof.new_proba[:, data.rows]
    with default_fit(estimator is None):
        oof = out_of_fold(
            default_model(data.X, X_target=data.X_target)
            if estimator is None
            else estimator,
            data.X,
            data.y,
            X_new=data.X_target,
            random_state=random_state,
            **options,
        )
    return oof, oof.new_proba


def predicted_numbers(data, estimator, *, cv=None, n_jobs=None, random_state=0):
    """Predict both sides: training rows out of fold, target rows by the mean model."""
    model = estimator
    if estimator is None:
        model = default_model(data.X, regression=True, X_target=data.X_target)
    with default_fit(estimator is None):
        ours = numbers_out_of_fold(
            model, data.X, data.y, cv=cv, n_jobs=n_jobs, random_state=random_state
        )
        pooled, is_target, _ = pool(data.X, data.X_target)
        theirs = np.flatnonzero(is_target)
        every = predict_out_of_fold(
            model,
            pooled,
            np.r_[data.y, np.zeros(theirs.size)],
            [(train, np.r_[test, theirs]) for train, test in ours.splits],
            n_jobs=n_jobs,
        )
    return every[: num_samples(data.X)], every[theirs]
