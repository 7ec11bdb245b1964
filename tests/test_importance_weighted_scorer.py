"""Scores are those of target rows, with weights that no candidate touches."""

import pickle

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse as sp
from numpy.testing import assert_allclose, assert_array_equal
from sklearn import config_context
from sklearn.base import BaseEstimator, clone
from sklearn.cluster import KMeans
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.metrics import accuracy_score, log_loss, make_scorer
from sklearn.model_selection import (
    GridSearchCV,
    KFold,
    RandomizedSearchCV,
    cross_validate,
)
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

from skdataquality.exceptions import OverlapWarning
from skdataquality.imbalance import ClassBalanceWeighter
from skdataquality.model_selection import ImportanceWeightedScorer, compare_remedies
from skdataquality.shift import (
    DiscriminatorWeighter,
    ShiftWeightedClassifier,
    ShiftWeightedRegressor,
    TargetData,
)

N = 300
CV = KFold(3, shuffle=True, random_state=0)
QUADRATIC = make_pipeline(PolynomialFeatures(2), LogisticRegression())
WEIGHTER = DiscriminatorWeighter(QUADRATIC, cv=3, random_state=0)
PIPE = make_pipeline(StandardScaler(), LogisticRegression())


def draw(n=N, seed=0):
    """A curve that a straight line fits in one place only, and rows from there."""
    rng = np.random.default_rng(seed)
    X, there = rng.normal(size=(n, 2)), rng.normal([1, 0], [0.7, 1], size=(n, 2))
    y, y_there = (
        (rows[:, 0] ** 2 + 0.3 * rng.normal(size=n) > 1).astype(int)
        for rows in (X, there)
    )
    return X, y, there, y_there


X, Y, THERE, Y_THERE = draw()
TARGET = TargetData(THERE)


def scorer_of(scoring="accuracy", X=X, target=TARGET, **options):
    options = {"weighter": WEIGHTER, **options}
    return ImportanceWeightedScorer(scoring, X_target=target, **options).fit(X)


SCORER = scorer_of()
WEIGHTS = SCORER.weights_.ratio


# -- the score -------------------------------------------------------------------------


def test_a_score_is_the_metric_with_the_weights_of_the_rows():
    model = GaussianNB().fit(X, Y)
    for rows in (np.arange(40, 140), np.arange(N)[::-3]):
        said = model.predict(X[rows])
        expected = accuracy_score(Y[rows], said, sample_weight=WEIGHTS[rows])
        assert SCORER(model, X[rows], Y[rows]) == expected
        own = rows % 3
        expected = accuracy_score(Y[rows], said, sample_weight=WEIGHTS[rows] * own)
        assert SCORER(model, X[rows], Y[rows], sample_weight=own) == expected


def test_no_row_is_weighed_by_a_model_that_saw_it():
    weighter = clone(WEIGHTER).fit(X, X_target=TARGET)
    cut = np.minimum(
        weighter.sample_weight_, np.quantile(weighter.sample_weight_, 0.995)
    )
    assert_allclose(WEIGHTS, cut / cut.mean(), rtol=1e-12)
    assert np.abs(WEIGHTS - weighter.predict_weight(X)).max() > 0.01


def test_it_estimates_the_score_there():
    model = LogisticRegression()
    X, y, there, y_there = draw(2000, 1)
    scorer = scorer_of(X=X, target=TargetData(there))
    here, weighted = (
        cross_validate(model, X, y, scoring=scoring, cv=CV)["test_score"].mean()
        for scoring in ("accuracy", scorer)
    )
    truth = model.fit(X, y).score(there, y_there)
    assert abs(weighted - truth) < 0.25 * abs(here - truth)


