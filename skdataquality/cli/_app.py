"""Commands and their options; what they do stands elsewhere."""

from pathlib import Path
from typing import Annotated

import typer

from skdataquality.cli import _options as options
from skdataquality.cli._console import one_line_errors
from skdataquality.cli._labelling._commands import query, review, select
from skdataquality.cli._written import Overwrite

app = typer.Typer(
    help="Diagnose training data, compare remedies, prove that they help.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def skdataquality():
    """Diagnose training data, compare remedies, prove that they help."""


@app.command()
@options.asks(options.Examined)
def diagnose(
    examined,
    json: options.JsonFile = None,
    markdown: options.MarkdownFile = None,
    depth: options.Depth = "standard",
    verified: options.Verified = None,
    plan: options.PlanFile = None,
    blank: options.Blank = None,
    votes: options.VotesFile = None,
    votes_columns: options.VotesColumns = None,
    pool: options.PoolFile = None,
    prior: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LABEL=SHARE",
            help="Share of a class where the model will be used. Repeatable.",
        ),
    ] = None,
):
    """Say which failure is present, how large, how sure, and what to do.

    The exit code is 0 whatever is found.
    """
    from skdataquality.cli._diagnose import run_diagnose
    from skdataquality.cli._sheets import Filled
    from skdataquality.cli._votes import Voted

    run_diagnose(
        examined,
        depth,
        prior=prior,
        pool=pool,
        filled=Filled(verified, plan, blank),
        voted=Voted(votes, votes_columns),
        json=json,
        markdown=markdown,
    )


@app.command()
@options.asks(options.Examined, max_rows=options.ROWS_COMPARED)
def compare(
    examined,
    scoring: Annotated[
        list[str] | None,
        typer.Option(
            metavar="METRIC",
            help="As scikit-learn names it; the first decides. Repeatable.",
        ),
    ] = None,
    pos_label: Annotated[
        str | None,
        typer.Option(metavar="CLASS", help="What f1, precision, recall are about."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Write the winner as a Python program; - is stdout."
        ),
    ] = None,
    cv: Annotated[
        int | None,
        typer.Option(
            min=2,
            metavar="NUMBER",
            help="Folds, once; else ten, repeated until small gains show.",
        ),
    ] = None,
    verify: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="NUMBER",
            help="Rows to check by hand, those on which the verdict hangs.",
        ),
    ] = None,
    sheet: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write these rows here, as CSV to fill in."),
    ] = None,
    verified: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="The sheet, filled in: judge on the true labels."
        ),
    ] = None,
    plan: options.PlanFile = None,
    blank: options.Blank = None,
    json: options.JsonFile = None,
    markdown: options.MarkdownFile = None,
):
    """Cross-validate the suggested and the usual remedies; name the winner.

    "nothing" is always a candidate. Leaking columns are left out for all. Labels that
    validate may be wrong: --verify with --sheet writes rows for a person to check, and
    --verified, with the same options, judges on the true labels.
    """
    from skdataquality.cli._compare import run_compare
    from skdataquality.cli._proof import Proof

    run_compare(
        examined,
        Proof(verify, sheet, verified, plan, blank),
        scoring=scoring,
        pos_label=pos_label,
        cv=cv,
        output=output,
        json=json,
        markdown=markdown,
    )


@app.command()
@options.asks(options.Mended)
def fix(
    mended,
    output: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="New table; else NAME.fixed beside the input."
        ),
    ] = None,
    lineage: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="What became of each row; else NAME.lineage.csv."
        ),
    ] = None,
    drop_leaky: Annotated[
        bool, typer.Option("--drop-leaky", help="Drop columns that give the answer.")
    ] = False,
    drop_identifiers: Annotated[
        bool, typer.Option("--drop-identifiers", help="Drop columns that name rows.")
    ] = False,
    drop_near: Annotated[
        bool, typer.Option("--drop-near", help="Drop near duplicates of equal label.")
    ] = False,
    drop_repeats: Annotated[
        bool,
        typer.Option(
            "--drop-repeats",
            help="Drop equal rows also if by chance, or written differently.",
        ),
    ] = False,
    conflicts: Annotated[
        str,
        typer.Option(
            metavar="WORD", help="Equal rows, other labels: keep, majority or drop."
        ),
    ] = "keep",
    review: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="List all flagged labels here; none is changed."
        ),
    ] = None,
    depth: options.Depth = "standard",
    verified: options.Verified = None,
    plan: options.PlanFile = None,
    blank: options.Blank = None,
):
    """Mend what has one defensible answer, in a new file.

    That is: labels that a person has corrected, exact copies of whole rows, and
    leftover index columns. The rest is done only when named by an option; rows that
    target data hold are dropped too. The input is never touched.
    """
    from skdataquality.cli._fix import run_fix
    from skdataquality.cli._sheets import Filled

    run_fix(
        mended,
        {
            "leaky": drop_leaky,
            "identifiers": drop_identifiers,
            "near": drop_near,
            "repeats": drop_repeats,
            "conflicts": conflicts,
        },
        depth,
        output=output,
        lineage=lineage,
        review=review,
        filled=Filled(verified, plan, blank),
    )


