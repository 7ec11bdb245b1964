"""Can target rows be told from training rows? Two classifiers that have not seen them.

One sees interactions and changes of spread (boosting), the other small changes of many
means (a linear model): neither has the power of both.
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import MaxAbsScaler

from skdataquality.shift._detection._cells import for_boosting, for_linear, word_matrix
from skdataquality.utils._folds import out_of_fold
from skdataquality.utils._frames import are_documents
from skdataquality.utils._stats import (
    cauchy_combination,
    fold_interval,
    mann_whitney_auc,
)

WIDEST = 1000  # columns of boosting


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
    """Cross-fit the learners, and compare their held-out scores fold by fold."""
    splits = dependence.splits(is_target, share, random_state)
    splits = [fold for fold in splits if np.unique(is_target[fold[1]]).size == 2]
    if not splits:
        return None
    p_values, aucs, scores, shares = [], {}, {}, [1.0]
    tables = _learners(pooled, cells, is_target.size, model)
    for name, (learner, table) in tables.items():
        proba = out_of_fold(
            learner,
            table,
            is_target,
            cv=splits,
            n_jobs=n_jobs,
            random_state=random_state,
        ).proba[:, 1]
        worth = _share_of_scores(proba, is_target, splits, dependence)
        folds = np.array(
            [
                mann_whitney_auc(proba[test], is_target[test], effective_share=worth)
                for _, test in splits
            ]
        )
        aucs[name], scores[name] = fold_interval(folds[:, 0]), proba
        p_values.append(folds[:, 1])
        shares.append(worth)
    smaller = int(np.bincount(is_target).min())
    return ClassifierTest(
        combined(np.concatenate(p_values)), aucs, scores, smaller * min(shares)
    )


def combined(p_values):
    """Cauchy combination; a p value of 1 from a coarse test must not decide alone."""
    p_values = np.asarray(p_values)
    return cauchy_combination(np.minimum(p_values, 1 - 0.5 / p_values.size))


def best_auc(aucs):
    """AUC of the learner that tells the sides apart best."""
    return max(aucs.values(), key=lambda auc: auc.estimate)


def _learners(pooled, cells, n_rows, model):
    """By name, the learners and their tables, made without a look at the sides."""
    linear = LogisticRegression(C=0.1, max_iter=300)
    if model is not None:
        first = {"given": (model, pooled)}
    elif are_documents(pooled):
        return {"linear": (linear.set_params(C=1.0), word_matrix(pooled))}
    elif sp.issparse(pooled) or len(cells) > WIDEST:
        first = {}
    else:
        table, is_category = for_boosting(cells)
        first = {"boosting": (_boosting(n_rows, is_category), table)}
    if sp.issparse(pooled):
        second = MaxAbsScaler().fit_transform(pooled)
    elif are_documents(pooled):
        return first
    else:
        second = for_linear(cells)
    return {**first, "linear": (linear, second)} if second.shape[1] else first


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
    """Effective share of held-out scores, each beside others of its fold and side."""
    if dependence.kind == "":
        return 1.0
    residual = np.full(proba.shape[0], np.nan)
    for _, test in splits:
        for side in (0, 1):
            rows = test[is_target[test] == side]
            residual[rows] = proba[rows] - np.nanmean(proba[rows])
    return dependence.share(residual, is_target)
