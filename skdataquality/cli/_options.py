"""Arguments and options that several commands share."""

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
from skdataquality.cli._written import Written

LARGEST_SEED = 2**32 - 1
ROWS_COMPARED = 10_000
ROWS_SEEN = 50_000


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
Jobs = Annotated[
    int | None,
    typer.Option(metavar="NUMBER", callback=_some, help="Folds in parallel."),
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


@dataclass(frozen=True, kw_only=True)
class AskedOfRows:
    """A table, columns that are no features, and the model."""

    table: Table
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
    estimator: Annotated[
        ImportedEstimator | None,
        typer.Option(
            metavar="MODULE:OBJECT",
            parser=imported_estimator,
            help="The model, imported; a class or function is called.",
        ),
    ] = None
    seed: Seed = 0
    max_rows: Annotated[
        int,
        typer.Option(
            min=100, metavar="NUMBER", help="Rows that models see, drawn at random."
        ),
    ] = ROWS_SEEN

    @property
    def read(self) -> tuple[Path, Path | None]:
        """The files that are read; the second may be None."""
        return self.table, None

    @property
    def roles(self):
        """Columns that are no features, by the names of :func:`diagnose`."""
        return {
            "sources": self.source or [],
            "groups": self.group,
            "time": self.time,
            "ids": self.id or [],
        }

    @property
    def choices(self):
        """Options of :func:`diagnose`, by their names there."""
        return self.roles | {
            "estimator": self.estimator and self.estimator.estimator,
            "max_rows": self.max_rows,
            "random_state": self.seed,
        }

    @property
    def repeated(self):
        """The options that were given, as another command is to repeat them."""
        estimator = self.estimator
        return {
            "source": self.source,
            "group": self.group,
            "time": self.time,
            "id": self.id,
            "estimator": estimator and f"{estimator.module}:{estimator.name}",
            "seed": self.seed or None,
            "max_rows": None if self.max_rows == ROWS_SEEN else self.max_rows,
        }


@dataclass(frozen=True, kw_only=True)
class Asked(AskedOfRows):
    """Tables, their columns and the model."""

    target_data: Annotated[
        Path | None,
        typer.Option(
            "--target-data",
            metavar="FILE",
            help="Rows from where the model will be used.",
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
    jobs: Jobs = None

    @property
    def read(self) -> tuple[Path, Path | None]:
        """The files that are read; the second may be None."""
        return self.table, self.target_data

    @property
    def roles(self):
        """Columns that are no features, by the names of :func:`diagnose`."""
        return super().roles | {"votes": self.annotator}

    @property
    def choices(self):
        """Options of :func:`diagnose`, by their names there."""
        return super().choices | {"task": self.task, "n_jobs": self.jobs}


@dataclass(frozen=True, kw_only=True)
class Tables(Written, Asked):
    """Tables and how they are written down: what commands are asked."""


@dataclass(frozen=True, kw_only=True)
class Examined(Tables):
    """A table with labels, to be examined."""

    label: Annotated[str, LABEL]


@dataclass(frozen=True, kw_only=True)
class PartLabeled(Written, AskedOfRows):
    """A table of which some rows have a label."""

    label: Annotated[str, LABEL]


@dataclass(frozen=True, kw_only=True)
class Reviewed(PartLabeled):
    """A table whose labels are reviewed."""

    task: Task = None
    jobs: Jobs = None

    @property
    def choices(self):
        """Options of :func:`diagnose`, by their names there."""
        return super().choices | {"task": self.task, "n_jobs": self.jobs}

    @property
    def repeated(self):
        """The options that were given, as another command is to repeat them."""
        return super().repeated | {"task": self.task, "jobs": self.jobs}


@dataclass(frozen=True, kw_only=True)
class Mended(Tables):
    """A table to be mended, with or without labels."""

    label: Annotated[str | None, LABEL] = None


@dataclass(frozen=True, kw_only=True)
class AskedOfPool:
    """Rows to select from."""

    table: Annotated[
        Path,
        typer.Argument(
            metavar="POOL",
            help="A table, or .npy or .npz of NumPy.",
            show_default=False,
        ),
    ]
    id: Annotated[
        list[str] | None,
        typer.Option(
            "--id", metavar="COLUMN", help="Names rows; not in distances. Repeatable."
        ),
    ] = None
    seed: Seed = 0


@dataclass(frozen=True, kw_only=True)
class PoolAlone(Written, AskedOfPool):
    """Rows to select from, and how they are written down."""


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
