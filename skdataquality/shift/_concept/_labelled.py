"""What a model says of training rows and of labelled target rows, unseen by it."""

from dataclasses import dataclass, replace

import numpy as np

from skdataquality.compose._default import default_model
from skdataquality.shift._targets import codes_among, pool
from skdataquality.utils._fits import default_fit
from skdataquality.utils._folds import (
    out_of_fold,
    predict_out_of_fold,
    repeated_splits,
)
from skdataquality.utils._frames import missing_mask
from skdataquality.utils._sklearn import num_samples, take_rows
from skdataquality.utils._validation import as_label_column


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


def as_quantities(data):
    """Return the same with labels that are floats, all of them finite."""
    try:
        theirs = data.y_target.astype(float)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"y holds numbers, but y_target holds {data.y_target[:3].tolist()}: pass "
            f"numbers in both."
        ) from error
    if infinite := int(np.isinf(theirs).sum()):
        raise ValueError(
            f"y_target has {infinite} infinite number(s): set them to missing."
        )
    return replace(data, y=data.y.astype(float), y_target=theirs)


def label_codes(labels, classes):
    """Column of each label among ``classes``, -1 for one that is not there.

    Not one that is there is a coding of another kind, and refused.
    """
    codes = codes_among(labels, classes)
    if (codes < 0).all():
        raise ValueError(
            f"no label of y_target (first {labels[:3].tolist()}) is one of y "
            f"({classes[:3].tolist()}): code both in the same way."
        )
    return codes


def class_probabilities(data, estimator, *, oof=None, random_state=0, **options):
    """Return the OutOfFold of training rows, and probabilities of the labelled ones.

    The latter have the shape (n_models, n_labelled, n_classes).
    """
    if oof is not None:
        if oof.new_proba is None:
            raise ValueError(
                "oof has no predictions of target rows (new_proba is None): make it "
                "by out_of_fold(..., X_new=X_target), or leave it out."
            )
        return oof, _of_fitted_models(oof.new_proba[:, data.rows])
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
    return oof, _of_fitted_models(oof.new_proba)


def _of_fitted_models(new_proba):
    fitted = np.isfinite(new_proba).all(axis=(1, 2))
    if not fitted.any():
        raise ValueError(
            "y has one class in the training rows of every fold, so no model can be "
            "fitted: pass rows of two classes at least."
        )
    return new_proba[fitted]


def predicted_numbers(data, estimator, *, cv=None, n_jobs=None, random_state=0):
    """Predict training rows out of fold, and target rows by the model of each fold.

    The latter have the shape (n_splits, n_labelled).
    """
    model = estimator
    if estimator is None:
        model = default_model(data.X, regression=True, X_target=data.X_target)
    n = num_samples(data.X)
    splits = repeated_splits(
        data.X, np.zeros(n, dtype=np.intp), cv=cv, random_state=random_state
    )[0]
    pooled, is_target, _ = pool(data.X, data.X_target)
    new = np.flatnonzero(is_target)
    y = np.r_[data.y, np.zeros(new.size)]
    with default_fit(estimator is None):
        predicted = [
            predict_out_of_fold(
                model, pooled, y, [(train, np.r_[test, new])], n_jobs=n_jobs
            )
            for train, test in splits
        ]
    folds = np.stack(predicted)
    made = np.isfinite(folds[:, :n])
    with np.errstate(invalid="ignore"):  # a row that no fold tests has no prediction
        ours = np.where(made, folds[:, :n], 0).sum(axis=0) / made.sum(axis=0)
    return ours, folds[:, n:]
