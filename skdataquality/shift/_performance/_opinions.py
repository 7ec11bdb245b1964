"""What other kinds of models say of the rows: how likely each label is, more surely."""

from dataclasses import dataclass

import numpy as np
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.pipeline import make_pipeline

from skdataquality.compose._calibration import fit_temperature
from skdataquality.compose._default import linear_classifier, to_scaled_numbers
from skdataquality.utils._fits import default_fit
from skdataquality.utils._folds import aligned_proba, fit_on, out_of_fold
from skdataquality.utils._sklearn import num_samples

MOST_ROWS = 10_000  # that a tree learns from
N_TREES = 60
N_STEPS = 20  # of the weights, from equal ones: few, so that none is quite lost


@dataclass(frozen=True)
class Opinion:
    """Probabilities of one model.

    Attributes
    ----------
    proba : ndarray of shape (n_samples, n_classes)
        Of training rows, held out; NaN where not covered.
    new_proba : ndarray of shape (n_target, n_classes)
    """

    proba: np.ndarray
    new_proba: np.ndarray

    def of(self, rows, new_rows):
        """Return what it says of some rows."""
        return Opinion(self.proba[rows], self.new_proba[new_rows])

    def calibrated(self, codes):
        """Return the same with one temperature fitted to the labels."""
        scaling = fit_temperature(self.proba, codes, bias=False)
        return Opinion(scaling.apply(self.proba), scaling.apply(self.new_proba))


def other_opinions(X, codes, X_target, oof, pooled, *, cv, groups, n_jobs=None):
    """Ask a logistic regression and randomised trees about the same rows.

    Parameters
    ----------
    X, X_target : tables of the same columns
    codes : ndarray of shape (n_samples,), int
    oof : OutOfFold
        Of the model that is judged; its folds are used if they are known.
    pooled : table
        Both sides, from which the kinds of the columns are read.
    cv : int, splitter or None
        Folds otherwise.
    groups : array-like of shape (n_samples,) or None
    n_jobs : int, default=None

    Returns
    -------
    opinions : list of Opinion
        Empty where columns cannot be made numbers, such as text without skrub.
    """
    known = bool(oof.splits)
    folds = {
        "cv": list(oof.splits) if known else None if cv == "oob" else cv,
        "groups": None if known else groups,
        "n_jobs": n_jobs,
        "random_state": 0,
    }
    opinions = []
    with default_fit():
        for model in other_models(pooled, num_samples(X)):
            theirs = out_of_fold(model, X, codes, **folds)
            rows = np.arange(codes.shape[0])
            fitted = fit_on(model, X, codes, rows, {})
            classes = np.arange(oof.classes.shape[0])
            proba = np.zeros((codes.shape[0], classes.shape[0]))
            proba[:, theirs.classes] = theirs.proba
            opinions.append(Opinion(proba, aligned_proba(fitted, X_target, classes)))
    return opinions


def other_models(pooled, n_samples):
    """Return the unfitted models that are asked beside the one that is judged."""
    try:
        steps = to_scaled_numbers(pooled)
    except (ImportError, ValueError):  # only the user's estimator can read it
        return []
    share = MOST_ROWS / n_samples if n_samples > MOST_ROWS else None
    trees = ExtraTreesClassifier(
        N_TREES,
        min_samples_leaf=2,
        bootstrap=share is not None,
        max_samples=share,
        random_state=0,
    )
    return [make_pipeline(*steps, model) for model in (linear_classifier(), trees)]


def pooled_opinion(opinions, codes):
    """Mix calibrated opinions, each as much as it foretells held-out labels.

    A linear opinion pool: the weights, from equal ones, take steps of
    expectation-maximisation towards the largest likelihood of the labels.

    Parameters
    ----------
    opinions : list of Opinion
        Without NaN.
    codes : ndarray of shape (n_samples,), int

    Returns
    -------
    opinion : Opinion
    """
    calibrated = [opinion.calibrated(codes) for opinion in opinions]
    rows = np.arange(codes.shape[0])
    own = np.stack([opinion.proba[rows, codes] for opinion in calibrated])
    own = np.maximum(own, np.finfo(float).tiny)
    weights = np.full(own.shape[0], 1 / own.shape[0])
    for _ in range(N_STEPS):
        weights = weights * (own / (weights @ own)).mean(axis=1)
    return Opinion(
        np.tensordot(weights, [opinion.proba for opinion in calibrated], axes=1),
        np.tensordot(weights, [opinion.new_proba for opinion in calibrated], axes=1),
    )
