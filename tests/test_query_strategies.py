"""What every query strategy promises, on pools of any kind."""

import warnings

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.neighbors import NearestNeighbors
from sklearn.preprocessing import StandardScaler

from skdataquality.active_learning import KCenterQuery, UncertaintyQuery
from skdataquality.exceptions import PoolExhaustedWarning
from tests.catalogue import QUERY_STRATEGIES


@pytest.fixture(params=QUERY_STRATEGIES, ids=lambda each: type(each).__name__)
def strategy(request):
    return clone(request.param)


def pool(n=60, n_labeled=8, seed=0):
    """Rows of two classes, and labels of which most are -1."""
    rng = np.random.default_rng(seed)
    truth = np.arange(n) % 2
    X = rng.normal(size=(n, 3)) + truth[:, None]
    y = np.where(np.arange(n) < n_labeled, truth, -1)
    return X, y


def test_rows_are_distinct_unlabelled_and_as_many_as_asked_for(strategy):
    X, y = pool()
    rows = strategy.fit(X, y).query(10)
    assert rows.shape == np.unique(rows).shape == (10,)
    assert (y[rows] == -1).all()


@pytest.mark.parametrize(
    "mark",
    [
        lambda y: y,
        lambda y: y.astype(float),
        lambda y: np.array(list(y), dtype=object),
        lambda y: np.where(y < 0, np.nan, y),
        lambda y: pd.Series(np.where(y < 0, None, y.astype(object))),
        lambda y: pd.array(np.where(y < 0, None, y), dtype="Int64"),
        lambda y: np.where(y < 0, None, np.array(["no", "yes", ""])[y]),
    ],
    ids=["-1", "-1.0", "-1 as an object", "NaN", "None", "pd.NA", "None beside text"],
)
def test_marks_of_unlabelled_rows_mean_the_same(strategy, mark):
    X, y = pool()
    expected = clone(strategy).fit(X, y).query(7)
    np.testing.assert_array_equal(strategy.fit(X, mark(y)).query(7), expected)


def test_minus_one_beside_one_is_ambiguous(strategy):
    X, _ = pool()
    y = np.where(np.arange(60) < 30, -1, 1)
    with pytest.raises(ValueError, match="unlabeled=-1"):
        strategy.fit(X, y)


def test_minus_one_is_a_class_where_missing_values_are_the_marks(strategy):
    X, y = pool()
    y = np.where(y < 0, np.nan, 2.0 * y - 1)
    assert strategy.fit(X, y).classes_.tolist() == [-1, 1]


def test_all_rows_labelled_leaves_nothing_to_query(strategy):
    X, y = pool(n_labeled=60)
    strategy.fit(X, y)
    with pytest.raises(ValueError, match="nothing to query.*unlabeled="):
        strategy.query(1)


@pytest.mark.parametrize("unlabeled", [None, np.nan, pd.NA, False])
def test_a_missing_mark_is_no_other_than_missing_values(unlabeled):
    X, y = pool()
    y = np.where(y < 0, None, 2 * y - 1)
    strategy = UncertaintyQuery(unlabeled=unlabeled).fit(X, y)
    assert strategy.classes_.tolist() == [-1, 1]
    assert strategy.labeled_mask_.sum() == 8


@pytest.mark.parametrize("unlabeled", [True, [1], (0, -1)])
def test_the_mark_is_one_label(unlabeled):
    X, y = pool()
    with pytest.raises(ValueError, match="one label that stands for none"):
        UncertaintyQuery(unlabeled=unlabeled).fit(X, y)


def test_categories_that_no_labelled_row_has_are_no_warning(strategy):
    X, y = pool()
    frame = pd.DataFrame({"a": X[:, 0], "kind": list("abcdef") * 10})
    frame.loc[y >= 0, "kind"] = list("ab") * 4
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        strategy.fit(frame, y).query(5)
        strategy.score_samples(frame.assign(kind="new"))


@pytest.mark.parametrize(
    ("embedding", "said"),
    [
        (lambda X: X[:5], "5 points for 60 rows"),
        (lambda X: X[:, 0], r"shape \(60,\)"),
        (lambda X: X.reshape(60, 3, 1), r"shape \(60, 3, 1\)"),
        (StandardScaler, "is a class: pass an instance"),
    ],
)
def test_an_embedding_gives_a_point_for_each_row(embedding, said):
    X, y = pool()
    with pytest.raises(ValueError, match=said):
        KCenterQuery(embedding=embedding).fit(X, y).query(3)


def test_more_than_the_pool_holds_are_all_that_are_left(strategy):
    X, y = pool()
    with pytest.warns(PoolExhaustedWarning, match="52 are left"):
        rows = strategy.fit(X, y).query(100)
    np.testing.assert_array_equal(np.sort(rows), np.arange(8, 60))


@pytest.mark.parametrize("n", [0, -1, 2.5, True, None, "3"])
def test_n_is_a_positive_number_of_rows(strategy, n):
    with pytest.raises(ValueError, match="n="):
        strategy.fit(*pool()).query(n)


def test_uncertain_rows_do_not_depend_on_the_order_of_the_pool():
    X, y = pool(200)
    X = X.round(1)
    order = np.random.default_rng(1).permutation(200)
    rows = UncertaintyQuery().fit(X, y).query(20)
    moved = UncertaintyQuery().fit(X[order], y[order]).query(20)
    np.testing.assert_array_equal(X[order][moved], X[rows])


def test_a_decision_function_ranks_like_probabilities_of_two_classes():
    X, y = pool(200)
    scores = UncertaintyQuery(RidgeClassifier()).fit(X, y).score_samples(X)
    margin = np.abs(RidgeClassifier().fit(X[:8], y[:8]).decision_function(X))
    np.testing.assert_array_equal(np.argsort(-scores[8:]), np.argsort(margin[8:]))


def test_an_estimator_without_scores_is_refused():
    X, y = pool()
    with pytest.raises(ValueError, match="neither predict_proba"):
        UncertaintyQuery(NearestNeighbors()).fit(X, y).query(2)


def test_sparse_rows_stay_sparse():
    X, y = pool()
    query = UncertaintyQuery(LogisticRegression())
    expected = query.fit(X, y).query(5)
    np.testing.assert_array_equal(query.fit(sp.csr_matrix(X), y).query(5), expected)
