"""Answers of several batches as one: :func:`join_answers`."""

import numpy as np

from skdataquality.verified import VerifiedLabels, check_is_verified

REVIEW = "review"
N_SHOWN = 5


def join_answers(*verified):
    """Join what was answered in several batches to one set of answers.

    Parameters
    ----------
    *verified : VerifiedLabels
        Of one table, such as the sheets of a review one after the other.

    Returns
    -------
    joined : VerifiedLabels
        Of the purpose "review". The chance to be drawn is kept for rows that were drawn
        for a review, each in its own batch; other rows count as drawn by no plan. Rows
        without an answer are left out: a later batch may hold them again.

    Raises
    ------
    ValueError
        If a row is answered twice, or the answers are of different tables.

    Examples
    --------
    >>> from skdataquality.review import join_answers
    >>> from skdataquality.verified import VerifiedLabels
    >>> first = VerifiedLabels([3, 17], ["cat", "dog"], n_rows=40)
    >>> join_answers(first, VerifiedLabels([5], ["dog"], n_rows=40)).rows
    array([ 3, 17,  5])
    """
    for each in verified:
        check_is_verified(each)
    n_rows = {each.n_rows for each in verified} - {None}
    if len(n_rows) > 1:
        raise ValueError(
            f"verified is of tables with {' and '.join(map(str, sorted(n_rows)))} "
            f"rows: join the answers of one table."
        )
    seen = np.concatenate([_looked_at(each) for each in verified] or [_no_rows()])
    values, counts = np.unique(seen, return_counts=True)
    if (counts > 1).any():
        twice = values[counts > 1]
        raise ValueError(
            f"verified holds {twice.size} row(s) that were answered before, "
            f"{twice[:N_SHOWN].tolist()}: pass each sheet once, and one answer for "
            f"each row."
        )
    return VerifiedLabels(
        _joined([each.rows for each in verified], np.intp),
        _joined([each.labels for each in verified], object),
        _joined([_chances(each) for each in verified], float),
        reviewer=_reviewers(verified),
        cannot_say=_joined([each.cannot_say for each in verified], np.intp),
        given=_given(verified),
        purpose=REVIEW,
        n_rows=n_rows.pop() if n_rows else None,
    )


def _no_rows():
    return np.empty(0, dtype=np.intp)


def _looked_at(verified):
    return np.concatenate([verified.rows, verified.cannot_say])


def _chances(verified):
    """Chances of rows drawn for a review; NaN for those drawn for something else."""
    if verified.purpose == REVIEW:
        return verified.inclusion_probability
    return np.full(verified.n_verified, np.nan)


def _joined(parts, dtype):
    return np.concatenate([np.empty(0, dtype=dtype), *parts])


def _given(verified):
    if any(each.given is None for each in verified):
        return None
    return _joined([each.given for each in verified], object)


def _reviewers(verified):
    names = [each.reviewer for each in verified if each.reviewer is not None]
    return ", ".join(dict.fromkeys(names)) or None
