"""How much the votes on one row err together: :func:`dependence`."""

import numpy as np
import scipy.sparse as sp

from skdataquality.weak_supervision._label_models._em import from_scores, log_scores

# The posterior fits the votes that it is judged by, which hides some of what is shared:
# half to three quarters where rows of simulated votes shift together. The factor and
# the cap, beyond which the estimate feeds on itself, were settled on five crowd sets.
HIDDEN = 2.0
MOST = 0.2
ROUNDS, CLOSE = 20, 1e-4


def tempering(n_votes, rho):
    """Worth of a vote on rows of so many, if their errors correlate by ``rho``."""
    return 1 / (1 + rho * np.maximum(n_votes - 1, 0))


def dependence(problem, evidence, prior):
    """Correlation of errors on a row, consistent with the posterior it gives."""
    votes = problem.votes
    n_votes = np.bincount(votes.row, minlength=votes.n_rows)
    if n_votes.max() < 2:
        return 0.0
    ones = np.ones(votes.n_votes)
    shape = votes.n_rows, votes.n_sources
    who = sp.csr_array((ones, votes.source, problem.one_hot.indptr), shape=shape)
    excess, weight = _moments(who, votes.counts(), np.exp(evidence), n_votes)
    rho = 0.0
    for _ in range(ROUNDS):
        temper = tempering(n_votes, rho)
        scores = log_scores(problem.one_hot, evidence, prior, temper)
        posterior = problem.weight[:, None] * problem.clamp(from_scores(scores)[0])
        total = float((posterior * weight).sum())
        seen = float((posterior * excess).sum()) / total if total > 0 else 0.0
        new = float(np.clip(HIDDEN * seen, 0.0, MOST))
        if abs(new - rho) < CLOSE:
            return new
        rho = new
    return rho


def _moments(who, counts, theta, n_votes):
    """Squared residual of a row's counts above its variance, and what rho adds to it.

    Both for every row and truth, summed over the votes' classes.
    """
    excess = np.zeros(counts.shape)
    variance = np.zeros(counts.shape)
    for c in range(counts.shape[1]):
        share = theta[:, c, :]
        spread = who @ (share * (1 - share))
        excess += np.square(counts[:, [c]] - who @ share) - spread
        variance += spread
    return excess, variance * np.maximum(n_votes - 1, 0)[:, None]
