"""Tables in, reports out: nothing is written before everything is known."""

import os
from inspect import signature
from pathlib import Path

from skdataquality.cli._console import UsageError, hand_over, spoken, tell
from skdataquality.diagnosis._notes import notes_of_the_reader
from skdataquality.tables import read_raw, read_table
from skdataquality.tables._atomic import all_or_nothing, check_place
from skdataquality.tables._formats import EXTENSIONS, EXTENSIONS_WITH
from skdataquality.tables._write_raw import prepare_raw

STDOUT = Path("-")


def read(path, text_format):
    """Read a table for a model, with the text options that suit its format."""
    return read_table(path, **suited(path, text_format))


def suited(path, text_format):
    """Return the text options that were given and that suit the format of a file."""
    name = str(path).lower()
    is_text = not name.endswith(EXTENSIONS)  # what else these options are for
    return {
        option: value
        for option, value in text_format.given().items()
        if is_text or name.endswith(extensions_with(option))
    }


def extensions_with(option):
    """Return the extensions of files that an option says something about."""
    if option == "max_bytes":
        return EXTENSIONS
    # what is about cells in text is for files that have a delimiter
    return EXTENSIONS_WITH.get(option, EXTENSIONS_WITH["delimiter"])


def read_both(places, text_format, label=None, beside=()):
    """Read the training table and, where there is one, the target table.

    What the reader decided about them is told.

    An option that suits neither, nor what is read ``beside`` them, is refused: it would
    be ignored quietly.
    """
    table, target_data = places
    places = [place for place in (*places, *beside) if place is not None]
    used = [suited(place, text_format) for place in places]
    for option in text_format.given():
        if not any(option in options for options in used):
            name = {"header": "no-header"}.get(option, option).replace("_", "-")
            raise UsageError(
                f"--{name} says nothing about {table}: it is for files whose names end "
                f"in {', '.join(extensions_with(option))}."
            )
    frame = read(table, text_format)
    target = None if target_data is None else read_new_rows(target_data, text_format)
    for note in notes_of_the_reader(frame, label, target):
        tell(f"note: {spoken(note)}")
    return frame, target


def read_new_rows(path, text_format):
    """Read rows that need not have every column whose words are kept."""
    options = suited(path, text_format)
    kept = options.pop("keep_words", ())
    if kept:
        there = read_table(path, **options, max_rows=1).columns
        options["keep_words"] = tuple(name for name in kept if name in there)
    return read_table(path, **options)


def check_outputs(paths, inputs, overwrite):
    """Refuse, before any work, an output that cannot be written, exists or is read."""
    read_from = {os.path.realpath(path) for path in inputs if path is not None}
    written = [path for path in paths if path is not None and path != STDOUT]
    real = [os.path.realpath(path) for path in written]
    for path, target in zip(written, real, strict=True):
        if target in read_from:
            raise UsageError(f"{path} is an input: it is never overwritten.")
        if real.count(target) > 1:
            raise UsageError(f"{path} is named as two outputs.")
        check_place(path, overwrite=overwrite)
    if list(paths).count(STDOUT) > 1:
        raise UsageError("only one output can go to stdout.")


def read_cells(path, frame, text_format):
    """Read a table that `frame` was read from as it is written: no number is made."""
    options = suited(path, text_format)
    known = signature(read_raw).parameters
    raw = read_raw(path, **{k: v for k, v in options.items() if k in known})
    if (raw.num_rows, raw.num_columns) != frame.shape:
        raise ValueError(
            f"{path} reads as {frame.shape} with types and as "
            f"{(raw.num_rows, raw.num_columns)} without: report this file."
        )
    return raw


def cells_writer(cells, path, text_format):
    """Return what writes a table to a draft: as it was read, but always in UTF-8."""
    options = suited(path, text_format)
    written = {k: v for k, v in options.items() if k in ("delimiter", "header")}
    return prepare_raw(cells, path, **written)


def check_table_name(path):
    """Refuse the name of a table whose format nobody could tell."""
    if path == STDOUT:
        raise UsageError("a table is written to a file, not to stdout: pass its name.")
    if not str(path).lower().endswith(EXTENSIONS):
        raise UsageError(f"{path} must end in one of {', '.join(EXTENSIONS)}.")


def write_texts(texts, *, tables=None, read=(), overwrite=False):
    """Write every text to its path, or none: files appear once all are complete.

    ``Path("-")`` is stdout; ``tables`` are by their paths what writes them to a draft;
    ``read`` are the files that the texts tell of, None for one that was not given.
    """
    read = [path for path in read if path is not None]
    with all_or_nothing(overwrite=overwrite, read=read) as place:
        for path, text in texts.items():
            if path != STDOUT:
                write_text(place(path), text.rstrip("\n") + "\n")
        # tables are the last to appear: where they are, the rest is too
        for path, write in (tables or {}).items():
            write(place(path))
    if STDOUT in texts:
        hand_over(texts[STDOUT].rstrip("\n") + "\n")


def write_text(path, text):
    """Write a text as UTF-8 with line feeds, whatever the system."""
    path.write_text(text, encoding="utf-8", newline="\n")
