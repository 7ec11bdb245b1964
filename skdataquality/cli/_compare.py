"""The command ``compare``."""

import json as json_format

import numpy as np

from skdataquality.cli._console import UsageError, show
from skdataquality.cli._diagnose import diagnose_file
from skdataquality.cli._files import STDOUT, check_outputs, read, suited, write_texts
from skdataquality.cli._progress import bars
from skdataquality.compose._default import default_model
from skdataquality.diagnosis import candidate_remedies, program_for
from skdataquality.diagnosis._examination import without_columns
from skdataquality.diagnosis._roles import assign_roles
from skdataquality.model_selection import compare_remedies
from skdataquality.utils._sklearn import take_rows


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
    _check_scoring(scoring)
    check_outputs([output, json, markdown], [table, target_data])
    frame, report = diagnose_file(table, target_data, text_format, choices)
    target = None if target_data is None else read(target_data, text_format)
    roles = assign_roles(
        frame,
        choices["label"],
        X_target=target,
        y_target=None,
        sources=choices["sources"],
        groups=choices["groups"],
        ids=choices["ids"],
        time=choices["time"],
    )
    leaks = list(report.lenses["leakage"].columns)
    if set(leaks) == set(roles.X.columns):
        leaks = []
    rows = _drawn(roles.X.shape[0], choices["max_rows"], choices["random_state"])
    X = take_rows(without_columns(roles.X, leaks), rows)
    y = np.asarray(roles.y)[rows]
    regression = "regression" in report.lenses["imbalance"].summary
    comparison = compare_remedies(
        default_model(X, regression=regression),
        candidate_remedies(report, random_state=choices["random_state"]),
        X,
        y,
        X_target=None
        if roles.target is None
        else without_columns(roles.target.X, leaks),
        groups=None if roles.groups is None else take_rows(roles.groups, rows),
        cv=cv,
        scoring=scoring or ("r2" if regression else "balanced_accuracy"),
        callbacks=bars("compare"),
        n_jobs=choices["n_jobs"],
        random_state=choices["random_state"],
    )
    notes = _notes(leaks, rows.shape[0], roles.X.shape[0])
    texts = _texts(report, comparison, notes, json=json, markdown=markdown)
    if output is not None:
        texts[output] = program_for(
            comparison.candidates_[comparison.best_],
            table=table,
            target=target_data,
            label=choices["label"],
            left_out=[
                c for c in frame.columns if c not in {*X.columns, choices["label"]}
            ],
            why=f"Chosen by skdataquality compare: {comparison.best_}.",
            reading=suited(table, text_format),
        )
    write_texts(texts)
    if STDOUT not in texts:
        show(str(comparison))
        for note in notes:
            show(f"Note: {note}.")
        if output is not None:
            show(f"Written: {output}")


def _check_scoring(scoring):
    from sklearn.metrics import get_scorer_names

    for name in scoring or ():
        if name not in get_scorer_names():
            raise UsageError(
                f"--scoring {name} is no metric of scikit-learn; for example "
                f"balanced_accuracy, roc_auc, f1_macro, neg_log_loss, r2."
            )


def _drawn(n_rows, most, seed):
    """Rows to compare on: all, or so many drawn at random."""
    if n_rows <= most:
        return np.arange(n_rows)
    return np.sort(np.random.default_rng(seed).choice(n_rows, most, replace=False))


def _notes(leaks, n_used, n_rows):
    notes = []
    if leaks:
        notes.append(f"left out for all candidates: {', '.join(map(str, leaks))}")
    if n_used < n_rows:
        notes.append(f"compared on {n_used} of {n_rows} rows, drawn at random")
    return notes


def _texts(report, comparison, notes, *, json, markdown):
    texts = {}
    if json is not None:
        whole = report.to_dict() | {"comparison": comparison.to_dict(), "notes": notes}
        said = json_format.dumps(whole, indent=2, allow_nan=False, ensure_ascii=False)
        texts[json] = said + "\n"
    if markdown is not None:
        lines = "\n".join(f"- {note}" for note in notes)
        texts[markdown] = (
            f"{report.to_markdown()}\n## Remedies\n\n{comparison.to_markdown()}\n"
            f"{lines}\n"
        )
    return texts
