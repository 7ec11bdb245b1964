"""Arguments and options that several commands share."""

from dataclasses import dataclass
from functools import wraps
from inspect import Signature, signature
from pathlib import Path
from typing import Annotated

import typer

from skdataquality.cli._console import one_line_errors

LARGEST_SEED = 2**32 - 1


@dataclass(frozen=True)
class TextFormat:
    """How a text table is written down."""

    delimiter: str | None = None
    encoding: str = "utf-8"
    header: bool = True

    def given(self):
        """Return the options that were given, by name."""
        plain = vars(TextFormat())
        return {k: v for k, v in vars(self).items() if v != plain[k]}


def _some(jobs):
    if jobs == 0:
        raise typer.BadParameter("0 would do nothing: 1 or more, or -1 for all cores.")
    return jobs


def _task(word):
    if word not in (None, "classification", "regression"):
        raise typer.BadParameter(f"{word!r} is neither classification nor regression.")
    return word


LABEL = typer.Option("--label", "-l", metavar="COLUMN", help="Column of the labels.")
Table = Annotated[
    Path,
    typer.Argument(
        metavar="TABLE",
        help="CSV, TSV, Parquet, Arrow, Feather or JSON lines; text also as .gz.",
        show_default=False,
    ),
]
Depth = Annotated[
    str,
    typer.Option(
        metavar="WORD",
        help="standard, or thorough (five repetitions, labels checked in two rounds).",
    ),
]
Task = Annotated[
    str | None,
    typer.Option(
        metavar="WORD",
        callback=_task,
        help="classification or regression, if labels that are numbers say it wrong.",
    ),
]
Seed = Annotated[
    int,
    typer.Option(
        min=0, max=LARGEST_SEED, metavar="NUMBER", help="For folds and samples."
    ),
]
JsonFile = Annotated[
    Path | None,
    typer.Option(
        "--json", metavar="FILE", help="Write everything as JSON; - is stdout."
    ),
]
MarkdownFile = Annotated[
    Path | None,
    typer.Option("--markdown", metavar="FILE", help="Write the report; - is stdout."),
]
Delimiter = Annotated[
    str | None,
    typer.Option(metavar="CHARACTER", help="Of CSV and TSV, if not comma and tab."),
]
Encoding = Annotated[str, typer.Option(metavar="NAME", help="Of a text file.")]
NoHeader = Annotated[
    bool,
    typer.Option(
        "--no-header",
        help="The first line is data: columns are column_0, column_1, ...",
    ),
]


@dataclass(frozen=True, kw_only=True)
class Examined:
    """A table, its columns, and how to examine it: what several commands are asked."""

    table: Table
    label: Annotated[str, LABEL]
    target_data: Annotated[
        Path | None,
        typer.Option(
            "--target-data",
            metavar="FILE",
            help="Rows from where the model will be used.",
        ),
    ] = None
    source: Annotated[
        list[str] | None,
        typer.Option(
            "--source",
            metavar="COLUMN",
            help="Where rows come from; no feature. Repeatable.",
        ),
    ] = None
    group: Annotated[
        str | None,
        typer.Option(
            "--group",
            metavar="COLUMN",
            help="Rows of one group stay in one fold; no feature.",
        ),
    ] = None
    time: Annotated[
        str | None,
        typer.Option(
            "--time", metavar="COLUMN", help="When rows were made; no feature."
        ),
    ] = None
    id: Annotated[
        list[str] | None,
        typer.Option(
            "--id", metavar="COLUMN", help="Names rows; no feature. Repeatable."
        ),
    ] = None
    task: Task = None
    seed: Seed = 0
    jobs: Annotated[
        int | None,
        typer.Option(metavar="NUMBER", callback=_some, help="Folds in parallel."),
    ] = None
    max_rows: Annotated[
        int,
        typer.Option(
            min=100, metavar="NUMBER", help="Rows that models see, drawn at random."
        ),
    ] = 50_000
    delimiter: Delimiter = None
    encoding: Encoding = "utf-8"
    no_header: NoHeader = False

    @property
    def text_format(self):
        """How the files are written down."""
        return TextFormat(self.delimiter, self.encoding, not self.no_header)

    @property
    def choices(self):
        """Options of :func:`diagnose`, by their names there."""
        return {
            "sources": self.source or [],
            "groups": self.group,
            "time": self.time,
            "task": self.task,
            "ids": self.id or [],
            "max_rows": self.max_rows,
            "n_jobs": self.jobs,
            "random_state": self.seed,
        }


def examines(*, max_rows=50_000):
    """Make a command of a function that takes :class:`Examined` and its own options."""

    def decorate(function):
        shared = dict(signature(Examined).parameters)
        shared["max_rows"] = shared["max_rows"].replace(default=max_rows)
        table, label, *others = shared.values()
        _, *own = signature(function).parameters.values()

        @wraps(function)
        @one_line_errors()
        def command(**given):
            function(Examined(**{name: given.pop(name) for name in shared}), **given)

        own = [option.replace(kind=option.KEYWORD_ONLY) for option in own]
        options = Signature([table, label, *own, *others])
        command.__signature__ = options  # type: ignore[attr-defined]
        return command

    return decorate
