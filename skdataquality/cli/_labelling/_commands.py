"""The commands select, query and review, and their options."""

from pathlib import Path
from typing import Annotated

import typer

from skdataquality.cli import _options as options

Number = Annotated[
    int | None,
    typer.Option(
        "-n", "--rows", min=1, metavar="NUMBER", help="Rows to label next; else 50."
    ),
]
Sheet = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Write the next rows here, as CSV to fill in."),
]
Sheets = Annotated[
    list[Path] | None,
    typer.Option(
        "--verified",
        metavar="FILE",
        help="A sheet, filled in; it remembers those before it. Repeatable.",
    ),
]
Plans = Annotated[
    list[Path] | None,
    typer.Option(
        "--plan",
        metavar="FILE",
        help="Plan of the sheet, if it is not beside it. Repeatable.",
    ),
]
Labelled = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Write the table with the answers filled in."),
]


@options.asks(options.PartLabeled)
def query(
    labeled,
    rows: Number = None,
    sheet: Sheet = None,
    verified: Sheets = None,
    plan: Plans = None,
    output: Labelled = None,
    new_labels: Annotated[
        bool,
        typer.Option(
            "--new-labels", help="Answers may be labels that no row has, not typos."
        ),
    ] = False,
    unlabeled: Annotated[
        str | None,
        typer.Option(
            metavar="LABEL",
            help="Marks a row without a label, such as -1; none if only empty cells.",
        ),
    ] = None,
    cold_start: Annotated[
        str,
        typer.Option(
            metavar="WORD",
            help="While no model can choose: typicality, coverage or random.",
        ),
    ] = "typicality",
    json: options.JsonFile = None,
):
    """Choose the rows without a label that a person should label next.

    First with --sheet, which writes them with an empty column. Then with --verified,
    which reads it, and --output, --sheet for the next rows, or both. The input is never
    touched.
    """
    from skdataquality.cli._labelling._query import run_query

    run_query(
        labeled,
        rows=rows,
        sheet=sheet,
        verified=verified or [],
        plans=plan,
        output=output,
        new_labels=new_labels,
        unlabeled=unlabeled,
        cold_start=cold_start,
        json=json,
    )
