"""Verified labels of a table, for the rows of it that are examined."""

from dataclasses import replace

import numpy as np

from skdataquality.utils._frames import as_frame, column_as_array
from skdataquality.verified import check_is_verified, refuse_unknown


def labels_as_given(X, y):
    """Return the labels of all rows as they were passed, as an array."""
    if isinstance(y, str):
        return column_as_array(as_frame(X)[y])
    return np.asarray(y)


def verified_among(verified, given, labelled, y, is_discrete):
    """Return verified labels for the rows that have one, as y spells them.

    ``given`` are the labels of the whole table, in which rows are numbered, and
    ``labelled`` the rows that y is about, None for all.
    """
    if verified is None:
        return None
    check_is_verified(verified)
    if not is_discrete:
        raise ValueError(
            "verified holds labels, but the label is a quantity: leave it out, or pass "
            "task='classification' if its numbers name classes."
        )
    rows = np.arange(given.shape[0]) if labelled is None else labelled
    spelled = dict(zip(given[rows].tolist(), y.tolist(), strict=True))
    verified = replace(
        verified,
        labels=_spelled(verified.labels, spelled),
        given=None if verified.given is None else _spelled(verified.given, spelled),
    )
    refuse_unknown(verified, list(dict.fromkeys(y.tolist())))
    whole = np.full(given.shape[0], None, dtype=object)
    whole[rows] = y.tolist()
    verified.check_table(whole)
    return verified.take(rows)


def _spelled(labels, spelled):
    """Labels as y spells them: numbers with fractions that are classes are text."""
    out = np.empty(len(labels), dtype=object)
    out[:] = [None if v is None else spelled.get(v, v) for v in labels]
    return out
