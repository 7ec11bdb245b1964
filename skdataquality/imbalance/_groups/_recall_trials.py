"""Which rows a model finds in cross-validation, with all rows of a class or fewer."""

from functools import partial

import numpy as np
from sklearn.base import clone

from skdataquality.imbalance._groups._recall_curve import fit_exponent
from skdataquality.utils._folds import fit_on, mean_over_folds, run_folds
from skdataquality.utils._sklearn import take_rows

FRACTIONS = (0.35, 0.5, 0.7)  # of the rows of a class, besides all
N_DRAWS = 2  # of each


class RecallTrials:
    """Fits of one estimator on the same folds, with fewer rows of a class."""

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

    def exponents(self, classes, found):
        """Exponents of the curves of some classes, a dict."""
        wanted = [
            (c, fraction, draw)
            for c in classes
            for fraction in FRACTIONS
            for draw in range(N_DRAWS)
        ]
        results = self._run([self._thinned(*trial) for trial in wanted])
        exponents = {}
        for c in classes:
            mine = (self.codes == c) & ~np.isnan(found)
            hits = {1.0: [found[mine].sum()]}
            for (of, fraction, _), right in zip(wanted, results, strict=True):
                if of == c:
                    # a fold that lost the class finds none of it
                    hits.setdefault(fraction, []).append(np.nansum(right[mine]))
            means = [np.mean(values) for values in hits.values()]
            exponents[c] = fit_exponent(list(hits), means, int(mine.sum()))
        return exponents

    def _thinned(self, c, fraction, draw):
        """Folds with a part of the training rows of a class, tested on that class."""
        rng = np.random.default_rng([self.seed, c, round(100 * fraction), draw])
        thinned = []
        for train, test in self.splits:
            is_mine = self.codes[train] == c
            mine = rng.permutation(train[is_mine])
            kept = mine[: max(2, round(fraction * mine.size))]
            rows = np.sort(np.concatenate([train[~is_mine], kept]))
            thinned.append((rows, test[self.codes[test] == c]))
        return thinned

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
