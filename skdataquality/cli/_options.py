"""Arguments and options that several commands share."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

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


Table = Annotated[
    Path,
    typer.Argument(
        metavar="TABLE",
        help="CSV, TSV, Parquet, Arrow, Feather or JSON lines; text also as .gz.",
        show_default=False,
    ),
]
Label = Annotated[
    str,
    typer.Option("--label", "-l", metavar="COLUMN", help="Column of the labels."),
]
MaybeLabel = Annotated[
    str | None,
    typer.Option("--label", "-l", metavar="COLUMN", help="Column of the labels."),
]
TargetFile = Annotated[
    Path | None,
    typer.Option(
        "--target-data",
        metavar="FILE",
        help="Rows from where the model will be used.",
    ),
]
Sources = Annotated[
    list[str] | None,
    typer.Option(
        "--source",
        metavar="COLUMN",
        help="Where rows come from; no feature. Repeatable.",
    ),
]
Group = Annotated[
    str | None,
    typer.Option(
        "--group",
        metavar="COLUMN",
        help="Rows of one group stay in one fold; no feature.",
    ),
]
Time = Annotated[
    str | None,
    typer.Option("--time", metavar="COLUMN", help="When rows were made; no feature."),
]
Ids = Annotated[
    list[str] | None,
    typer.Option("--id", metavar="COLUMN", help="Names rows; no feature. Repeatable."),
]
Depth = Annotated[
    str,
    typer.Option(
        metavar="WORD",
        help="standard, or thorough (five repetitions, labels checked in two rounds).",
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
MaxRows = Annotated[
    int,
    typer.Option(
        min=100, metavar="NUMBER", help="Rows that models see, drawn at random."
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
