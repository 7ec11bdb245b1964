"""How much a difference would vary with other rows: from known and likely labels."""

from collections import defaultdict

import numpy as np

from skdataquality.model_selection._influence import _value
from skdataquality.model_selection._rowwise import rowwise_tests
from skdataquality.utils._draws import FIXED_SEED
from skdataquality.utils._frames import sorted_codes
from skdataquality.utils._scoring import (
    MOST_CELLS,
    count_cells,
    scores_of_cells,
)
from skdataquality.utils._stats import nadeau_bengio

N_STEPS = 20  # of proportional fitting
N_IMPUTED = 3  # sets of labels; they differ little in what they say of the variance


def likely_labels(proxy, answers):
    """Return probabilities of labels: 1 where verified, else by the proxy.

    Its classes are brought to the sizes that the verdicts say they have.
    """
    likely = of_sizes(proxy, answers.masses(proxy).sum(axis=0))
    likely[answers.rows] = np.eye(proxy.shape[1])[answers.codes]
    return likely


def label_sets(question, likely, answers):
    """Yield codes of the whole table, drawn from likely labels.

    Rows of a cluster share their luck, so that equal rows get equal labels.
    """
    if np.unique(answers.rows).size == question.n_rows:
        yield answers.fill_in(question.codes)
        return
    rng = np.random.default_rng(FIXED_SEED)
    member = np.arange(question.n_rows)
    if question.clusters is not None:
        member = np.unique(question.clusters, return_inverse=True)[1].ravel()
    ends = np.cumsum(likely, axis=1)
    for _ in range(N_IMPUTED):
        luck = rng.random(int(member.max()) + 1)[member] * ends[:, -1]
        codes = np.minimum((luck[:, None] >= ends).sum(axis=1), likely.shape[1] - 1)
        yield answers.fill_in(codes)


def of_sizes(proxy, sizes):
    """Tilt probabilities towards classes until these have the sizes, at least 1 row.

    >>> import numpy as np
    >>> of_sizes(np.array([[0.5, 0.5], [0.9, 0.1]]), np.array([1.0, 1.0])).round(2)
    array([[0.25, 0.75],
           [0.75, 0.25]])
    """
    sizes, tilted = np.maximum(sizes, 1.0), proxy
    for _ in range(N_STEPS):
        tilted = tilted * (sizes / np.maximum(tilted.sum(axis=0), 1e-12))
        tilted = tilted / np.maximum(tilted.sum(axis=1, keepdims=True), 1e-12)
    return tilted


class DataVariance:
    """Variance over rows of the table, as the comparison would see it.

    For every set of labels the test is the one that the comparison makes of given
    labels: row by row, or of the scores of splits where it falls back on these.

    Attributes
    ----------
    folds_less_pooled : dict of str to float
        By candidate: mean score of the splits less the score of all rows of a run
        together; 0 for a mean over rows, whose estimate has it already.
    """

    def __init__(self, question, metric, forms, likely, answers):
        self.question, self.metric, self.forms = question, metric, forms
        self.scores = SplitScores(question, metric)
        self.found = defaultdict(list)
        self.folds_less_pooled = dict.fromkeys(forms, 0.0)
        sets = list(label_sets(question, likely, answers))
        for codes in sets:
            self._add(codes, len(sets))

    def of(self, name):
        """Variance of a candidate's difference, its degrees of freedom, the method."""
        tests = self.found[name]
        variance = float(np.mean([test.standard_error**2 for test in tests]))
        return variance, float(np.mean([t.df for t in tests])), tests[0].method

    def _add(self, codes, n_sets):
        question, labels = self.question, self.question.classes[codes]
        baseline, *names = self.forms
        is_mean = self.forms[baseline].is_mean
        n_runs = 1 + max(int(run.max()) for run in question.runs)
        tests = rowwise_tests(
            question.functions[self.metric],
            labels,
            question.predictions[self.metric],
            dict.fromkeys(names, 0.0),
            n_folds=len(question.splits) / n_runs,
            clusters=question.clusters,
            weights=question.weights.get(self.metric),
        )
        folds: dict = {}
        if not is_mean or len(tests) < len(names):
            folds = {name: self.scores.of(name, codes) for name in self.forms}
        for name in names:
            self.found[name].append(
                tests.get(name)
                or nadeau_bengio(
                    _finite(folds[name] - folds[baseline]),
                    test_train_ratio=question.test_train_ratio,
                )
            )
        if not is_mean and all(np.isfinite(of).all() for of in folds.values()):
            for name, scores in folds.items():
                less = float(scores.mean()) - self.forms[name].at(codes)
                self.folds_less_pooled[name] += less / n_sets


class SplitScores:
    """Scores of candidates on the test rows of every split, whatever their labels.

    Parameters
    ----------
    question : Question
    metric : str
    """

    def __init__(self, question, metric):
        self.function, self.classes = question.functions[metric], question.classes
        tests = [test for _, test in question.splits]
        self.rows, self.runs = np.concatenate(tests), np.concatenate(question.runs)
        self.split = np.repeat(np.arange(len(tests)), [test.size for test in tests])
        self.predictions = question.predictions[metric]
        own = question.weights.get(metric)
        self.weights = None if own is None else own[self.rows]

    def of(self, name, codes):
        """Return the scores of a candidate, shape (n_splits,)."""
        func, sign, kwargs = self.function
        said, codes = self.predictions[name][self.runs, self.rows], codes[self.rows]
        scores = self._at_once(func, kwargs, codes, said)
        if scores is None:
            labels, places = self.classes[codes], np.cumsum(np.bincount(self.split))
            parts = [labels, said] + ([] if self.weights is None else [self.weights])
            split = zip(*(np.split(part, places[:-1]) for part in parts), strict=True)
            scores = [_value(func, kwargs, *of_split) for of_split in split]
        return sign * np.array(scores)

    def _at_once(self, func, kwargs, codes, said):
        if said.ndim > 1:
            return None
        answers, given = sorted_codes(said)
        if self.classes.size * answers.size > MOST_CELLS:
            return None
        shape = int(self.split[-1]) + 1, self.classes.size, answers.size
        cells = count_cells(shape, self.split, codes, given, weights=self.weights)
        return scores_of_cells(func, kwargs, self.classes, answers, cells)


def _finite(differences):
    """Differences of the splits that have one; a class can be missing in some."""
    finite = differences[np.isfinite(differences)]
    return finite if finite.size > 1 else np.nan_to_num(differences)
