"""Estimators that fit what they hold once, or many times."""

import numpy as np
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import (
    StackingClassifier,
    StackingRegressor,
    VotingClassifier,
    VotingRegressor,
)
from sklearn.frozen import FrozenEstimator
from sklearn.utils.validation import has_fit_parameter

from skdataquality.compose import BaseWrapper
from skdataquality.provenance._lineage._rows import Rows
from skdataquality.utils._sklearn import BaseSearchCV, BaseThresholdClassifier

_FIT_ON_ALL = StackingClassifier, StackingRegressor, VotingClassifier, VotingRegressor


def edits_rows(estimator):
    """Whether a fitted estimator, or one that it holds, may edit training rows."""
    parts = [estimator, *estimator.get_params().values()]
    frozen = [part.estimator for part in parts if isinstance(part, FrozenEstimator)]
    return any(
        isinstance(part, BaseWrapper) or hasattr(part, "fit_resample") for part in parts
    ) or any(
        edits_rows(each)
        for each in [*frozen, *_members(estimator)[:1]]
        if each != "drop"
    )


def _members(estimator):
    """Return what an ensemble fitted, with the samplers of each of them."""
    fitted = getattr(estimator, "pipelines_", getattr(estimator, "estimators_", ()))
    return list(fitted.ravel() if isinstance(fitted, np.ndarray) else fitted)


def sole_inner_fit(estimator):
    """Return the one estimator that was fitted on all rows in the end, else None."""
    if isinstance(estimator, BaseSearchCV):
        if not hasattr(estimator, "best_estimator_"):
            raise ValueError(
                f"{type(estimator).__name__} fitted no estimator on all rows: set "
                f"refit=True, or pass one that you fitted with its best_params_."
            )
        return estimator.best_estimator_
    if isinstance(estimator, FrozenEstimator):
        return estimator.estimator
    if isinstance(estimator, BaseThresholdClassifier):
        return estimator.estimator_
    if isinstance(estimator, CalibratedClassifierCV) and estimator.ensemble is False:
        return estimator.calibrated_classifiers_[0].estimator
    return getattr(estimator, "regressor_", None)  # of transformed targets


def inner_fits(estimator, rows):
    """Return what was fitted inside, the rows it was given, and if these are all."""
    calibrated = getattr(estimator, "calibrated_classifiers_", None)
    if calibrated is not None:
        return [(each.estimator, Rows(), False) for each in calibrated]
    fitted = _members(estimator)
    if not fitted:
        raise ValueError(
            f"{type(estimator).__name__} holds an estimator that edits rows, and it is "
            f"not known which rows it was given: pass what it fitted inside."
        )
    if isinstance(estimator, _FIT_ON_ALL):
        last = getattr(estimator, "final_estimator_", None)
        rows = rows.encoded(getattr(estimator, "classes_", None))
        whole = [
            (each, Rows(), False)
            if _was_fitted_before(estimator, each)
            else (each, rows, True)
            for each in fitted
            if each != "drop"
        ]
        if last is not None and edits_rows(last):
            whole.append((last, Rows(rows.n), True))
        return whole
    if hasattr(estimator, "pipelines_"):
        return [(each, Rows(rows.n), True) for each in fitted]
    drawn = getattr(estimator, "estimators_samples_", None)
    if drawn is None or has_fit_parameter(estimator.estimator_, "sample_weight"):
        return [(each, Rows(), False) for each in fitted]
    return [
        (each, Rows(len(own)), False) for each, own in zip(fitted, drawn, strict=True)
    ]


def _was_fitted_before(ensemble, member):
    """Whether a member learned from other rows than those given to the ensemble."""
    is_prefit = getattr(ensemble, "cv", None) == "prefit"
    return is_prefit or isinstance(member, FrozenEstimator)
