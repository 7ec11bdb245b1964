"""Scores of a candidate on every split, and what it says of the rows held out."""

import numbers
from dataclasses import dataclass
from functools import partial
from time import perf_counter

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


@dataclass(frozen=True, eq=False)
class HeldOut:
    """Scores of a candidate, and what it says of the rows held out.

    Attributes
    ----------
    scores : dict of str to ndarray of shape (n_splits,)
        By metric.
    responses : dict of str to list of ndarrays
        By metric, for every split what the scorer was given of the test rows, or None.
        Metrics that are given the same share it.
    probas : list of ndarrays of shape (n_test, n_classes)
        Probabilities of the test rows of every split, columns as in ``classes``, or
        None: without ``classes``, or if the candidate has none.
    seconds : float
        Of all fits and scores, one after the other.
    """

    scores: dict[str, np.ndarray]
    responses: dict[str, list]
    probas: list
    seconds: float


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


def score_held_out(
    candidate, X, y, splits, scorers, n_jobs, weights=UNWEIGHTED, classes=None
):
    """Fit and score clones on the splits, to the bit as ``cross_validate`` does.

    ``weights`` are those of the rows.

    Returns
    -------
    held : HeldOut
    """
    X, y = indexable(X, y)
    task = partial(_score_one, candidate, X, y, scorers, weights, classes)
    results = run_folds(task, splits, n_jobs=n_jobs)
    metrics = list(results[0][0])
    return HeldOut(
        scores={m: np.array([scores[m] for scores, *_ in results]) for m in metrics},
        responses={m: [held.get(m) for _, held, *_ in results] for m in metrics},
        probas=[proba for _, _, proba, _ in results],
        seconds=sum(seconds for *_, seconds in results),
    )


def _score_one(candidate, X, y, scorers, weights, classes, train, test):
    start = perf_counter()
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
    seconds = perf_counter() - start
    return scores, responses, _proba(model, X_test, classes, memory), seconds


def _proba(model, X_test, classes, memory):
    """Probabilities of all classes, from what scorers were given if it is these."""
    if classes is None or not hasattr(model, "predict_proba"):
        return None
    said = memory.get(("predict_proba", repr(None)))
    try:
        if said is None or said.ndim == 1:
            said = model.predict_proba(X_test)
        proba = np.zeros((said.shape[0], classes.size))
        proba[:, np.searchsorted(classes, model.classes_)] = said
    except Exception:  # of a model that is not ours; no score needs them
        return None
    return proba


def _number(metric, score):
    if hasattr(score, "item"):
        score = score.item()
    if not isinstance(score, numbers.Number):
        raise ValueError(
            f"scoring={metric!r} gave {score!r}, but a score is a number: return one "
            f"from the scorer, or a dict of them."
        )
    return score
