"""Where moving a prior is no longer exact: calibration on held-out rows instead."""

import warnings
from functools import partial
from numbers import Integral
from reprlib import repr as shortened

import numpy as np
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import VotingClassifier
from sklearn.pipeline import Pipeline

from skdataquality.compose._calibration import SMOOTHING, fit_temperature
from skdataquality.compose._priors import class_shares, correct_prior
from skdataquality.exceptions import PriorNotCalibratedWarning
from skdataquality.lineage import Reason
from skdataquality.utils._folds import (
    aligned_proba,
    make_splits,
    mean_over_folds,
    rows_per_class,
    run_folds,
)
from skdataquality.utils._printable import printable
from skdataquality.utils._sklearn import check_method_params, take_rows
from skdataquality.utils._sources import are_group_columns

FOLDS = 5  # of fewer, models would be less sure than the fit on all rows
ROWS_HELD_OUT = 2  # of each class in a fold, in at least three folds
FEWEST_ROWS = 3 * ROWS_HELD_OUT
NEAR = 0.15  # of its share: how far the mean probability of a class may be off
RESAMPLING = (  # what rows are dropped for that count all the same
    Reason.NONE,
    Reason.RESAMPLED,
    Reason.TOMEK_LINK,
    Reason.NEAR_OTHER_CLASS,
    Reason.NOT_SELECTED,
)


def averages_votes(model):
    """Whether a fitted model averages members fitted on rows drawn for each.

    Such models have a parameter ``bootstrap``. What is calibrated by cross-validation
    is not one of them.
    """
    return any(
        "bootstrap" in final.get_params(deep=False)
        for final in _final_models(model)
        if not isinstance(final, CalibratedClassifierCV)
    )


def is_right_on_average(model, lineage):
    """Whether probabilities are on average right for rows like those of the fit.

    Those of linear models are, and those calibrated by cross-validation, unless copies
    of a row lay on both sides. Flexible models know the rows of their fit too well,
    above all those that weigh much.
    """
    origin = lineage.origin[lineage.origin >= 0]
    is_copied = np.unique(origin).size < origin.size
    return all(
        hasattr(final, "coef_")
        or (isinstance(final, CalibratedClassifierCV) and not is_copied)
        for final in _final_models(model)
    )


def _final_models(model):
    """Models that say probabilities, behind pipelines, searches, wrappers and votes."""
    if isinstance(model, Pipeline):
        return _final_models(model.steps[-1][1])
    if isinstance(model, VotingClassifier):
        return [final for each in model.estimators_ for final in _final_models(each)]
    if isinstance(model, CalibratedClassifierCV) or (
        "bootstrap" in model.get_params(deep=False)
    ):
        return [model]
    for name in ("best_estimator_", "estimator_", "estimator"):
        inner = getattr(model, name, None)
        if hasattr(inner, "get_params"):
            return _final_models(inner)
    return [model]


def misses_the_prior(wrapper, X, y, edit, context):
    """Whether arithmetic misses class shares on training rows, some of them dropped.

    The fit has not seen the rows that a sampler dropped, so they tell, free of cost,
    how far the mean probability will be off: where few rows are left, a fit is too sure
    of itself. None if no such row was dropped.
    """
    rows, codes = _rows_that_count(wrapper, y, edit, context)
    if not edit.lineage.dropped[rows].any():
        return None
    weight = None if context.sample_weight is None else context.sample_weight[rows]
    shares = class_shares(codes, wrapper.classes_.size, weight)
    raw = aligned_proba(wrapper.estimator_, take_rows(X, rows), wrapper.classes_)
    proba = correct_prior(raw, wrapper.train_prior_, shares)
    mean, known = np.average(proba, axis=0, weights=weight), shares > 0
    return bool((np.abs(mean[known] / shares[known] - 1) > NEAR).any())


def calibrated_proba(scaling, proba, held_out_prior, prior):
    """Calibrate for the rows held out, then move from their class shares to ``prior``.

    A class of share 0 among these rows, which the remedy removed, has probability 0.
    """
    known = held_out_prior > 0
    calibrated = np.zeros(proba.shape)
    calibrated[:, known] = scaling.apply(proba[:, known])
    if np.allclose(held_out_prior, prior, rtol=1e-9, atol=0):
        return calibrated
    return correct_prior(calibrated, held_out_prior, prior)


