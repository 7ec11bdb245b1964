"""Metrics as functions of label masses.

The mass of row i and class t is how many rows of that class the row stands for: 1 at
its label and 0 elsewhere if the label is known, probabilities if it is not, more or
less than that once some rows are verified and speak for others. Masses of a row may be
negative; their sum over all rows is the number of rows. The metric on the true labels
is that of their masses.

A form has ``value(masses)``, the mean over the runs of the metric, greater is better;
``slope(masses)`` of shape (n_rows, n_classes), n times its derivative in each mass;
``at(codes)``, the plain score under these labels; and ``is_mean``, whether rows on
which candidates agree cancel in every difference.
"""

import numpy as np
from sklearn.metrics import (
    accuracy_score,
    brier_score_loss,
    log_loss,
    roc_auc_score,
)

from skdataquality.model_selection._influence import _is_same, _value, takes_weights
from skdataquality.model_selection._row_formulas import influence_by_formula
from skdataquality.model_selection._verification._auc import AucForm

MEANS = (accuracy_score, log_loss, brier_score_loss)
MOST_CELLS = 400  # pairs of class and prediction
_AT_ONCE = 2_000_000  # numbers
_STEP = 1e-6  # share of all weight by which that of a cell is raised


def forms_of(function, y, classes, codes, predictions, fold_weights):
    """Return the form of each candidate, None if one of them has none."""
    forms = {}
    for name, runs in predictions.items():
        form = _form_of(function, classes, runs, fold_weights)
        # keywords may change what is computed
        if form is None or not _is_same(form.at(codes), _pooled(function, y, runs)):
            return None
        forms[name] = form
    return forms


def _form_of(function, classes, runs, fold_weights):
    func, sign, kwargs = function
    if func in MEANS:
        return _mean_form(function, classes, runs, fold_weights)
    if func is roc_auc_score:
        return AucForm.of(sign, kwargs, classes.size, runs)
    return _cell_form(function, classes, runs)


def _pooled(function, y, runs):
    func, sign, kwargs = function
    return sign * float(np.mean([_value(func, kwargs, y, said) for said in runs]))


class MeanForm:
    """A mean over rows: what each row adds under each label, averaged over runs."""

    is_mean = True

    def __init__(self, weighted, unweighted):
        self.weighted, self.unweighted = weighted, unweighted

    def value(self, masses):
        return float((masses * self.weighted).sum() / masses.shape[0])

    def slope(self, masses):
        return self.weighted

    def at(self, codes):
        return float(self.unweighted[np.arange(codes.size), codes].mean())


def _mean_form(function, classes, runs, fold_weights):
    weighted = unweighted = 0.0
    for said, weights in zip(runs, fold_weights, strict=True):
        rows = _rows_under_each_label(function, classes, said)
        if rows is None:
            return None
        unweighted = unweighted + rows / len(runs)
        weighted = weighted + rows * (weights / len(runs))[:, None]
    return MeanForm(weighted, unweighted)


def _rows_under_each_label(function, classes, said):
    """Return what each row adds to the mean if its label is each class in turn."""
    func, sign, kwargs = function
    n_rows, n_classes = said.shape[0], classes.size
    chunk = max(1, _AT_ONCE // n_classes**2)
    out = np.empty((n_rows, n_classes))
    for start in range(0, n_rows, chunk):
        part = said[start : start + chunk]
        labels = np.repeat(classes, part.shape[0])
        found = influence_by_formula(
            func, kwargs, labels, np.concatenate([part] * n_classes)
        )
        if found is None:
            return None
        value, influence = found
        rows = (value + influence).reshape(n_classes, part.shape[0])
        out[start : start + chunk] = sign * rows.T
    return out


class CellForm:
    """A metric of labels: a function of the mass of each pair of class and prediction.

    Masses below 0 are taken for 0, and the others scaled to the number of rows with
    each prediction, which is known.
    """

    is_mean = False

    def __init__(self, function, classes, answers, codes):
        self.function, self.codes = function, codes
        n_classes, n_answers = classes.size, answers.size
        self.shape = n_classes, n_answers
        self.pairs = np.repeat(classes, n_answers), np.tile(answers, n_classes)

    def _cells(self, masses, codes):
        cells = np.stack(
            [
                np.bincount(codes, weights=column, minlength=self.shape[1])
                for column in masses.T
            ]
        )
        known = cells.sum(axis=0)
        cells = np.clip(cells, 0, None)
        total = cells.sum(axis=0)
        return cells * np.divide(
            known, total, out=np.zeros_like(known), where=total > 0
        )

    def _score(self, cells):
        func, sign, kwargs = self.function
        return sign * _value(func, kwargs, *self.pairs, cells.ravel())

    def value(self, masses):
        scores = [self._score(self._cells(masses, codes)) for codes in self.codes]
        return float(np.mean(scores))

    def at(self, codes):
        return self.value(np.eye(self.shape[0])[codes])

    def slope(self, masses):
        step = _STEP * masses.shape[0]
        slope = np.zeros_like(masses, dtype=float)
        for codes in self.codes:
            cells = self._cells(masses, codes)
            here = self._score(cells)
            there = np.empty(cells.size)
            for k in range(cells.size):
                more = cells.ravel().copy()
                more[k] += step
                there[k] = self._score(more)
            change = ((there - here) / step).reshape(self.shape) * masses.shape[0]
            slope += change.T[codes] / len(self.codes)
        return slope


def _cell_form(function, classes, runs):
    func, _, kwargs = function
    if runs.ndim != 2 or not takes_weights(func, kwargs):
        return None
    answers = np.unique(runs)
    if classes.size * answers.size > MOST_CELLS:
        return None
    codes = [np.searchsorted(answers, said) for said in runs]
    form = CellForm(function, classes, answers, codes)
    cells = np.ones(form.shape)
    return form if _is_same(form._score(cells), form._score(2 * cells)) else None
