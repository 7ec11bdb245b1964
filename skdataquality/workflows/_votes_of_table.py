"""Votes written one a line, for the rows of a table: :func:`votes_on`."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from skdataquality.diagnosis._roles import no_such_column
from skdataquality.utils._frames import missing_mask
from skdataquality.utils._printable import printable
from skdataquality.weak_supervision import LongVotes

NUMBERED = ("row", "input_row")
WORDS = {
    "row": (*NUMBERED, "item", "task", "id", "example", "question"),
    "annotator": ("annotator", "worker", "source", "rater", "labeler", "labeller"),
    "label": ("label", "vote", "answer", "response"),
}
SHOWN = 3


@dataclass(frozen=True)
class VoteColumns:
    """Columns of a file of votes: what a vote is about, who votes, what they say."""

    row: str
    annotator: str
    label: str


def vote_columns(columns, path, wanted=None, ids=(), table=()):
    """Find the columns of a file of votes by their names, or check those wanted.

    A column called as one of `ids` says what a vote is about. ``table`` are columns of
    the table, which one of them may be meant for.
    """
    columns = list(columns)
    if wanted is not None:
        for name in wanted:
            if name not in columns:
                raise ValueError(no_such_column("votes_columns", name, columns, path))
        return VoteColumns(*wanted)
    row = [name for name in columns if name in ids][:1]
    columns = [name for name in columns if name not in row]
    shared = [name for name in columns if name in table]
    kinds = list(WORDS)[len(row) :]
    found = [_called(columns, kind, path, shared) for kind in kinds]
    return VoteColumns(*row, *found)


def _called(columns, kind, path, shared):
    """Return the column whose name, or its name but for _id, is one of the words."""
    words = WORDS[kind]
    plain = {name: str(name).strip().casefold() for name in columns}
    whole = [name for name in columns if plain[name] in words]
    found = whole or [c for c in columns if plain[c].removesuffix("_id") in words]
    if len(found) == 1:
        return found[0]
    cure = f"pass votes_columns=ROW,ANNOTATOR,LABEL, of {columns[:8]}."
    if kind == "row" and shared:
        cure = f"pass ids=[{shared[0]!r}], if that names rows; or {cure}"
    if found:
        raise ValueError(f"{path} has {found} for the {kind} of a vote: {cure}")
    raise ValueError(f"{path} has no column called {' or '.join(words[:5])}: {cure}")


def key_of_rows(columns, path, table_columns, ids):
    """Return the column of the table by which votes name rows, None for numbers.

    It is the one of `ids` that is called as in the votes; else, unless they are called
    row or input_row, the only one of `ids`.
    """
    name = columns.row
    if name in ids:
        return name
    if str(name).strip().casefold() in NUMBERED:
        return None
    if name in table_columns:
        raise ValueError(
            f"{path} names rows by {name!r}, a column of the table: pass "
            f"ids=[{name!r}]; or call it row if it holds numbers of rows, from 0."
        )
    if len(ids) > 1:
        raise ValueError(
            f"{path} names rows by {name!r}, which is none of the columns that name "
            f"rows, {list(ids)}: call it as one of them, or row for numbers from 0."
        )
    return ids[0] if ids else None


def votes_on(votes, columns, path, *, keys=None, n_rows=None):
    """Return `LongVotes` on rows by their numbers.

    Parameters
    ----------
    votes : pandas data frame, a vote in each row
    columns : VoteColumns
    path : path
        Where the votes stand, for messages.
    keys : Series of shape (n_rows,), default=None
        What names the rows of the table; None takes their numbers, from 0.
    n_rows : int
        Rows of the table.
    """
    _refuse_missing(votes, columns, path)
    named = votes[columns.row]
    if keys is None:
        rows = _numbers(named, columns.row, path, n_rows)
    else:
        rows = _places(named, keys, path)
    who, said = votes[columns.annotator].to_numpy(), votes[columns.label].to_numpy()
    return LongVotes(rows, who, said)


def numbered_votes(votes, columns, path):
    """Return `LongVotes` on numbers of rows, and what the file calls these rows.

    They come in the order in which the file names them.
    """
    _refuse_missing(votes, columns, path)
    numbers, names = votes[columns.row].factorize()
    who, said = votes[columns.annotator].to_numpy(), votes[columns.label].to_numpy()
    return LongVotes(numbers, who, said), names.to_numpy()


def _refuse_missing(votes, columns, path):
    if not len(votes):
        raise ValueError(f"{path} holds no vote: write one a line below the header.")
    for name in (columns.row, columns.annotator):
        gone = np.flatnonzero(missing_mask(votes[name].to_numpy()))
        if gone.size:
            raise ValueError(
                f"{path} has no {name!r} in {gone.size} of {len(votes)} votes, first "
                f"in vote {gone[0] + 1}: fill it in, or leave out those votes."
            )
    if missing_mask(votes[columns.label].to_numpy()).all():
        raise ValueError(f"{path} has an empty {columns.label!r} in every vote.")


def _numbers(named, name, path, n_rows):
    values = named.to_numpy()
    cure = (
        f"number them from 0 to {n_rows - 1}; or name the column of the table that "
        f"names rows, ids=[NAME], and call that of the votes the same."
    )
    if values.dtype.kind not in "iu":
        raise ValueError(
            f"{path} names rows such as {_some(values)} in {name!r}: {cure}"
        )
    outside = np.unique(values[(values < 0) | (values >= n_rows)])
    if outside.size:
        raise ValueError(
            f"{path} has votes on {outside.size} row(s) that do not exist, such as "
            f"{_some(outside)}: {cure}"
        )
    return values


def _places(named, keys, path):
    import pandas as pd

    known = pd.Index(keys)
    twice = known[known.duplicated() & known.notna()]
    if twice.size:
        raise ValueError(
            f"{keys.name!r} names several rows {_some(twice[:1])}: votes need a column "
            f"that names each row once."
        )
    rows = known.get_indexer(pd.Index(named))
    outside = named.to_numpy()[rows < 0]
    if outside.size:
        raise ValueError(
            f"{path} has {outside.size} vote(s) on rows that {keys.name!r} does not "
            f"name, such as {_some(outside)}; it names {_some(known)}: mend or leave "
            f"out those votes, or call their column row if it numbers rows from 0."
        )
    return rows


def _some(values):
    return ", ".join(printable(repr(v)) for v in values[:SHOWN].tolist())


def say_other_labels(votes, labels):
    """Say which labels only votes have, as they may be misspelled; "" if none."""
    known = {*labels[~missing_mask(labels)].tolist(), -1}
    said = Counter(votes.labels[~missing_mask(votes.labels)].tolist())
    others = [(label, n) for label, n in said.most_common() if label not in known]
    if not others or len(others) == len(said):  # which is refused
        return ""
    named = ", ".join(f"{printable(repr(label))} ({n})" for label, n in others[:SHOWN])
    more = ", ..." if len(others) > SHOWN else ""
    return f"no row of the table has these labels, a class each: {named}{more}"


def alike(frame, columns):
    """Return a frame in which labels are of one type, and what was done to it.

    Where some of the columns hold words, the numbers of others become text, since a
    class is the same whoever names it.
    """
    columns = list(dict.fromkeys(columns))
    numbers = [name for name in columns if frame[name].dtype.kind in "iuf"]
    words = [name for name in columns if holds_words(frame[name])]
    if not numbers or not words:
        return frame, ""
    texts = {name: frame[name].map(_number_text) for name in numbers}
    said = ", ".join(printable(repr(name)) for name in words[:SHOWN])
    return frame.assign(**texts), f"numbers are labels in words, as in {said}"


def holds_words(column):
    """Whether labels are words: text, of which there is some."""
    return column.dtype.kind not in "biufM" and bool(column.notna().any())


def _number_text(value):
    if value != value:  # missing
        return None
    return str(int(value)) if float(value).is_integer() else repr(value)
