"""Which rows another vote would serve: ActiveLab's score, what one vote turns."""

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax

from skdataquality.weak_supervision._annotators._tied_vote import TOLERANCE

TINY = 1e-8
LOG_TEMPERATURES = np.log(0.05), np.log(20)


def activelab_scores(quality, weighed):
    """Shrink the quality of the consensus to chance, as if one more had voted blindly.

    Lower is more worth asking, for rows with votes and for those without.
    """
    blind = weighed.source_weight.mean()
    chance = 1 / weighed.posterior.shape[1]
    return (weighed.total * quality + blind * chance) / (weighed.total + blind)


def turned_by_one_vote(weighed, consensus):
    """Mask of rows whose consensus one mean vote for the runner-up would overturn."""
    if weighed.posterior.shape[1] == 1:
        return np.zeros(consensus.size, dtype=bool)
    gap = weighed.total * lead(weighed.posterior, consensus)
    return gap <= weighed.source_weight.mean() * weighed.gain + TOLERANCE


def lead(posterior, consensus):
    """How far the consensus is before the best of the other classes, by row."""
    every = np.arange(consensus.size)
    others = posterior.copy()
    others[every, consensus] = -np.inf
    return posterior[every, consensus] - others.max(axis=1)


def tempered(proba, rows, loss):
    """Raise probabilities to the power that makes a loss of them smallest.

    Parameters
    ----------
    proba : ndarray of shape (n_rows, n_classes)
    rows : ndarray of shape (n_rows,), bool
        Rows that count.
    loss : callable
        From the logarithms of their probabilities to a number.
    """
    if not rows.any():
        return proba
    logs = np.log(np.maximum(proba, TINY))
    best = minimize_scalar(
        lambda log: loss(log_softmax(logs[rows] / np.exp(log), axis=1)),
        bounds=LOG_TEMPERATURES,
        method="bounded",
    )
    return softmax(logs / np.exp(best.x), axis=1)


def tempered_to_votes(proba, votes):
    """Temper probabilities to the shares of votes, each row counting the same.

    The likelihood of shares is log-concave in the power, so there is one best.
    """
    rows = votes.covered & ~np.isnan(proba[:, 0])
    counts = votes.counts()[rows]
    shares = counts / counts.sum(axis=1, keepdims=True)
    return tempered(proba, rows, lambda logs: -(shares * logs).sum(axis=1).mean())
