"""Scores of a candidate on every split, and what it says of the rows held out."""

import numbers
from functools import partial

import numpy as np
from sklearn.base import ClassifierMixin, RegressorMixin, clone
from sklearn.metrics import check_scoring, get_scorer
from sklearn.utils import indexable

from skdataquality.compose._weights import fit_parameters
from skdataquality.model_selection._row_weights import RowWeights
from skdataquality.utils._folds import run_folds
from skdataquality.utils._sklearn import (
    named_scorers,
    rows_to_fit_and_score,
    score_and_response,
)

UNWEIGHTED = RowWeights()
_OWN_SCORE = {ClassifierMixin.score: "accuracy", RegressorMixin.score: "r2"}


def scorers_of(candidate, scoring):
    """Return the scorers by name, as ``cross_validate`` has them.

    ``score`` as scikit-learn writes it is accuracy or R2, which a scorer computes from
    predictions that can be kept.
    """
    if scoring is None:
        usual = _OWN_SCORE.get(getattr(type(candidate), "score", None))
        scoring = get_scorer(usual) if usual else None
    scorers = named_scorers(check_scoring(candidate, scoring))
    return {scoring: scorers["score"]} if isinstance(scoring, str) else scorers


def score_held_out(candidate, X, y, splits, scorers, n_jobs, weights=UNWEIGHTED):
    """Fit and score clones on the splits, to the bit as ``cross_validate`` does.

    ``weights`` are those of the rows.

    Returns
    -------
    scores : dict of str to ndarray of shape (n_splits,)
        By metric.
    responses : dict of str to list of ndarrays
        By metric, for every split what the scorer was given of the test rows, or None.
        Metrics that are given the same share it.
    """
    X, y = indexable(X, y)
    task = partial(_score_one, candidate, X, y, scorers, weights)
    results = run_folds(task, splits, n_jobs=n_jobs)
    metrics = list(results[0][0])
    scores = {m: np.array([scores[m] for scores, _ in results]) for m in metrics}
    responses = {m: [held.get(m) for _, held in results] for m in metrics}
    return scores, responses


def _score_one(candidate, X, y, scorers, weights, train, test):
    model = clone(candidate)
    weight = {}
    if weights.fit is not None:
        weight = fit_parameters(model, sample_weight=weights.fit[train])
    model.fit(*rows_to_fit_and_score(model, X, y, train), **weight)
    X_test, y_test = rows_to_fit_and_score(model, X, y, test, train)
    scores: dict[str, float] = {}
    responses: dict[str, np.ndarray | None] = {}
    memory: dict = {}
    of_test = None if weights.score is None else weights.score[test]
    for name, scorer in scorers.items():
        score, responses[name] = score_and_response(
            scorer, model, X_test, y_test, memory, of_test
        )
        several = score if isinstance(score, dict) else {name: score}
        scores |= {key: _number(key, value) for key, value in several.items()}
    return scores, responses


def _number(metric, score):
    if hasattr(score, "item"):
        score = score.item()
    if not isinstance(score, numbers.Number):
        raise ValueError(
            f"scoring={metric!r} gave {score!r}, but a score is a number: return one "
            f"from the scorer, or a dict of them."
        )
    return score
