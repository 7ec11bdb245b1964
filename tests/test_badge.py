"""BADGE without gradients: their distances, and the distribution of what is drawn."""

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression

from skdataquality.active_learning import BadgeQuery
from skdataquality.active_learning._geometry import (
    NearestGradient,
    NearestPick,
    draw_spread,
)


def problem(n=300, d=5, n_classes=3, seed=0):
    """Points, residuals of random probabilities, and the gradients themselves."""
    rng = np.random.default_rng(seed)
    points = rng.normal(size=(n, d))
    residuals = rng.dirichlet(np.ones(n_classes), size=n)
    residuals[np.arange(n), residuals.argmax(axis=1)] -= 1
    gradients = (residuals[:, :, None] * points[:, None]).reshape(n, -1)
    return points, residuals, gradients


def squared_to(gradients, picks):
    return np.square(gradients[:, None] - gradients[picks]).sum(axis=2).min(axis=1)


@given(st.integers(2, 200), st.integers(1, 6), st.integers(2, 5), st.integers(0, 99))
def test_distances_are_those_of_the_gradients(n, d, n_classes, seed):
    points, residuals, gradients = problem(n, d, n_classes, seed)
    nearest = NearestGradient(points, residuals)
    np.testing.assert_allclose(nearest.norms, np.square(gradients).sum(axis=1))
    picks = np.arange(0, n, 2)
    nearest.add_rows(picks[:1])
    np.testing.assert_allclose(
        nearest.squared, squared_to(gradients, picks[:1]), atol=1e-12
    )
    nearest.add_rows(picks[1:])
    np.testing.assert_allclose(
        nearest.squared, squared_to(gradients, picks), atol=1e-12
    )
    assert (nearest.squared[picks] == 0).all()


def test_a_deferred_pick_counts_for_the_row_that_asks():
    points, residuals, gradients = problem()
    nearest = NearestGradient(points, residuals)
    assert nearest.to_deferred(7) == np.inf
    nearest.defer(0)
    nearest.defer(1)
    assert (nearest.squared == np.inf).all()
    expected = squared_to(gradients, [0, 1])
    assert nearest.to_deferred(7) == pytest.approx(expected[7])
    nearest.settle()
    np.testing.assert_allclose(nearest.squared, expected, atol=1e-12)


def test_float32_stays_float32_and_is_near():
    points, residuals, gradients = problem()
    nearest = NearestGradient(points.astype("f"), residuals.astype("f"))
    nearest.add_rows([0, 5, 9])
    assert nearest.squared.dtype == np.float32
    np.testing.assert_allclose(
        nearest.squared, squared_to(gradients, [0, 5, 9]), rtol=1e-4, atol=1e-4
    )


def test_sparse_points_have_the_distances_of_dense_ones():
    _, residuals, _ = problem()
    points = sp.random(300, 20, 0.3, "csr", np.float64, 0)
    sparse = NearestGradient(points, residuals)
    dense = NearestGradient(points.toarray(), residuals)
    for nearest in (sparse, dense):
        nearest.add_rows(np.arange(0, 300, 3))
    np.testing.assert_allclose(sparse.squared, dense.squared, atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_copies_of_a_pick_are_at_zero(dtype):
    points, residuals, _ = problem(50)
    copies = [np.repeat(part, 4, axis=0).astype(dtype) for part in (points, residuals)]
    nearest = NearestGradient(*copies)
    nearest.add_rows(np.arange(0, 200, 8))
    assert (nearest.squared.reshape(50, 4)[::2] == 0).all()
    assert (nearest.squared.reshape(50, 4)[1::2] > 0).all()


def drawn(nearest_of, n, seed, n_rows, candidates=None):
    rng = np.random.RandomState(seed)
    mask = np.ones(n_rows, dtype=bool) if candidates is None else candidates
    return draw_spread(
        nearest_of(), n, rng, first=0, candidates=mask, keys=lambda rows: rows
    )


def test_rows_are_drawn_as_by_k_means_plus_plus():
    """Pairs after a given first row, against their probabilities."""
    X = np.array([0.0, 1.0, 1.2, 3.0, -2.0])[:, None]
    counts = np.zeros((5, 5))
    n_runs = 4000
    for seed in range(n_runs):
        _, second, third = drawn(lambda: NearestPick(X), 3, seed, 5)
        counts[second, third] += 1
    chance = np.zeros((5, 5))
    to_first = squared_to(X, [0])
    for second in range(1, 5):
        then = squared_to(X, [0, second])
        chance[second] = to_first[second] / to_first.sum() * then / then.sum()
    possible = chance > 0
    assert counts[~possible].sum() == 0
    expected = n_runs * chance[possible]
    assert chisquare(counts[possible], expected).pvalue > 0.001


def test_only_candidates_are_drawn_and_each_once():
    points, residuals, _ = problem()
    mask = np.arange(300) % 2 == 0
    rows = drawn(lambda: NearestGradient(points, residuals), 150, 0, 300, mask)
    np.testing.assert_array_equal(np.sort(rows), np.flatnonzero(mask))


def test_copies_are_drawn_when_nothing_else_is_left():
    X = np.repeat(np.arange(4.0), 5)[:, None]
    rows = drawn(lambda: NearestPick(X), 12, 0, 20)
    assert set(X[rows[:4], 0]) == {0, 1, 2, 3}
    assert np.unique(rows).size == 12


# ---------------------------------------------------------------- the strategy
def pool(n=600, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 4))
    y = np.full(n, -1)
    y[:60] = X[:60, :3].argmax(axis=1)
    return X, y


