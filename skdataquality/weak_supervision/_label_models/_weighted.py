"""Votes of unequal weight: :class:`WeightedVote`."""

import numpy as np

from skdataquality.utils._sklearn import StrOptions
from skdataquality.weak_supervision._label_models._em import from_scores, majority
from skdataquality.weak_supervision._label_models._majority import BaseVote


class WeightedVote(BaseVote):
    """The label with the largest sum of weights.

    Parameters
    ----------
    weights : "agreement" or array-like of shape (n_sources,), default="agreement"
        Weights of the sources, 0 or more. "agreement" is the share of a source's votes
        that are the majority's label, or the true label where known (Wawa); n
        labels with equally many votes are each the majority's by 1 / n.
    accuracies : array-like of shape (n_sources,), default=None
        Known accuracies in (0, 1): weights are then the log-odds ``log(a (K - 1) / (1
        - a))``, which is best if errors are independent, spread evenly over the other
        classes, and classes equally frequent. ``weights`` is then not used.
    tie, random_state : as in :class:`MajorityVote`
    missing_label, classes : as in :class:`DawidSkene`

    Attributes
    ----------
    weights_ : ndarray of shape (n_sources,)
    classes_, sources_, confusion_, accuracies_, accuracies_interval_, class_prior_, \
    log_likelihood_, n_iter_, converged_, n_features_in_, feature_names_in_ : as in \
    :class:`DawidSkene`

    Warns
    -----
    UnfitLabelModelWarning, WorseThanChanceWarning, UnknownSourceWarning
        As in :class:`DawidSkene`.

    Examples
    --------
    >>> from skdataquality.weak_supervision import WeightedVote
    >>> votes = [["no", "no", "yes"], ["yes", "yes", "yes"]]
    >>> WeightedVote(accuracies=[0.6, 0.6, 0.9]).fit(votes).predict(votes).tolist()
    ['yes', 'yes']
    """

    _parameter_constraints: dict = {
        **BaseVote._parameter_constraints,
        "weights": [StrOptions({"agreement"}), "array-like"],
        "accuracies": ["array-like", None],
    }

    def __init__(
        self,
        weights="agreement",
        *,
        accuracies=None,
        tie="prior",
        random_state=None,
        missing_label="auto",
        classes=None,
    ):
        super().__init__(
            tie=tie,
            random_state=random_state,
            missing_label=missing_label,
            classes=classes,
        )
        self.weights = weights
        self.accuracies = accuracies

    def _weigh(self, problem):
        n_sources, n_classes = problem.votes.n_sources, problem.votes.n_classes
        if self.accuracies is not None:
            right = _per_source(self.accuracies, "accuracies", n_sources)
            if not ((right > 0) & (right < 1)).all():
                raise ValueError(
                    f"accuracies must lie between 0 and 1, got {right.min():g} to "
                    f"{right.max():g}: no source is always right or always wrong."
                )
            self.weights_ = np.log(right * max(n_classes - 1, 1) / (1 - right))
        elif not isinstance(self.weights, str):
            self.weights_ = _per_source(self.weights, "weights", n_sources)
            if not ((self.weights_ >= 0).all() and self.weights_.any()):
                raise ValueError(
                    f"weights must be 0 or more, and not all 0, got "
                    f"{self.weights_.min():g} to {self.weights_.max():g}."
                )
        else:
            self.weights_ = _agreement(problem)

    def _posterior(self, read):
        if self.accuracies is None:
            return super()._posterior(read)
        sums = read.counts(self.weights_[read.source])
        posterior = from_scores(sums)[0]
        posterior[~read.covered] = self.class_prior_
        return posterior


def _agreement(problem):
    """Share of each source's votes that are the majority's label, ties split evenly."""
    joint = problem.joint(majority(problem.start))
    n = joint.sum(axis=(1, 2))
    return np.einsum("jcc->j", joint) / np.maximum(n, 1)


def _per_source(values, name, n_sources):
    values = np.asarray(values, dtype=float)
    if values.shape != (n_sources,) or not np.isfinite(values).all():
        raise ValueError(
            f"{name} has shape {values.shape}: pass one finite number for each of the "
            f"{n_sources} sources."
        )
    return values
