"""Arguments and options that several commands share."""

import re
from contextlib import nullcontext
from dataclasses import dataclass
from functools import wraps
from inspect import Signature, signature
from pathlib import Path
from typing import Annotated

import typer

from skdataquality.cli._console import one_line_errors
from skdataquality.cli._estimator import ImportedEstimator, imported_estimator
from skdataquality.cli._workers import workers_apart

LARGEST_SEED = 2**32 - 1
ROWS_COMPARED = 10_000


QUOTING = ("auto", "standard", "none")
SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(?:([kmgt])(i?))?b?", re.I)


@dataclass(frozen=True)
class TextFormat:
    """How tables are written down, by the names of :func:`read_table`."""

    delimiter: str | None = None
    encoding: str = "utf-8"
    header: bool = True
    quoting: str = "auto"
    decimal: str | None = None
    thousands: str | None = None
    keep_words: tuple = ()
    max_bytes: int | None = None

    def given(self):
        """Return the options that were given, by name."""
        plain = vars(TextFormat())
        return {k: v for k, v in vars(self).items() if v != plain[k]}


def _some(jobs):
    if jobs == 0:
        raise typer.BadParameter("0 would do nothing: 1 or more, or -1 for all cores.")
    return jobs


def _quoting(word):
    if word not in QUOTING:
        raise typer.BadParameter(f"{word!r} is none of {', '.join(QUOTING)}.")
    return word


def _bytes(text):
    """Read a size such as 500MB, 2GB or 1.5GiB."""
    match = SIZE.fullmatch(text.strip())
    if match is None or not float(match[1]):
        raise typer.BadParameter(f"{text!r} is no size such as 500MB or 2GB.")
    base = 1024 if match[3] else 1000
    power = " kmgt".index((match[2] or " ").lower())
    return int(float(match[1]) * base**power)


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
Verified = Annotated[
    Path | None,
    typer.Option(
        "--verified", metavar="FILE", help="Labels that a person checked: a sheet."
    ),
]
VotesFile = Annotated[
    Path | None,
    typer.Option(
        "--votes",
        metavar="FILE",
        help="Labels of annotators, one a line: row (its number, from 0, or what --id "
        "says), annotator, label.",
    ),
]
VotesColumns = Annotated[
    str | None,
    typer.Option(
        "--votes-columns",
        metavar="NAMES",
        help="The three columns of votes, if not called so: item,worker,answer.",
    ),
]
PoolFile = Annotated[
    Path | None,
    typer.Option(
        "--pool",
        metavar="FILE",
        help="Rows without a label, of which some may be labelled next.",
    ),
]
PlanFile = Annotated[
    Path | None,
    typer.Option(
        "--plan", metavar="FILE", help="Plan of the sheet, if it is not beside it."
    ),
]
Blank = Annotated[
    str | None,
    typer.Option(
        metavar="WORD", help="What an empty answer means: right or unanswered."
    ),
]
Overwrite = Annotated[
    bool, typer.Option("--overwrite", help="Replace files that exist.")
]
Delimiter = Annotated[
    str | None,
    typer.Option(metavar="CHARACTER", help="Of CSV and TSV, if not comma and tab."),
]
Encoding = Annotated[str, typer.Option(metavar="NAME", help="Of a text file.")]
Quoting = Annotated[
    str,
    typer.Option(
        metavar="WORD",
        callback=_quoting,
        help="Whether quotation marks wrap cells: auto, standard or none.",
    ),
]
Decimal = Annotated[
    str | None, typer.Option(metavar="CHARACTER", help="Decimal mark, such as a comma.")
]
Thousands = Annotated[
    str | None,
    typer.Option(metavar="CHARACTER", help="Mark between groups of three digits."),
]
KeepWords = Annotated[
    list[str] | None,
    typer.Option(metavar="COLUMN", help="NA, None, null are values there. Repeatable."),
]
MaxBytes = Annotated[
    int | None,
    typer.Option(
        metavar="SIZE",
        parser=_bytes,
        help="Most that a file may become in memory, such as 2GB.",
    ),
]
NoHeader = Annotated[
    bool,
    typer.Option(
        "--no-header",
        help="The first line is data: columns are column_0, column_1, ...",
    ),
]


