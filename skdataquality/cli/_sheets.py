"""Sheets on the command line: written for a person, read once they are filled in."""

import shlex
from dataclasses import dataclass
from pathlib import Path

from skdataquality import report
from skdataquality.cli._console import UsageError
from skdataquality.cli._files import STDOUT, suited
from skdataquality.report._sheets import check_sheet_name, plan_place, sheet_texts
from skdataquality.report._sheets._grid import DELIMITERS
from skdataquality.tables._formats import existing_file
from skdataquality.utils._shown import wrapped

BLANKS = (None, "right", "unanswered")
FILL_IN = (
    "Give {sheet} alone to the person who checks: the name of its column 'answer' says "
    "how to fill it in. Who stops early goes from the top. Keep {plan} beside it."
)


@dataclass(frozen=True)
class Filled:
    """A sheet that a person has filled in, or none: options of a command."""

    verified: Path | None
    plan: Path | None = None
    blank: str | None = None

    def check(self):
        """Refuse options that make no sense together."""
        for name, value in {"--plan": self.plan, "--blank": self.blank}.items():
            if value is not None and self.verified is None:
                raise UsageError(f"{name} goes with --verified.")
        check_blank(self.blank)

    def files(self):
        """Return the files that are read."""
        return [] if self.verified is None else files_of(self.verified, self.plan)

    def read(self, frame):
        """Return the verified labels of a table, None without a sheet."""
        if self.verified is None:
            return None
        path = existing_file(self.verified)
        return report.read_verified(path, frame, plan=self.plan, blank=self.blank)


def check_sheet(sheet):
    """Refuse a sheet that is no file."""
    if sheet == STDOUT:
        raise UsageError("--sheet is a file, with its plan beside it: not stdout.")


def check_blank(blank):
    """Refuse a word that says nothing of blanks."""
    if blank not in BLANKS:
        raise UsageError(f"--blank {blank} must be right or unanswered.")


def places_of(sheet):
    """Return where a sheet and its plan are written."""
    check_sheet_name(sheet)
    return [sheet, plan_place(sheet)]


def files_of(verified, plan):
    """Return the files in which a filled sheet and its plan are read."""
    beside = plan_place(verified)
    found = [beside] if beside.is_file() else []
    return [existing_file(verified), *([] if plan is None else [plan]), *found]


def texts_of(examined, sheet, frame, plan, **options):
    """Return the texts of a sheet and its plan, written down as the table is."""
    written = suited(examined.table, examined.text_format)
    return sheet_texts(
        sheet,
        frame,
        plan,
        examined.label,
        delimiter=_delimiter(sheet, written.get("delimiter")),
        decimal=written.get("decimal", "."),
        **options,
    )


def _delimiter(sheet, delimiter):
    """Return that of the table, for which the reader's program is set, if it can be."""
    delimiter = "\t" if delimiter == "\\t" else delimiter
    is_tabbed = sheet.suffix.lower() == ".tsv"
    return delimiter if delimiter in tuple(DELIMITERS) and not is_tabbed else None


def what_to_do(sheet, command):
    """Say how a sheet is filled in, and what to type then."""
    said = wrapped(FILL_IN.format(sheet=sheet, plan=plan_place(sheet).name))
    return [*said, "", "Then:", f"  {command}"]


def command_line(command, examined, options):
    """Return a command on the same table, with options by their names in Python.

    An option that is None, False or empty is left out, a sequence repeats it.
    """
    words = ["skdataquality", command, str(examined.table), "--label", examined.label]
    for option, value in options.items():
        if option == "header":  # given only where there is none
            option, value = "no_header", True
        name = f"--{option.replace('_', '-')}"
        if value is True:
            words.append(name)
        elif value is not None and value is not False:
            values = value if isinstance(value, list | tuple) else [value]
            for one in values:
                words += [name, str(one)]
    return shlex.join(words)
