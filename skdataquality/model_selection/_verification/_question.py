"""What a comparison keeps, so that its rows can be verified: :class:`Question`."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from skdataquality.model_selection._rowwise import runs_of
from skdataquality.model_selection._verification._design import differences
from skdataquality.model_selection._verification._forms import forms_of
from skdataquality.model_selection._verification._posterior import (
    posterior_or_given,
    what_all_say,
)
from skdataquality.utils._validation import encode_labels


@dataclass(frozen=True, eq=False, repr=False)
class Question:
    """Which candidate is best, asked of rows held out whose labels may be wrong.

    Attributes
    ----------
    y : ndarray of shape (n_rows,)
        Given labels.
    functions : dict of str to tuple
        By metric: function, sign and keywords; None for a scorer of another kind.
    predictions : dict of str to dict of str to ndarray
        By metric, then by candidate, the baseline first.
    splits : list of (train, test) index arrays
    proba : ndarray of shape (n_rows, n_classes) or None
    clusters : ndarray of shape (n_rows,) or None
        Rows of a cluster depend on each other.
    test_train_ratio : float
    weights : dict of str to ndarray of shape (n_rows,)
        By metric: what rows weigh in the scores, of mean 1, if not all the same.
    """

    y: np.ndarray
    functions: dict
    predictions: dict
    splits: list
    proba: Any = None
    clusters: Any = None
    test_train_ratio: float = 1.0
    weights: dict = field(default_factory=dict)
    _forms: dict = field(default_factory=dict)
    _differences: dict = field(default_factory=dict)

    def __getstate__(self):
        made = {"posterior", "proxy", "runs", "_encoded"}
        kept = {key: value for key, value in vars(self).items() if key not in made}
        return kept | {"_forms": {}, "_differences": {}}

    @cached_property
    def _encoded(self):
        return encode_labels(self.y)

    @property
    def classes(self):
        return self._encoded[0]

    @property
    def codes(self):
        return self._encoded[1]

    @property
    def n_rows(self):
        return self.y.shape[0]

    @cached_property
    def posterior(self):
        """Probability of each true class as "nothing" sees it; rows sum to 1."""
        return posterior_or_given(self.y, self.classes, self.codes, self.proba)

    @cached_property
    def proxy(self):
        """Probability of each true class as all candidates see it, for estimates."""
        said = [of for by_name in self.predictions.values() for of in by_name.values()]
        proba = what_all_say(self.proba, said, self.classes)
        return posterior_or_given(self.y, self.classes, self.codes, proba)

    @cached_property
    def runs(self):
        """Which repetition each test row of every split belongs to."""
        return runs_of(self.splits, self.n_rows)

    def row_weights(self, metric):
        """Return what each row weighs in the scores, 1 on average."""
        return self.weights.get(metric, np.ones(self.n_rows))

    def forms(self, metric):
        """Return the metric of each candidate as a function of label masses, or None.

        None where it is no such function that is known here.
        """
        if metric not in self._forms:
            self._forms[metric] = self._make_forms(metric)
        return self._forms[metric]

    def differences(self, metric):
        """Return what each row adds to the candidates, if labels are as expected."""
        if metric not in self._differences:
            forms = self.forms(metric)
            self._differences[metric] = differences(forms, self.proxy)
        return self._differences[metric]

    def _make_forms(self, metric):
        function = self.functions.get(metric)
        is_known = function is not None and metric in self.predictions
        if not is_known:
            return None
        return forms_of(
            function,
            self.y,
            self.classes,
            self.codes,
            self.predictions[metric],
            self._fold_weights(metric),
            self.weights.get(metric),
        )

    def _fold_weights(self, metric):
        """How much each row counts in the mean over splits, shape (n_runs, n_rows)."""
        n_runs = len(next(iter(self.predictions[metric].values())))
        own = self.row_weights(metric)
        weights = np.empty((n_runs, self.n_rows))
        for run, (_, test) in zip(self.runs, self.splits, strict=True):
            weights[run, test] = own[test] / own[test].sum()
        return weights * self.n_rows * n_runs / len(self.splits)
