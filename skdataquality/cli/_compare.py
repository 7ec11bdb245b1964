"""The command ``compare``."""

import os
from pathlib import Path

from skdataquality.cli._console import UsageError, show, spoken, tell
from skdataquality.cli._diagnose import in_options
from skdataquality.cli._files import (
    STDOUT,
    check_outputs,
    read_both,
    suited,
    write_texts,
)
from skdataquality.model_selection._shown._words import say_labels
from skdataquality.report._json import to_json
from skdataquality.report._markdown import escaped
from skdataquality.utils._scoring import PositiveClassError
from skdataquality.utils._shown import wrapped
from skdataquality.workflows import ScoringError, compare_table
from skdataquality.workflows._compare_table import NO_CANDIDATE, check_scoring_names
from skdataquality.workflows._program import Scored, program_for


def run_compare(examined, proof, *, scoring, pos_label, cv, output, json, markdown):
    """Diagnose a file, compare remedies, and write the winner as a program."""
    proof.check()
    options = {"scoring": scoring, "pos_label": pos_label, "cv": cv}
    read = [*examined.read, *proof.read()]
    written = [output, json, markdown, *proof.written()]
    check_outputs(written, read, examined.overwrite)
    frame, result = _compared(examined, proof, options)
    comparison, notes = result.comparison, list(map(spoken, result.notes))
    texts = _texts(result, notes, json=json, markdown=markdown)
    if output is not None:
        texts[output] = _program(
            comparison,
            output,
            examined.table,
            examined.target_data,
            examined.text_format,
            label=examined.label,
            left_out=result.left_out,
            scored=_scored(result, examined.group),
            label_as_text=result.label_as_text,
            known=examined.estimator,
        )
    try:
        sheet, to_do = proof.draw(examined, frame, result, options)
    except ValueError as error:
        if STDOUT not in texts:  # it has taken its time
            show("\n".join(_said(comparison, notes)))
        raise UsageError(str(error)) from error
    write_texts(texts | sheet, read=read, overwrite=examined.overwrite)
    if STDOUT in texts:
        for line in filter(None, to_do):
            tell(line.strip())
        return
    said = _said(comparison, notes, output, proof.hint(result))
    show("\n".join([*said, *(["", *to_do] if to_do else [])]))


def _compared(examined, proof, options):
    try:
        check_scoring_names(options["scoring"] or [])
        frame, target = read_both(examined.read, examined.text_format, examined.label)
        result = compare_table(
            frame,
            examined.label,
            verified=proof.answers(examined, frame),
            X_target=target,
            callbacks="bar",
            **options,
            **examined.choices,
        )
    except ScoringError as error:
        raise UsageError(f"--scoring {error}") from error
    except PositiveClassError as error:
        raise UsageError(str(error)) from error
    return frame, result


def _scored(result, group):
    return Scored(
        metric=result.comparison.metric_,
        folds=result.comparison.folds_,
        is_regression=result.report.label_kind == "numbers",
        group=group,
        drawn=result.drawn,
        scorer=result.scorer,
        to_target=result.comparison.score_weight_ is not None,
        on_true=_on_true(result.comparison),
    )


def _on_true(comparison):
    """Score of the winner on the true labels, in words; nothing if they did not choose.

    The program cannot compute it: its labels are those of the table.
    """
    metric = comparison.metric_
    if not comparison.true_tests_.get(metric):
        return ""
    mean = comparison.true_means_[metric][comparison.best_]
    score = getattr(mean, "estimate", mean)
    ends = (
        " (by the model where all remedies agree)"
        if score is mean
        else f" [{mean.lower:.3f}, {mean.upper:.3f}]"
    )
    where = say_labels("true", comparison.verified_)
    return f"{metric} {score:.3f}{ends}, {where}"


def _program(
    comparison,
    output,
    table,
    target_data,
    text_format,
    *,
    label,
    left_out,
    scored=None,
    known=None,
    **options,
):
    labels = ", on the true labels" if scored is not None and scored.on_true else ""
    beside = output != STDOUT
    place = _seen_from(output) if beside else str
    return program_for(
        comparison.candidates_[comparison.best_],
        table=place(table),
        target=None if target_data is None else place(target_data),
        label=label,
        left_out=left_out,
        why=f"Chosen by skdataquality compare{labels}: {comparison.best_}.",
        scored=scored,
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


def _texts(result, notes, *, json, markdown):
    texts, comparison = {}, result.comparison
    report = in_options(result.report)
    every = [*comparison.remarks_, *comparison.notes_, *notes]
    if json is not None:
        compared = comparison.to_dict() | {"notes": every}
        compared |= {"verified": _counts(result)}
        texts[json] = to_json(report.to_dict() | {"comparison": compared})
    if markdown is not None:
        lines = [f"- {escaped(note)}" for note in every]
        best = f"Best: **{escaped(comparison.best_)}**: {escaped(_verdict(comparison))}"
        tables = comparison.to_markdown()
        texts[markdown] = "\n".join(
            [report.to_markdown(), "## Remedies\n", best, "", tables, "", *lines, ""]
        )
    return texts


def _counts(result):
    """Count the answers about the rows compared, None if nobody was asked."""
    if result.verified is None:
        return None
    used = result.comparison.verified_
    return {
        "drawn_for": used.purpose,
        "answered": used.rows.size,
        "wrong": int(used.is_wrong(result.labels[result.rows]).sum()),
        "cannot_say": used.cannot_say.size,
        "unanswered": used.unanswered.size,
    }


def _verdict(comparison):
    alone = len(comparison.candidates_) == 1
    return f"{NO_CANDIDATE if alone else comparison.verdict_}."


def _said(comparison, notes, output=None, hint=()):
    """Verdict, tables, notes, what would prove them."""
    lines = [f"Best: {comparison.best_}", *wrapped(_verdict(comparison)), ""]
    lines += [comparison.to_text(), ""]
    for note in (*comparison.remarks_, *comparison.notes_, *notes):
        lines += wrapped(note, "- ")
    lines += ["", *hint] if hint else []
    return [*lines, *([] if output is None else wrapped(f"Written: {output}"))]
