"""How often a source is right, with an interval: :func:`accuracy_intervals`."""

import numpy as np
from scipy import stats

# share of the votes against a row's label that may be right after all, all at once;
# with it 90 % of the annotators of each of five crowd sets are covered
_OVERRULED = 0.25
# With a parameter below, a beta distribution of a given mean has all its mass at one
# end, and the greater the doubt, the narrower its interval.
_LEAST_BETA = 0.05


def expected_hits(votes, posterior):
    """Votes of each source, and how many are right in expectation."""
    right = posterior[votes.row, votes.code]
    hits = np.bincount(votes.source, right, minlength=votes.n_sources)
    return _number(votes), hits


def accuracy_intervals(votes, posterior, *, known=None, level=0.95):
    """Interval of P(vote right | voted) for every source, shape (n_sources, 2).

    Between quantiles of a beta distribution whose variance is the sum of: chance in the
    votes cast; doubt about each row; and doubt that all rows share, as a model that is
    wrong is wrong in the same way everywhere. The last is the mean probability that the
    row's label is wrong, and a quarter of the votes against that label. It is (0, 1) of
    a source without a vote on a row that has another vote, or a known label.

    Parameters
    ----------
    votes : Votes
    posterior : ndarray of shape (n_rows, n_classes)
        P(class | votes), one-hot where the truth is known.
    known : ndarray of shape (n_rows,), bool, default=None
        Rows whose truth is given, on which nothing is in doubt.
    level : float, default=0.95
    """
    n, hits = expected_hits(votes, posterior)
    right = posterior[votes.row, votes.code]
    top = posterior.max(axis=1)
    total = np.maximum(n, 1.0)
    label = posterior.argmax(axis=1)
    size = np.maximum(np.bincount(votes.row, minlength=votes.n_rows), 1)
    against = np.bincount(votes.row, label[votes.row] != votes.code, votes.n_rows)
    judged = size > 1
    if known is not None:
        judged |= known
        against = np.where(known, 0.0, against)

    def mean(of_votes):
        return np.bincount(votes.source, of_votes, minlength=n.size) / total

    share = (hits + 1) / (n + 2)  # never 0 or 1, where its variance would vanish
    chance = share * (1 - share)
    spread = chance / (n + 2) + mean(right * (1 - right)) / total
    spread += mean(1 - top[votes.row]) ** 2
    spread += (_OVERRULED * mean((against / size)[votes.row])) ** 2
    least = np.maximum(0.5, _LEAST_BETA / np.minimum(share, 1 - share))
    worth = np.maximum(chance / spread - 1, least)
    tails = np.array([(1 - level) / 2, (1 + level) / 2])[:, None]
    ends = stats.beta.ppf(tails, share * worth, (1 - share) * worth).T
    ends[mean(judged[votes.row]) == 0] = 0.0, 1.0
    return ends


def _number(votes):
    return np.bincount(votes.source, minlength=votes.n_sources).astype(float)
