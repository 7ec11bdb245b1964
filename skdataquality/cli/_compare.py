"""The command ``compare``."""

import os
from pathlib import Path

from skdataquality.cli._console import UsageError, show, spoken
from skdataquality.cli._diagnose import in_options
from skdataquality.cli._files import (
    STDOUT,
    check_outputs,
    read_both,
    suited,
    write_texts,
)
from skdataquality.model_selection._positive_class import PositiveClassError
from skdataquality.report._json import to_json
from skdataquality.report._markdown import escaped
from skdataquality.report._width import wrapped
from skdataquality.workflows import ScoringError, compare_table
from skdataquality.workflows._compare_table import NO_CANDIDATE, check_scoring_names
from skdataquality.workflows._program import Scored, program_for


def run_compare(examined, *, scoring, pos_label, cv, output, json, markdown):
    """Diagnose a file, compare remedies, and write the winner as a program."""
    places = examined.table, examined.target_data
    check_outputs([output, json, markdown], places, examined.overwrite)
    try:
        check_scoring_names(scoring or [])
        frame, target = read_both(places, examined.text_format, examined.label)
        result = compare_table(
            frame,
            examined.label,
            X_target=target,
            scoring=scoring,
            pos_label=pos_label,
            cv=cv,
            callbacks="bar",
            **examined.choices,
        )
    except ScoringError as error:
        raise UsageError(f"--scoring {error}") from error
    except PositiveClassError as error:
        raise UsageError(str(error)) from error
    comparison, notes = result.comparison, list(map(spoken, result.notes))
    texts = _texts(
        in_options(result.report), comparison, notes, json=json, markdown=markdown
    )
    if output is not None:
        texts[output] = _program(
            comparison,
            output,
            *places,
            examined.text_format,
            label=examined.label,
            left_out=result.left_out,
            scored=_scored(result, examined.group),
            label_as_text=result.label_as_text,
            known=examined.estimator,
        )
    write_texts(texts, read=places, overwrite=examined.overwrite)
    if STDOUT not in texts:
        show("\n".join(_said(comparison, notes, output)))


def _scored(result, group):
    return Scored(
        metric=result.comparison.metric_,
        folds=result.comparison.folds_,
        is_regression=result.report.label_kind == "numbers",
        group=group,
        drawn=result.drawn,
        scorer=result.scorer,
        to_target=result.comparison.score_weight_ is not None,
    )


def _program(
    comparison,
    output,
    table,
    target_data,
    text_format,
    *,
    label,
    left_out,
    known=None,
    **options,
):
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
        known=known,
        modules=place(Path()) if known is not None and known.is_here else None,
        **options,
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
            | {"notes": [*comparison.remarks_, *comparison.notes_, *notes]},
        }
        texts[json] = to_json(whole)
    if markdown is not None:
        every = [*comparison.remarks_, *comparison.notes_, *notes]
        lines = [f"- {escaped(note)}" for note in every]
        best = f"Best: **{escaped(comparison.best_)}**: {escaped(_verdict(comparison))}"
        tables = comparison.to_markdown()
        texts[markdown] = "\n".join(
            [report.to_markdown(), "## Remedies\n", best, "", tables, "", *lines, ""]
        )
    return texts


def _verdict(comparison):
    alone = len(comparison.candidates_) == 1
    return f"{NO_CANDIDATE if alone else comparison.verdict_}."


def _said(comparison, notes, output):
    """Verdict, tables, notes."""
    lines = [f"Best: {comparison.best_}", *wrapped(_verdict(comparison)), ""]
    lines += [comparison.to_text(), ""]
    for note in (*comparison.remarks_, *comparison.notes_, *notes):
        lines += wrapped(note, "- ")
    return [*lines, *([] if output is None else wrapped(f"Written: {output}"))]
