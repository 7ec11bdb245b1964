"""The command ``fix``."""

import numpy as np

from skdataquality.cli._console import UsageError, show
from skdataquality.cli._diagnose import check_depth
from skdataquality.cli._files import (
    STDOUT,
    cells_writer,
    check_outputs,
    check_table_name,
    read_both,
    read_cells,
    write_texts,
)
from skdataquality.report._csv import to_safe_csv
from skdataquality.report._text import say_size
from skdataquality.tables._formats import EXTENSIONS, existing_file
from skdataquality.utils._shown import wrapped
from skdataquality.workflows import fix_table, review_table
from skdataquality.workflows._fix_table import CONFLICTS

DROPPED = {
    "verified labels": "label{s} corrected, as verified",
    "leftover index": "leftover index dropped: {names}",
    "identifiers": "identifiers dropped: {names}",
    "leaking columns": "leaking columns dropped: {names}",
    "exact copies": "exact cop{y_ies} of rows dropped (features and label equal)",
    "label conflicts": "row{s} of equal features and other labels dropped "
    "({conflicts})",
    "near duplicates": "near duplicate{s} dropped",
    "target overlap": "row{s} that target data hold too dropped",
}
KEPT = {
    "verified wrong": "label{s} verified wrong kept: the right one is not known",
    "identifiers": "identifiers kept: {names} (--drop-identifiers)",
    "look-alikes": "columns that look like identifiers kept: {names} (--id NAME, or "
    "--group)",
    "leaking columns": "leaking columns kept: {names} (--drop-leaky)",
    "coarse repeats": "equal row{s} kept: the columns are too coarse to say that they "
    "are copies (--drop-repeats)",
    "other spelling": "equal row{s} kept, since they are written differently, such as "
    "1 and 1.0 (--drop-repeats)",
    "label conflicts": "group(s) of equal rows with other labels kept (--conflicts "
    "majority, or drop)",
    "near duplicates": "near duplicate{s} kept (--drop-near)",
    "target overlap": "row{s} kept that may be target rows: compared in some columns",
}


def run_fix(mended, choices, depth, *, output, lineage, review, filled):
    """Write a mended copy of a file, and what became of each row.

    ``choices`` are options of :func:`fix_table`.
    """
    table, label, text_format = mended.table, mended.label, mended.text_format
    _check(label, choices, review, filled)
    check_depth(depth)
    existing_file(table)
    output = output or _beside(table, "fixed")
    lineage = lineage or _beside(table, "lineage", ending=".csv")
    read = [*filter(None, mended.read), *filled.files()]
    _check_files([output, lineage, review], read, mended.overwrite)
    frame, target = read_both(mended.read, text_format, label)
    checked = filled.read(frame)
    raw = read_cells(table, frame, text_format)
    cells = raw.to_pandas(ignore_metadata=True)
    fix = fix_table(
        frame,
        label,
        X_target=target,
        cells=cells,
        random_state=mended.seed,
        verified=checked,
        **mended.roles,
        **choices,
    )
    texts = {lineage: to_safe_csv(fix.lineage.to_frame())}
    listed = None
    if review is not None:
        listed = review_table(
            frame,
            label,
            depth=depth,
            callbacks="bar",
            verified=checked,
            **mended.choices,
        )
        is_there = listed["input_row"].isin(fix.rows)
        texts[review] = to_safe_csv(listed[is_there])
    kept = _kept(raw, frame, fix, label)
    tables = {output: cells_writer(kept, output, text_format)}
    write_texts(texts, tables=tables, read=read, overwrite=mended.overwrite)
    reviewed = [] if listed is None else _reviewed(listed, is_there, mended.max_rows)
    said = _said(fix, frame, choices["conflicts"], reviewed, [output, *texts])
    show("\n".join(said))


def _check(label, choices, review, filled):
    filled.check()
    if choices["conflicts"] not in CONFLICTS:
        raise UsageError(f"--conflicts must be one of {', '.join(CONFLICTS)}.")
    if label is None and (review or choices["leaky"] or choices["conflicts"] != "keep"):
        raise UsageError("--review, --drop-leaky and --conflicts need --label.")
    if label is None and filled.verified is not None:
        raise UsageError("--verified needs --label.")


def _kept(raw, frame, fix, label):
    """Return what stays of the cells as they are written, labels corrected."""
    place = {name: j for j, name in enumerate(frame.columns)}
    kept = raw.select([place[name] for name in fix.columns]).take(np.asarray(fix.rows))
    if label is None:
        return kept
    at = fix.columns.index(label)
    cells = raw.column(place[label]).take(np.asarray(fix.label_rows))
    return kept.set_column(at, kept.schema.field(at), cells)


def _check_files(outputs, inputs, overwrite):
    if STDOUT in outputs:
        raise UsageError("fix writes files, not to stdout: pass names of files.")
    check_outputs(outputs, inputs, overwrite)
    check_table_name(outputs[0])


def _beside(table, word, ending=None):
    """Name of a new file beside the input: train.csv.gz, train.fixed.csv.gz.

    Text under another extension becomes ``.csv``.
    """
    zipped = table.suffix.lower() == ".gz"
    own = "".join(table.suffixes[-2:] if zipped else table.suffixes[-1:])
    stem = table.name.removesuffix(own)
    if ending is None:
        ending = own if own.lower() in EXTENSIONS else ".csv"
    return table.with_name(f"{stem}.{word}{ending}")


def _said(fix, frame, conflicts, reviewed, written):
    n_rows, n_columns = frame.shape
    now = fix.rows.shape[0], len(fix.columns)
    return [
        f"{say_size(n_rows, n_columns)} -> {say_size(*now)}",
        *_labelled("done", _in_words(fix.done, DROPPED, conflicts) or ["nothing"]),
        *_labelled("left", _in_words(fix.left, KEPT, conflicts)),
        *reviewed,
        *_labelled("written", written),
    ]


def _in_words(changes, sentences, conflicts):
    return [_sentence(change, sentences, conflicts) for change in changes]


def _sentence(change, sentences, conflicts):
    many = change.n != 1
    words = sentences[change.kind].format(
        names=", ".join(map(str, change.names)),
        s="s" if many else "",
        y_ies="ies" if many else "y",
        conflicts=conflicts,
    )
    return words if change.names else f"{change.n} {words}"


def _labelled(word, texts):
    return [line for text in texts for line in wrapped(str(text), f"{word:<10}")]


def _reviewed(listed, is_there, max_rows):
    n, n_gone = int(is_there.sum()), int((~is_there).sum())
    look = "label looks" if n == 1 else "labels look"
    said = f"{n} {look} wrong; {listed.attrs['note'] or 'none was changed'}"
    if listed.attrs["verdict"] == "cannot tell" and n:
        said += "; the diagnosis cannot tell that any is"
    if n_gone:
        said += f"; {n_gone} more on rows that were dropped, so a diagnosis flags "
        said += f"{n + n_gone}"
    if listed.attrs["n_rows"] > max_rows:
        said += f"; models saw {max_rows} of {listed.attrs['n_rows']} rows (--max-rows)"
    said += "; input_row is 0 for the first row below the header" * (n > 0)
    return _labelled("review", [said])
