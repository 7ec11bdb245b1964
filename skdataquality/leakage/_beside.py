"""What a column still tells where all other columns together are in doubt."""

import numpy as np
from sklearn.linear_model import LogisticRegression

from skdataquality.leakage._alone import count_cells, held_out_shares
from skdataquality.utils._folds import run_folds
from skdataquality.utils._stats import proportion_interval

MOST_COLUMNS = 100  # strongest ones, that stand for the others
FITTED_ROWS = 5000  # of each fold
LEAST_SHARE = 1e-3


def log_odds(alone, codes, fold, n_classes, told):
    """Out-of-fold log odds of one class, given the level of one column.

    Less those of the class itself, which differ a little between folds: rows of which
    the column says nothing are tied at 0.
    """
    levels = alone.view.levels
    counts = count_cells(levels, codes, fold, n_classes)
    shares = held_out_shares(counts)[..., told]
    outside = counts.sum(axis=(0, 1)) - counts.sum(axis=0)
    prior = outside[:, told] / outside.sum(axis=1)
    return np.round(_log_odds(shares) - _log_odds(prior), 9)[levels, fold]


def _log_odds(share):
    share = np.clip(share, LEAST_SHARE, 1 - LEAST_SHARE)
    return np.log(share / (1 - share))


def judge_beside(column, others, codes, fold, n_classes):
    """Compare rows of which the other columns say the same.

    The other columns are put together by an additive logistic model of their log odds,
    cross-fitted. Rows are sorted by what it says; neighbours of which one is of the
    told class and one is not form a pair. The result is the share of pairs that the
    column orders rightly, .5 if it adds nothing, 1 if it knows the answer, and the
    number of pairs. The interval is Clopper-Pearson over half of them, since each row
    is in two.
    """
    told = column.told
    is_told = codes == told
    own = log_odds(column, codes, fold, n_classes, told)
    rest = together(others, codes, fold, n_classes, told)
    order = np.lexsort((np.random.default_rng(0).random(rest.shape[0]), rest))
    first, second = order[:-1], order[1:]
    mixed = is_told[first] != is_told[second]
    first, second = first[mixed], second[mixed]
    inside = np.where(is_told[first], first, second)
    outside = np.where(is_told[first], second, first)
    wins = (own[inside] > own[outside]) + 0.5 * (own[inside] == own[outside])
    n_pairs = wins.shape[0]
    return proportion_interval(int(wins.sum() // 2), n_pairs // 2), n_pairs


def together(others, codes, fold, n_classes, told):
    """Out-of-fold score of an additive model of the other columns."""
    is_told = codes == told
    if not others:
        return np.zeros(codes.shape[0])
    strongest = sorted(others, key=lambda alone: -alone.by_class[told])
    X = np.column_stack(
        [log_odds(a, codes, fold, n_classes, told) for a in strongest[:MOST_COLUMNS]]
    )
    order = np.random.default_rng(0).permutation(codes.shape[0])
    splits = [
        (order[fold[order] != k][:FITTED_ROWS], np.flatnonzero(fold == k))
        for k in range(int(fold.max()) + 1)
    ]

    def fit_one(train, test):
        if not 0 < is_told[train].sum() < train.shape[0]:
            return np.zeros(test.shape[0])
        model = LogisticRegression(solver="newton-cholesky")  # lbfgs may not end
        return model.fit(X[train], is_told[train]).decision_function(X[test])

    score = np.empty(codes.shape[0])
    scores = run_folds(fit_one, splits, n_jobs=1)
    score[np.concatenate([test for _, test in splits])] = np.concatenate(scores)
    return score
