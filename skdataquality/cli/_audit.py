"""The command ``audit``."""

from skdataquality.cli._console import UsageError, show
from skdataquality.cli._diagnose import check_depth
from skdataquality.cli._files import (
    STDOUT,
    check_outputs,
    read_both,
    suited,
    write_texts,
)
from skdataquality.cli._sheets import (
    check_blank,
    check_sheet,
    command_line,
    files_of,
    places_of,
    texts_of,
    what_to_do,
)
from skdataquality.report._json import to_json
from skdataquality.workflows import audit_table

ROWS = 100


def run_audit(examined, depth, *, rows, sheet, verified, plan, blank, json, markdown):
    """Write a sheet for a person, or tell the error rate from the filled one."""
    _check(rows, sheet, verified, plan, blank, json, markdown)
    check_depth(depth)
    if sheet is not None:
        _draw(examined, depth, rows or ROWS, sheet)
        return
    read = [*examined.read, *files_of(verified, plan)]
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
    later = {"--plan": plan, "--blank": blank, "--json": json, "--markdown": markdown}
    asked = [name for name, value in later.items() if value is not None]
    if sheet is not None and asked:
        raise UsageError(f"{asked[0]} goes with --verified, not with --sheet.")
    if verified is not None and rows is not None:
        raise UsageError("--rows goes with --sheet: the rows of --verified are drawn.")
    check_sheet(sheet)
    check_blank(blank)


def _draw(examined, depth, rows, sheet):
    """Draw rows and write the sheet and its plan, both or none."""
    check_outputs(places_of(sheet), examined.read, examined.overwrite)
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
    texts = texts_of(examined, sheet, frame, audit.plan, **audit.sheet_options)
    write_texts(texts, read=examined.read, overwrite=examined.overwrite)
    options = {"verified": sheet, "source": examined.source}
    options |= suited(examined.table, examined.text_format)
    following = command_line("audit", examined, options)
    show("\n".join([str(audit), "", *what_to_do(sheet, following)]))