def fitted(X, y):
    return FrozenEstimator(LogisticRegression().fit(X[:60], y[:60]))


def lengths(model, X):
    proba = model.predict_proba(X)
    residuals = proba - np.eye(proba.shape[1])[proba.argmax(axis=1)]
    return np.sqrt(np.square(residuals).sum(axis=1) * np.square(X).sum(axis=1))


def test_the_first_row_has_the_longest_gradient():
    X, y = pool()
    query = BadgeQuery(fitted(X, y), embedding="passthrough", random_state=0).fit(X, y)
    expected = lengths(query.estimator_, X)
    np.testing.assert_allclose(query.score_samples(X), expected)
    expected[y >= 0] = 0
    assert query.query(5)[0] == expected.argmax()


def test_a_seed_names_the_rows_and_another_seed_others():
    X, y = pool()
    batches = [
        BadgeQuery(embedding="passthrough", random_state=seed).fit(X, y).query(30)
        for seed in (0, 0, 1)
    ]
    np.testing.assert_array_equal(batches[0], batches[1])
    assert np.intersect1d(batches[0], batches[2]).size < 30


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_rows_do_not_depend_on_the_order_of_the_pool(dtype):
    X, y = pool(2000)
    X, order = X.astype(dtype), np.random.default_rng(1).permutation(2000)
    query = BadgeQuery(fitted(X, y), embedding="passthrough", random_state=0)
    rows = query.fit(X, y).query(200)
    moved = query.fit(X[order], y[order]).query(200)
    np.testing.assert_array_equal(order[moved], rows)


def test_a_scale_changes_no_row():
    X, y = pool()
    model = fitted(X, y)
    query = BadgeQuery(model, embedding="passthrough", random_state=0)
    rows = query.fit(X, y).query(40)
    query.embedding = lambda X: 2.0**10 * X
    np.testing.assert_array_equal(query.fit(X, y).query(40), rows)


def test_a_model_without_doubt_leaves_draws_that_are_all_alike():
    X, y = pool(100)

    class Certain(LogisticRegression):
        def predict_proba(self, X):
            return np.eye(3)[super().predict_proba(X).argmax(axis=1)]

    query = BadgeQuery(Certain(), embedding="passthrough", random_state=0)
    rows = query.fit(X, y).query(20)
    assert np.unique(rows).size == 20


def test_a_read_only_memmap_of_float32_is_enough(tmp_path):
    X, y = pool()
    np.save(tmp_path / "pool.npy", X.astype("f"))
    mapped = np.load(tmp_path / "pool.npy", mmap_mode="r")
    query = BadgeQuery(fitted(X, y), embedding="passthrough", random_state=0)
    expected = query.fit(X.astype("f"), y).query(30)
    np.testing.assert_array_equal(query.fit(mapped, y).query(30), expected)
