"""What labels are made of, votes or a judgement of their own: :func:`origin_of`."""

import numpy as np

SLIPS = np.array([1e-4, 1e-3, 0.003, 0.01])  # of labels copied from votes
ERRORS = np.append(SLIPS, [0.03, 0.1, 0.2, 0.3, 0.4, 0.5])
TEMPERS = (1.0, 0.7, 0.4)  # label models of few votes are too sure
LEAST_SHARED = 0.5  # of the labels, on rows of one source


def origin_of(votes, labels, posterior):
    """Say what labels are: "vote", "pick", "consensus" or "apart".

    Labels that are those of one source wherever it votes, on at least half of the rows,
    are its votes. Of the others the likeliest of three laws given the votes decides:
    one of the votes of the row, drawn at random; the class of most votes, or of the
    largest posterior; or a source of its own given the truth, which has the
    ``posterior``. Under each a share of the labels errs, evenly, which is fitted too:
    at most 1 % where they are made of votes.

    Parameters
    ----------
    votes : Votes
    labels : ndarray of shape (n_rows,), int
        Codes of the classes, -1 where there is no label.
    posterior : ndarray of shape (n_rows, n_classes)
        Of the truth by the votes alone.
    """
    given = labels[votes.row]
    n_both = np.bincount(votes.source, given >= 0, votes.n_sources)
    n_same = np.bincount(votes.source, given == votes.code, votes.n_sources)
    is_many = n_both >= LEAST_SHARED * (labels >= 0).sum()
    if ((n_same == n_both) & is_many).any():
        return "vote"
    counts = votes.counts()
    rows = np.flatnonzero((labels >= 0) & (counts.sum(axis=1) > 1))
    if rows.size == 0:
        return "apart"
    counts, at = counts[rows].astype(float), (np.arange(rows.size), labels[rows])
    beliefs = posterior[rows]
    laws = [("apart", _per_row(beliefs**t), ERRORS) for t in TEMPERS]
    laws += [("pick", _per_row(counts), SLIPS)]
    laws += [("consensus", _leading(of), SLIPS) for of in (counts, beliefs)]
    fits = [
        (_likelihood(chance[at], shares, votes.n_classes), law)
        for law, chance, shares in laws
    ]
    return max(fits)[1]


def _per_row(table):
    return table / table.sum(axis=1, keepdims=True)


def _leading(table):
    return _per_row(table == table.max(axis=1, keepdims=True))


def _likelihood(chance, shares, n_classes):
    """Return the largest log-likelihood over the share of labels that err evenly."""
    wrong = (1 - chance) / max(n_classes - 1, 1)
    return max(np.log((1 - share) * chance + share * wrong).sum() for share in shares)
