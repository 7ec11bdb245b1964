"""Votes of annotators on a table, for the rows of it that are examined."""

from dataclasses import replace

import numpy as np

from skdataquality.diagnosis._roles import voting_columns
from skdataquality.utils._frames import select_columns
from skdataquality.utils._sklearn import num_samples
from skdataquality.weak_supervision import LongVotes
from skdataquality.weak_supervision._conduct import votes_of_rows
from skdataquality.weak_supervision._votes import read_votes


def votes_among(votes, X, labelled, y, is_discrete):
    """Return the votes on the rows that have a label, or None.

    ``X`` is the whole table, of which ``labelled`` are the rows that y is about, None
    for all.
    """
    if votes is None:
        return None
    if not is_discrete:
        raise ValueError(
            "votes holds labels, but the label is a quantity: leave it out, or pass "
            "task='classification' if its numbers name classes."
        )
    n_rows = num_samples(X)
    columns = voting_columns(votes)
    if columns is not None:
        _refuse_too_few(columns)
        votes = select_columns(X, columns)
    known = np.unique(y)
    votes = _on_rows(read_votes(votes, missing_label=_missing(known)), votes, n_rows)
    _refuse_other_classes(votes, known)
    if labelled is None:
        return votes
    return votes_of_rows(votes, np.isin(np.arange(n_rows), labelled))


def _refuse_too_few(columns):
    if not columns:
        raise ValueError("votes=[] names no column: name two or more, or leave it out.")
    twice = [name for name in columns if columns.count(name) > 1]
    if twice:
        raise ValueError(f"votes names {twice[0]!r} twice: name every column once.")


def _missing(known):
    """Say what abstains beside missing cells: -1, unless it is a class."""
    if known.dtype.kind not in "if":
        return "auto"
    return None if (known == -1).any() else -1


def _on_rows(read, votes, n_rows):
    """Return votes whose rows are numbered as those of the table."""
    if not isinstance(votes, LongVotes):
        if read.n_rows != n_rows:
            raise ValueError(
                f"votes has {read.n_rows} rows and the table {n_rows}: pass one row "
                f"for each, or LongVotes with the numbers of rows."
            )
        return read
    names = np.asarray(votes.row_names)
    if names.dtype.kind not in "iu" or names.min() < 0 or names.max() >= n_rows:
        raise ValueError(
            f"votes is about rows such as {names[:3].tolist()}: pass the numbers of "
            f"rows in the table, from 0 to {n_rows - 1}."
        )
    return replace(read, row=names[read.row].astype(np.intp), n_rows=n_rows)


def _refuse_other_classes(votes, known):
    """Refuse votes that share no class with the labels: they are about another."""
    if set(known.tolist()) & set(votes.classes.tolist()):
        return
    raise ValueError(
        f"votes and the labels have no class in common: votes has "
        f"{votes.classes[:5].tolist()}, the label {known[:5].tolist()}: spell them "
        f"alike."
    )
