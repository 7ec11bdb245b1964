"""Simulated crowds, clean and with one planted fault."""

import numpy as np

FAULTS = ("worse", "copy", "confused", "undecidable", "useless")


def crowd(
    seed,
    *,
    n_rows=500,
    n_annotators=10,
    n_classes=4,
    per_row=5,
    prior=None,
    accuracy=(0.7, 0.95),
    spread="even",
    fault=None,
):
    """Return votes (-1 is none) of annotators independent given the truth, and it.

    Wrong votes go to the other classes evenly, by their shares ("prior") or by habits
    of each annotator ("own"). Of the faults the annotator is 0, the copies are 0 and 1,
    of whose common rows four fifths are copied, the classes 0 and 1.
    """
    rng = np.random.default_rng(seed)
    k = n_classes
    prior = np.full(k, 1 / k) if prior is None else np.asarray(prior)
    truth = rng.choice(k, n_rows, p=prior)
    right = rng.uniform(*accuracy, n_annotators)
    order = rng.random((n_rows, n_annotators)).argsort(axis=1)
    votes_on = order < per_row
    votes = np.full((n_rows, n_annotators), -1)
    for j in range(n_annotators):
        table = _confusion(rng, right[j], prior, spread)
        said = (rng.random(n_rows)[:, None] > table[truth].cumsum(axis=1)).sum(axis=1)
        votes[:, j] = np.where(votes_on[:, j], np.minimum(said, k - 1), -1)
    if fault is not None:
        _plant(rng, votes, truth, k, fault)
    return votes, truth


def _confusion(rng, right, prior, spread):
    k = prior.size
    table = np.empty((k, k))
    for c in range(k):
        where = {"even": np.ones(k), "prior": prior.copy()}.get(spread)
        where = rng.dirichlet(np.full(k, 2.0)) if where is None else where
        where[c] = 0
        table[c] = (1 - right) * where / where.sum()
        table[c, c] = right
    return table


def _plant(rng, votes, truth, k, fault):
    n, cast = truth.size, votes >= 0
    if fault == "worse":
        wrong = (truth + rng.integers(1, k, n)) % k
        said = np.where(rng.random(n) < 0.6 / k, truth, wrong)
        votes[:, 0] = np.where(cast[:, 0], said, -1)
    elif fault == "useless":
        votes[:, 0] = np.where(cast[:, 0], rng.integers(k, size=n), -1)
    elif fault == "copy":
        both = cast[:, 0] & cast[:, 1] & (rng.random(n) < 0.8)
        votes[both, 1] = votes[both, 0]
    elif fault == "confused":
        swapped = cast & (votes <= 1) & (rng.random(votes.shape) < 0.3)
        votes[swapped] = 1 - votes[swapped]
    elif fault == "undecidable":
        rows = rng.random(n) < 0.2
        guess = rng.integers(2, size=votes.shape)
        votes[:] = np.where(cast & rows[:, None], guess, votes)
