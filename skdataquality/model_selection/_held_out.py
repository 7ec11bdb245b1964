"""Scores of a candidate on every split, and what it says of the rows held out."""

import numbers
import warnings
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
    lacks,
    named_scorers,
    respond,
    rows_to_fit_and_score,
    score_and_question,
)

UNWEIGHTED = RowWeights()
_ALL_PROBA = ("predict_proba", None)
_OWN_SCORE = {ClassifierMixin.score: "accuracy", RegressorMixin.score: "r2"}


class LacksResponseError(Exception):
    """A scorer asks a model for what it cannot say; holds metric and method."""


class LacksClassError(Exception):
    """A scorer fails where a class is missing in a split; holds the metric."""


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
    of_more : dict of str to list of ndarrays
        The same of the rows asked again.
    probas : list of ndarrays of shape (n_test, n_classes)
        Probabilities of the test rows of every split, columns as in ``classes``, or
        None: without ``classes``, or if the candidate has none.
    seconds : float
        Of all fits and scores, one after the other.
    """

    scores: dict[str, np.ndarray]
    responses: dict[str, list]
    of_more: dict[str, list]
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
    candidate,
    X,
    y,
    splits,
    scorers,
    n_jobs,
    *,
    weights=UNWEIGHTED,
    classes=None,
    again=None,
):
    """Fit and score clones on the splits, to the bit as ``cross_validate`` does.

    Parameters
    ----------
    weights : RowWeights
        Of the rows.
    classes : ndarray, default=None
        Columns of the probabilities to keep.
    again : list of index arrays, default=None
        For every split more rows of which the model is asked what scorers ask, without
        a score.

    Returns
    -------
    held : HeldOut
    """
    X, y = indexable(X, y)
    more = again or [()] * len(splits)
    task = partial(_score_one, candidate, X, y, scorers, weights, classes)
    results = run_folds(
        task,
        [(a, (b, c)) for (a, b), c in zip(splits, more, strict=True)],
        n_jobs=n_jobs,
    )
    metrics = list(results[0].scores)
    return HeldOut(
        scores={m: np.array([of.scores[m] for of in results]) for m in metrics},
        responses={m: [of.responses.get(m) for of in results] for m in metrics},
        of_more={m: [of.of_more.get(m) for of in results] for m in metrics},
        probas=[of.probas for of in results],
        seconds=sum(of.seconds for of in results),
    )


def _score_one(candidate, X, y, scorers, weights, classes, train, tests):
    """HeldOut of one split, values in place of lists."""
    test, more = tests
    start = perf_counter()
    model = clone(candidate)
    weight = {}
    if weights.fit is not None:
        weight = fit_parameters(model, sample_weight=weights.fit[train])
    model.fit(*rows_to_fit_and_score(model, X, y, train), **weight)
    X_test, y_test = rows_to_fit_and_score(model, X, y, test, train)
    scores: dict = {}
    asked: dict[str, str] = {}
    memory: dict = {}
    of_test = None if weights.score is None else weights.score[test]
    for name, scorer in scorers.items():
        if lacking := lacks(scorer, model):
            raise LacksResponseError(name, lacking)
        try:
            score, key = score_and_question(
                scorer, model, X_test, y_test, memory, of_test
            )
        except ValueError as error:
            if _has_all(classes, y_test, model):
                raise
            raise LacksClassError(name) from error
        several = score if isinstance(score, dict) else {name: score}
        scores |= {key: _number(key, value) for key, value in several.items()}
        if key is not None:
            asked[name] = key
    seconds = perf_counter() - start
    told: dict = {}
    if len(more):
        X_more, _ = rows_to_fit_and_score(model, X, y, more, train)
        told = {
            key: _response(model, X_more, memory[key][1]) for key in {*asked.values()}
        }
    return HeldOut(
        scores=scores,
        responses={name: memory[key][0] for name, key in asked.items()},
        of_more={name: told[key] for name, key in asked.items() if key in told},
        probas=_proba(model, X_test, classes, memory),
        seconds=seconds,
    )


def _has_all(classes, y_test, model):
    """Whether rows held out, and the model, know all classes; None for no classes."""
    if classes is None:
        return True
    known = getattr(model, "classes_", classes)
    return classes.size == np.unique(y_test).size == len(known)


def _response(model, X, question):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # said of the rows held out already
        return respond(model, X, *question)


def _proba(model, X_test, classes, memory):
    """Probabilities of all classes, from what scorers were given if it is these."""
    if classes is None or not hasattr(model, "predict_proba"):
        return None
    said = next((said for said, asked in memory.values() if asked == _ALL_PROBA), None)
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
