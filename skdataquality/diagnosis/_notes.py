"""What a reader should know about columns and labels beside the verdicts."""

from collections import defaultdict

import numpy as np

from skdataquality.compose import UsableColumns
from skdataquality.utils._frames import (
    are_documents,
    cell_codes,
    iterate_columns,
    listed,
    missing_mask,
    numbers_in_text,
)
from skdataquality.utils._sklearn import take_rows

MOSTLY_MISSING = 0.5
LOOKED_AT = 10_000


def notes_on_columns(X):
    """Say which columns are constant, mostly missing, or numbers kept as text.

    At most 10,000 rows, evenly spaced, are looked at.
    """
    n = X.shape[0]
    some = take_rows(X, np.arange(0, n, max(1, n // LOOKED_AT)))
    kinds = defaultdict(list)
    for name, values in iterate_columns(some):
        for kind in _kinds(values):
            kinds[kind].append(str(name))
    return [
        f"{_count(names, 'column')} {kind}: {listed(names)}"
        for kind, names in kinds.items()
    ]


def notes_on_models(X):
    """Say which columns the default model leaves out, or reads in an unexpected way."""
    if are_documents(X):
        return []
    by_note = defaultdict(list)
    for name, note in UsableColumns().fit(X).notes_.items():
        by_note[note].append(str(name))
    return [f"column {listed(names)}: {note}" for note, names in by_note.items()]


def _kinds(values):
    missing = missing_mask(values)
    known = values[~missing]
    if known.shape[0] == 0:
        yield "without any value"
        return
    if missing.mean() >= MOSTLY_MISSING:
        yield "at least half missing"
    if not missing.any() and not cell_codes(known).any():
        yield "constant"
    elif numbers_in_text(known[:1000]) is not None:
        yield "of numbers kept as text"


def notes_of_the_reader(X, label=None, X_target=None):
    """Return what :func:`read_table` decided about the tables, most of all the label.

    Other tables have no such notes.
    """
    notes = list(_attribute(X, "notes", ()))
    words = _attribute(X, "words_read_as_missing", {})
    if isinstance(label, str) and words.get(label):
        said = ", ".join(f"{n} x {word!r}" for word, n in words[label].items())
        notes.append(
            f"label {label!r}: {said} were read as missing values; "
            f"keep_words=[{label!r}] keeps them as labels"
        )
    theirs = _attribute(X_target, "notes", ())
    return notes + [f"target data: {note}" for note in theirs]


def _attribute(frame, name, default):
    attributes = getattr(frame, "attrs", None)
    return attributes.get(name, default) if isinstance(attributes, dict) else default


def _count(names, word):
    return f"{len(names)} {word}{'s' if len(names) > 1 else ''}"
