"""From a table to a proved remedy: :func:`compare_table`."""

import os
import warnings
from difflib import get_close_matches

import numpy as np
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.metrics import get_scorer, get_scorer_names

from skdataquality.compose._default import default_model
from skdataquality.diagnosis._examination import examine
from skdataquality.diagnosis._inputs import prepare
from skdataquality.model_selection import compare_remedies
from skdataquality.utils._fits import default_fit
from skdataquality.utils._frames import as_frame, column_names
from skdataquality.utils._scoring import name_positive_class
from skdataquality.utils._validation import is_continuous
from skdataquality.workflows._answers import compared_answers, filled_sheet
from skdataquality.workflows._candidates import candidate_remedies
from skdataquality.workflows._table_comparison import TableComparison

FEWEST_IN_CLASS = 5
METRICS = "for example balanced_accuracy, roc_auc, f1_macro, neg_log_loss, r2."
NO_CANDIDATE = "No remedy suits these findings and this label: there is none to compare"


class ScoringError(ValueError):
    """The metric is unknown or does not suit the label."""


def compare_table(
    frame,
    label,
    *,
    verified=None,
    X_target=None,
    sources=None,
    groups=None,
    ids=(),
    time=None,
    task=None,
    estimator=None,
    scoring=None,
    pos_label=None,
    cv=None,
    max_rows=10_000,
    callbacks=(),
    n_jobs=None,
    random_state=0,
    votes=None,
):
    """Diagnose a table, then compare the suggested and the usual remedies.

    Columns that give the answer away or name rows are left out for all candidates.

    Parameters
    ----------
    frame : data frame of shape (n_samples, n_columns)
    label : str
        Column of the labels.
    verified : str, path or VerifiedLabels, default=None
        Labels that a person has checked, by rows of `frame`, or the filled sheet that
        holds them, see :func:`~skdataquality.report.read_verified`: best of the rows
        that :meth:`TableComparison.plan_verification` draws; those of an audit will do.
        The comparison is the same, then judged on the true labels as well, and these
        choose. They reach no fit and no finding.
    X_target, sources, groups, ids, time, task, callbacks, n_jobs, random_state
        As in :func:`diagnose`.
    estimator : classifier or regressor, default=None
        The model to train; it judges labels and tells findings, too. None is the
        default model of these columns.
    scoring : str or list of str, default=None
        Metrics as scikit-learn names them; the first decides. None is balanced
        accuracy for classes, R2 for quantities.
    pos_label : label, default=None
        Which of two classes f1, precision, recall and the like are about; its text
        will do. None is 1 where that is a class.
    cv : int or None, default=None
        As in :func:`~skdataquality.model_selection.compare_remedies`.
    max_rows : int or None, default=10_000
        Rows that models see, drawn at random.
    votes : list of str, default=None
        Columns of annotators, never features; as in :func:`diagnose`.

    Returns
    -------
    result : TableComparison

    Raises
    ------
    ScoringError
        If a metric is unknown or does not suit the label.
    ValueError
        If the label has not two classes of five rows, a name is no column,
        ``pos_label`` no class, or ``verified`` not of this table, without an answer, or
        of no use: the label is a quantity.

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
    scoring = [scoring] if isinstance(scoring, str) else scoring
    check_scoring_names(scoring or [])
    if isinstance(verified, str | os.PathLike):
        verified = filled_sheet(verified, frame, label).verified
    inputs = prepare(
        frame,
        label,
        X_target=X_target,
        sources=sources,
        groups=groups,
        ids=ids,
        time=time,
        task=task,
        estimator=estimator,
        max_rows=max_rows,
        n_jobs=n_jobs,
        random_state=random_state,
        votes=votes,
    )
    is_regression = inputs.label_kind == "numbers"
    if not is_regression:
        _check_learnable(inputs.y, label)
    scoring = scoring or ["r2" if is_regression else "balanced_accuracy"]
    of_classes = None if is_regression else inputs.y
    told, _ = name_positive_class(scoring, of_classes, pos_label)
    metrics = told if isinstance(told, dict) else dict(zip(told, told, strict=True))
    _check_scoring(metrics, inputs.y, is_regression)
    answers, left_aside = compared_answers(verified, frame, label, inputs)
    report = examine(inputs, callbacks)
    X = inputs.features(report.withheld)
    comparison = _compare(
        report,
        inputs,
        X,
        estimator=estimator,
        decides=metrics[scoring[0]],
        cv=cv,
        scoring=scoring,
        pos_label=pos_label,
        callbacks=callbacks,
        n_jobs=n_jobs,
        random_state=random_state,
    )
    if answers is not None:
        comparison = comparison.verify(answers)
    used = {*column_names(X), label}
    return TableComparison(
        report=report,
        comparison=comparison,
        left_out=tuple(c for c in column_names(frame) if c not in used),
        notes=(*left_aside, *_notes(report, comparison)),
        drawn=_drawn(inputs),
        label_as_text=not is_regression and is_continuous(as_frame(frame)[label]),
        scorer=None if isinstance(metrics[scoring[0]], str) else metrics[scoring[0]],
        rows=inputs.labelled[inputs.rows],
        labels=_all_labels(inputs),
        verified=verified,
    )


def _all_labels(inputs):
    """Labels of the whole table as models see them, None where missing."""
    labels = np.full(inputs.n_given, None, dtype=object)
    labels[inputs.labelled] = inputs.y.tolist()
    return labels


def _compare(report, inputs, X, *, estimator, decides, random_state, **options):
    """Compare the remedies around one model, by default that of the columns left."""
    model = estimator
    if model is None:
        model = default_model(X, regression=inputs.label_kind == "numbers")
    remedies = candidate_remedies(
        report, estimator=model, scoring=decides, random_state=random_state
    )
    takes_target = any("X_target" in r.get_params() for r in remedies.values())
    with default_fit(estimator is None):  # the user has not chosen the model
        return compare_remedies(
            model,
            remedies,
            X,
            inputs.labels,
            X_target=inputs.target_features(report.withheld) if takes_target else None,
            groups=inputs.modelled_groups,
            random_state=random_state,
            **options,
        )


def _drawn(inputs):
    n_rows = inputs.rows.shape[0]
    return None if n_rows == inputs.y.shape[0] else (inputs.seed, n_rows)


def check_scoring_names(scoring):
    """Refuse a metric that scikit-learn does not have."""
    for name in scoring:
        if name not in get_scorer_names():
            close = get_close_matches(str(name), get_scorer_names(), n=1)
            hint = f"did you mean {close[0]}?" if close else METRICS
            raise ScoringError(f"{name} is no metric of scikit-learn; {hint}")


def _check_learnable(y, label):
    """Refuse classes that no model can learn."""
    classes, sizes = np.unique(y, return_counts=True)
    if classes.size == 1:
        raise ValueError(
            f"label={label!r} has one class, {classes.tolist()[0]!r}, in all "
            f"{sizes[0]} rows: a comparison needs two classes of {FEWEST_IN_CLASS} "
            f"rows or more."
        )
    if np.sum(sizes >= FEWEST_IN_CLASS) < 2:
        seen = dict(zip(classes[:5].tolist(), sizes[:5].tolist(), strict=True))
        raise ValueError(
            f"label={label!r} has the classes and rows {seen}: a comparison needs two "
            f"classes of {FEWEST_IN_CLASS} rows or more."
        )


def _check_scoring(scoring, y, is_regression):
    """Refuse, before any work, a metric that this kind of label does not have."""
    rows = np.zeros((y.shape[0], 1))
    dummy = (DummyRegressor() if is_regression else DummyClassifier()).fit(rows, y)
    for name, metric in scoring.items():
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                get_scorer(metric)(dummy, rows, y)
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


def _notes(report, comparison):
    notes = list(report.notes)
    if report.withheld:
        named = ", ".join(map(str, report.withheld))
        notes.append(f"left out for all candidates: {named}")
    leakage = report.lenses["leakage"]
    if leakage.suspects and not any(
        p.outcome == "refuted" for p in leakage.predictions
    ):
        named = ", ".join(map(str, leakage.suspects))
        notes.append(
            f"kept, but may give the answer away: {named}; "
            f"ids=[{leakage.suspects[0]!r}] leaves one out"
        )
    if len(comparison.candidates_) == 1:
        notes.append(NO_CANDIDATE)
    return notes
