"""Tables in, reports out: nothing is written before everything is known."""

import os
import secrets
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from skdataquality.cli._console import UsageError
from skdataquality.summary import read_table

STDOUT = Path("-")


@dataclass(frozen=True)
class TextFormat:
    """How a text table is written down."""

    delimiter: str | None = None
    encoding: str = "utf-8"
    header: bool = True

    def options(self):
        """Return the options as the readers take them."""
        return vars(self) | {}


def read(path, text_format, *, text_columns=()):
    """Read a table for a model, with the text options that suit its format."""
    return read_table(path, text_columns=text_columns, **suited(path, text_format))


def suited(path, text_format):
    """Return the text options that were given and that suit the format of a file."""
    plain = TextFormat().options()
    given = {k: v for k, v in text_format.options().items() if v != plain[k]}
    is_text = str(path).lower().endswith((".csv", ".tsv", ".csv.gz", ".tsv.gz"))
    return given if is_text else {}


def check_outputs(paths, inputs):
    """Refuse, before any work, an output that cannot be written or is an input.

    Parameters
    ----------
    paths : list of Path or None
    inputs : list of Path or None
    """
    read_from = {os.path.realpath(path) for path in inputs if path is not None}
    written = [path for path in paths if path is not None and path != STDOUT]
    real = [os.path.realpath(path) for path in written]
    for path, target in zip(written, real, strict=True):
        if target in read_from:
            raise UsageError(f"{path} is an input: it is never overwritten.")
        if real.count(target) > 1:
            raise UsageError(f"{path} is named as two outputs.")
        folder = Path(target).parent
        if Path(target).is_dir():
            raise OSError(f"{path} is a directory: pass the name of a file.")
        if not folder.is_dir():
            raise OSError(f"{path} cannot be written: {folder} does not exist.")
        if not os.access(folder, os.W_OK):
            raise OSError(f"{path} cannot be written: no right to write in {folder}.")
    if list(paths).count(STDOUT) > 1:
        raise UsageError("only one output can go to stdout.")


def write_texts(texts):
    """Write every text to its path, or none: files appear once all are complete.

    Parameters
    ----------
    texts : dict of Path to str
        ``Path("-")`` is stdout.
    """
    with _all_or_nothing() as place:
        for path, text in texts.items():
            if path != STDOUT:
                place(path).write_text(text, encoding="utf-8", newline="\n")
    if STDOUT in texts:
        sys.stdout.write(texts[STDOUT])


@contextmanager
def _all_or_nothing():
    """Give out temporary files; put them in place at the end, or remove them."""
    temporary = {}

    def place(path):
        target = Path(os.path.realpath(path))
        temporary[target] = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
        return temporary[target]

    try:
        yield place
        for target, draft in temporary.items():
            draft.replace(target)
    finally:
        for draft in temporary.values():
            draft.unlink(missing_ok=True)
