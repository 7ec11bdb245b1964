"""Votes written one a line: :class:`LongVotes`."""

import numpy as np

from skdataquality.utils._frames import missing_mask, pandas_frame
from skdataquality.utils._validation import check_same_length, positions
from skdataquality.weak_supervision._votes._cells import factor


class LongVotes:
    """Votes in long form: row, annotator and label of each.

    Every estimator and function of votes takes it in the place of a table with one
    column per annotator. It is no array: to cross-validate, use :meth:`to_matrix`.

    Parameters
    ----------
    rows : array-like of shape (n_votes,)
        What the vote is about: numbers, names, keys.
    annotators : array-like of shape (n_votes,)
        Who votes.
    labels : array-like of shape (n_votes,)
        What they say; missing cells are no votes.

    Attributes
    ----------
    row_names : ndarray
        Distinct rows, sorted: predictions come in this order.
    annotator_names : ndarray
        Distinct annotators, sorted.

    Raises
    ------
    ValueError
        If the three differ in length, are empty, or a row or annotator is missing.

    Notes
    -----
    If an annotator votes twice on a row, the last vote counts, with a
    `RepeatedVoteWarning` from whatever reads the votes.

    Examples
    --------
    >>> votes = LongVotes(["a", "a", "b"], ["ann", "bob", "ann"], ["no", "no", "yes"])
    >>> votes.to_matrix()
    array([['no', 'no'],
           ['yes', None]], dtype=object)
    """

    def __init__(self, rows, annotators, labels):
        check_same_length(rows=rows, annotators=annotators, labels=labels)
        self.rows, self.row_names, self.row_codes = _named(rows, "rows")
        self.annotators, self.annotator_names, self.annotator_codes = _named(
            annotators, "annotators"
        )
        self.labels = _column(labels, "labels")

    def __repr__(self):
        """Numbers of votes, rows and annotators."""
        return (
            f"LongVotes({self.labels.size} votes, {self.row_names.size} rows, "
            f"{self.annotator_names.size} annotators)"
        )

    def to_matrix(self):
        """Return votes as an array of shape (n_rows, n_annotators).

        Whole numbers from 0 on stay integers, -1 where there is no vote; other labels
        are objects, None where there is no vote. The last vote of an annotator on a
        row counts. It takes memory for every row and annotator.
        """
        distinct, codes = factor(self.labels)
        shape = self.row_names.size, self.annotator_names.size
        known = codes >= 0
        at = self.row_codes[known], self.annotator_codes[known]
        if distinct.dtype.kind in "iu" and distinct.min(initial=0) >= 0:
            matrix = np.full(shape, -1, dtype=np.int64)
        else:
            matrix = np.full(shape, None, dtype=object)
        matrix[at] = distinct[codes[known]]
        return matrix

    def to_frame(self):
        """Return :meth:`to_matrix` as a pandas frame, rows and annotators named."""
        matrix = self.to_matrix()
        columns = dict(zip(self.annotator_names.tolist(), matrix.T, strict=True))
        frame = pandas_frame(columns, "LongVotes.to_frame", "to_matrix()")
        frame.index = self.row_names
        return frame


def _column(values, name):
    array = np.asarray(values)
    if array.dtype.kind in "UT" and isinstance(values, list | tuple):
        array = np.asarray(values, dtype=object)  # numpy turns ["a", None] to text
    if array.ndim != 1 or array.size == 0:
        raise ValueError(
            f"{name} has shape {array.shape}: pass one value for each vote, and one "
            f"vote at least."
        )
    return array


def _named(values, name):
    """Values, the distinct ones, sorted, and the place of each among them."""
    array = _column(values, name)
    missing = missing_mask(array)
    if missing.any():
        raise ValueError(
            f"{name} is missing at position(s) {positions(missing)}: leave out those "
            f"votes or name it."
        )
    distinct, codes = factor(array, name)
    return array, distinct, codes
