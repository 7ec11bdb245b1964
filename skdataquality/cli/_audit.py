"""The command ``audit``."""

import shlex

from skdataquality.cli._console import UsageError, show
from skdataquality.cli._diagnose import check_depth
from skdataquality.cli._files import (
    STDOUT,
    check_outputs,
    read_both,
    suited,
    write_texts,
)
from skdataquality.report._json import to_json
from skdataquality.report._sheets import check_sheet_name, plan_place, sheet_texts
from skdataquality.report._sheets._grid import DELIMITERS
from skdataquality.report._width import wrapped
from skdataquality.tables._formats import existing_file
from skdataquality.workflows import audit_table

ROWS = 100
BLANKS = (None, "right", "unanswered")
FILL_IN = (
    "Give {sheet} alone to the person who checks: how to answer is the name of the "
    "column 'answer'. Who stops early goes from the top. Keep {plan} beside it."
)


def run_audit(examined, depth, *, rows, sheet, verified, plan, blank, json, markdown):
    """Write a sheet for a person, or tell the error rate from the filled one."""
    _check(rows, sheet, verified, plan, blank, json, markdown)
    check_depth(depth)
    if sheet is not None:
        _draw(examined, depth, rows or ROWS, sheet)
        return
    beside = plan_place(verified)
    read = [*examined.read, existing_file(verified), plan]
    read += [beside] if beside.is_file() else []
    check_outputs([json, markdown], read, examined.overwrite)
    frame, _ = read_both(examined.read, examined.text_format, examined.label)
    audit = audit_table(
        frame,
        examined.label,
        verified=verified,
        plan=plan,
        blank=blank,
        sources=examined.source,
    )
    texts = {}
    if json is not None:
        texts[json] = to_json(audit.to_dict())
    if markdown is not None:
        texts[markdown] = audit.to_markdown()
    write_texts(texts, read=read, overwrite=examined.overwrite)
    if STDOUT not in texts:
        show(str(audit))


def _check(rows, sheet, verified, plan, blank, json, markdown):
    if (sheet is None) == (verified is None):
        raise UsageError(
            "audit needs --sheet FILE, to write a sheet of rows to check, or "
            "--verified FILE, to read it once it is filled in: one of the two."
        )
    if sheet == STDOUT:
        raise UsageError("--sheet is a file, with its plan beside it: not stdout.")
    later = {"--plan": plan, "--blank": blank, "--json": json, "--markdown": markdown}
    asked = [name for name, value in later.items() if value is not None]
    if sheet is not None and asked:
        raise UsageError(f"{asked[0]} goes with --verified, not with --sheet.")
    if verified is not None and rows is not None:
        raise UsageError("--rows goes with --sheet: the rows of --verified are drawn.")
    if blank not in BLANKS:
        raise UsageError(f"--blank {blank} must be right or unanswered.")


def _draw(examined, depth, rows, sheet):
    """Draw rows and write the sheet and its plan, both or none."""
    check_sheet_name(sheet)
    place = plan_place(sheet)
    check_outputs([sheet, place], examined.read, examined.overwrite)
    frame, target = read_both(examined.read, examined.text_format, examined.label)
    audit = audit_table(
        frame,
        examined.label,
        n_rows=rows,
        X_target=target,
        depth=depth,
        callbacks="bar",
        **examined.choices,
    )
    written = suited(examined.table, examined.text_format)
    texts = sheet_texts(
        sheet,
        frame,
        audit.plan,
        examined.label,
        delimiter=_delimiter(sheet, written.get("delimiter")),
        decimal=written.get("decimal", "."),
        **audit.sheet_options,
    )
    write_texts(texts, read=examined.read, overwrite=examined.overwrite)
    said = [str(audit), "", *wrapped(FILL_IN.format(sheet=sheet, plan=place.name))]
    show("\n".join([*said, "", "Then:", f"  {_next_command(examined, sheet)}"]))


def _delimiter(sheet, delimiter):
    """Return that of the table, for which the reader's program is set, if it can be."""
    delimiter = "\t" if delimiter == "\\t" else delimiter
    is_tabbed = sheet.suffix.lower() == ".tsv"
    return delimiter if delimiter in tuple(DELIMITERS) and not is_tabbed else None


def _next_command(examined, sheet):
    """Return the command that reads the sheet, and the table as it was read."""
    words = ["skdataquality", "audit", str(examined.table), "--label", examined.label]
    words += ["--verified", str(sheet)]
    for name in examined.source or ():
        words += ["--source", name]
    for option, value in suited(examined.table, examined.text_format).items():
        if option == "header":
            words.append("--no-header")
            continue
        values = value if isinstance(value, tuple) else [value]
        for one in values:
            words += [f"--{option.replace('_', '-')}", str(one)]
    return shlex.join(words)
