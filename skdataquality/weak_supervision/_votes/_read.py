"""From a table, a sparse matrix or lines of votes to :class:`Votes`."""


def read_votes(votes, *, missing_label="auto", classes=None, sources=None):
    """Return :class:`Votes` of a wide table, a sparse matrix or :class:`LongVotes`."""
    raise NotImplementedError