def test_what_a_candidate_weighs_does_not_enter():
    class Nothing(BaseEstimator):
        """Says 1 whatever it was fitted on; remembers its weights."""

        def __init__(self, power=0):
            self.power = power

        def fit(self, X, y):
            self.sample_weight_ = WEIGHTS[: len(X)] ** self.power
            return self

        def predict(self, X):
            return np.ones(len(X), dtype=int)

    search = GridSearchCV(Nothing(), {"power": [0, 1, 5]}, scoring=SCORER, cv=CV)
    scores = search.fit(X, Y).cv_results_["mean_test_score"]
    assert scores[0] == scores[1] == scores[2]
    folds = [np.average(Y[test], weights=WEIGHTS[test]) for _, test in CV.split(X)]
    assert scores[0] == pytest.approx(np.mean(folds))


def test_new_rows_are_weighed_by_the_model_of_all():
    new = draw(50, 3)[0]
    found = SCORER.weights_.of(np.r_[X[:5], new])
    assert_array_equal(found[:5], WEIGHTS[:5])
    weighter = clone(WEIGHTER).fit(X, X_target=TARGET)
    assert np.corrcoef(found[5:], weighter.predict_weight(new))[0, 1] > 0.99
    assert found[5:].max() <= WEIGHTS.max() + 1e-12


# -- wherever a scorer goes ------------------------------------------------------------


def grid(scoring, search=GridSearchCV, **options):
    model = ShiftWeightedClassifier(PIPE, weighter=WEIGHTER, X_target=TARGET)
    values = {
        "weighter__flatten": [0.0, 1.0],
        "estimator__logisticregression__C": [0.1, 1.0],
    }
    return search(model, values, scoring=scoring, cv=CV, **options)


def quick(search=GridSearchCV, **options):
    values = {"logisticregression__C": [0.001, 0.1, 1.0]}
    return search(PIPE, values, scoring=SCORER, cv=CV, **options)


def test_searches_nested_ones_and_workers_agree():
    one = quick().fit(X, Y).cv_results_["mean_test_score"]
    other = clone(quick(n_jobs=2)).set_params(
        scoring=pickle.loads(pickle.dumps(SCORER))
    )
    assert_array_equal(other.fit(X, Y).cv_results_["mean_test_score"], one)
    drawn = quick(RandomizedSearchCV, n_iter=2, random_state=0).fit(X, Y)
    assert set(drawn.cv_results_["mean_test_score"]) <= set(one)
    nested = cross_validate(quick(), X, Y, scoring=SCORER, cv=CV)
    assert np.isfinite(nested["test_score"]).all()


def test_several_metrics_come_as_a_dict():
    scorer = scorer_of(["accuracy", "neg_log_loss"])
    search = grid(scorer, refit="neg_log_loss").fit(X, Y)
    alone = grid(SCORER).fit(X, Y)
    assert_array_equal(
        search.cv_results_["mean_test_accuracy"], alone.cv_results_["mean_test_score"]
    )
    by_dict = {"a": SCORER, "b": "accuracy"}
    found = cross_validate(PIPE, X, Y, scoring=by_dict, cv=CV)
    assert (found["test_a"] != found["test_b"]).any()


@pytest.mark.parametrize("routing", [False, True])
def test_weights_of_the_user_multiply(routing):
    own = np.arange(N) % 4
    with config_context(enable_metadata_routing=routing):
        model, scorer = LogisticRegression(), scorer_of()
        if routing:
            model.set_fit_request(sample_weight=True)
            scorer.set_score_request(sample_weight=True)
        search = GridSearchCV(model, {"C": [1.0]}, scoring=scorer, cv=CV)
        found = search.fit(X, Y, sample_weight=own).cv_results_["mean_test_score"]
    folds = []
    for train, test in CV.split(X):
        fitted = LogisticRegression().fit(X[train], Y[train], own[train])
        weights = own[test] * WEIGHTS[test]
        folds.append(fitted.score(X[test], Y[test], weights))
    assert_allclose(found, np.mean(folds), rtol=1e-12)


