"""Expectation and maximisation, whatever the model: :class:`Problem`."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from skdataquality.weak_supervision._label_models._collapse import collapsed


@dataclass
class Solution:
    """Where the steps ended.

    ``evidence`` is log P(vote | truth) up to a constant of the vote, shape (n_sources,
    vote, truth); ``posterior`` is that of the problem's rows.
    """

    evidence: np.ndarray
    prior: np.ndarray
    posterior: np.ndarray
    log_likelihood: float
    n_iter: int
    converged: bool


class Problem:
    """Distinct rows of votes with what is known of their truth.

    Rows of which nothing is known, not even a vote, weigh nothing.
    """

    def __init__(self, votes, gold):
        self.votes, self.gold, count = collapsed(votes, gold)
        known = self.gold >= 0
        self.weight = count * (self.votes.covered | known)
        self.start = self.clamp(shares(self.votes))
        n_votes = self.weight @ np.bincount(self.votes.row, minlength=known.size)
        self.n_votes = max(float(n_votes), 1.0)

    @property
    def one_hot(self):
        """Votes as a sparse matrix, as :class:`Votes` gives it."""
        return self.votes.one_hot

    @cached_property
    def _transposed(self):
        return self.one_hot.T.tocsr()

    def clamp(self, posterior):
        """Give the rows whose truth is known their class; in place."""
        known = self.gold >= 0
        posterior[known] = 0.0
        posterior[known, self.gold[known]] = 1.0
        return posterior

    def joint(self, posterior):
        """Votes of every source by vote and truth, shape (n_sources, K, K)."""
        sums = self._transposed @ (self.weight[:, None] * posterior)
        return sums.reshape(self.votes.n_sources, self.votes.n_classes, -1)

    def prior(self, posterior):
        """Shares of the classes among the rows of which something is known.

        Equal ones if nothing is known of any row.
        """
        total = self.weight.sum()
        if total == 0:
            return np.full(posterior.shape[1], 1 / posterior.shape[1])
        return self.weight @ posterior / total

    def solve(self, m_step, *, tol, max_iter, by="likelihood"):
        """Alternate ``m_step(joint, posterior, n_iter)`` -> (evidence, prior) and E.

        Stops when the mean log-likelihood of a vote, or any posterior, changes by less
        than ``tol``.
        """
        posterior, old = self.start.copy(), -np.inf
        converged, n_iter = False, 0
        while not converged and n_iter < max_iter:
            n_iter += 1
            evidence, prior = m_step(self.joint(posterior), posterior, n_iter)
            scores = log_scores(self.one_hot, evidence, prior)
            new, rows = from_scores(scores)
            likelihood = self.log_likelihood(scores, rows)
            self.clamp(new)
            if by == "likelihood":
                converged = abs(likelihood - old) < tol
            else:
                moved = np.abs(new - posterior)[self.weight > 0]
                converged = moved.max(initial=0.0) < tol
            posterior, old = new, likelihood
        return Solution(evidence, prior, posterior, likelihood, n_iter, bool(converged))

    def log_likelihood(self, scores, rows):
        """Mean over votes, from scores and the log of their sums of exponentials."""
        known = np.flatnonzero(self.gold >= 0)
        rows[known] = scores[known, self.gold[known]]
        return float(self.weight @ rows / self.n_votes)


def shares(votes):
    """Share of every class in the votes of a row; even where there are none."""
    counts = votes.counts().astype(float)
    counts[~votes.covered] = 1.0
    return counts / counts.sum(axis=1, keepdims=True)


def majority(posterior):
    """One for the largest of each row, split evenly among equals."""
    top = row_max(posterior)[:, None]
    equal = (posterior >= top * (1 - 1e-9) - 1e-12).astype(float)
    return equal / equal.sum(axis=1, keepdims=True)


def log_scores(one_hot, evidence, prior, temper=None):
    """Log of prior times likelihood, shape (n_rows, n_classes)."""
    votes = one_hot @ evidence.reshape(-1, evidence.shape[2])
    if temper is not None:
        votes *= temper[:, None]
    return votes + np.log(np.maximum(prior, 1e-10))


def from_scores(scores):
    """Probabilities whose logs are the scores up to a constant of the row, and that.

    The constant is the log of the row's sum of exponentials.
    """
    top = row_max(scores)
    posterior = np.exp(scores - top[:, None])
    total = posterior @ np.ones(scores.shape[1])
    posterior /= total[:, None]
    return posterior, top + np.log(total)


def row_max(values):
    """Largest of each row; faster than by axis where there are few columns."""
    top = values[:, 0].copy()
    for column in values.T[1:]:
        np.maximum(top, column, out=top)
    return top
