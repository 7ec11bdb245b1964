"""What each vote says of the truth under a label model: :class:`VoteEvidence`."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import log_softmax, softmax

from skdataquality.weak_supervision._votes import Votes

SMALLEST = 1e-10


@dataclass(frozen=True, eq=False)
class VoteEvidence:
    """Votes and what a label model makes of them.

    Attributes
    ----------
    votes : Votes
    confusion : ndarray of shape (n_sources, n_classes, n_classes)
        Chance of each vote (last axis) given the truth (the one before), of a source
        that votes.
    prior : ndarray of shape (n_classes,)
        Shares of the classes.
    """

    votes: Votes
    confusion: np.ndarray
    prior: np.ndarray

    @cached_property
    def of_vote(self):
        """Logarithm of the chance of each vote given each truth, (n_votes, K)."""
        chance = np.maximum(self.confusion, SMALLEST)
        return np.log(chance[self.votes.source, :, self.votes.code])

    @cached_property
    def of_row(self):
        """Logarithm of prior and votes of each row together, (n_rows, K)."""
        votes = self.votes
        prior = np.log(np.maximum(self.prior, SMALLEST))
        said = [
            np.bincount(votes.row, self.of_vote[:, z], votes.n_rows)
            for z in range(votes.n_classes)
        ]
        return prior + np.column_stack(said)

    @cached_property
    def posterior(self):
        """Probability of each class of each row, (n_rows, K)."""
        return softmax(self.of_row, axis=1)

    def without(self, *votes):
        """Posterior of the rows of some votes, without these votes, (n, K).

        ``votes`` are arrays of vote numbers, as many in each; those of one place are of
        one row.
        """
        logits = self.of_row[self.votes.row[votes[0]]]
        for number in votes:
            logits = logits - self.of_vote[number]
        return np.exp(log_softmax(logits, axis=1))