def test_numbers_have_r2_and_own_metrics():
    y = X[:, 0] ** 2
    scorer = scorer_of(None)
    model = LinearRegression().fit(X, y)
    assert scorer(model, X, y) == model.score(X, y, WEIGHTS)
    values = {"weighter__flatten": [0.0, 1.0], "estimator__alpha": [1.0]}
    wrapped = ShiftWeightedRegressor(Ridge(), weighter=WEIGHTER, X_target=TARGET)
    search = GridSearchCV(wrapped, values, scoring=scorer, cv=CV).fit(X, y)
    assert search.best_params_["weighter__flatten"] == 1

    def biggest(y_true, y_pred, sample_weight=None):
        return float(np.max(np.abs(y_true - y_pred) * sample_weight))

    own = make_scorer(biggest, greater_is_better=False)
    expected = -np.max(np.abs(y - model.predict(X)) * WEIGHTS)
    assert scorer_of(own)(model, X, y) == pytest.approx(expected)

    def plain(estimator, X, y, sample_weight=None):
        return float(sample_weight.sum())

    assert scorer_of(plain)(model, X, y) == pytest.approx(N)
    with pytest.raises(ValueError, match="scoring=None.*name a metric"):
        scorer(KMeans(2).fit(X), X, y)


@pytest.mark.parametrize(
    "container",
    [
        lambda rows: pd.DataFrame(rows, columns=["a", "b"]),
        lambda rows: pl.DataFrame({"a": rows[:, 0], "b": rows[:, 1]}),
        sp.csr_matrix,
        lambda rows: rows.tolist(),
    ],
    ids=["pandas", "polars", "sparse", "list"],
)
def test_rows_are_known_in_any_container(container):
    model = ShiftWeightedClassifier(LogisticRegression())
    rows, target = container(X), TargetData(container(THERE))
    scorer = scorer_of(X=rows, target=target)
    found = cross_validate(model, rows, Y, scoring=scorer, cv=CV)["test_score"]
    expected = cross_validate(model, X, Y, scoring=SCORER, cv=CV)["test_score"]
    assert_allclose(found, expected, rtol=1e-6)


def test_texts_gaps_and_categories_are_looked_up_too():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "size": np.where(np.arange(N) % 5, X[:, 0], np.nan),
            "colour": rng.choice(["red", "green", None], N),
            "kind": pd.Categorical(rng.choice(["u", "v"], N)),
        }
    )
    scorer = scorer_of(X=frame, target=TargetData(frame[100:]), weighter=None)
    rows = np.arange(N)[::-2]
    assert_array_equal(
        scorer.weights_.of(frame.iloc[rows]), scorer.weights_.ratio[rows]
    )
    texts = [f"{word} day {k}" for k, word in enumerate(["cold", "warm", "hot"] * 20)]
    scorer = scorer_of(X=texts, target=TargetData(texts[20:]), weighter=None)
    assert_array_equal(scorer.weights_.of(texts[5:25]), scorer.weights_.ratio[5:25])


def test_equal_rows_weigh_the_same():
    rows = np.round(X)
    scorer = scorer_of(X=rows)
    first, again = np.unique(rows, axis=0, return_index=True, return_inverse=True)[1:]
    ratio = scorer.weights_.ratio
    assert_array_equal(ratio, ratio[first][again.ravel()])
    assert_array_equal(scorer.weights_.of(rows[::-1]), ratio[::-1])


# -- the comparison has the same weights -----------------------------------------------

REMEDIES = {
    "flat": ShiftWeightedClassifier(weighter=WEIGHTER),
    "balance": ClassBalanceWeighter(),
}


def test_a_comparison_and_a_search_agree_to_the_bit():
    metrics = ["accuracy", "neg_log_loss"]
    default = ImportanceWeightedScorer(metrics, X_target=TARGET).fit(X)
    found = compare_remedies(
        PIPE, REMEDIES, X, Y, X_target=THERE, scoring=metrics, cv=3, random_state=5
    )
    assert_array_equal(found.score_weight_, default.weights_.ratio)
    for name, candidate in found.candidates_.items():
        scores = cross_validate(candidate, X, Y, scoring=default, cv=found.splits_)
        for metric in metrics:
            assert_array_equal(found.scores_[metric][name], scores[f"test_{metric}"])


