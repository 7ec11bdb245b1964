"""Scores of a candidate on every split, and what it says of the rows held out."""

import numbers
import warnings
from functools import partial

import numpy as np
from sklearn.base import ClassifierMixin, RegressorMixin, clone
from sklearn.metrics import check_scoring, get_scorer
from sklearn.utils import indexable

from skdataquality.utils._folds import run_folds
from skdataquality.utils._sklearn import (
    lacks,
    named_scorers,
    respond,
    rows_to_fit_and_score,
    score_and_question,
)

_OWN_SCORE = {ClassifierMixin.score: "accuracy", RegressorMixin.score: "r2"}


class LacksResponseError(Exception):
    """A scorer asks a model for what it cannot say; holds metric and method."""


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


def score_held_out(candidate, X, y, splits, scorers, n_jobs, again=None):
    """Fit and score clones on the splits, to the bit as ``cross_validate`` does.

    Parameters
    ----------
    again : list of index arrays, default=None
        For every split more rows of which the model is asked what scorers ask, without
        a score.

    Returns
    -------
    scores : dict of str to ndarray of shape (n_splits,)
        By metric.
    responses : dict of str to list of ndarrays
        By metric, for every split what the scorer was given of the test rows, or None.
        Metrics that are given the same share it.
    of_more : dict of str to list of ndarrays
        The same of the rows of ``again``.
    """
    X, y = indexable(X, y)
    more = again or [()] * len(splits)
    task = partial(_score_one, candidate, X, y, scorers)
    results = run_folds(
        task,
        [(a, (b, c)) for (a, b), c in zip(splits, more, strict=True)],
        n_jobs=n_jobs,
    )
    metrics = list(results[0][0])
    scores = {m: np.array([scores[m] for scores, *_ in results]) for m in metrics}
    responses = {m: [held.get(m) for _, held, _ in results] for m in metrics}
    of_more = {m: [held.get(m) for *_, held in results] for m in metrics}
    return scores, responses, of_more


def _score_one(candidate, X, y, scorers, train, tests):
    test, more = tests
    model = clone(candidate)
    model.fit(*rows_to_fit_and_score(model, X, y, train))
    X_test, y_test = rows_to_fit_and_score(model, X, y, test, train)
    scores: dict[str, float] = {}
    asked: dict[str, str] = {}
    memory: dict = {}
    for name, scorer in scorers.items():
        if lacking := lacks(scorer, model):
            raise LacksResponseError(name, lacking)
        score, key = score_and_question(scorer, model, X_test, y_test, memory)
        several = score if isinstance(score, dict) else {name: score}
        scores |= {key: _number(key, value) for key, value in several.items()}
        if key is not None:
            asked[name] = key
    held = {name: memory[key][0] for name, key in asked.items()}
    told = {}
    if len(more):
        X_more, _ = rows_to_fit_and_score(model, X, y, more, train)
        told = {
            key: _response(model, X_more, memory[key][1]) for key in {*asked.values()}
        }
    return scores, held, {name: told.get(key) for name, key in asked.items()}


def _response(model, X, question):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # said of the rows held out already
        return respond(model, X, *question)


def _number(metric, score):
    if hasattr(score, "item"):
        score = score.item()
    if not isinstance(score, numbers.Number):
        raise ValueError(
            f"scoring={metric!r} gave {score!r}, but a score is a number: return one "
            f"from the scorer, or a dict of them."
        )
    return score
