"""Uncertain rows that differ, and what is asked before there is a model."""

import tracemalloc

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from skdataquality.active_learning import (
    DiverseMarginQuery,
    RandomQuery,
    UncertaintyQuery,
)
from skdataquality.active_learning._geometry import without_near_copies


def pool(n=400, n_labeled=20, n_columns=3, seed=0):
    """Rows of two classes that overlap, of which the first have labels."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(2, size=n)
    truth[:2] = 0, 1
    X = rng.normal(size=(n, n_columns)) + truth[:, None]
    return X, np.where(np.arange(n) < n_labeled, truth, -1)


def copied(times, noise, n=120, seed=0):
    """A pool whose unlabelled rows come several times over, and whose copy each is."""
    X, y = pool(n, seed=seed)
    source = np.r_[np.arange(20), np.repeat(np.arange(20, n), times)]
    shift = np.random.default_rng(seed).normal(scale=noise, size=(source.size, 3))
    shift[:20] = 0
    return X[source] + shift, y[source], source


# ------------------------------------------------------------------- what is asked
def test_with_one_row_looked_at_for_each_asked_the_margin_decides():
    X, y = pool()
    expected = UncertaintyQuery().fit(X, y).query(15)
    rows = DiverseMarginQuery(beta=1, random_state=0).fit(X, y).query(15)
    np.testing.assert_array_equal(rows, expected)


@pytest.mark.parametrize("beta", [2, 5, 10])
def test_no_row_is_asked_that_is_not_among_the_most_uncertain(beta):
    X, y = pool(n_columns=8)
    query = DiverseMarginQuery(beta=beta, random_state=0).fit(X, y)
    scores = np.where(y == -1, query.score_samples(X), -np.inf)
    bound = np.sort(scores)[-beta * 8]
    # near copies, of which there are none here, would make room for others
    assert (scores[query.query(8)] >= bound).all()


def test_rows_come_in_the_order_of_their_scores():
    X, y = pool()
    query = DiverseMarginQuery(random_state=0).fit(X, y)
    assert (np.diff(query.score_samples(X[query.query(20)])) <= 0).all()


def test_scores_are_one_less_the_margin_of_the_model():
    X, y = pool()
    query = DiverseMarginQuery(LogisticRegression()).fit(X, y)
    proba = LogisticRegression().fit(X[:20], y[:20]).predict_proba(X)
    expected = 1 - np.abs(proba[:, 1] - proba[:, 0])
    np.testing.assert_allclose(query.score_samples(X), expected)


def test_a_batch_is_more_spread_out_than_that_of_the_margin_alone():
    X, y = pool(2000)
    along = np.array([1, -1, 0]) / np.sqrt(2)  # the boundary, which is where both ask
    spread = [
        (X[strategy.fit(X, y).query(20)] @ along).std()
        for strategy in (DiverseMarginQuery(random_state=0), UncertaintyQuery())
    ]
    assert spread[0] > 1.1 * spread[1]


# ---------------------------------------------------------------------- copies
@pytest.mark.parametrize("times", [2, 12, 40])
@pytest.mark.parametrize("noise", [0, 1e-6, 1e-3])
def test_no_row_is_asked_twice_while_others_are_left(times, noise):
    X, y, source = copied(times, noise)
    rows = DiverseMarginQuery(random_state=0).fit(X, y).query(30)
    assert np.unique(source[rows]).size == 30
    query = DiverseMarginQuery(cold_start="coverage").fit(X)
    assert np.unique(source[query.query(30)]).size == 30


@pytest.mark.parametrize("times", [2, 12])
def test_copies_of_labelled_rows_come_last(times):
    X, y = pool(60)
    X = np.r_[X, np.repeat(X[:20], times, axis=0)]
    y = np.r_[y, np.full(20 * times, -1)]
    rows = DiverseMarginQuery(random_state=0).fit(X, y).query(50)
    assert set(rows[:40]) == set(range(20, 60))
    assert (rows[40:] >= 60).all()


def test_equal_rows_alone_are_still_as_many_as_asked_for():
    X, y = np.zeros((30, 2)), np.full(30, -1)
    for labels in (y, np.where(np.arange(30) < 2, np.arange(30), -1)):
        rows = DiverseMarginQuery(random_state=0).fit(X, labels).query(9)
        assert np.unique(rows).size == 9


def test_points_that_are_equal_though_rows_differ_are_still_as_many_as_asked_for():
    X, y = pool(100)
    constant = DiverseMarginQuery(embedding=lambda X: X[:, :1] * 0, random_state=0)
    assert np.unique(constant.fit(X, y).query(9)).size == 9


@given(
    st.lists(st.integers(0, 12), min_size=2, max_size=40),
    st.floats(0.05, 0.9),
)
@settings(max_examples=60, deadline=None)
def test_of_near_copies_the_first_is_kept_and_what_is_left_out_has_one(places, near):
    points = np.array(places, dtype=float)[:, None] * near
    keep = without_near_copies(points, scale=20.0)  # near is below 1
    for i, point in enumerate(points[:, 0]):
        away = np.abs(points[:i, 0][keep[:i]] - point)
        if np.isclose(away, 1, atol=1e-6).any():
            continue  # rounding decides
        assert keep[i] != (away < 1).any()


def test_near_copies_of_sparse_points_are_those_of_dense_ones():
    rng = np.random.default_rng(0)
    points = rng.normal(size=(60, 30)) * (rng.random((60, 30)) < 0.2)
    points = np.r_[points, points[:25] + 1e-3 * (points[:25] != 0)]
    expected = np.arange(85) < 60
    for kind in (np.asarray, sp.csr_matrix):
        np.testing.assert_array_equal(without_near_copies(kind(points), 2.0), expected)


# --------------------------------------------------------------- order of the rows
@pytest.mark.parametrize("n", [1, 7, 40])
@pytest.mark.parametrize("decimals", [1, 6])
def test_the_order_of_the_pool_does_not_matter(n, decimals):
    X, y = pool(300)
    X = X.round(decimals)
    order = np.random.default_rng(1).permutation(300)
    query = DiverseMarginQuery(embedding="passthrough", random_state=0)
    rows = query.fit(X, y).query(n)
    moved = query.fit(X[order], y[order]).query(n)
    np.testing.assert_array_equal(X[order][moved], X[rows])


@pytest.mark.parametrize("cold_start", ["typicality", "coverage"])
@pytest.mark.parametrize("n_labeled", [0, 3])
def test_the_order_of_the_pool_does_not_matter_in_a_cold_start(cold_start, n_labeled):
    X = pool(300)[0].round(1)
    y = np.where(np.arange(300) < n_labeled, 5, -1)
    order = np.random.default_rng(1).permutation(300)
    query = DiverseMarginQuery(cold_start=cold_start, random_state=0)
    rows = query.fit(X, y).query(20)
    moved = query.fit(X[order], y[order]).query(20)
    np.testing.assert_array_equal(X[order][moved], X[rows])


# -------------------------------------------------------------------- cold starts
def test_coverage_of_a_line_is_its_middle_and_then_its_ends():
    X = np.linspace(-1, 1, 101)[:, None]
    query = DiverseMarginQuery(cold_start="coverage", embedding="passthrough")
    rows = query.fit(X).query(5)
    assert rows[0] == 50
    assert set(rows[1:3]) == {0, 100}
    assert set(rows[3:]) == {25, 75}


def test_coverage_starts_from_the_rows_that_are_labelled():
    X = np.linspace(0, 1, 101)[:, None]
    y = np.where(np.arange(101) == 0, 3, -1)
    query = DiverseMarginQuery(cold_start="coverage", embedding="passthrough")
    assert query.fit(X, y).query(2).tolist() == [100, 50]
    np.testing.assert_allclose(query.score_samples([[0.25], [2.0]]), [0.25, 2.0])


def test_coverage_leaves_no_row_farther_than_twice_the_best_possible():
    """Gonzalez (1985): of k clouds, each gets one of k rows."""
    rng = np.random.default_rng(0)
    cloud = np.repeat(np.arange(9), 20)
    X = 100 * np.c_[cloud % 3, cloud // 3] + rng.normal(size=(180, 2))
    query = DiverseMarginQuery(cold_start="coverage", random_state=0)
    assert np.unique(cloud[query.fit(X).query(9)]).size == 9


def test_a_random_start_is_that_of_random_rows():
    X, _ = pool()
    query = DiverseMarginQuery(cold_start="random", random_state=3).fit(X)
    other = RandomQuery(random_state=3).fit(X)
    np.testing.assert_array_equal(query.query(9), other.query(9))
    np.testing.assert_array_equal(query.score_samples(X), other.score_samples(X))


@pytest.mark.parametrize("cold_start", ["typicality", "coverage", "random"])
@pytest.mark.parametrize("labels", [[], ["a"], ["a", "a", "a"]])
def test_there_is_no_model_until_two_classes_are_labelled(cold_start, labels):
    X, _ = pool()
    y = np.full(400, None, dtype=object)
    y[: len(labels)] = labels
    query = UncertaintyQuery(cold_start=cold_start, random_state=0).fit(X, y)
    assert query.estimator_ is None
    assert np.unique(query.query(12)).size == 12
    assert np.isfinite(query.score_samples(X[:5])).all()


# ------------------------------------------------------------------ rows of any kind
def test_sparse_rows_and_the_same_dense_ones_are_asked_alike():
    X, y = pool(n_columns=6)
    X = X * (np.abs(X) > 0.8)
    model = LogisticRegression()
    query = DiverseMarginQuery(model, embedding="passthrough", random_state=0)
    rows = query.fit(sp.csr_matrix(X), y).query(10)
    assert sorted(query.fit(X, y).query(10)) == sorted(rows)


@pytest.mark.parametrize("cold_start", ["typicality", "coverage"])
def test_sparse_rows_have_cold_starts(cold_start):
    X, _ = pool(n_columns=6)
    X = X * (np.abs(X) > 0.8)
    query = DiverseMarginQuery(
        cold_start=cold_start, embedding="passthrough", random_state=0
    )
    rows = query.fit(sp.csr_matrix(X)).query(10)
    assert sorted(query.fit(X).query(10)) == sorted(rows)


def test_distances_are_those_of_the_embedding_alone():
    X, y = pool(n_columns=8)
    shown = make_pipeline(PCA(2, random_state=0))
    rows = DiverseMarginQuery(embedding=shown, random_state=0).fit(X, y).query(10)
    points = PCA(2, random_state=0).fit_transform(X)
    query = DiverseMarginQuery(embedding=lambda _: points, random_state=0)
    np.testing.assert_array_equal(query.fit(X, y).query(10), rows)


def test_texts_are_asked_as_they_are():
    texts = [f"{word} {i}" for i, word in enumerate(["good", "bad", "fine"] * 20)]
    y = np.array([1, 0, 1] + [-1] * 57)
    rows = DiverseMarginQuery(unlabeled=-1, random_state=0).fit(texts, y).query(6)
    assert (rows >= 3).all()


def test_points_that_are_not_finite_are_refused():
    X, y = pool()
    X[7, 1] = np.nan
    with pytest.raises(ValueError, match=r"row\(s\).* 7"):
        DiverseMarginQuery(embedding="passthrough").fit(X, y).query(3)


def test_missing_cells_are_filled_in_for_distances_alone():
    X, y = pool()
    X[7, 1] = np.nan
    frame = pd.DataFrame(X, columns=list("abc")).assign(
        kind=np.where(X[:, 0] > 0, "a", "b")
    )
    assert DiverseMarginQuery(random_state=0).fit(frame, y).query(3).size == 3


@pytest.mark.parametrize("beta", [0, 0.5, -1, "10"])
def test_fewer_rows_than_asked_for_cannot_be_looked_at(beta):
    with pytest.raises(ValueError, match="'beta' parameter"):
        DiverseMarginQuery(beta=beta).fit(*pool())


def test_no_array_is_rows_times_rows_or_picks():
    n, width = 50_000, 4
    X, y = pool(n, n_columns=width)
    query = DiverseMarginQuery(embedding="passthrough", random_state=0).fit(X, y)
    query.query(5)  # what is imported on the way
    tracemalloc.start()
    query.query(200)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    vector = 8 * n
    assert peak < (5 + 3 * width) * vector
