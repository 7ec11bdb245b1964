"""The command ``fix``."""

from pathlib import Path

import numpy as np

from skdataquality.cli._console import UsageError, show
from skdataquality.cli._files import check_outputs, read, suited, write_texts
from skdataquality.diagnosis import fix_table, review_table
from skdataquality.report import to_safe_csv
from skdataquality.summary import read_raw, write_raw

TEXT_ENDINGS = (".gz",)


def run_fix(
    table,
    text_format,
    label,
    choices,
    *,
    target_data,
    output,
    lineage,
    review,
    overwrite,
):
    """Write a mended copy of a file, and what became of each row.

    Parameters
    ----------
    table : Path
    text_format : TextFormat
    label : str or None
    choices : dict
        Options of :func:`fix_table`.
    target_data, output, lineage, review : Path or None
    overwrite : bool
    """
    if choices["conflicts"] not in ("keep", "majority", "drop"):
        raise UsageError("--conflicts must be keep, majority or drop.")
    if label is None and (review or choices["leaky"] or choices["conflicts"] != "keep"):
        raise UsageError("--review, --drop-leaky and --conflicts need --label.")
    output = output or _beside(table, "fixed")
    lineage = lineage or Path(f"{_beside(table, 'lineage', suffix='.csv')}")
    check_outputs([output, lineage, review], [table, target_data])
    for path in (output, lineage, review):
        if path is not None and path.exists() and not overwrite:
            raise UsageError(f"{path} exists: choose another name, or --overwrite.")
    frame = read(table, text_format)
    target = None if target_data is None else read(target_data, text_format)
    fix = fix_table(frame, label, X_target=target, **choices)
    texts = {lineage: to_safe_csv(fix.lineage.to_frame())}
    if review is not None:
        listed = review_table(
            frame,
            label,
            hidden=fix.no_features,
            random_state=choices["random_state"],
        )
        texts[review] = to_safe_csv(listed)
    raw = read_raw(table, **suited(table, text_format))
    _check_alike(raw, frame, table)
    kept = [list(frame.columns).index(name) for name in fix.columns]
    write_raw(
        raw.select(kept).take(np.asarray(fix.rows)),
        output,
        overwrite=overwrite,
        **_writing(output, text_format),
    )
    write_texts(texts)
    show(_said(fix, frame, output, lineage, review))


def _beside(table, word, suffix=None):
    """Name of a new file beside the input: train.csv.gz, train.fixed.csv.gz."""
    name, endings = table.name, "".join(table.suffixes[-1:])
    if endings.lower() in TEXT_ENDINGS:
        endings = "".join(table.suffixes[-2:])
    stem = name.removesuffix(endings)
    return table.with_name(f"{stem}.{word}{suffix or endings}")


def _writing(output, text_format):
    options = {}
    if text_format.delimiter is not None:
        options["delimiter"] = text_format.delimiter
    if not text_format.header:
        options["header"] = False
    return options


def _check_alike(raw, frame, table):
    if raw.num_rows != frame.shape[0] or raw.num_columns != frame.shape[1]:
        raise ValueError(
            f"{table} reads as {frame.shape} with types and as "
            f"{(raw.num_rows, raw.num_columns)} without: report this file."
        )


def _said(fix, frame, output, lineage, review):
    lines = [
        f"{frame.shape[0]} rows, {frame.shape[1]} columns -> "
        f"{fix.rows.shape[0]} rows, {len(fix.columns)} columns",
        *(f"done      {what}" for what in fix.done or ["nothing"]),
        *(f"left      {what}" for what in fix.left),
        f"written   {output}",
        f"written   {lineage}",
    ]
    if review is not None:
        lines.append(f"written   {review}")
    return "\n".join(lines)
