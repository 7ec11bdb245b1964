"""Scores of many confusion matrices at once are those of scikit-learn, one by one."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from imblearn.metrics import geometric_mean_score
from sklearn import metrics

from skdataquality.model_selection._influence import influence_of_rows
from skdataquality.utils._scoring import (
    count_cells,
    scores_of_cells,
    slopes_of_cells,
)

SHARES = [
    metrics.precision_score,
    metrics.recall_score,
    metrics.f1_score,
    metrics.jaccard_score,
]
KNOWN = [
    (metrics.accuracy_score, {}),
    (metrics.balanced_accuracy_score, {}),
    (metrics.balanced_accuracy_score, {"adjusted": True}),
    (metrics.matthews_corrcoef, {}),
    (geometric_mean_score, {}),
    (metrics.cohen_kappa_score, {}),
    (metrics.fbeta_score, {"beta": 2, "average": "macro"}),
    (metrics.fbeta_score, {"beta": 0.5, "average": "weighted"}),
]
KNOWN += [
    (func, {"average": average})
    for func in SHARES
    for average in ("micro", "macro", "weighted")
]
KNOWN += [(func, {"pos_label": label}) for func in SHARES for label in (0, 1, 7)]
NAMES = np.array(["hen", "duck", "goose", "swan"])


def by_scikit_learn(func, kwargs, y, said, weights):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            score = func(y, said, sample_weight=weights, **kwargs)
            return score if np.isfinite(score) else np.nan
        except ValueError:  # several classes, or not the positive one
            return np.nan


@st.composite
def tables(draw):
    n_classes, n_rows = draw(st.integers(1, 4)), draw(st.integers(1, 12))
    codes = st.lists(st.integers(0, n_classes - 1), min_size=n_rows, max_size=n_rows)
    weights = st.lists(
        st.sampled_from([0.5, 1.0, 3.0]), min_size=n_rows, max_size=n_rows
    )
    return np.array(draw(codes)), np.array(draw(codes)), np.array(draw(weights))


@settings(max_examples=40, deadline=None, derandomize=True)
@given(tables(), tables())
def test_formulas_agree_with_scikit_learn(first, second):
    classes = np.arange(4)
    cells = np.stack(
        [count_cells((4, 4), y, said, weights=w) for y, said, w in (first, second)]
    )
    for func, kwargs in KNOWN:
        found = scores_of_cells(func, kwargs, classes, classes, cells)
        expected = [by_scikit_learn(func, kwargs, *of) for of in (first, second)]
        np.testing.assert_allclose(
            found, expected, atol=1e-9, err_msg=f"{func} {kwargs}"
        )


def test_answers_need_not_be_the_classes():
    y, said = NAMES[[0, 0, 1, 1, 1]], NAMES[[0, 2, 1, 3, 1]]
    (classes, codes), (answers, given) = (
        np.unique(of, return_inverse=True) for of in (y, said)
    )
    cells = count_cells((classes.size, answers.size), codes, given)
    for func, kwargs in KNOWN[:14]:
        found = scores_of_cells(func, kwargs, classes, answers, cells)
        expected = by_scikit_learn(func, kwargs, y, said, None)
        assert found == pytest.approx(expected, abs=1e-12), (func, kwargs)


@pytest.mark.parametrize(
    ("func", "kwargs"),
    [
        (metrics.f1_score, {"average": None}),
        (metrics.f1_score, {"labels": [1]}),
        (metrics.f1_score, {"zero_division": 1}),
        (metrics.cohen_kappa_score, {"weights": "linear"}),
        (metrics.accuracy_score, {"normalize": False}),
        (metrics.hamming_loss, {}),
    ],
)
def test_what_has_no_formula_is_said_so(func, kwargs):
    classes = np.arange(2)
    assert scores_of_cells(func, kwargs, classes, classes, np.ones((2, 2))) is None


def test_slopes_are_what_more_weight_of_a_cell_does():
    cells = np.array([[4.0, 1.0], [2.0, 3.0]])  # F1 = 6 / 9

    def scores(many):
        return scores_of_cells(metrics.f1_score, {}, np.arange(2), np.arange(2), many)

    value, slopes = slopes_of_cells(scores, cells)
    assert value == pytest.approx(6 / 9)
    lost = -10 * 6 / 81  # of 2 tp / (2 tp + fn + fp), in fn and fp
    np.testing.assert_allclose(slopes, [[0, lost], [lost, 10 * 6 / 81]], atol=1e-4)


@pytest.mark.parametrize(
    "metric", ["f1_macro", "balanced_accuracy", "matthews_corrcoef"]
)
def test_influences_sum_to_nothing_and_foretell_the_score_without_a_row(metric):
    rng = np.random.default_rng(0)
    y = rng.integers(0, 3, 300)
    said = np.where(rng.random(300) < 0.3, rng.integers(0, 3, 300), y)
    weights = rng.choice([1.0, 2.0], 300)
    scorer = metrics.get_scorer(metric)
    func, kwargs = scorer._score_func, scorer._kwargs
    influence = influence_of_rows((func, 1, kwargs), y, said, weights)
    assert influence.sum() == pytest.approx(0, abs=1e-3)
    score = by_scikit_learn(func, kwargs, y, said, weights)
    rest = np.arange(1, 300)
    without = by_scikit_learn(func, kwargs, y[rest], said[rest], weights[rest])
    assert score - without == pytest.approx(influence[0] / 300, rel=0.05)
