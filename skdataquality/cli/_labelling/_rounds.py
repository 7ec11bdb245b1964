"""Sheets that follow each other on the command line."""

from skdataquality.cli._console import UsageError
from skdataquality.cli._files import check_outputs, check_table_name
from skdataquality.cli._sheets import check_sheet, command_line, files_of, places_of
from skdataquality.utils._shown import wrapped

HOW = (
    "Give {sheet} alone to the person who answers: the name of its column 'answer' "
    "says how to fill it in. Keep {plan} beside it."
)


def check_rounds(command, sheet, verified, *, first, later):
    """Refuse options that make no sense together.

    ``first`` and ``later`` are options that go with --sheet and with --verified.
    """
    if sheet is None and not verified:
        raise UsageError(
            f"{command} needs --sheet FILE, to write a sheet of rows, or --verified "
            f"FILE, to read one that is filled in, or both."
        )
    for options, word, missing in (
        (first, "--sheet", sheet is None),
        (later, "--verified", not verified),
    ):
        asked = [name for name, value in options.items() if value not in (None, False)]
        if missing and asked:
            raise UsageError(f"{asked[0]} goes with {word}.")
    check_sheet(sheet)


def check_files(labeled, sheet, verified, plans, outputs, table):
    """Check, before any work, what is read and written; return what is read."""
    read = [labeled.table, *(plans or [])]
    for path in verified:
        read += files_of(path, None)
    if table is not None:
        check_table_name(table)
    written = [] if sheet is None else places_of(sheet)
    check_outputs([*written, table, *outputs], read, labeled.overwrite)
    return read


def next_name(sheet):
    """Name the sheet after this one: batch1.csv, batch2.csv.

    >>> from pathlib import Path
    >>> [next_name(Path(name)).name for name in ("next.csv", "b9.csv", "2024-q.tsv")]
    ['next2.csv', 'b10.csv', '2024-q2.tsv']
    """
    stem = sheet.stem.rstrip("0123456789")
    number = sheet.stem.removeprefix(stem) or "1"
    return sheet.with_name(f"{stem}{int(number) + 1}{sheet.suffix}")


def following(command, labeled, sheet, plan, *, own, output, of_sheets=()):
    """Say how a sheet is filled in, and what to type then.

    ``own`` are options of this command; ``of_sheets`` those of them that a command
    without a sheet does not take.
    """
    repeated = labeled.repeated | own | labeled.text_format.given()
    go_on = {"verified": sheet, "sheet": next_name(sheet), **repeated}
    stop = {"verified": sheet, "output": output, **repeated}
    stop = {name: value for name, value in stop.items() if name not in of_sheets}
    return [
        *wrapped(HOW.format(sheet=sheet, plan=plan.name)),
        "",
        "Then, for the next sheet:",
        f"  {command_line(command, labeled, go_on)}",
        "or, for the table with the answers:",
        f"  {command_line(command, labeled, stop)}",
    ]
