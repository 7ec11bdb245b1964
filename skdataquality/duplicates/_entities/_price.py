"""What random folds gain where rows belong together: :func:`price_of_folds`."""

import warnings
from dataclasses import dataclass, replace

import numpy as np

from skdataquality.exceptions import UnevenFoldsWarning
from skdataquality.utils._folds import (
    OutOfFoldNumbers,
    join_groups,
    numbers_out_of_fold,
    out_of_fold,
)
from skdataquality.utils._shown import ShownResult
from skdataquality.utils._stats import Interval, rowwise_test
from skdataquality.utils._validation import encode_labels

METHOD = "t over entities, from paired rows"
FEWEST_BLOCKS = 20
# Share of the variance by which runs with other folds differ: .3 to 1.0 for models that
# remember rows and linear ones, on tables of patients whose labels are drawn.
RUNS_APART = 0.5
LENGTHS_A_BLOCK = 5  # of dependence: so few rows are next to another block


@dataclass(frozen=True, repr=False)
class PriceOfFolds(ShownResult):
    """Scores of one model by random folds and by folds that keep entities together.

    Attributes
    ----------
    score : {"accuracy", "R2"}
    random, together : Interval
        Out-of-fold scores; higher is better.
    inflation : Interval
        Random minus together, paired by row, with entities as clusters.
    """

    score: str
    random: Interval
    together: Interval
    inflation: Interval


def blocks_of(n_rows, length, order=None):
    """Return blocks of rows that follow each other, longer than the dependence."""
    longest = max(1, n_rows // FEWEST_BLOCKS)
    size = min(longest, max(LENGTHS_A_BLOCK * length, 1))
    blocks = np.empty(n_rows, dtype=np.intp)
    blocks[np.arange(n_rows) if order is None else order] = np.arange(n_rows) // size
    return blocks


def price_of_folds(
    estimator,
    X,
    y,
    groups,
    *,
    user_groups=None,
    random=None,
    is_number=False,
    **options,
):
    """Compare the scores of random folds with those of folds by group.

    Parameters
    ----------
    estimator : classifier or regressor
    X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
    y : ndarray of shape (n_samples,)
    groups : ndarray of shape (n_samples,), int
        Rows that belong together.
    user_groups : ndarray of shape (n_samples,), default=None
        Rows that both folds keep together.
    random : OutOfFold or OutOfFoldNumbers, default=None
        Predictions by random folds, if they are known.
    is_number : bool, default=False
    **options : dict
        Of the out-of-fold engine.

    Returns
    -------
    price : PriceOfFolds or None
        None where no row has a prediction from both.
    """
    predict = numbers_out_of_fold if is_number else out_of_fold
    if random is None:
        random = predict(estimator, X, y, groups=user_groups, **options)
    groups = join_groups(groups, user_groups)
    together = join_groups(groups, options.get("duplicate_groups"))
    if np.all(together == together[0]):  # no fold can leave some out
        return None
    with warnings.catch_warnings():  # nobody asked for these folds
        warnings.simplefilter("ignore", UnevenFoldsWarning)
        together = predict(estimator, X, y, groups=groups, **options)
    covered = random.covered & together.covered
    first, second = _scores(random, y), _scores(together, y)
    return compare_scores(first[covered], second[covered], groups[covered], is_number)


def compare_scores(first, second, groups, is_number=False):
    """Compare what each row adds to two scores, rows of a group as a cluster."""
    if np.unique(groups).size < 2:
        return None
    return PriceOfFolds(
        score="R2" if is_number else "accuracy",
        random=_within_bounds(_interval(first, groups), is_number),
        together=_within_bounds(_interval(second, groups), is_number),
        inflation=_interval(first - second, groups),
    )


def _scores(oof, y):
    """Return what each row adds to the score, which is their mean."""
    if isinstance(oof, OutOfFoldNumbers):
        return 1 - np.square(y - oof.prediction) / np.var(y)
    codes = encode_labels(y, classes=oof.classes)[1]
    decided = np.nan_to_num(oof.proba, nan=-1.0).argmax(axis=1)
    return (decided == codes).astype(float)


def _within_bounds(score, is_number):
    """Cut the interval of a score: none is above 1, nor an accuracy below 0."""
    lowest = -np.inf if is_number else 0.0
    return replace(score, lower=max(score.lower, lowest), upper=min(score.upper, 1.0))


def _interval(values, groups):
    mean = float(values.mean())
    test = rowwise_test([values], mean, clusters=groups, apart=RUNS_APART)
    return Interval(test.mean, test.lower, test.upper, METHOD)
