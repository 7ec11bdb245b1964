"""Commands and their options; errors become one line and an exit code."""

from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

app = typer.Typer(
    help="Diagnose training data, compare remedies, prove that they help.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

INVALID_INPUT = 3


@app.callback()
def skdataquality():
    """Diagnose training data, compare remedies, prove that they help."""


@contextmanager
def _one_line_errors():
    """Turn an unreadable or invalid input into one line on stderr and exit code 3."""
    try:
        yield
    except (OSError, ValueError) as error:
        said = " ".join(str(error).split())
        Console(stderr=True, soft_wrap=True).print(f"error: {said}", markup=False)
        raise typer.Exit(INVALID_INPUT) from None


@app.command()
def demo(
    output: Annotated[
        Path, typer.Option(help="Existing directory for report.json and report.md.")
    ] = Path(),
    seed: Annotated[int, typer.Option(min=0, help="Which rows are corrupted.")] = 0,
):
    """Plant known failures in real data, find them, and compare remedies."""
    from ._demo import run_demo

    with _one_line_errors():
        run_demo(output, seed)
