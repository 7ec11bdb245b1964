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


def tempered(proba, votes):
    """Raise probabilities to the power under which the votes are likeliest.

    Every row with votes and a prediction counts the same. The likelihood is log-concave
    in the power, so there is one best.
    """
    proba = np.asarray(proba, dtype=float)
    rows = votes.covered & ~np.isnan(proba[:, 0])
    logs = np.log(np.maximum(proba, TINY))
    if not rows.any():
        return proba
    counts = votes.counts()[rows]
    shares = counts / counts.sum(axis=1, keepdims=True)

    def loss(log_temperature):
        scaled = log_softmax(logs[rows] / np.exp(log_temperature), axis=1)
        return -(shares * scaled).sum(axis=1).mean()

    best = minimize_scalar(loss, bounds=LOG_TEMPERATURES, method="bounded")
    return softmax(logs / np.exp(best.x), axis=1)
