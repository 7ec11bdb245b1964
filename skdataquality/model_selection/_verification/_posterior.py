"""How probable each true label is, before anybody looks."""

import warnings

import numpy as np

from skdataquality.label_noise import noise_matrices, true_label_posterior
from skdataquality.utils._prediction_guards import known_to_be_held_out


def posterior_or_given(y, classes, codes, proba):
    """Return the posterior by probabilities, shape (n_rows, n_classes).

    All of it is on the given label where there are none, or they are no use.
    """
    if proba is not None:
        with known_to_be_held_out(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                noise = noise_matrices(y, proba, classes=classes).noise_matrix
                return true_label_posterior(y, proba, noise, classes=classes)
            except ValueError:  # a class that no model predicts, and the like
                pass
    return np.eye(classes.size)[codes]


def what_all_say(proba, predictions, classes):
    """Mean of the probabilities of "nothing" and of what all candidates predict.

    By its own probabilities "nothing" is always right, and wholly so if they are 0 and
    1, as those of a tree; the others' predictions make the posterior a much better
    proxy of the difference. Parameter ``predictions`` is a list of arrays of shape
    (n_runs, n_rows) or (n_runs, n_rows, n_classes). None if there is nothing to go by.
    """
    votes = [
        vote
        for runs in predictions
        for said in runs
        if (vote := _as_proba(said, classes)) is not None
    ]
    if not votes:
        return proba
    mean = np.mean(votes, axis=0)
    return mean if proba is None else (proba + mean) / 2


def _as_proba(said, classes):
    n_rows, n_classes = said.shape[0], classes.size
    if said.ndim == 2:
        is_proba = said.shape[1] == n_classes and np.allclose(said.sum(axis=1), 1)
        return said if is_proba else None
    if np.isin(said, classes).all():
        vote = np.zeros((n_rows, n_classes))
        vote[np.arange(n_rows), np.searchsorted(classes, said)] = 1
        return vote
    if n_classes == 2 and said.dtype.kind == "f" and 0 <= said.min() <= said.max() <= 1:
        return np.stack([1 - said, said], axis=1)
    return None
