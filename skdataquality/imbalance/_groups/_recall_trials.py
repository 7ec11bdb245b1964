"""Which rows a model finds in cross-validation, with fewer and with repeated rows."""

from functools import partial

import numpy as np
from sklearn.base import clone

from skdataquality.imbalance._groups._recall_curve import (
    REPEATS,
    RecallCurve,
    fit_exponent,
)
from skdataquality.utils._folds import fit_on, mean_over_folds, run_folds
from skdataquality.utils._sklearn import take_rows

FRACTIONS = (0.35, 0.5, 0.7)  # of the rows of a class, besides all
# what is fitted for a curve: a fraction of the rows, repeated to so many times all
TRIALS = [(f, 1.0) for f in FRACTIONS] + [(1.0, times) for times in REPEATS]


class RecallTrials:
    """Fits of one estimator on the same folds, with other rows of a class.

    Parameters
    ----------
    estimator : classifier
        Cloned for every fit.
    X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
    y : ndarray of shape (n_samples,)
    codes : ndarray of shape (n_samples,), int
        Class of each row.
    splits : list of (ndarray, ndarray)
        Training and test rows of each fold.
    seed : int
        For the rows of a class that are drawn.
    n_jobs : int or None
    """

    def __init__(self, estimator, X, y, codes, splits, *, seed, n_jobs):
        self.X = X
        self.codes = codes
        self.splits = splits
        self.seed = seed
        self.n_jobs = n_jobs
        self._fit_one = partial(_right_ones, estimator, X, y, codes)

    def found(self):
        """Share of the models without the row that are right about it; NaN: none."""
        return self._run([self.splits])[0]

    def curves(self, classes, found):
        """Fit the recall curves of some classes, a dict."""
        wanted = [(c, *trial) for c in classes for trial in TRIALS]
        results = iter(self._run([self._changed(*trial) for trial in wanted]))
        curves = {}
        for c in classes:
            mine = (self.codes == c) & ~np.isnan(found)
            n, present = int(mine.sum()), float(found[mine].sum())
            # a fold that could not be fitted finds none
            hits = [float(np.nansum(next(results)[mine])) for _ in TRIALS]
            fewer = [*hits[: len(FRACTIONS)], present]
            curves[c] = RecallCurve(
                n,
                1 - present / n,
                fit_exponent([*FRACTIONS, 1.0], fewer, n),
                tuple(1 - k / n for k in hits[len(FRACTIONS) :]),
            )
        return curves

    def _changed(self, c, fraction, times):
        """Folds with other training rows of a class, tested on that class."""
        rng = np.random.default_rng(
            [self.seed, c, round(100 * fraction), round(100 * times)]
        )
        changed = []
        for train, test in self.splits:
            is_mine = self.codes[train] == c
            mine = rng.permutation(train[is_mine])
            kept = mine[: max(2, round(fraction * mine.size))]
            rows = [train[~is_mine], np.resize(kept, round(times * mine.size))]
            changed.append((np.sort(np.concatenate(rows)), test[self.codes[test] == c]))
        return changed

    def _run(self, trials):
        """Run the folds of all trials at once; return what each found of every row."""
        folds = [fold for trial in trials for fold in trial]
        answers = iter(run_folds(self._fit_one, folds, n_jobs=self.n_jobs))
        shape = (self.codes.size,)
        return [
            mean_over_folds([next(answers) for _ in trial], trial, shape)[0]
            for trial in trials
        ]


def _right_ones(estimator, X, y, codes, train, test):
    """Whether each test row is found, and whether there was anything to learn."""
    right = np.zeros(test.size)
    learned = np.unique(codes[train]).size > 1
    if test.size and learned:
        model = fit_on(clone(estimator), X, y, train, {})
        said = np.asarray(model.predict(take_rows(X, test))).ravel()
        right = (said == y[test]).astype(float)
    return right, np.full(test.size, learned)
