"""Tables in, reports out: nothing is written before everything is known."""

import os
import secrets
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from skdataquality.cli._console import UsageError, hand_over

STDOUT = Path("-")
DELIMITED = (".csv", ".tsv", ".csv.gz", ".tsv.gz")
TEXT = (*DELIMITED, ".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")
TABLES = (*TEXT, ".parquet", ".pq", ".feather", ".arrow", ".ipc")
FORMATS_OF = {"delimiter": DELIMITED, "header": DELIMITED, "encoding": TEXT}


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


def read(path, text_format):
    """Read a table for a model, with the text options that suit its format."""
    from skdataquality.tables import read_table  # loads much, which help needs not

    return read_table(path, **suited(path, text_format))


def suited(path, text_format):
    """Return the text options that were given and that suit the format of a file."""
    name = str(path).lower()
    return {
        option: value
        for option, value in text_format.given().items()
        if name.endswith(FORMATS_OF[option])
    }


def read_both(table, target_data, text_format):
    """Read the training table and, where there is one, the target table.

    Raises
    ------
    UsageError
        If an option suits neither file: it would be ignored quietly.
    """
    used = [suited(p, text_format) for p in (table, target_data) if p is not None]
    for option in text_format.given():
        if not any(option in options for options in used):
            name = {"header": "--no-header"}.get(option, f"--{option}")
            raise UsageError(
                f"{name} says nothing about {table}: it is for files whose names end "
                f"in {', '.join(FORMATS_OF[option])}."
            )
    frame = read(table, text_format)
    return frame, None if target_data is None else read(target_data, text_format)


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
        _check_place(path, Path(target))
    if list(paths).count(STDOUT) > 1:
        raise UsageError("only one output can go to stdout.")


def _check_place(path, target):
    if target.is_dir():
        raise OSError(f"{path} is a directory: pass the name of a file.")
    if path.exists() and not path.is_file():  # a device would be replaced by a file
        raise OSError(f"{path} is no regular file: pass another name, or -.")
    if not target.parent.is_dir():
        raise OSError(f"{path} cannot be written: {target.parent} does not exist.")
    if not os.access(target.parent, os.W_OK):
        raise OSError(
            f"{path} cannot be written: no right to write in {target.parent}."
        )


def write_texts(texts):
    """Write every text to its path, or none: files appear once all are complete.

    Parameters
    ----------
    texts : dict of Path to str
        ``Path("-")`` is stdout.
    """
    with all_or_nothing() as place:
        for path, text in texts.items():
            if path != STDOUT:
                write_text(place(path), text.rstrip("\n") + "\n")
    if STDOUT in texts:
        hand_over(texts[STDOUT].rstrip("\n") + "\n")


def write_text(path, text):
    """Write a text as UTF-8 with line feeds, whatever the system."""
    path.write_text(text, encoding="utf-8", newline="\n")


@contextmanager
def all_or_nothing():
    """Give out drafts beside the files; put them in place at the end, or remove them.

    Yields
    ------
    place : callable
        Path of the draft for a path, with the same extension.
    """
    drafts = {}

    def place(path):
        target = Path(os.path.realpath(path))
        drafts[target] = target.with_name(f".{secrets.token_hex(4)}.{target.name}")
        return drafts[target]

    try:
        yield place
        for target, draft in drafts.items():
            draft.replace(target)
    finally:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)