@app.command()
@options.asks(options.Examined)
def gate(
    examined,
    fail_if: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CONDITION",
            help='Such as "label_error_rate.lower > 0.05". Repeatable.',
        ),
    ] = None,
    junit: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the outcome as JUnit XML."),
    ] = None,
    json: options.JsonFile = None,
    depth: options.Depth = "standard",
    verified: options.Verified = None,
    plan: options.PlanFile = None,
    blank: options.Blank = None,
    votes: options.VotesFile = None,
    votes_columns: options.VotesColumns = None,
):
    """Fail if the data are worse than allowed: a check for continuous integration.

    Exit codes: 0 passed, 1 failed, 2 wrong use, 3 invalid input, 4 not computable.
    """
    from skdataquality.cli._gate import run_gate
    from skdataquality.cli._sheets import Filled
    from skdataquality.cli._votes import Voted

    run_gate(
        examined,
        depth,
        conditions=fail_if or [],
        filled=Filled(verified, plan, blank),
        voted=Voted(votes, votes_columns),
        json=json,
        junit=junit,
    )


@app.command()
@options.asks(options.Examined)
def audit(
    examined,
    rows: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="NUMBER",
            help="Rows to check by hand; else 100.",
        ),
    ] = None,
    sheet: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Write the rows to check here, as CSV to fill in."
        ),
    ] = None,
    verified: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The sheet, filled in: tell the error rate."),
    ] = None,
    plan: options.PlanFile = None,
    blank: options.Blank = None,
    json: options.JsonFile = None,
    markdown: options.MarkdownFile = None,
    depth: options.Depth = "standard",
):
    """Measure how many labels are wrong, from rows that a person checks.

    First with --sheet, which writes a sheet and its plan; then with --verified.
    """
    from skdataquality.cli._audit import run_audit

    run_audit(
        examined,
        depth,
        rows=rows,
        sheet=sheet,
        verified=verified,
        plan=plan,
        blank=blank,
        json=json,
        markdown=markdown,
    )


@app.command()
@options.asks(options.VotesAlone)
def consensus(
    voted,
    output: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write label, quality, and whether to ask again, as CSV; - is stdout.",
        ),
    ] = None,
    json: options.JsonFile = None,
    votes_columns: options.VotesColumns = None,
    missing_label: Annotated[
        str | None,
        typer.Option(
            metavar="LABEL",
            help="No vote, beside empty cells, such as -1 or unsure; or none.",
        ),
    ] = None,
):
    """Find labels from votes of annotators, and say how good both are.

    TABLE has a vote in each line (row, annotator, label), or, with --annotator, a
    column for each annotator. Only votes are used: diagnose, with the label that was
    chosen, looks at features too.
    """
    from skdataquality.cli._votes._consensus import run_consensus

    run_consensus(
        voted,
        votes_columns=votes_columns,
        missing_label=missing_label,
        output=output,
        json=json,
    )


for command in (select, query, review):
    app.command()(command)


@app.command()
def demo(
    output: Annotated[
        Path,
        typer.Option(
            metavar="FOLDER", help="Existing directory for report.json and report.md."
        ),
    ] = Path(),
    overwrite: Overwrite = False,
    seed: options.Seed = 0,
):
    """Plant known failures in real data, diagnose them, and prove which remedy helps.

    Its report replaces that of an earlier demo, if that is as the demo left it.
    """
    from skdataquality.cli._demo import run_demo

    with one_line_errors():
        run_demo(output, seed, overwrite=overwrite)
