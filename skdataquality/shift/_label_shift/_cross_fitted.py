"""Predictions for training and target rows by models that saw neither."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from skdataquality.compose._default import default_model
from skdataquality.compose._weights import fit_parameters
from skdataquality.shift._label_shift._prior import estimate_prior
from skdataquality.shift._targets import codes_among
from skdataquality.utils._fits import default_fit
from skdataquality.utils._folds import OutOfFold, aligned_proba, out_of_fold
from skdataquality.utils._frames import missing_mask
from skdataquality.utils._printable import printable
from skdataquality.utils._sklearn import take_rows
from skdataquality.utils._validation import (
    as_label_array,
    as_label_column,
    encode_labels,
)

METHODS = ("auto", "em", "bbse", "rlls")
CALIBRATIONS = ("bcts", "temperature")


class CrossFitted(NamedTuple):
    """Out-of-fold predictions of training rows of positive weight, and their labels."""

    oof: OutOfFold
    codes: np.ndarray
    weight: np.ndarray | None

    def prior_of(self, new_proba, y_target, **options):
        """Estimate the class shares of rows of which the folds' models say this."""
        return estimate_prior(
            self.oof.proba,
            self.codes,
            new_proba,
            target_codes=target_codes(y_target, self.oof.classes),
            sample_weight=self.weight,
            **options,
        )

    def expected_gain(self, shift):
        """Accuracy that moving to the estimated shares adds, on rows with those shares.

        Training rows, of which predictions are out of fold, are weighted to them.
        """
        rows = self.oof.covered
        proba, codes = self.oof.proba[rows], self.codes[rows]
        weight = shift.weights[codes]
        if self.weight is not None:
            weight = weight * self.weight[rows]
        if not weight.any():
            return 0.0
        right = [said.argmax(axis=1) == codes for said in (shift.move(proba), proba)]
        gain = right[0].astype(float) - right[1]
        return float(np.average(gain, weights=weight))


def cross_fit(
    estimator,
    X,
    y,
    X_target,
    classes,
    *,
    cv=None,
    groups=None,
    sample_weight=None,
    fit_params=None,
    keep_models=False,
    n_jobs=None,
    random_state=None,
):
    """Predict training rows out of fold, and target rows by each fold's model.

    ``classes`` may hold some of which no row has a weight.
    """
    if sample_weight is not None and not sample_weight.all():
        kept = np.flatnonzero(sample_weight)
        X, y, sample_weight = take_rows(X, kept), y[kept], sample_weight[kept]
        groups = None if groups is None else take_rows(groups, kept)
    with default_fit(estimator is None):
        model = default_model(X, X_target=X_target) if estimator is None else estimator
        oof = out_of_fold(
            model,
            X,
            y,
            cv=cv,
            groups=groups,
            fit_params=fit_parameters(model, sample_weight=sample_weight)
            if fit_params is None
            else fit_params,
            X_new=X_target,
            keep_models=keep_models,
            n_jobs=n_jobs,
            random_state=random_state,
        )
    _refuse_uncovered(oof)
    codes = encode_labels(y, classes=classes)[1]
    return CrossFitted(_with_classes(oof, classes), codes, sample_weight)


def _with_classes(oof, classes):
    """Add classes without a row, to which no model gives a probability."""
    if np.array_equal(oof.classes, classes):
        return oof
    columns = np.searchsorted(classes, oof.classes)

    def spread(proba):
        full = np.zeros((*proba.shape[:-1], classes.size))
        full[..., columns] = proba
        return full

    return replace(
        oof,
        proba=spread(oof.proba),
        new_proba=spread(oof.new_proba),
        classes=classes,
    )


def _refuse_uncovered(oof):
    if not oof.covered.any() or not np.isfinite(oof.new_proba).all(axis=(1, 2)).any():
        raise ValueError(
            f"no row of X could be predicted by a model that had not seen it "
            f"({oof.proba.shape[0]} rows): pass more rows of each class, or another cv."
        )


def predict_by_folds(oof, X_target):
    """Say what the model of each fold says of other target rows."""
    said = [
        aligned_proba(model, X_target, oof.classes)
        for model in oof.models
        if model is not None
    ]
    return np.stack(said)


def target_codes(y_target, classes, *, name="X_target.y"):
    """Class of each target row, -1 where the label is missing; None without labels."""
    if y_target is None:
        return None
    values = as_label_column(y_target, name=name)
    known = np.flatnonzero(~missing_mask(values))
    codes = np.full(values.shape[0], -1)
    if known.size == 0:
        return codes
    labels = values[known]
    if labels.dtype.kind == "O" and not any(isinstance(v, str) for v in labels):
        labels = np.array(labels.tolist())  # numbers that stood beside blanks
    labels = as_label_array(labels, name=name)
    codes[known] = codes_among(labels, classes)
    unseen = codes[known] < 0
    if unseen.any():
        raise ValueError(
            f"{name} holds the label {printable(repr(labels[unseen].tolist()[0]))} "
            f"in {int(unseen.sum())} row(s), which no training row has (these have "
            f"{printable(classes[:3].tolist())}). Code both in the same way; shares "
            f"are estimated of known classes, so set other labels to missing."
        )
    return codes