@dataclass(frozen=True, kw_only=True)
class Written:
    """How files are written down, and whether results may replace some."""

    delimiter: Delimiter = None
    encoding: Encoding = "utf-8"
    no_header: NoHeader = False
    quoting: Quoting = "auto"
    decimal: Decimal = None
    thousands: Thousands = None
    keep_words: KeepWords = None
    max_bytes: MaxBytes = None
    overwrite: Overwrite = False

    @property
    def text_format(self):
        """How the files are written down."""
        return TextFormat(
            self.delimiter,
            self.encoding,
            not self.no_header,
            self.quoting,
            self.decimal,
            self.thousands,
            tuple(self.keep_words or ()),
            self.max_bytes,
        )


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Tables, their columns and the model."""

    table: Table
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
    annotator: Annotated[
        list[str] | None,
        typer.Option(
            "--annotator",
            metavar="COLUMN",
            help="Labels of one annotator; no feature. Repeatable.",
        ),
    ] = None
    task: Task = None
    estimator: Annotated[
        ImportedEstimator | None,
        typer.Option(
            metavar="MODULE:OBJECT",
            parser=imported_estimator,
            help="The model, imported; a class or function is called.",
        ),
    ] = None
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

    @property
    def read(self) -> tuple[Path, Path | None]:
        """The files that are read; the second may be None."""
        return self.table, self.target_data

    @property
    def roles(self):
        """Columns that are no features, by the names of :func:`diagnose`."""
        return {
            "sources": self.source or [],
            "groups": self.group,
            "time": self.time,
            "ids": self.id or [],
            "votes": self.annotator,
        }

    @property
    def choices(self):
        """Options of :func:`diagnose`, by their names there."""
        return self.roles | {
            "task": self.task,
            "estimator": self.estimator and self.estimator.estimator,
            "max_rows": self.max_rows,
            "n_jobs": self.jobs,
            "random_state": self.seed,
        }


@dataclass(frozen=True, kw_only=True)
class Tables(Written, Asked):
    """Tables and how they are written down: what commands are asked."""


@dataclass(frozen=True, kw_only=True)
class Examined(Tables):
    """A table with labels, to be examined."""

    label: Annotated[str, LABEL]


@dataclass(frozen=True, kw_only=True)
class Mended(Tables):
    """A table to be mended, with or without labels."""

    label: Annotated[str | None, LABEL] = None


@dataclass(frozen=True, kw_only=True)
class AskedOfVotes:
    """A table of votes alone: one a line, or a column for each annotator."""

    table: Table
    annotator: Annotated[
        list[str] | None,
        typer.Option(
            "--annotator",
            metavar="COLUMN",
            help="Labels of one annotator; without, TABLE has a vote a line. "
            "Repeatable.",
        ),
    ] = None
    id: Annotated[
        list[str] | None,
        typer.Option(
            "--id", metavar="COLUMN", help="Names rows in the output. Repeatable."
        ),
    ] = None


@dataclass(frozen=True, kw_only=True)
class VotesAlone(Written, AskedOfVotes):
    """Votes alone, and how they are written down."""


def asks(kind, **defaults):
    """Make a command of a function that takes a `kind` of tables and its own options.

    ``defaults`` are of options of `kind` that this command has otherwise.
    """

    def decorate(function):
        shared = dict(signature(kind).parameters)
        for name, default in defaults.items():
            shared[name] = shared[name].replace(default=default)
        first = [shared[n] for n in ("table", "label") if n in shared]
        others = [option for option in shared.values() if option not in first]
        _, *own = signature(function).parameters.values()

        @wraps(function)
        @one_line_errors()
        def command(**given):
            tables = kind(**{name: given.pop(name) for name in shared})
            jobs = getattr(tables, "jobs", None)
            with workers_apart() if jobs not in (None, 1) else nullcontext():
                function(tables, **given)

        own = [option.replace(kind=option.KEYWORD_ONLY) for option in own]
        options = Signature([*first, *own, *others])
        command.__signature__ = options  # type: ignore[attr-defined]
        return command

    return decorate
