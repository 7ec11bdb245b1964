"""Can target rows be told from training rows? Classifiers that have not seen them.

A linear model sees small changes of many means, one of products of columns changes of
spread and of correlations, boosting the rest: none has the power of all.
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy import stats
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import MaxAbsScaler, StandardScaler

from skdataquality.shift._detection._cells import for_boosting, for_linear, word_matrix
from skdataquality.utils._folds import out_of_fold
from skdataquality.utils._frames import are_documents
from skdataquality.utils._stats import (
    cauchy_combination,
    fold_interval,
    mann_whitney_auc,
)

WIDEST = 1000  # columns of boosting
MOST_PAIRED = 30  # columns whose products are taken; of more the squares alone
MOST_REPEATED = 5000  # rows, up to which rows are held out twice, in other folds


@dataclass(frozen=True)
class ClassifierTest:
    """How well held-out rows of both sides were told apart.

    Attributes
    ----------
    p_value : float
        Cauchy combination of all folds of all learners.
    aucs : dict of Interval
        By learner, the mean over folds, .5: not at all, 1: without error.
    scores : dict of ndarray of shape (n_rows,)
        By learner, held-out P(target | row) of the pooled rows; NaN if never held out.
    effective_rows : float
        Independent rows that those of the smaller side are worth, by their scores.
    """

    p_value: float
    aucs: dict
    scores: dict
    effective_rows: float


def examine_by_classifiers(
    pooled, cells, is_target, dependence, *, share, model, n_jobs, random_state
):
    """Cross-fit the learners, and compare their held-out scores fold by fold.

    Returns None if no row can be held out, or no column has two values.
    """
    all_splits = _all_splits(is_target, dependence, share, random_state)
    learners = _learners(pooled, cells, model)
    if not all_splits[0] or not learners:
        return None
    p_values, aucs, scores, shares = [], {}, {}, [1.0]
    for name, (learner, table) in learners.items():
        for splits in all_splits:
            proba = out_of_fold(
                learner, table, is_target, cv=splits, n_jobs=n_jobs
            ).proba[:, 1]
            worth = _share_of_scores(proba, is_target, splits, dependence)
            folds = np.array(
                [
                    mann_whitney_auc(
                        proba[test], is_target[test], effective_share=worth
                    )
                    for _, test in splits
                ]
            )
            if name not in aucs:
                aucs[name], scores[name] = fold_interval(folds[:, 0]), proba
            p_values.append(folds[:, 1])
            shares.append(worth)
    smaller = int(np.bincount(is_target).min())
    return ClassifierTest(
        combined(np.concatenate(p_values)), aucs, scores, smaller * min(shares)
    )


def _all_splits(is_target, dependence, share, random_state):
    """Folds of each repetition, with both sides in what is held out."""
    n_repeats = 2 if dependence.kind == "" and is_target.size <= MOST_REPEATED else 1
    repeated = [
        dependence.splits(is_target, share, random_state + repeat)
        for repeat in range(n_repeats)
    ]
    return [
        [fold for fold in splits if np.unique(is_target[fold[1]]).size == 2]
        for splits in repeated
    ]


def combined(p_values):
    """Cauchy combination; scores that are all equal (p is 1) must not decide alone."""
    p_values = np.asarray(p_values)
    equal = p_values > 1 - 1e-9
    return cauchy_combination(np.where(equal, 1 - 0.5 / p_values.size, p_values))


def best_auc(aucs):
    """AUC of the learner that tells the sides apart best."""
    return max(aucs.values(), key=lambda auc: auc.estimate)


def _learners(pooled, cells, model):
    """By name, the learners and their tables, made without a look at the sides."""
    given = {} if model is None else {"given": (model, pooled)}
    if are_documents(pooled):
        linear = LogisticRegression(max_iter=300)
        return given or {"linear": (linear, word_matrix(pooled))}
    if sp.issparse(pooled):
        linear = LogisticRegression(C=0.1, max_iter=300)
        return {**given, "linear": (linear, _scaled_sparse(pooled))}
    boosting = {}
    if not given and 0 < len(cells) <= WIDEST:
        table, is_category = for_boosting(cells)
        boosting = {"boosting": (_boosting(table.shape[0], is_category), table)}
    return {**given, **boosting, **_linear_learners(for_linear(cells))}


def _scaled_sparse(table):
    """Divide columns by their largest size; cells that are no number count as 0."""
    table = sp.csr_array(table, dtype=float, copy=True)
    table.data[~np.isfinite(table.data)] = 0
    return MaxAbsScaler().fit_transform(table)


def _linear_learners(scaled):
    if not scaled.shape[1]:
        return {}
    found = {"linear": (LogisticRegression(C=0.1, max_iter=300), scaled)}
    products = _products(scaled) if scaled.shape[1] <= WIDEST else scaled[:, :0]
    if products.shape[1]:
        table = np.hstack([scaled, StandardScaler().fit_transform(products)])
        found["quadratic"] = (LogisticRegression(C=0.01, max_iter=300), table)
    return found


def _products(scaled):
    """Squares and products of columns that are not constant."""
    first = second = np.arange(scaled.shape[1])
    if scaled.shape[1] <= MOST_PAIRED:
        first, second = np.triu_indices(scaled.shape[1])
    products = scaled[:, first] * scaled[:, second]
    return products[:, np.ptp(products, axis=0) > 1e-9]


def _boosting(n_rows, is_category):
    return HistGradientBoostingClassifier(
        max_iter=15,
        max_leaf_nodes=8,
        learning_rate=0.1,
        min_samples_leaf=int(np.clip(n_rows // 30, 5, 20)),
        early_stopping=False,
        categorical_features=is_category if is_category.any() else None,
        random_state=0,
    )


def _share_of_scores(proba, is_target, splits, dependence):
    """Effective share of held-out scores, each ranked among those of its fold and side.

    Ranks, because the spread of scores differs between folds as do the models: a step
    from fold to fold would look like a slow series.
    """
    if dependence.kind == "":
        return 1.0
    residual = np.full(proba.shape[0], np.nan)
    for _, test in splits:
        for side in (0, 1):
            rows = test[is_target[test] == side]
            known = rows[np.isfinite(proba[rows])]
            residual[known] = stats.rankdata(proba[known]) / (known.size + 1)
    return dependence.share(residual, is_target)
