"""The commands select, query and review, and their options."""

import re
from pathlib import Path
from typing import Annotated

import typer

from skdataquality.cli import _options as options

SHARE = re.compile(r"(\d+(?:\.\d+)?)\s*%")


def _how_many(text):
    """Read a number of rows, or a share such as 5%."""
    match = SHARE.fullmatch(str(text).strip())
    if match is not None and 0 < float(match[1]) <= 100:
        return float(match[1]) / 100
    if not (str(text).strip().isdecimal() and int(text) > 0):
        raise typer.BadParameter(f"{text!r} is no number of rows, nor a share as 5%.")
    return int(text)


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


@options.asks(options.PoolAlone)
def select(
    pool,
    embedding: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATTERN",
            help='Columns of the embedding, such as "e*", or one of lists; else all '
            "numbers, scaled. Repeatable.",
        ),
    ] = None,
    rows: Annotated[
        float | None,
        typer.Option(
            "-n",
            "--rows",
            metavar="NUMBER",
            parser=_how_many,
            help="Rows to select, or a share of the pool, such as 5%; else 10%.",
        ),
    ] = None,
    selected: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="Selected before: an earlier output (repeatable, to name all of "
            "them), or rows of another table.",
        ),
    ] = None,
    weight: Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help="How much a row is wanted, 0 or more."),
    ] = None,
    balance: Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help="Its values get equal shares, or --share."),
    ] = None,
    share: Annotated[
        list[str] | None,
        typer.Option(
            metavar="VALUE=SHARE",
            help='Of a value of --balance; "input" for those of the pool. Repeatable.',
        ),
    ] = None,
    min_distance: Annotated[
        float,
        typer.Option(min=0, metavar="NUMBER", help="Nothing nearer to a selected row."),
    ] = 0.0,
    typicality: Annotated[
        float,
        typer.Option(metavar="NUMBER", help="Above 0: fewer outliers."),
    ] = 0.0,
    output: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Selected rows in picking order: a table, or .npy of row numbers.",
        ),
    ] = None,
    json: options.JsonFile = None,
):
    """Select diverse rows, balanced and without copies, from many; no labels needed.

    Says how much of the pool they represent, and how many would be enough.
    """
    from skdataquality.cli._labelling._select import run_select

    run_select(
        pool,
        embedding=embedding,
        rows=rows or 0.1,
        selected=selected or [],
        weight=weight,
        balance=balance,
        share=share,
        min_distance=min_distance,
        typicality=typicality,
        output=output,
        json=json,
    )


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
            help="Marks a row without a label; else an empty cell, or -1 among whole "
            "numbers. The word none: empty cells alone.",
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


@options.asks(options.Reviewed)
def review(
    reviewed,
    batch: Annotated[
        int | None,
        typer.Option(
            "--batch", "-n", min=1, metavar="NUMBER", help="Rows to check; else 50."
        ),
    ] = None,
    sheet: Sheet = None,
    verified: Sheets = None,
    plan: Plans = None,
    blank: options.Blank = None,
    output: Labelled = None,
    cost: Annotated[
        float,
        typer.Option(
            min=0,
            max=1,
            metavar="SHARE",
            help="It no longer pays if fewer of the next rows are wrong.",
        ),
    ] = 0.05,
    random_share: Annotated[
        float,
        typer.Option(
            min=0, max=1, metavar="SHARE", help="Of the rows, drawn at random."
        ),
    ] = 0.08,
    json: options.JsonFile = None,
):
    """Check the labels that look wrong, batch by batch, until it no longer pays.

    First with --sheet, which writes rows for a person to check. Then with --verified,
    which reads it, and --sheet for the next batch, --output for the corrected table, or
    both. Says how many wrong labels remain. The input is never touched.
    """
    from skdataquality.cli._labelling._review import run_review

    run_review(
        reviewed,
        batch=batch,
        sheet=sheet,
        verified=verified or [],
        plans=plan,
        blank=blank,
        output=output,
        cost=cost,
        random_share=random_share,
        json=json,
    )
