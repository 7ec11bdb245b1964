"""Votes written one a line, for the rows of a table: :func:`votes_on`."""

from collections import Counter
from dataclasses import astuple, dataclass

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


def vote_columns(columns, path, wanted=None, ids=()):
    """Find the columns of a file of votes by their names, or check those wanted.

    A column called as one of `ids` says what a vote is about.
    """
    columns = list(columns)
    if wanted is not None:
        for name in wanted:
            if name not in columns:
                raise ValueError(no_such_column("votes_columns", name, columns, path))
        return VoteColumns(*wanted)
    row = [name for name in columns if name in ids][:1]
    columns = [name for name in columns if name not in row]
    found = [_called(columns, kind, path) for kind in list(WORDS)[len(row) :]]
    return VoteColumns(*row, *found)


def _called(columns, kind, path):
    """Return the column whose name, or its name but for _id, is one of the words."""
    words = WORDS[kind]
    plain = {name: str(name).strip().casefold() for name in columns}
    whole = [name for name in columns if plain[name] in words]
    found = whole or [c for c in columns if plain[c].removesuffix("_id") in words]
    if len(found) == 1:
        return found[0]
    cure = f"pass votes_columns=ROW,ANNOTATOR,LABEL, of {columns[:8]}."
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


def long_votes(votes, columns, path):
    """Return `LongVotes` on whatever the file names."""
    _refuse_missing(votes, columns, path)
    return LongVotes(*(votes[name].to_numpy() for name in astuple(columns)))


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
    cure = f"pass numbers of rows, from 0 to {n_rows - 1}, or ids=['COLUMN'] that names"
    if values.dtype.kind not in "iu":
        raise ValueError(
            f"{path} names rows such as {_some(values)} in {name!r}: {cure} them."
        )
    outside = np.unique(values[(values < 0) | (values >= n_rows)])
    if outside.size:
        raise ValueError(
            f"{path} has votes on {outside.size} row(s) that do not exist, such as "
            f"{_some(outside)}: {cure} them."
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
            f"out those votes."
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
