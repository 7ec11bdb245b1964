"""One consensus, whatever it rests on: :func:`consensus`."""

import numpy as np
from scipy.special import logsumexp, softmax

from skdataquality.weak_supervision._annotators._asking import (
    TOLERANCE,
    lead,
    tempered,
)
from skdataquality.weak_supervision._annotators._crowdlab import (
    LEAST,
    Weighed,
    best_codes,
)
from skdataquality.weak_supervision._annotators._public import (
    crowdlab_of,
    read_both,
    summed_up,
    warn_of_single_votes,
)
from skdataquality.weak_supervision._annotators._tied_vote import majority_codes
from skdataquality.weak_supervision._label_models import DawidSkene, unfitted
from skdataquality.weak_supervision._votes import read_votes

MOST = 1 - 1e-6  # accuracy of a source
TINY = 1e-300


def consensus(
    votes, pred_proba=None, label_model=None, *, missing_label="auto", classes=None
):
    """Find the label of each row on which annotators agree, and who is to be asked.

    With a classifier's probabilities it is :func:`crowdlab`; without, a label model
    learns from the votes alone how good annotators are. With both, its posterior is
    multiplied by the probabilities over the class prior (Bayes' rule, votes and
    features independent given the class), after these were raised to the power under
    which the votes are likeliest, since classifiers are often too sure.

    Parameters
    ----------
    votes : {array-like, sparse matrix, data frame} of shape (n_rows, n_annotators) \
            or LongVotes
        One column for each annotator; a missing cell is no vote.
    pred_proba : array-like of shape (n_rows, n_classes), default=None
        Out-of-sample class probabilities, columns in the order of sorted classes; NaN
        throughout for rows without a prediction.
    label_model : label model, default=None
        Unfitted. None is :class:`DawidSkene` where there are no probabilities, and
        CROWDLAB where there are.
    missing_label : "auto" or None or label, default="auto"
        What no vote is, beside missing cells: blank texts, and -1 among numbers
        ("auto"), nothing (None), or this label.
    classes : array-like of shape (n_classes,), default=None
        All labels; needed with `pred_proba` if one has no vote.

    Returns
    -------
    result : Consensus
        With a label model ``annotator_quality`` is ``accuracies_``, the probability
        that a vote is right, and ``annotator_weight`` its log-odds, at least 1e-6.

    Raises
    ------
    ValueError
        If votes or probabilities are not what they should be.

    Warns
    -----
    SingleVotesWarning
        If no row has two votes and probabilities are given without a label model.

    See Also
    --------
    MultiAnnotatorClassifier : Makes out-of-sample probabilities itself.

    Notes
    -----
    Wrong where annotators share a mistake: what most of them believe is taken for true,
    and its quality is high. A few labels checked by a person show it. A quality is an
    estimate of the same model as the label, not a check of it; CROWDLAB's are rather
    an order than a probability, far below the share that is right.

    Examples
    --------
    >>> from skdataquality.weak_supervision import consensus
    >>> votes = [
    ...     ["ham", "ham", "spam"],
    ...     ["spam", "spam", "spam"],
    ...     ["ham", "ham", "spam"],
    ...     ["ham", "ham", "ham"],
    ...     ["spam", "spam", None],
    ... ]
    >>> result = consensus(votes)
    >>> result.labels.tolist()
    ['ham', 'spam', 'ham', 'ham', 'spam']
    >>> list(result.worst_annotators(1))
    [2]
    """
    if pred_proba is None:
        votes = read_votes(votes, missing_label=missing_label, classes=classes)
        proba = None
    else:
        votes, proba = read_both(votes, pred_proba, missing_label, classes)
        if label_model is None:
            warn_of_single_votes(votes)
    return consensus_of(votes, proba, label_model)


def consensus_of(votes, proba=None, label_model=None, gold=None):
    """Return the :class:`Consensus` of Votes and probabilities that are checked.

    ``gold`` holds the labels that are known, else None, for a label model.
    """
    if label_model is None and proba is not None:
        return crowdlab_of(votes, proba)
    model = DawidSkene() if label_model is None else unfitted(label_model, votes)
    model.fit(votes, gold)
    posterior = np.array(_aligned(model, votes), dtype=float)
    method = type(model).__name__
    if proba is not None:
        posterior = _times(posterior, proba, _prior(model, votes), votes.covered)
        method += " times the classifier, by Bayes' rule"
    codes = best_codes(posterior, majority_codes(votes, proba))
    if proba is None:
        codes = _predicted(model, votes, otherwise=codes)
    weighed = _weighed(votes, posterior, model.accuracies_, proba)
    return summed_up(
        votes,
        codes,
        weighed,
        annotator_quality=_of_voters(model.accuracies_, votes),
        needs_vote=_turned(weighed, codes, votes),
        method=method,
    )


def _predicted(model, votes, otherwise):
    """Numbers of the classes that the model decides for, ties as it has them."""
    place = {label: k for k, label in enumerate(votes.classes.tolist())}
    labels = model.predict(votes).tolist()  # warns if it flips a row that agrees
    codes = np.array([place.get(label, -1) for label in labels])
    return np.where(codes >= 0, codes, otherwise)


def _aligned(model, votes):
    """Posterior of a fitted label model with one column per class of the votes."""
    posterior = model.predict_proba(votes)
    if np.array_equal(model.classes_, votes.classes):
        return posterior
    out = np.zeros((votes.n_rows, votes.n_classes))
    out[:, np.searchsorted(votes.classes, model.classes_)] = posterior
    return out


def _prior(model, votes):
    prior = np.full(votes.n_classes, LEAST)
    prior[np.searchsorted(votes.classes, model.classes_)] = model.class_prior_
    return np.maximum(prior, LEAST)


def _times(posterior, proba, prior, voted):
    """Product of what votes and classifier say, the prior counted once.

    The classifier's probabilities are raised to the power that makes the votes, which
    are likely as their posterior over the prior, likeliest.
    """
    known = ~np.isnan(proba[:, 0])
    said = np.log(np.maximum(posterior, TINY)) - np.log(prior)

    def loss(logs):
        return -logsumexp(logs + said[known & voted], axis=1).mean()

    proba = tempered(proba, known & voted, loss)
    said[known] += np.log(np.maximum(proba[known], TINY))
    said[~known] += np.log(prior)
    return softmax(said, axis=1)


def _of_voters(values, votes):
    cast = np.bincount(votes.source, minlength=votes.n_sources)
    return np.where(cast > 0, values, np.nan)


def _weighed(votes, posterior, accuracies, proba):
    """Log-odds as weights; the classifier weighs as a mean annotator."""
    accuracy = np.clip(accuracies, 1 - MOST, MOST)
    voted = ~np.isnan(accuracy)
    accuracy[~voted] = accuracy[voted].mean() if voted.any() else 1 / votes.n_classes
    others = max(votes.n_classes - 1, 1)
    weight = np.maximum(np.log(accuracy * others / (1 - accuracy)), LEAST)
    model_weight = 0.0 if proba is None else float(weight.mean())
    total = np.bincount(votes.row, weight[votes.source], minlength=votes.n_rows)
    if proba is not None:
        total = total + model_weight * ~np.isnan(proba[:, 0])
    return Weighed(posterior, weight, model_weight, 1.0, total)


def _turned(weighed, codes, votes):
    """Mask of rows whose consensus one mean vote for the runner-up would overturn."""
    if votes.n_classes == 1:
        return np.zeros(codes.size, dtype=bool)
    logs = np.log(np.maximum(weighed.posterior, TINY))
    return lead(logs, codes) <= weighed.source_weight.mean() + TOLERANCE
