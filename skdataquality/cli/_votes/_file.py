"""Files in which votes stand one a line."""

import csv

from skdataquality.cli._console import UsageError, spoken, tell
from skdataquality.cli._files import suited
from skdataquality.diagnosis._notes import notes_of_the_reader
from skdataquality.tables import read_table
from skdataquality.workflows._votes_of_table import vote_columns


def split_names(text):
    """Return the three names of --votes-columns, None for None."""
    if text is None:
        return None
    names = next(csv.reader([text], skipinitialspace=True), [])
    if len(names) != 3 or not all(names) or len(set(names)) < 3:
        raise UsageError(
            f"--votes-columns {text} must be three names, such as item,worker,answer."
        )
    return names


def read_columns(path, text_format, wanted, ids=(), table=()):
    """Return what the columns of a file of votes are."""
    options = suited(path, text_format) | {"keep_words": ()}
    columns = read_table(path, **options, max_rows=1).columns
    return vote_columns(columns, path, wanted, ids, table)


def read_lines(path, text_format, label, **options):
    """Read votes; what the reader decided about them is told."""
    lines = read_table(path, **suited(path, text_format) | options)
    for note in notes_of_the_reader(lines, label):
        tell(f"note: {path}: {spoken(note)}")
    return lines
