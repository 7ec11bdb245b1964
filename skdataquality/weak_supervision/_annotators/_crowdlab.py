"""Votes weighed against a classifier: the mathematics of CROWDLAB."""

from dataclasses import dataclass

import numpy as np

from skdataquality.weak_supervision._annotators._tied_vote import (
    TOLERANCE,
    majority_codes,
    mean_by,
)

LEAST = 1e-6  # error of the most frequent class, and weight, at least
COMPARED = 2  # votes


@dataclass(frozen=True)
class Weighed:
    """Posterior and weights for one consensus.

    Attributes
    ----------
    posterior : ndarray of shape (n_rows, n_classes)
    source_weight : ndarray of shape (n_sources,)
    model_weight : float
    gain : float
        What a vote adds to its class beyond what it adds to others, before weights:
        P - (1 - P) / (n_classes - 1).
    total : ndarray of shape (n_rows,)
        Weight of the model and of all votes of the row.
    """

    posterior: np.ndarray
    source_weight: np.ndarray
    model_weight: float
    gain: float
    total: np.ndarray


def crowdlab_consensus(votes, proba):
    """Return consensus codes and :class:`Weighed`, after CROWDLAB's two passes.

    Parameters
    ----------
    votes : Votes
    proba : ndarray of shape (n_rows, n_classes)
        Rows without a prediction are NaN.
    """
    proba = np.asarray(proba, dtype=float)
    first = majority_codes(votes, proba)
    if not has_overlap(votes):
        return first, _one_vote_a_row(votes, proba)
    second = best_codes(weigh(votes, proba, first).posterior, first)
    return second, weigh(votes, proba, second)


def has_overlap(votes):
    """Whether some row has two votes."""
    return bool(np.any(np.bincount(votes.row, minlength=1) >= COMPARED))


def best_codes(posterior, otherwise):
    """Most probable class of each row; ``otherwise`` where that one is tied for it."""
    best = posterior.max(axis=1)
    own = posterior[np.arange(otherwise.size), otherwise]
    return np.where(own >= best - TOLERANCE, otherwise, posterior.argmax(axis=1))


def weigh(votes, proba, consensus):
    """Compute weights and posterior for a given consensus (equations of the paper)."""
    n_votes = np.bincount(votes.row, minlength=votes.n_rows)
    compared = n_votes >= COMPARED
    known = compared & ~np.isnan(proba[:, 0])
    shown = np.bincount(consensus[compared], minlength=votes.n_classes)
    likeliest_error = max(1 - shown.max() / shown.sum(), LEAST)
    trust = source_agreement(votes)
    source_weight = np.maximum(1 - (1 - trust) / likeliest_error, LEAST)
    source_weight = mean_if_silent(source_weight, votes)
    model_error = 1.0
    if known.any():
        model_error = np.mean(proba[known].argmax(axis=1) != consensus[known])
    model_weight = max(1 - model_error / likeliest_error, LEAST)
    model_weight *= np.sqrt(n_votes[n_votes > 0].mean())
    agreed = (votes.code == consensus[votes.row]) & compared[votes.row]
    share = np.bincount(votes.row, agreed, minlength=votes.n_rows)[compared]
    likely = float((share / n_votes[compared]).mean())
    return _combined(votes, proba, source_weight, float(model_weight), likely)


def mean_if_silent(weight, votes):
    """Give sources without a vote the mean weight, so that they leave it as it is."""
    voted = np.bincount(votes.source, minlength=votes.n_sources) > 0
    return np.where(voted, weight, weight[voted].mean() if voted.any() else LEAST)


def source_agreement(votes):
    """Share of the other votes on its rows that agree with each source, (n_sources,).

    One that shares no row has the mean of the others.
    """
    counts = votes.counts()
    alike = counts[votes.row, votes.code] - 1
    others = counts.sum(axis=1)[votes.row] - 1
    agreeing = np.bincount(votes.source, alike, minlength=votes.n_sources)
    seen = np.bincount(votes.source, others, minlength=votes.n_sources)
    with np.errstate(invalid="ignore"):
        trust = agreeing / seen
    trust[seen == 0] = trust[seen > 0].mean()
    return trust


def _one_vote_a_row(votes, proba):
    """Nothing says who is right: model and votes weigh the same, quality is p_M."""
    weighed = _combined(votes, proba, np.ones(votes.n_sources), 1.0, 1.0)
    known = ~np.isnan(proba[:, 0])
    weighed.posterior[known] = proba[known]
    return weighed


def _combined(votes, proba, source_weight, model_weight, likely):
    n_classes = votes.n_classes
    unlikely = (1 - likely) / (n_classes - 1) if n_classes > 1 else likely
    weight = source_weight[votes.source]
    cast = np.bincount(votes.row, weight, minlength=votes.n_rows)
    known = ~np.isnan(proba[:, 0])
    total = cast + model_weight * known
    posterior = votes.counts(weight) * (likely - unlikely)
    posterior += cast[:, None] * unlikely
    posterior[known] += model_weight * proba[known]
    empty = total == 0
    posterior[empty] = votes.counts().sum(axis=0) / max(votes.n_votes, 1)
    posterior /= np.where(empty, 1, total)[:, None]
    return Weighed(posterior, source_weight, model_weight, likely - unlikely, total)


def source_quality(votes, consensus, weighed):
    """Quality of each source, (n_sources,): how probable its votes are, and agreed.

    NaN for a source without votes; one that shares no row has the first part only.
    """
    n_votes = np.bincount(votes.row, minlength=votes.n_rows)
    of_votes = weighed.posterior[votes.row, votes.code]
    probable = mean_by(votes.source, of_votes, votes.n_sources)
    if not has_overlap(votes):
        return probable
    agreed = votes.code == consensus[votes.row]
    shared = n_votes[votes.row] >= COMPARED
    agreement = mean_by(votes.source, agreed, votes.n_sources, where=shared)
    weight = weighed.model_weight
    crowd = weighed.source_weight.sum() * n_votes[n_votes > 0].mean() / votes.n_sources
    share = weight / (weight + crowd)
    mixed = share * probable + (1 - share) * agreement
    return np.where(np.isnan(agreement), probable, mixed)
