"""Votes written one a line: :class:`LongVotes`."""

import numpy as np


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
    """

    def __init__(self, rows, annotators, labels):
        self.rows = np.asarray(rows)
        self.annotators = np.asarray(annotators)
        self.labels = np.asarray(labels)
        self.row_names = np.unique(self.rows)
