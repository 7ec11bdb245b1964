"""Arguments and options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

Table = Annotated[
    Path,
    typer.Argument(
        help="CSV, TSV, Parquet, Arrow, Feather or JSON lines; text also as .gz.",
        show_default=False,
    ),
]
Label = Annotated[str, typer.Option("--label", "-l", help="Column of the labels.")]
MaybeLabel = Annotated[
    str | None, typer.Option("--label", "-l", help="Column of the labels.")
]
TargetFile = Annotated[
    Path | None,
    typer.Option("--target-data", help="Rows from where the model will be used."),
]
Sources = Annotated[
    list[str] | None,
    typer.Option("--source", help="Column that says where rows come from; repeatable."),
]
Group = Annotated[
    str | None, typer.Option("--group", help="Column whose rows stay in one fold.")
]
Time = Annotated[
    str | None, typer.Option("--time", help="Column that says when rows were made.")
]
Ids = Annotated[
    list[str] | None,
    typer.Option("--id", help="Column that identifies rows; repeatable."),
]
Depth = Annotated[str, typer.Option(help="standard or thorough (five repetitions).")]
Seed = Annotated[int, typer.Option(min=0, help="For folds and samples.")]
Jobs = Annotated[int | None, typer.Option(help="Folds in parallel.")]
MaxRows = Annotated[
    int, typer.Option(min=100, help="Rows that models see, drawn at random.")
]
JsonFile = Annotated[
    Path | None, typer.Option("--json", help="Write everything as JSON; - is stdout.")
]
MarkdownFile = Annotated[
    Path | None, typer.Option("--markdown", help="Write the report; - is stdout.")
]
Delimiter = Annotated[
    str | None, typer.Option(help="Of a text file, if not that of its extension.")
]
Encoding = Annotated[str, typer.Option(help="Of a text file.")]
NoHeader = Annotated[
    bool, typer.Option("--no-header", help="The first line is data already.")
]
