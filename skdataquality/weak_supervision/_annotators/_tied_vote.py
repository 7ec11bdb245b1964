"""The most frequent vote of each row, and what decides where there are several."""

import numpy as np

TOLERANCE = 1e-9  # sums in another order differ by less


def majority_codes(votes, proba=None):
    """Return the class with most votes for each row; ties as CROWDLAB has them.

    Among tied classes it is the one that the model finds more probable, then the one
    with fewer votes in all, then that of annotators who agree more often with the
    majorities that are clear, then the first. A row without votes has the model's
    class, or the most frequent one.

    Parameters
    ----------
    votes : Votes
    proba : ndarray of shape (n_rows, n_classes), default=None
        NaN where the model says nothing.

    Returns
    -------
    codes : ndarray of shape (n_rows,)
    """
    counts = votes.counts()
    total = counts.sum(axis=0)
    counts[~votes.covered] = total  # of which rows without a vote take the largest
    tied = counts == counts.max(axis=1, keepdims=True)
    if proba is not None:
        tied[~votes.covered] = True
        tied = _largest(np.nan_to_num(proba), tied)
    clear = tied.sum(axis=1) == 1
    if not clear.all():
        tied = _largest(np.broadcast_to(-total, tied.shape), tied)
    if not (tied.sum(axis=1) == 1).all():
        tied = _largest(_mean_trust(votes, tied, clear), tied)
    return tied.argmax(axis=1)


def _largest(values, among):
    """Keep those of the classes whose value is the largest of the row."""
    values = np.where(among, values, -np.inf)
    return values >= values.max(axis=1, keepdims=True) - TOLERANCE


def _mean_trust(votes, tied, clear):
    """Mean, over the voters for a class, of their agreement with clear majorities."""
    decided = clear & votes.covered
    known = decided[votes.row]
    right = tied[votes.row, votes.code] & known
    trust = mean_by(votes.source, right, votes.n_sources, where=known)
    trust[np.isnan(trust)] = trust[~np.isnan(trust)].mean() if known.any() else 1.0
    n_votes = np.maximum(votes.counts(), 1)
    return votes.counts(trust[votes.source]) / n_votes


def mean_by(group, values, n_groups, where=None):
    """Mean of values by group; NaN for a group without any."""
    if where is not None:
        group, values = group[where], np.asarray(values)[where]
    size = np.bincount(group, minlength=n_groups)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.bincount(group, values, minlength=n_groups) / size