def calibrate_on_held_out(wrapper, X, y, edit, context):
    """Fit temperature scaling, with a bias for each class, on rows held out.

    In every fold the remedy edits the training part alone, and the fit predicts the
    other part as it is. Rows that a remedy removed for what is wrong with them do not
    count, and mended labels count as mended.

    Returns
    -------
    found : tuple of TemperatureScaling and ndarray of shape (n_classes,), or None
        The class shares are those of the rows that counted, which calibrated
        probabilities have on average. None, with a warning, if there are too few rows,
        unless the user asked for folds: then that raises.
    """
    rows, codes = _rows_that_count(wrapper, y, edit, context)
    try:
        splits = _splits(wrapper, take_rows(X, rows), codes, rows, context)
        model = clone(wrapper).set_params(prior="resampled", calibration=None)
        model.set_params(keep_lineage=False).set_callbacks()
        fit_one = partial(_predict_fold, model, X, y, rows, context, wrapper.classes_)
        proba, n_predictions = mean_over_folds(
            run_folds(fit_one, splits), splits, (rows.size, wrapper.classes_.size)
        )
    except ValueError as error:
        said = printable(str(error).partition("\n")[0]).removesuffix(".")
        why = f"a part of the training rows could not be fitted: {said}"
        return _say_why_not(wrapper, why, error)
    seen = n_predictions > 0
    if not np.array_equal(np.unique(codes[seen]), np.unique(codes)):
        return _say_why_not(wrapper, "the folds hold out no row of some class")
    weight = None if context.sample_weight is None else context.sample_weight[rows]
    weight = None if weight is None else weight[seen]
    shares = class_shares(codes[seen], wrapper.classes_.size, weight)
    known = shares > 0
    scaling = fit_temperature(
        proba[seen][:, known],
        np.searchsorted(np.flatnonzero(known), codes[seen]),
        sample_weight=weight,
        smoothing=SMOOTHING,
    )
    return scaling, shares


def _rows_that_count(wrapper, y, edit, context):
    """Rows that no remedy found wrong, of a class that is left, and their classes."""
    lineage, codes = edit.lineage, np.searchsorted(wrapper.classes_, y)
    left = np.flatnonzero(lineage.origin >= 0)
    codes[lineage.origin[left]] = np.searchsorted(wrapper.classes_, edit.y[left])
    counts = np.isin(lineage.drop_reason, RESAMPLING)
    counts &= np.isin(codes, np.flatnonzero(wrapper.train_prior_))
    if context.sample_weight is not None:
        counts &= context.sample_weight > 0
    rows = np.flatnonzero(counts)
    return rows, codes[rows]


def _splits(wrapper, X, codes, rows, context):
    groups = _kept_together(wrapper, context.groups)
    groups = None if groups is None else take_rows(groups, rows)
    calibration = wrapper.calibration
    if not isinstance(calibration, str):
        return make_splits(X, codes, cv=calibration, groups=groups, random_state=0)[0]
    members = None if groups is None else np.unique(groups, return_inverse=True)[1]
    counts = rows_per_class(codes, members)
    rarest = counts[counts > 0].min()
    if rarest < FEWEST_ROWS:
        raise ValueError(
            f"the rarest class has {rarest} row(s) or group(s), fewer than "
            f"{FEWEST_ROWS}"
        )
    n_folds = min(FOLDS, int(rarest) // ROWS_HELD_OUT)
    return make_splits(X, codes, cv=n_folds, groups=groups, random_state=0)[0]


def _kept_together(wrapper, groups):
    """Return the groups that folds may not part, or None.

    Columns of groups, and groups that a remedy balances, are attributes of rows: every
    fold needs rows of each. A splitter that is given gets the latter all the same.
    """
    if groups is None or are_group_columns(groups):
        return None
    has_own_splitter = not isinstance(wrapper.calibration, str | Integral)
    if getattr(wrapper.remedy, "_groups_are_attributes", False):
        return groups if has_own_splitter else None
    return groups


def _predict_fold(model, X, y, rows, context, classes, train, test):
    """Return raw probabilities of the rows held out, all of which count."""
    train, test = rows[train], rows[test]
    given = {
        "sample_weight": context.sample_weight,
        "groups": context.groups,
        **(context.metadata or {}),
    }
    params = check_method_params(X, given, indices=train)
    if context.verified is not None:
        params["verified"] = context.verified.take(train)
    fitted = clone(model).fit(take_rows(X, train), y[train], **params)
    proba = aligned_proba(fitted, take_rows(X, test), classes)
    return proba, np.ones(test.size, dtype=bool)


def _say_why_not(wrapper, reason, error=None):
    """Warn, or raise where the user asked for these folds."""
    if not isinstance(wrapper.calibration, str):
        raise ValueError(
            f"calibration={shortened(wrapper.calibration)}, but {reason}. Pass other "
            f'folds, or calibration="auto".'
        ) from error
    warnings.warn(
        f"probabilities are moved to the prior by arithmetic, which may be off here, "
        f"and not calibrated on held-out rows: {reason}. calibration=None takes that "
        f"as it is.",
        PriorNotCalibratedWarning,
        stacklevel=2,
    )
