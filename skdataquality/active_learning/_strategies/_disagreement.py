"""How much the members of a committee differ: running sums, a number a row."""

import numpy as np
from scipy.special import entr

MEASURES = ("vote_entropy", "kl", "consensus_entropy")


def disagreement(votes, measure):
    """Say of each row how much classifiers disagree.

    Parameters
    ----------
    votes : iterable of ndarray of shape (n_samples, n_classes)
        Probabilities of one member after the other, for the entropy of votes 1 and 0;
        only sums of them are kept.
    measure : {"kl", "vote_entropy", "consensus_entropy"}
        Mean Kullback-Leibler divergence of the members from their mean; of the other
        two, the entropy of the mean.

    Returns
    -------
    scores : ndarray of shape (n_samples,)
        At least 0; higher is more disagreement.
    """
    total, own_entropy, n_members = 0.0, 0.0, 0
    for proba in votes:
        total = total + proba
        if measure == "kl":
            own_entropy = own_entropy + entr(proba).sum(axis=1)
        n_members += 1
    consensus = entr(total / n_members).sum(axis=1)
    if measure != "kl":
        return consensus
    return np.maximum(consensus - own_entropy / n_members, 0)


def spread(predictions):
    """Return the standard deviation over members of what they predict.

    Welford's sums, which do not cancel where numbers are large.
    """
    mean, squares, n_members = 0.0, 0.0, 0
    for predicted in predictions:
        n_members += 1
        away = predicted - mean
        mean = mean + away / n_members
        squares = squares + away * (predicted - mean)
    return np.sqrt(squares / n_members)
