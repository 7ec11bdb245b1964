"""How probable each true label is, before anybody looks."""

import warnings

import numpy as np

from skdataquality.label_noise import noise_matrices, true_label_posterior
from skdataquality.utils._prediction_guards import known_to_be_held_out

ON_GIVEN = 0.5  # of a guess without probabilities; the candidates have the rest


def posterior_or_guess(y, classes, codes, proba, predictions):
    """Return the posterior by the model "nothing", shape (n_rows, n_classes).

    Without probabilities, or where they are no use, half is on the given label and half
    on what the candidates predict. Whatever it is, estimates stay unbiased; a good one
    makes them precise.
    """
    if proba is not None:
        with known_to_be_held_out(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                noise = noise_matrices(y, proba, classes=classes).noise_matrix
                return true_label_posterior(y, proba, noise, classes=classes)
            except ValueError:  # a class that no model predicts, and the like
                pass
    guess = np.zeros((y.shape[0], classes.size))
    for runs in predictions:
        for response in runs:
            if response.ndim == 1 and np.isin(response, classes).all():
                said = np.searchsorted(classes, response)
                guess[np.arange(said.size), said] += 1
    total = guess.sum(axis=1, keepdims=True)
    on_given = np.eye(classes.size)[codes]
    if not total.all():
        return on_given
    return ON_GIVEN * on_given + (1 - ON_GIVEN) * guess / total
