"""What goes to the terminal: results to stdout, all else to stderr."""

import sys
import traceback
import warnings
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.text import Text

from skdataquality.report import printable

WIDTH = 80
INVALID_USE, INVALID_INPUT, BUG = 2, 3, 70
COLOURS = {
    "found": "bold red",
    "suspect": "yellow",
    "cannot tell": "cyan",
    "clear": "green",
    "Confirmed": "bold",
    "Refuted": "bold",
    "FAIL": "bold red",
    "PASS": "green",
}


class UsageError(ValueError):
    """The command line asks for something that makes no sense."""


def show(text):
    """Print a finished text; verdicts are coloured on a terminal, nothing else."""
    coloured = Text(text.rstrip("\n"))
    for word, colour in COLOURS.items():
        coloured.highlight_regex(rf"(?m)(^|: ){word}\b", colour)
    Console(width=WIDTH, soft_wrap=True, highlight=False).print(coloured)


def tell(text):
    """Print a line for the person who waits, on stderr."""
    Console(stderr=True, soft_wrap=True, highlight=False).print(
        printable(text), markup=False
    )


@contextmanager
def one_line_errors():
    """Turn what goes wrong into one line on stderr and an exit code.

    2: wrong use, 3: invalid input, 70: a defect of ours. Warnings are a line each.
    """
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        try:
            yield
        except UsageError as error:
            _stop(error, INVALID_USE)
        except ImportError as error:
            _stop(error, INVALID_USE)
        except (OSError, ValueError, MemoryError) as error:
            _stop(error, INVALID_INPUT)
        except typer.Exit:
            raise
        except Exception as error:
            traceback.print_exc(file=sys.stderr)
            _stop(error, BUG, "this is a defect of skdataquality, please report it: ")
        finally:
            for message in dict.fromkeys(str(w.message) for w in caught):
                tell(f"warning: {message}")


def _stop(error, code, why=""):
    said = str(error) or type(error).__name__
    tell(f"error: {why}{said}")
    raise typer.Exit(code) from None
