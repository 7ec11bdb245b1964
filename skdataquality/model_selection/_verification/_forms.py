"""Metrics as functions of label masses.

The mass of row i and class t is how many rows of that class the row stands for: 1 at
its label and 0 elsewhere if the label is known, probabilities if it is not, more or
less than that once some rows are verified and speak for others. Masses of a row may be
negative; their sum over all rows is the number of rows. The metric on the true labels
is that of their masses.

A form has ``value(masses)``, the mean over the runs of the metric, greater is better;
``slope(masses)`` of shape (n_rows, n_classes), n times its derivative in each mass;
``at(codes)``, the plain score under these labels; ``is_mean``, whether rows on which
candidates agree cancel in every difference; and ``takes_any_mass``, whether it has a
value if few rows stand for many, so that a class or a cell may have less than nothing.
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
from skdataquality.utils._scoring import (
    MOST_CELLS,
    scores_of_cells,
    slopes_of_cells,
)

MEANS = (accuracy_score, log_loss, brier_score_loss)
_AT_ONCE = 2_000_000  # numbers


def forms_of(function, y, classes, codes, predictions, fold_weights, row_weights=None):
    """Return the form of each candidate, None if one of them has none."""
    forms = {}
    for name, runs in predictions.items():
        form = _form_of(function, classes, runs, fold_weights, row_weights)
        pooled = _pooled(function, y, runs, row_weights)
        # keywords may change what is computed
        if form is None or not _is_same(form.at(codes), pooled):
            return None
        forms[name] = form
    return forms


def _form_of(function, classes, runs, fold_weights, row_weights):
    func, sign, kwargs = function
    if func in MEANS:
        return _mean_form(function, classes, runs, fold_weights, row_weights)
    if func is roc_auc_score:
        form = AucForm.of(sign, kwargs, classes.size, runs)
    else:
        form = _cell_form(function, classes, runs)
    if form is None or row_weights is None:
        return form
    return WeightedForm(form, row_weights)


def _pooled(function, y, runs, weights):
    func, sign, kwargs = function
    return sign * float(
        np.mean([_value(func, kwargs, y, said, weights) for said in runs])
    )


class MeanForm:
    """A mean over rows: what each row adds under each label, averaged over runs.

    Parameters
    ----------
    rows : ndarray of shape (n_rows, n_classes)
        What a row adds to the mean of the splits if its label is each class.
    of_folds : ndarray of shape (n_rows,)
        What a row weighs in that mean.
    unweighted : ndarray of shape (n_rows, n_classes)
        The same as `rows`, of the mean over all rows of a run.
    """

    is_mean = takes_any_mass = True

    def __init__(self, rows, of_folds, unweighted):
        self.rows, self.of_folds, self.unweighted = rows, of_folds, unweighted

    def value(self, masses):
        return float((masses * self.rows).sum() / masses.shape[0])

    def slope(self, masses):
        # that of a ratio: more weight of a row is less of the others
        return self.rows - self.value(masses) * self.of_folds[:, None]

    def at(self, codes):
        return float(self.unweighted[np.arange(codes.size), codes].mean())


def _mean_form(function, classes, runs, fold_weights, row_weights):
    weighted = unweighted = 0.0
    whole = 1.0 if row_weights is None else row_weights[:, None]
    for said, weights in zip(runs, fold_weights, strict=True):
        rows = _rows_under_each_label(function, classes, said)
        if rows is None:
            return None
        unweighted = unweighted + rows * whole / len(runs)
        weighted = weighted + rows * (weights / len(runs))[:, None]
    return MeanForm(weighted, fold_weights.mean(axis=0), unweighted)


class WeightedForm:
    """Any other form, of rows that weigh differently: they have as much more mass.

    Parameters
    ----------
    form : CellForm or other form
    weights : ndarray of shape (n_rows,)
    """

    is_mean = False

    def __init__(self, form, weights):
        self.form, self.weights = form, weights[:, None]
        self.takes_any_mass = form.takes_any_mass

    def value(self, masses):
        return self.form.value(masses * self.weights)

    def slope(self, masses):
        return self.form.slope(masses * self.weights) * self.weights

    def at(self, codes):
        return self.form.at(codes, self.weights)


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
    """A metric of labels: a function of the masses of pairs of class and prediction.

    Parameters
    ----------
    function : tuple
        Function, sign and keywords of a scorer.
    classes : ndarray of shape (n_classes,)
    answers : ndarray of shape (n_answers,)
        Distinct predictions.
    codes : list of ndarrays of shape (n_rows,), int
        By run, which of them each row got.
    """

    is_mean = takes_any_mass = False

    def __init__(self, function, classes, answers, codes):
        self.function, self.codes = function, codes
        self.classes, self.answers = classes, answers

    def _cells(self, masses, codes):
        size = self.answers.size
        return np.stack(
            [np.bincount(codes, weights=of, minlength=size) for of in masses.T]
        )

    def _scores(self, cells):
        func, sign, kwargs = self.function
        scores = scores_of_cells(func, kwargs, self.classes, self.answers, cells)
        if scores is None:
            y = np.repeat(self.classes, self.answers.size)
            said = np.tile(self.answers, self.classes.size)
            scores = [_value(func, kwargs, y, said, of.ravel()) for of in cells]
        return sign * np.array(scores)

    def value(self, masses):
        cells = [self._cells(masses, codes) for codes in self.codes]
        return float(self._scores(np.stack(cells)).mean())

    def at(self, codes, weights=1.0):
        return self.value(np.eye(self.classes.size)[codes] * weights)

    def slope(self, masses):
        slope = np.zeros_like(masses, dtype=float)
        for codes in self.codes:
            _, slopes = slopes_of_cells(self._scores, self._cells(masses, codes))
            slope += slopes.T[codes] / len(self.codes)
        return slope


def _cell_form(function, classes, runs):
    func, _, kwargs = function
    if runs.ndim != 2 or not takes_weights(func, kwargs):
        return None
    answers = np.unique(runs)
    if not np.isin(answers, classes).all():  # scores: far too many cells
        return None
    if classes.size * answers.size > MOST_CELLS:
        return None
    codes = [np.searchsorted(answers, said) for said in runs]
    form = CellForm(function, classes, answers, codes)
    ones = np.ones((classes.size, answers.size))
    return form if _is_same(*form._scores(np.stack([ones, 2 * ones]))) else None