@pytest.mark.parametrize("fitted", [False, True])
def test_a_comparison_takes_the_weights_of_the_scorer(fitted):
    scorer = ImportanceWeightedScorer(
        "accuracy", X_target=TARGET, weighter=WEIGHTER, clip=1.0
    )
    scorer = scorer.fit(X) if fitted else scorer
    for options in ({}, {"X_target": THERE}):  # never twice
        found = compare_remedies(
            PIPE, REMEDIES, X, Y, scoring=scorer, cv=3, random_state=0, **options
        )
        assert_allclose(found.score_weight_, scorer_of(clip=1.0).weights_.ratio)
        assert found.tests_["accuracy"]["flat"].method == "row-wise"
        assert any("weighted towards X_target" in note for note in found.notes_)
    with pytest.raises(ValueError, match="weighted twice"):
        compare_remedies(PIPE, {}, X, Y, scoring={"a": SCORER}, X_target=THERE)


# -- what it refuses, and how it looks -------------------------------------------------


def rightly(estimator, X, y):
    return estimator.score(X, y)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"scoring": "neg_max_error"}, "'neg_max_error' takes no sample_weight.*func"),
        ({"scoring": rightly}, "takes no sample_weight"),
        ({"scoring": ["accuracy", "neg_max_error"]}, "'neg_max_error' takes no"),
        ({"scoring": make_scorer(log_loss, sample_weight=1)}, "takes no sample_wei"),
        ({"X_target": None}, "X_target=None.*TargetData"),
        ({"X_target": THERE}, "Write X_target=TargetData"),
        ({"weighter": ClassBalanceWeighter()}, "labels of held-out rows.*Discrimin"),
        ({"weighter": PIPE}, "does not weigh by features alone"),
        ({"clip": 0}, r"clip=0 is no quantile.*\(0, 1\]"),
        ({"clip": "no"}, "clip='no' is no quantile"),
    ],
)
def test_what_cannot_be_weighted_is_refused_at_once(options, said):
    with pytest.raises(ValueError, match=said):
        ImportanceWeightedScorer(**{"X_target": TARGET, **options})


@pytest.mark.parametrize(
    "rows", [None, "rows.csv", np.ones(3), np.ones((2, 2, 2)), np.ones((0, 2))]
)
def test_what_is_no_table_is_refused(rows):
    with pytest.raises(ValueError, match=r"X|sample|dim 3"):
        ImportanceWeightedScorer(X_target=TARGET, weighter=WEIGHTER).fit(rows)


def test_without_fit_it_says_what_to_call():
    scorer = ImportanceWeightedScorer("accuracy", X_target=TARGET)
    with pytest.raises(NotFittedError, match=r"call fit\(X\) with all rows"):
        scorer(GaussianNB().fit(X, Y), X, Y)


def test_rows_of_other_columns_are_refused():
    model = GaussianNB().fit(X, Y)
    with pytest.raises(ValueError, match="features"):
        SCORER(model, np.c_[X, X], Y)


@pytest.mark.parametrize("move", [50, 3.5])
def test_scores_that_no_weight_mends_are_plain_and_say_so(move):
    with pytest.warns(OverlapWarning, match="scores are those of rows like X"):
        scorer = scorer_of(target=TargetData(THERE + move), weighter=None)
    model = GaussianNB().fit(X, Y)
    assert scorer(model, X, Y) == model.score(X, Y)


def test_it_is_shown_in_a_line():
    assert repr(SCORER.fit(X)).startswith(
        "ImportanceWeightedScorer('accuracy', X_target=TargetData(300 rows x 2"
    )
    assert "\n" not in repr(ImportanceWeightedScorer(X_target=TARGET, clip=0.9))
    assert clone(SCORER) is SCORER
