"""From a table to a proved remedy: :func:`compare_table`."""

import warnings
from dataclasses import dataclass

import numpy as np
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.metrics import get_scorer, get_scorer_names

from skdataquality.compose._default import default_model
from skdataquality.diagnosis._diagnose import check_label, diagnose
from skdataquality.diagnosis._report import DataQualityReport
from skdataquality.diagnosis._roles import assign_roles
from skdataquality.model_selection import RemedyComparison, compare_remedies
from skdataquality.utils._draws import draw_rows
from skdataquality.utils._frames import column_names, without_columns
from skdataquality.utils._sklearn import take_rows
from skdataquality.workflows._candidates import candidate_remedies

FEWEST_IN_CLASS = 5
NO_CANDIDATE = "No remedy suits these findings and this label: there is none to compare"


class ScoringError(ValueError):
    """The metric is unknown or does not suit the label."""


@dataclass(frozen=True, eq=False)
class TableComparison:
    """A diagnosis, and the comparison of the remedies that it suggests.

    Attributes
    ----------
    report : DataQualityReport
    comparison : RemedyComparison
    left_out : tuple of str
        Columns of the table that no candidate saw, the label not among them.
    notes : tuple of str
        What was left out, and on how many rows the candidates were compared.
    """

    report: DataQualityReport
    comparison: RemedyComparison
    left_out: tuple
    notes: tuple


def compare_table(
    frame,
    label,
    *,
    X_target=None,
    sources=None,
    groups=None,
    ids=(),
    time=None,
    scoring=None,
    cv=None,
    max_rows=10_000,
    callbacks=(),
    n_jobs=None,
    random_state=0,
):
    """Diagnose a table, then compare the suggested and the usual remedies.

    Columns that give the answer away or name rows are left out for all candidates.

    Parameters
    ----------
    frame : data frame of shape (n_samples, n_columns)
    label : str
        Column of the labels.
    X_target, sources, groups, ids, time, callbacks, n_jobs, random_state
        As in :func:`diagnose`.
    scoring : list of str, default=None
        Metrics as scikit-learn names them; the first decides. None is balanced
        accuracy for classes, R2 for quantities.
    cv : int or None, default=None
        As in :func:`~skdataquality.model_selection.compare_remedies`.
    max_rows : int or None, default=10_000
        Rows that models see, drawn at random.

    Returns
    -------
    result : TableComparison

    Raises
    ------
    ScoringError
        If a metric is unknown or does not suit the label.
    ValueError
        If the label has not two classes of five rows, or a name is no column.

    Examples
    --------
    >>> from sklearn.datasets import load_breast_cancer
    >>> from skdataquality.workflows import compare_table
    >>> table = load_breast_cancer(as_frame=True).frame[::3]
    >>> table["biopsy"] = table["target"]
    >>> result = compare_table(table, "target", cv=3)
    >>> result.left_out, result.comparison.best_
    (('biopsy',), 'nothing')
    """
    named = {"sources": sources, "groups": groups, "ids": ids, "time": time}
    check_scoring_names(scoring or [])
    roles = assign_roles(frame, label, X_target=X_target, y_target=None, **named)
    is_regression = _check_learnable(roles.y, label)
    scoring = scoring or ["r2" if is_regression else "balanced_accuracy"]
    _check_scoring(scoring, roles.y, is_regression)
    shared = {"n_jobs": n_jobs, "random_state": random_state, "callbacks": callbacks}
    report = diagnose(
        frame, label, X_target=X_target, max_rows=max_rows, **named, **shared
    )
    features = column_names(roles.X)
    leaks = [c for c in report.lenses["leakage"].columns if c in features]
    leaks = [] if len(leaks) == len(features) else leaks
    rows = draw_rows(len(frame) - roles.n_unlabelled, max_rows, random_state)
    X = take_rows(without_columns(roles.X, leaks), rows)
    model = default_model(X, regression=is_regression)
    remedies = candidate_remedies(
        report,
        estimator=None if is_regression else model,
        random_state=random_state,
    )
    takes_target = "weight to target" in remedies
    comparison = compare_remedies(
        model,
        remedies,
        X,
        np.asarray(roles.y)[rows],
        X_target=without_columns(roles.target.X, leaks) if takes_target else None,
        groups=None if roles.groups is None else take_rows(roles.groups, rows),
        cv=cv,
        scoring=scoring,
        **shared,
    )
    used = {*column_names(X), label}
    return TableComparison(
        report=report,
        comparison=comparison,
        left_out=tuple(c for c in column_names(frame) if c not in used),
        notes=tuple(_notes(report, comparison, leaks, rows.size, roles.X.shape[0])),
    )


def check_scoring_names(scoring):
    """Refuse a metric that scikit-learn does not have."""
    for name in scoring:
        if name not in get_scorer_names():
            raise ScoringError(
                f"{name} is no metric of scikit-learn; for example balanced_accuracy, "
                f"roc_auc, f1_macro, neg_log_loss, r2."
            )


def _check_learnable(y, label):
    """Return whether the label is a quantity; refuse one that no model can learn."""
    y, is_discrete, _ = check_label(np.asarray(y))
    if not is_discrete:
        return True
    classes, sizes = np.unique(y, return_counts=True)
    if np.sum(sizes >= FEWEST_IN_CLASS) < 2:
        seen = dict(zip(classes[:5].tolist(), sizes[:5].tolist(), strict=True))
        raise ValueError(
            f"label={label!r} has the classes and rows {seen}: a comparison needs two "
            f"classes of {FEWEST_IN_CLASS} rows or more."
        )
    return False


def _check_scoring(scoring, y, is_regression):
    """Refuse, before any work, a metric that this kind of label does not have."""
    y = np.asarray(y)
    rows = np.zeros((y.shape[0], 1))
    dummy = (DummyRegressor() if is_regression else DummyClassifier()).fit(rows, y)
    for name in scoring:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                get_scorer(name)(dummy, rows, y)
        except (ValueError, TypeError, AttributeError) as error:
            kind = "a quantity" if is_regression else f"{np.unique(y).size} classes"
            others = (
                "r2, neg_mean_absolute_error"
                if is_regression
                else "balanced_accuracy, roc_auc_ovr, f1_macro, neg_log_loss"
            )
            raise ScoringError(
                f"{name} does not suit a label of {kind} "
                f"({str(error).splitlines()[0]}); for example {others} do."
            ) from error


def _notes(report, comparison, leaks, n_used, n_rows):
    notes = [note for note in report.notes if not note.startswith("models see")]
    if leaks:
        notes.append(f"left out for all candidates: {', '.join(map(str, leaks))}")
    if n_used < n_rows:
        notes.append(f"compared on {n_used} of {n_rows} rows, drawn at random")
    if len(comparison.candidates_) == 1:
        notes.append(NO_CANDIDATE)
    return notes
