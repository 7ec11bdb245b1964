"""Votes in the place of labels: :class:`VotedRows`."""

import numpy as np

from skdataquality.utils._validation import encode_labels
from skdataquality.weak_supervision._annotators._tied_vote import majority_codes
from skdataquality.weak_supervision._votes import Votes


class VotedRows:
    """Votes of which rows can be taken, as of an array of labels.

    Parameters
    ----------
    votes : Votes
    """

    def __init__(self, votes):
        self.votes = votes

    def __len__(self):
        return self.votes.n_rows

    def __getitem__(self, rows):
        return VotedRows(_rows_of(self.votes, np.asarray(rows)))

    def __array__(self, dtype=None, copy=None):
        """Return the most frequent votes, for who asks for labels."""
        labels = self.votes.classes[majority_codes(self.votes)]
        return labels if dtype is None else labels.astype(dtype)


def _rows_of(votes, rows):
    """Take the votes on some rows, numbered by their place among these, which rise."""
    place = np.full(votes.n_rows, -1)
    place[rows] = np.arange(rows.size)
    kept = place[votes.row] >= 0
    return Votes(
        place[votes.row[kept]],
        votes.source[kept],
        votes.code[kept],
        rows.size,
        votes.sources,
        votes.classes,
    )


def one_annotator(y, classes=None):
    """Read one column of labels, none missing, as the votes of one annotator."""
    if classes is not None:
        classes = np.sort(np.asarray(classes))
    classes, codes = encode_labels(y, classes=classes)
    rows = np.arange(codes.size)
    return Votes(rows, np.zeros_like(rows), codes, codes.size, np.arange(1), classes)


def given_codes(votes):
    """Label of each row if one annotator gave it; -1 where labels come from several."""
    given = np.full(votes.n_rows, -1)
    if votes.n_sources == 1:
        given[votes.row] = votes.code
    return given
