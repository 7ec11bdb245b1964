"""What the lens of shift is asked about: :class:`Examined`."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from skdataquality.compose._default import default_model
from skdataquality.shift._targets import codes_among
from skdataquality.utils._fits import default_fit
from skdataquality.utils._folds import (
    OutOfFoldNumbers,
    numbers_out_of_fold,
    out_of_fold,
)
from skdataquality.utils._frames import missing_mask
from skdataquality.utils._validation import (
    as_label_array,
    as_label_column,
    encode_labels,
    is_quantity,
)


@dataclass(frozen=True)
class Examined:
    """Both tables with the same columns, labels, and how models are run."""

    X: Any
    y: Any
    X_target: Any
    y_target: Any
    estimator: Any
    cv: Any
    n_jobs: Any
    random_state: Any
    min_effect: float

    @property
    def n_labelled(self):
        """Number of target rows whose label is known."""
        if self.y_target is None:
            return 0
        return int((~missing_mask(np.asarray(self.y_target))).sum())

    @property
    def running(self):
        """How models are run."""
        return {"n_jobs": self.n_jobs, "random_state": self.random_state}

    def predict(self):
        """Predict training rows out of fold, and target rows by these models."""
        is_number = is_quantity(as_label_column(self.y))
        model = self.estimator
        if model is None:
            model = default_model(self.X, regression=is_number, X_target=self.X_target)
        options = self.running | {"cv": self.cv}
        with default_fit(self.estimator is None):
            if is_number:
                y = as_label_column(self.y)
                return numbers_out_of_fold(model, self.X, y, **options)
            y = as_label_array(self.y)
            return out_of_fold(model, self.X, y, X_new=self.X_target, **options)

    def codes(self, oof):
        """Return the labels of both sides as columns of ``oof``, -1 for others."""
        codes = encode_labels(self.y, classes=oof.classes)[1]
        theirs = np.full(oof.new_proba.shape[1], -1)
        if self.y_target is not None:
            theirs = codes_among(np.asarray(self.y_target), oof.classes)
        return codes, theirs


def is_of_numbers(oof):
    """Whether predictions are of a quantity."""
    return isinstance(oof, OutOfFoldNumbers)
