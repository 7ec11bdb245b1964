"""Typical rows of every part of a pool."""

import tracemalloc

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from skdataquality.active_learning import TypicalityQuery
from skdataquality.active_learning._strategies._typical import MOST_ROWS


def clouds(sizes, width=2, seed=0):
    """Well separated clouds of rows, and the cloud of each."""
    rng = np.random.default_rng(seed)
    cloud = np.repeat(np.arange(len(sizes)), sizes)
    return rng.normal(size=(cloud.size, width)) + 50 * cloud[:, None], cloud


def raw():
    return TypicalityQuery(embedding="passthrough", random_state=0)


def mean_distance(X, n_neighbors=20):
    away = np.sort(cdist(X, X), axis=1)[:, 1 : n_neighbors + 1]
    return away.mean(axis=1)


def test_the_score_is_one_over_the_mean_distance_to_twenty_neighbours():
    X, _ = clouds([80])
    scores = raw().fit(X).score_samples(X)
    np.testing.assert_allclose(scores, 1 / mean_distance(X), rtol=1e-6)


@pytest.mark.parametrize("n", [2, 5, 20, 21])
def test_small_pools_have_all_other_rows_for_neighbours(n):
    X, _ = clouds([n])
    scores = raw().fit(X).score_samples(X)
    expected = 1 / mean_distance(X, min(20, n - 1))
    np.testing.assert_allclose(scores, expected, rtol=1e-6)


def test_new_rows_are_scored_by_the_pool_and_not_by_each_other():
    X, _ = clouds([80])
    new = X[:30] + 0.1
    query = raw().fit(X)
    scores = query.score_samples(new)
    np.testing.assert_allclose(query.score_samples(new[:1]), scores[:1])
    expected = np.sort(cdist(new, X), axis=1)[:, :20].mean(axis=1)
    np.testing.assert_allclose(scores, 1 / expected, rtol=1e-6)


def test_every_cloud_gets_a_row_the_most_typical_one_and_the_largest_comes_first():
    X, cloud = clouds([40, 60, 30])
    query = raw().fit(X)
    rows = query.query(3)
    assert cloud[rows].tolist() == [1, 0, 2]
    scores = query.score_samples(X)
    for row in rows:
        assert scores[row] == scores[cloud == cloud[row]].max()


def test_the_cloud_without_labels_comes_first():
    X, cloud = clouds([40, 60, 30])
    y = np.full(130, -1)
    y[[0, 45, 50]] = 0, 1, 1
    # 4 parts: one cloud is cut in two
    assert cloud[raw().fit(X, y).query(1)][0] in (1, 2)
    y[45:100] = 1
    assert cloud[raw().fit(X, y).query(1)][0] == 2


def test_a_copy_of_a_labelled_or_picked_row_comes_last():
    X, _ = clouds([30])
    X = np.r_[X, np.repeat(X[:10], 30, axis=0)]
    y = np.where(np.arange(330) < 2, 0, -1)
    rows = raw().fit(X, y).query(40)
    assert np.unique(X[rows[:28]], axis=0).shape[0] == 28
    assert not (X[rows[:28]][:, None] == X[:2]).all(axis=2).any()
    assert np.unique(rows).size == 40


def test_copies_make_no_row_more_typical():
    X, _ = clouds([60])
    copied = np.r_[X, np.repeat(X[:5], 40, axis=0)]
    scores = raw().fit(copied).score_samples(X)
    np.testing.assert_array_equal(scores, raw().fit(X).score_samples(X))


@pytest.mark.parametrize("n", [3, 12])
def test_fewer_distinct_rows_than_asked_for_are_asked_first(n):
    X = np.repeat(np.arange(4.0), 10)[:, None]
    rows = raw().fit(X).query(n)
    assert np.unique(rows).size == n
    assert np.unique(X[rows[:4]]).size == min(n, 4)


def test_equal_rows_are_all_as_typical():
    X = np.ones((10, 2))
    assert np.unique(raw().fit(X).score_samples(X)).size == 1


@pytest.mark.parametrize("n", [1, 6, 30])
@pytest.mark.parametrize("size", [200, MOST_ROWS + 500])
def test_the_order_of_the_pool_does_not_matter(n, size):
    X, _ = clouds([size // 2, size - size // 2])
    y = np.where(np.arange(size) % 100 == 0, 1, -1)
    order = np.random.default_rng(1).permutation(size)
    query = TypicalityQuery(embedding="passthrough", unlabeled=-1, random_state=0)
    rows = query.fit(X, y).query(n)
    moved = query.fit(X[order], y[order]).query(n)
    np.testing.assert_array_equal(X[order][moved], X[rows])


def test_candidates_alone_are_asked():
    X, cloud = clouds([40, 60, 30])
    rows = raw().fit(X).query(5, candidates=np.flatnonzero(cloud == 2))
    assert (cloud[rows] == 2).all()


def test_rows_drawn_from_a_large_pool_rank_it_nearly_as_all_rows_do():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(3 * MOST_ROWS, 2))
    some = rng.choice(3 * MOST_ROWS, 500, replace=False)
    scores = raw().fit(X).score_samples(X)[some]
    exact = 1 / np.sort(cdist(X[some], X), axis=1)[:, 1:21].mean(axis=1)
    ranks = np.argsort(np.argsort([scores, exact], axis=1), axis=1)
    assert np.corrcoef(ranks)[0, 1] > 0.8


def test_no_array_is_rows_times_rows_or_picks():
    n, width = 50_000, 4
    X = np.random.default_rng(0).normal(size=(n, width))
    query = raw().fit(X)
    query.query(1, candidates=np.arange(100))  # what is imported on the way
    tracemalloc.start()
    query.query(50)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < (5 + 3 * width) * 8 * n
