"""Probabilities of a model whose training rows were edited, made honest again."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from sklearn.base import clone

from skdataquality.label_noise._flags import fit_noisy_calibration
from skdataquality.utils._draws import FIXED_SEED
from skdataquality.utils._duplicate_rows import repeated_rows
from skdataquality.utils._folds import (
    DEFAULT_FOLDS,
    aligned_proba,
    fit_on,
    join_groups,
    mean_over_folds,
    run_folds,
    stratified_folds,
)
from skdataquality.utils._sklearn import take_rows


def calibration_after(edit, estimator, X, codes, classes, context, params):
    """Fit the map from the model's probabilities to those of the true classes.

    Each fold's model learns from the edited rows that come from its training rows, and
    predicts all held-out rows, those that the edit dropped or relabelled too: it is
    their given labels that tell how sure the model may be. Rows of weight 0 are left
    out. None if too few rows could be predicted, or if the model is not too sure: an
    edit makes models surer than they may be, and to make them surer still would rest on
    the estimate of the noise alone.
    """
    weight = context.sample_weight
    rows = np.arange(codes.size) if weight is None else np.flatnonzero(weight)
    if rows.size < 2 * DEFAULT_FOLDS:
        return None
    groups = context.groups
    known = join_groups(
        None if groups is None else take_rows(groups, rows),
        repeated_rows(take_rows(X, rows)),
    )
    fold = np.full(codes.size, -1)
    fold[rows] = stratified_folds(
        codes[rows], DEFAULT_FOLDS, groups=known, random_state=FIXED_SEED
    )
    splits = [
        (np.flatnonzero(fold[edit.lineage.origin] != k), np.flatnonzero(fold == k))
        for k in range(DEFAULT_FOLDS)
    ]
    job = _Job(estimator, edit, X, codes, classes, params)
    proba, n_predictions = mean_over_folds(
        run_folds(partial(_predict_fold, job), splits),
        splits,
        (codes.size, classes.size),
    )
    covered = n_predictions > 0
    if np.unique(codes[covered]).size < 2:
        return None
    floor = fit_noisy_calibration(
        codes[covered],
        proba[covered],
        weight=None if weight is None else weight[covered],
    )
    return floor if floor.power < 1 else None


@dataclass(frozen=True)
class _Job:
    """What all folds share."""

    estimator: Any
    edit: Any
    X: Any
    codes: np.ndarray
    classes: np.ndarray
    params: dict


def _predict_fold(job, train, test):
    """Fit on edited rows; predict rows, of which those of unseen classes do not count.

    ``train`` counts the edited rows, ``test`` those before the edit.
    """
    seen = np.isin(job.classes, job.edit.y[train])
    if seen.sum() < 2 or test.size == 0:
        unknown = np.full((test.size, seen.size), np.nan)
        return unknown, np.zeros(test.size, dtype=bool)
    model = fit_on(clone(job.estimator), job.edit.X, job.edit.y, train, job.params)
    proba = aligned_proba(model, take_rows(job.X, test), job.classes)
    return proba, seen[job.codes[test]]
