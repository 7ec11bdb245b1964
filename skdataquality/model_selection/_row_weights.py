"""What rows weigh in the fits and in the scores of a comparison."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from sklearn.base import clone

from skdataquality.compose._base import BaseWrapper
from skdataquality.compose._weights import weight_name
from skdataquality.exceptions import OverlapWarning
from skdataquality.model_selection._to_target import ImportanceWeightedScorer
from skdataquality.shift._targets import same_columns
from skdataquality.utils._sklearn import num_samples, takes_weight
from skdataquality.utils._stats import effective_sample_size
from skdataquality.utils._validation import check_weights

UNWEIGHTED = "scores are those of rows like X, not of rows like X_target"


@dataclass(frozen=True)
class RowWeights:
    """Weights of rows in fits and in scores, each None if all are the same."""

    fit: np.ndarray | None = None
    score: np.ndarray | None = None


def given_weights(sample_weight, n_rows, splits):
    """Return the user's weights for both, and a note on them."""
    weights = check_weights(sample_weight, n_rows)
    if weights is None:
        return RowWeights(), []
    for side, number in (("training", 0), ("test", 1)):
        bad = [k for k, split in enumerate(splits) if not weights[split[number]].any()]
        if bad:
            raise ValueError(
                f"sample_weight is 0 for all {side} rows of split(s) {bad[:5]}: leave "
                f"out rows of weight 0, or use fewer folds."
            )
    effective = effective_sample_size(weights)
    note = f"fits and scores are weighted: {effective:.0f} of {n_rows} rows effective"
    return RowWeights(weights, weights), [note]


def check_weights_reach(candidates, scorers):
    """Refuse, before any fit, what takes no weight: a metric or a candidate."""
    without = [name for name, scorer in scorers.items() if not takes_weight(scorer)]
    if without:
        raise ValueError(
            f"scoring={without[0]!r} takes no sample_weight: use a metric that does, "
            f"or compare without sample_weight."
        )
    for name, candidate in candidates.items():
        try:
            _check_takes_weight(clone(candidate))  # it may be asked to take one
        except ValueError as error:
            raise ValueError(f"remedies[{name!r}]: {error}") from error


def _check_takes_weight(candidate):
    weight_name(candidate)
    if isinstance(candidate, BaseWrapper) and candidate.estimator is not None:
        _check_takes_weight(candidate.estimator)


def taken_apart(scoring, X_target, estimator):
    """Return the metrics, and the scorer that weighs them towards target rows or None.

    Its weights then are those of the comparison, which tests gains by rows.
    """
    if isinstance(scoring, ImportanceWeightedScorer):
        return scoring._scoring_for(estimator), scoring
    parts = scoring.values() if isinstance(scoring, Mapping) else ()
    if X_target is not None and any(
        isinstance(part, ImportanceWeightedScorer) for part in parts
    ):
        raise ValueError(
            "scoring holds an ImportanceWeightedScorer and X_target is given: scores "
            "would be weighted twice. Pass the metrics alone, or as "
            "ImportanceWeightedScorer([...], X_target=...)."
        )
    return scoring, None


def weigh_to_target(weights, X, target, scorers, *, by=None, n_jobs=None):
    """Weigh scores towards the target rows, where that can be trusted; say which.

    The weights of rows in the score are multiplied by the density ratio that a model
    which has not seen the row gives, never by what a candidate weighs. ``by`` is the
    ImportanceWeightedScorer whose weights are used, in place of ``target``.
    """
    by = ImportanceWeightedScorer(X_target=target) if by is None else by
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", OverlapWarning)  # said by the weighter
        same_columns(X, by.X_target.X)  # raises if they are other features
    own = {} if by.weighter is not None else {"n_jobs": n_jobs}
    try:
        found = by._weights_for(X, sample_weight=weights.fit, **own)
    except ValueError as error:
        return weights, [f"{UNWEIGHTED}: {str(error).splitlines()[0]}"]
    ratio = found.of(X)
    whole = ratio if weights.score is None else ratio * weights.score
    why = found.doubt(whole)
    if why is not None:
        return weights, [f"{UNWEIGHTED}: {why}"]
    overlap = "" if found.domain_auc is None else f"domain AUC {found.domain_auc:.2f}, "
    notes = [
        f"scores are weighted towards X_target ({overlap}"
        f"{effective_sample_size(whole):.0f} of {num_samples(X)} rows effective)"
    ]
    without = [name for name, scorer in scorers.items() if not takes_weight(scorer)]
    if without:
        named = ", ".join(without)
        notes.append(f"{named} takes no weights: its scores are those of rows like X")
    return replace(weights, score=whole), notes
