"""What :func:`weak_slices` was given, checked: rows with a prediction."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from skdataquality.utils._folds import join_groups
from skdataquality.utils._frames import are_documents, as_rows, column_names, is_frame
from skdataquality.utils._prediction_guards import warn_of_predictions
from skdataquality.utils._probabilities import check_partial_proba
from skdataquality.utils._validation import (
    as_label_array,
    check_feature_frame,
    check_same_length,
    encode_labels,
    is_continuous,
    refuse_complex,
)


@dataclass(frozen=True)
class Given:
    """Rows with a prediction, of the mask ``covered``; ``sure`` is the probability.

    ``sure`` (of the predicted class), ``flagged`` and ``groups`` may be None.
    """

    covered: np.ndarray
    classes: np.ndarray
    codes: np.ndarray
    wrong: np.ndarray
    sure: Any
    flagged: Any
    groups: Any


def as_given(X, y, y_pred, pred_proba, flagged, classes, groups):
    """Check what belongs to rows."""
    _check_table(X, y)
    if y_pred is None and pred_proba is None:
        raise ValueError(
            "y_pred and pred_proba are None: pass predicted labels or probabilities of "
            "rows that the model was not fitted on, as by cross_val_predict."
        )
    _refuse_quantity(y)
    _refuse_probabilities(y_pred)
    classes, codes = encode_labels(y, classes=classes)
    check_same_length(X=X, y=codes, y_pred=y_pred, flagged=flagged, groups=groups)
    _refuse_no_column(X)
    covered = np.ones(codes.size, dtype=bool)
    proba: Any = None
    if pred_proba is not None:
        proba, covered = check_partial_proba(pred_proba, codes.size, classes.size)
        if not covered.any():
            raise ValueError(
                "pred_proba is NaN in all rows: pass the predictions of some."
            )
        warn_of_predictions(
            codes, proba, classes, rows=np.flatnonzero(covered), depth=2
        )
        proba = np.asarray(proba[covered], dtype=float)
    codes = codes[covered]
    predicted = (
        proba.argmax(axis=1) if y_pred is None else _codes_of(y_pred, classes)[covered]
    )
    sure = None
    if proba is not None:
        # a label that is no class has no probability
        own = proba[np.arange(codes.size), np.maximum(predicted, 0)]
        sure = np.where(predicted < 0, 0.0, np.minimum(own, 1.0))
    return Given(
        covered=covered,
        classes=classes,
        codes=codes,
        wrong=predicted != codes,
        sure=sure,
        flagged=None if flagged is None else as_mask(flagged)[covered],
        groups=None if groups is None else join_groups(groups)[covered],
    )


def _check_table(X, y):
    check_feature_frame(X, y)
    if are_documents(X):
        raise ValueError(
            "X holds texts, and weak_slices needs columns: pass what is known of each "
            "text, such as source, length or language."
        )
    if not is_frame(X):
        rows = as_rows(X)
        refuse_complex(rows)
        if len(rows.shape) != 2:
            raise ValueError(
                f"X has shape {rows.shape}: pass a table of rows and columns."
            )


def _refuse_no_column(X):
    if not column_names(X):
        raise ValueError(
            f"X has shape {as_rows(X).shape} without a column: pass what rows can be "
            f"told apart by."
        )


def _refuse_quantity(y):
    try:
        is_number = is_continuous(y)
    except (TypeError, ValueError):
        return  # encode_labels says what is wrong
    if is_number:
        raise ValueError(
            "y holds values that are no classes. Unknown label type: continuous. Pass "
            "discrete labels; for a regressor y=abs(y - y_pred) <= tolerance and y_pred"
            "=[True] * len(y) compare how often it is off."
        )


def _refuse_probabilities(y_pred):
    shape: tuple = getattr(y_pred, "shape", ())
    if len(shape) == 2 and shape[1] > 1:
        raise ValueError(
            f"y_pred has shape {shape}, and is one label for each row: pass "
            f"probabilities as pred_proba=."
        )


def _codes_of(y_pred, classes):
    """Codes of predicted labels, -1 for labels that are no class."""
    labels = as_label_array(y_pred, name="y_pred")
    number = {label: k for k, label in enumerate(classes.tolist())}
    present, place = np.unique(labels, return_inverse=True)
    codes = np.array([number.get(label, -1) for label in present.tolist()])
    if (codes < 0).all():
        raise ValueError(
            f"y_pred holds labels such as {present[:3].tolist()}, none of the classes "
            f"{classes[:5].tolist()}: pass labels of the same type."
        )
    return codes[place.ravel()]


def as_mask(flagged):
    """Return the rows whose label is in doubt; numbers of rows are no mask."""
    mask = np.asarray(flagged)
    if mask.dtype != bool:
        raise ValueError(
            f"flagged has dtype {mask.dtype}: pass a boolean for each row, True where "
            f"the label is in doubt."
        )
    return mask
