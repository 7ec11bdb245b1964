"""The command ``compare``."""

import json as json_format
import os
import warnings
from pathlib import Path

import numpy as np
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.metrics import get_scorer, get_scorer_names

from skdataquality.cli._console import UsageError, show
from skdataquality.cli._diagnose import diagnose_tables
from skdataquality.cli._files import (
    STDOUT,
    check_outputs,
    read_both,
    suited,
    write_texts,
)
from skdataquality.cli._progress import bars
from skdataquality.compose._default import default_model
from skdataquality.diagnosis import candidate_remedies, program_for
from skdataquality.diagnosis._diagnose import check_label
from skdataquality.diagnosis._roles import assign_roles
from skdataquality.model_selection import compare_remedies
from skdataquality.report._markdown import escaped
from skdataquality.report._width import wrapped
from skdataquality.utils._folds import draw_rows
from skdataquality.utils._frames import without_columns
from skdataquality.utils._sklearn import take_rows

FEWEST_IN_CLASS = 5
NO_WINNER = (
    "No remedy beats doing nothing beyond noise; 'min gain' is the smallest gain that "
    "these splits would show."
)
NO_CANDIDATE = "No remedy suits these findings and this label: there is none to compare"


def run_compare(
    table,
    target_data,
    text_format,
    choices,
    *,
    scoring,
    cv,
    output,
    json,
    markdown,
):
    """Diagnose a file, compare remedies, and write the winner as a program.

    Parameters
    ----------
    table, target_data : Path, Path or None
    text_format : TextFormat
    choices : dict
        "label" and options of :func:`diagnose`.
    scoring : list of str or None
    cv : int or None
    output, json, markdown : Path or None
    """
    _check_names(scoring or [])
    check_outputs([output, json, markdown], [table, target_data])
    frame, target = read_both(table, target_data, text_format)
    roles = _roles(frame, target, choices)
    is_regression = _check_label(roles.y, choices["label"])
    scoring = scoring or ["r2" if is_regression else "balanced_accuracy"]
    _check_scoring(scoring, roles.y, is_regression)
    report = diagnose_tables(frame, target, choices)
    leaks = [c for c in report.lenses["leakage"].columns if c in roles.X.columns]
    leaks = [] if len(leaks) == roles.X.shape[1] else leaks
    rows = draw_rows(roles.X.shape[0], choices["max_rows"], choices["random_state"])
    comparison = _compare(
        roles, leaks, rows, report, choices, is_regression, scoring=scoring, cv=cv
    )
    notes = _notes(report, comparison, leaks, rows.shape[0], roles.X.shape[0])
    texts = _texts(report, comparison, notes, json=json, markdown=markdown)
    if output is not None:
        used = {*roles.X.columns, choices["label"]} - {*leaks}
        texts[output] = _program(
            comparison,
            output,
            table,
            target_data,
            text_format,
            label=choices["label"],
            left_out=[name for name in frame.columns if name not in used],
        )
    write_texts(texts)
    if STDOUT not in texts:
        show("\n".join(_said(comparison, notes, output)))


def _check_names(scoring):
    for name in scoring:
        if name not in get_scorer_names():
            raise UsageError(
                f"--scoring {name} is no metric of scikit-learn; for example "
                f"balanced_accuracy, roc_auc, f1_macro, neg_log_loss, r2."
            )


def _roles(frame, target, choices):
    return assign_roles(
        frame,
        choices["label"],
        X_target=target,
        y_target=None,
        sources=choices["sources"],
        groups=choices["groups"],
        ids=choices["ids"],
        time=choices["time"],
    )


def _check_label(y, label):
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
            raise UsageError(
                f"--scoring {name} does not suit a label of {kind} "
                f"({str(error).splitlines()[0]}); for example {others} do."
            ) from error


def _compare(roles, leaks, rows, report, choices, is_regression, *, scoring, cv):
    X = take_rows(without_columns(roles.X, leaks), rows)
    seed = choices["random_state"]
    remedies = candidate_remedies(report, random_state=seed)
    target = None
    if "weight to target" in remedies:
        target = without_columns(roles.target.X, leaks)
    return compare_remedies(
        default_model(X, regression=is_regression),
        remedies,
        X,
        np.asarray(roles.y)[rows],
        X_target=target,
        groups=None if roles.groups is None else take_rows(roles.groups, rows),
        cv=cv,
        scoring=scoring,
        callbacks=bars("compare"),
        n_jobs=choices["n_jobs"],
        random_state=seed,
    )


def _notes(report, comparison, leaks, n_used, n_rows):
    notes = [note for note in report.notes if not note.startswith("models see")]
    if leaks:
        notes.append(f"left out for all candidates: {', '.join(map(str, leaks))}")
    if n_used < n_rows:
        notes.append(f"compared on {n_used} of {n_rows} rows, drawn at random")
    if len(comparison.candidates_) == 1:
        notes.append(NO_CANDIDATE)
    return notes


def _program(comparison, output, table, target_data, text_format, *, label, left_out):
    beside = output != STDOUT
    place = _seen_from(output) if beside else str
    return program_for(
        comparison.candidates_[comparison.best_],
        table=place(table),
        target=None if target_data is None else place(target_data),
        label=label,
        left_out=left_out,
        why=f"Chosen by skdataquality compare: {comparison.best_}.",
        reading=suited(table, text_format),
        reading_target=target_data and suited(target_data, text_format),
        beside=beside,
    )


def _seen_from(output):
    """Return a function that writes relative paths as seen from a program's folder."""
    folder = os.path.dirname(os.path.realpath(output))

    def place(path):
        same_drive = Path(folder).drive == Path(os.path.realpath(path)).drive
        if path.is_absolute() or not same_drive:
            return os.path.abspath(path)
        return os.path.relpath(os.path.realpath(path), folder)

    return place


def _texts(report, comparison, notes, *, json, markdown):
    texts = {}
    if json is not None:
        whole = report.to_dict() | {
            "comparison": comparison.to_dict()
            | {"notes": [*comparison.notes_, *notes]},
        }
        said = json_format.dumps(whole, indent=2, allow_nan=False, ensure_ascii=False)
        texts[json] = said + "\n"
    if markdown is not None:
        tables = [
            f"### {escaped(metric)}\n\n{comparison.to_markdown(metric)}\n"
            for metric in comparison.scores_
        ]
        lines = [f"- {escaped(note)}" for note in [*comparison.notes_, *notes]]
        best = f"Best: **{escaped(comparison.best_)}**. {_verdict(comparison)}"
        texts[markdown] = "\n".join(
            [report.to_markdown(), "## Remedies\n", best, "", *tables, *lines, ""]
        )
    return texts


def _verdict(comparison):
    row = next(r for r in comparison.table() if r["name"] == comparison.best_)
    if comparison.best_ == "nothing":
        return NO_WINNER if len(comparison.candidates_) > 1 else f"{NO_CANDIDATE}."
    return (
        f"{comparison.metric_} {row['mean']:.3f}, {row['difference']:+.3f} against "
        f"nothing [{row['lower']:+.3f}, {row['upper']:+.3f}], over "
        f"{comparison.n_splits_} splits."
    )


def _said(comparison, notes, output):
    """Verdict, tables, notes; the first lines of the repr name the class."""
    table = str(comparison).split("\n")[2:]
    lines = [f"Best: {comparison.best_}", *wrapped(_verdict(comparison)), "", *table]
    for metric in list(comparison.scores_)[1:]:
        lines += ["", metric, comparison.to_markdown(metric)]
    for note in notes:
        lines += wrapped(note, "- ")
    return [*lines, *([] if output is None else wrapped(f"Written: {output}"))]
