"""Both interventions tried on rows at hand, with true labels that may be."""

from dataclasses import dataclass
from functools import partial

import numpy as np
from sklearn.base import clone

from skdataquality.utils._folds import fit_on, run_folds
from skdataquality.utils._sklearn import take_rows


@dataclass(frozen=True, eq=False)
class Table:
    """Labelled rows, and what is tried on them.

    Parameters
    ----------
    estimator : classifier
        Cloned for each fit.
    X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
    classes : ndarray of shape (n_classes,)
    codes : ndarray of shape (n_samples,), int
        Given labels.
    review_share, label_share : float
        Rows that the budget pays for, for each labelled row; label_share is positive.
    right_new_labels : bool
        Whether new labels are right, or as often wrong as the present ones.
    collect : dict of str to (ndarray of shape (n_samples,), bool)
        Rows that are like those to collect.
    """

    estimator: object
    X: object
    classes: np.ndarray
    codes: np.ndarray
    review_share: float
    label_share: float
    right_new_labels: bool
    collect: dict


@dataclass(frozen=True)
class Trial:
    """Scores of one trial, on true labels that may be; NaN where nothing was fitted.

    Attributes
    ----------
    now : float
        Of the training rows as they are.
    reviewed : float
        With the most doubtful of their labels right.
    fewer, more : float
        Of those without, and with, as many of them as the budget adds.
    without : list of float
        Without half of the rows of each kind that could be collected.
    found : float
        Share of wrong labels among the reviewed ones.
    """

    now: float
    reviewed: float
    fewer: float
    more: float
    without: list
    found: float


@dataclass(frozen=True, eq=False)
class HeldOut:
    """Rows that a trial is scored on, true labels of all rows, and a seed."""

    rows: np.ndarray
    truth: np.ndarray
    seed: np.random.SeedSequence


def run_trials(table, truths, splits, *, place, scorer, seed, n_jobs):
    """Run one trial for each fold, with the true labels drawn for it.

    ``place`` is that of each row in the order of review, most doubtful first;
    ``scorer`` is called with a fitted model, rows and true labels.
    """
    seeds = np.random.SeedSequence(seed).spawn(len(splits))
    tasks = [
        (train, HeldOut(test, truth, own))
        for (train, test), truth, own in zip(splits, truths, seeds, strict=True)
    ]
    return run_folds(partial(_try, table, place, scorer), tasks, n_jobs=n_jobs)


def _try(table, place, scorer, train, held):
    """Fit on the training rows with each change, and score on the rows held out."""
    train = np.random.default_rng(held.seed).permutation(train)
    codes, truth = table.codes, held.truth
    score = partial(_score, table, scorer, held)
    doubtful = train[np.argsort(place[train], kind="stable")]
    reviewed = doubtful[: round(table.review_share * train.size)]
    n_new = train.size - round(train.size / (1 + table.label_share))
    new, old = train[:n_new], train[n_new:]
    now = score(train, codes)
    more = now
    if table.right_new_labels:
        more = score(train, _with(codes, new, truth))
    return Trial(
        now=now,
        reviewed=score(train, _with(codes, reviewed, truth)),
        fewer=score(old, codes),
        more=more,
        without=[
            score(_without_half(train, mask), codes) for mask in table.collect.values()
        ],
        found=float(np.mean((truth != codes)[reviewed])) if reviewed.size else np.nan,
    )


def _with(codes, rows, truth):
    changed = codes.copy()
    changed[rows] = truth[rows]
    return changed


def _without_half(train, mask):
    mine = train[mask[train]]
    return np.concatenate([train[~mask[train]], mine[: (mine.size + 1) // 2]])


def _score(table, scorer, held, rows, codes):
    if np.unique(codes[rows]).size < 2:
        return np.nan
    rows = np.sort(rows)
    model = fit_on(clone(table.estimator), table.X, table.classes[codes], rows, {})
    X_test = take_rows(table.X, held.rows)
    return float(scorer(model, X_test, table.classes[held.truth[held.rows]]))
