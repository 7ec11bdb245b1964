"""What goes to the terminal: results to stdout, all else to stderr."""

import os
import re
import sys
import traceback
import warnings
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.text import Text

from skdataquality.utils._printable import printable, without_controls
from skdataquality.utils._shown import WIDTH

INVALID_USE, INVALID_INPUT, BUG, INTERRUPTED = 2, 3, 70, 130
COLOURS = {
    "found": "bold red",
    "suspect": "yellow",
    "cannot tell": "cyan",
    "clear": "green",
    "Confirmed": "bold",
    "Refuted": "bold",
    "FAIL": "bold red",
    "CANNOT TELL": "cyan",
    "PASS": "green",
}
NOT_FOR_USERS = (DeprecationWarning, PendingDeprecationWarning, FutureWarning)


# how the command line passes what a message asks for
OPTIONS = {
    r"\bheader=False": "--no-header",
    r"\boverwrite=True": "--overwrite",
    r"\b(leaky|identifiers)=True": r"--drop-\1",
    r"\bembedding='([^']*)'": r"--embedding '\1'",
    r"\bembedding=": "--embedding ",
    r"\bbalance='([^']*)'": r"--balance '\1'",
    r"\bweights='([^']*)'": r"--weight '\1'",
    r"\bn_select=": "-n ",
    r"\bnew_labels=True": "--new-labels",
    r"\bunlabeled=False": "--unlabeled none",
    r"\bunlabeled=": "--unlabeled ",
    r"\bencoding='([^']+)'": r"--encoding \1",
    r"\b(delimiter|quoting|decimal|thousands)=": r"--\1 ",
    # commands read files whole
    r", or (pass )?max_rows( \(or fewer\))? for a sample": "",
    r"\bmax_(bytes|rows)=": r"--max-\1 ",
    r"\bmax_bytes\b": "--max-bytes",
    r"\bgroups=": "--group ",
    r"\bplan=": "--plan ",
    r"\bX_pool\b": "--pool",
    r"\bvotes_columns=": "--votes-columns ",
    r"\bmissing_label=None": "--missing-label none",
    r"\bmissing_label=": "--missing-label ",
    r"\bblank='([^']*)'": r"--blank \1",
    r"\btask='([^']+)'": r"--task \1",
    r"\bvotes=(?=')": "--annotator ",
    r"\bscoring='([^']+)'": r"--scoring \1",
    r"\bpos_label='([^']+)'": r"--pos-label '\1'",
    r"\bpos_label=": "--pos-label ",
    r"\bpos_label\b": "--pos-label",
}
LISTS = {"keep_words": "--keep-words", "ids": "--id", "sources": "--source"}
AMOUNT = re.compile(r"(?<!\S)\d+(\.\d+)?(?=%?(\s|$))")  # no name, nothing quoted
IN_LIST = re.compile(rf"\b({'|'.join(LISTS)})=\[([^\[\]]*)\]")


class UsageError(ValueError):
    """The command line asks for something that makes no sense."""


class Output(Console):
    """stdout, of which a reader may have seen enough: the exit code stays."""

    def on_broken_pipe(self):
        self.quiet = True
        _discard_stdout()


def show(text):
    """Print a finished text; verdicts are coloured on a terminal, nothing else."""
    encoding = sys.stdout.encoding or "utf-8"
    clean = "\n".join(without_controls(line) for line in text.rstrip("\n").split("\n"))
    coloured = Text(clean.encode(encoding, "replace").decode(encoding))
    for word, colour in COLOURS.items():
        coloured.highlight_regex(rf"(?m)(?:^|(?<=[:.] )){word}\b", colour)
    Output(width=WIDTH, soft_wrap=True, highlight=False).print(coloured)


def hand_over(text):
    """Write a document to stdout, in UTF-8 as in a file."""
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _discard_stdout()


def _discard_stdout():
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())


def tell(text):
    """Print a line for the person who waits, on stderr."""
    _tell(printable(text))


def _tell(line):
    Console(stderr=True, soft_wrap=True, highlight=False, emoji=False).print(
        line, markup=False
    )


def spoken(text):
    """Say in options what a sentence says in arguments of Python."""
    for argument, option in OPTIONS.items():
        text = re.sub(argument, option, text)

    def repeated(match):
        option = LISTS[match[1]]
        return " ".join(f"{option} {name}" for name in match[2].split(", "))

    return IN_LIST.sub(repeated, text)


@contextmanager
def one_line_errors():
    """Turn what goes wrong into one line on stderr and an exit code.

    2: wrong use, 3: invalid input, 70: a defect of ours, 130: interrupted. Without an
    error, warnings are a line each.
    """
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        for category in NOT_FOR_USERS:
            warnings.simplefilter("ignore", category)
        # a suspicion of scikit-learn's that the diagnosis settles
        warnings.filterwarnings("ignore", "The number of unique classes")
        try:
            yield
        except (UsageError, ImportError, FileExistsError) as error:
            _stop(error, INVALID_USE)
        except (OSError, ValueError, MemoryError) as error:
            _stop(error, INVALID_INPUT)
        except KeyboardInterrupt:
            tell("interrupted: nothing was written")
            raise typer.Exit(INTERRUPTED) from None
        except typer.Exit:
            _warn(caught)
            raise
        except Exception as error:
            for line in traceback.format_exc().split("\n"):
                _tell(without_controls(line))
            _stop(error, BUG, "this is a defect of skdataquality, please report it: ")
        else:
            _warn(caught)


def _warn(caught):
    """Tell each warning once, and one of those alike but for amounts, as of folds."""
    alike: dict[str, list[str]] = {}
    for message in dict.fromkeys(str(w.message) for w in caught):
        alike.setdefault(AMOUNT.sub("0", message), []).append(message)
    for first, *others in alike.values():
        more = f" ({len(others)} more like this, in other numbers)" if others else ""
        tell(f"warning: {spoken(first)}{more}")


def _stop(error, code, why=""):
    tell(f"error: {why}{spoken(str(error) or type(error).__name__)}")
    raise typer.Exit(code) from None
