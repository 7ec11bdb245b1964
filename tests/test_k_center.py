"""Greedy k-center: exact picks, whatever the type, scale, place or order of rows."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.spatial.distance import cdist

from skdataquality.active_learning import KCenterQuery
from skdataquality.active_learning._geometry import NearestPick, pick_farthest

SMALL = arrays(
    np.float64,
    st.tuples(st.integers(3, 8), st.integers(1, 3)),
    elements=st.integers(-4, 4).map(float),
)


def normal(n=1500, d=6, seed=0, dtype=np.float64):
    return np.random.default_rng(seed).normal(size=(n, d)).astype(dtype)


def greedy(X, n, start):
    """By direct differences, one pick after the other."""
    X = X.astype(np.float64)
    nearest, picks = np.full(len(X), np.inf), []
    for _ in range(n):
        picks.append(start)
        nearest = np.minimum(nearest, np.square(X - X[start]).sum(axis=1))
        start = nearest.argmax()
    return picks, nearest


def near_copies(dtype):
    rows = normal(20, 8)[np.random.default_rng(1).integers(20, size=1500)]
    return (rows + 1e-4 * normal(1500, 8)).astype(dtype)


POOLS = {
    "normal": normal(),
    "two columns": normal(3000, 2),
    "float32": normal(dtype=np.float32),
    "heavy tails": np.random.default_rng(0).standard_t(1.2, (1500, 6)),
    "far from the origin": normal() + 1e6,
    "float32 far from the origin": (normal() + 300).astype(np.float32),
    "near copies": near_copies(np.float64),
    "near copies, float32": near_copies(np.float32),
    "near copies far away": near_copies(np.float64) + 1e3,
}


@pytest.mark.parametrize("X", POOLS.values(), ids=POOLS)
def test_picks_are_those_of_direct_differences(X):
    nearest = NearestPick(X)
    picks, squared = greedy(X, 200, 3)
    np.testing.assert_array_equal(pick_farthest(nearest, 200, start=3), picks)
    assert (np.abs(nearest.squared - squared) <= nearest.slack()).all()
    rows = np.arange(len(X))
    np.testing.assert_allclose(nearest.exact(rows), squared, rtol=1e-12)


@pytest.mark.parametrize("X", POOLS.values(), ids=POOLS)
def test_a_block_of_picks_is_as_they_are_one_by_one(X):
    together, alone = NearestPick(X), NearestPick(X)
    rows = np.arange(0, 1500, 11)
    together.add_rows(rows)
    for row in rows:
        alone.add(row)
    bound = together.slack() + alone.slack()
    assert (np.abs(together.squared - alone.squared) <= bound).all()
    assert (together.squared[rows] == 0).all()


def test_points_from_elsewhere_count_like_rows():
    X = normal()
    rows = np.arange(100)
    inside, outside = NearestPick(X), NearestPick(X)
    inside.add_rows(rows)
    outside.add_points(X[rows[:60]])
    outside.add_rows(rows[60:90])
    for point in X[rows[90:]]:
        outside.add_point(point)
    np.testing.assert_allclose(outside.squared, inside.squared, atol=1e-12)
    every = np.arange(len(X))
    np.testing.assert_array_equal(outside.exact(every), inside.exact(every))
    assert outside.n_picks == inside.n_picks == 100


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("offset", [0, 1e4])
def test_copies_of_a_pick_are_at_exactly_zero(dtype, offset):
    X = (np.repeat(normal(150, 9), 4, axis=0) + offset).astype(dtype)
    one, many = NearestPick(X), NearestPick(X)
    one.add(5)
    many.add_rows(np.arange(0, 400, 4))
    assert (one.squared[4:8] == 0).all()
    assert (many.squared[:400] == 0).all()
    assert (many.squared[400:] > 0).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_copies_are_picked_after_all_distinct_rows(dtype):
    X = np.repeat(normal(40, 3).astype(dtype), 5, axis=0)
    rows = pick_farthest(NearestPick(X), 70)
    assert np.unique(X[rows[:40]], axis=0).shape[0] == 40
    assert np.unique(rows).size == 70


def test_no_copy_is_picked_where_a_distance_is_demanded():
    X = np.repeat(normal(40, 3), 5, axis=0)
    assert pick_farthest(NearestPick(X), 70, min_distance=1e-9).size == 40


@given(SMALL, st.integers(1, 3))
def test_no_pick_covers_more_than_twice_as_well(X, k):
    rows = pick_farthest(NearestPick(X), k)
    away = cdist(X, X)
    least = min(
        away[list(some)].min(axis=0).max() for some in combinations(range(len(X)), k)
    )
    assert away[rows].min(axis=0).max() <= 2 * least


@given(SMALL, st.permutations(range(8)), st.integers(1, 8))
def test_rows_of_a_lattice_do_not_depend_on_the_order(X, order, n):
    order = np.array(order)[np.array(order) < len(X)]
    rows = pick_farthest(NearestPick(X), n)
    moved = pick_farthest(NearestPick(X[order]), n)
    np.testing.assert_array_equal(X[order][moved], X[rows])


@pytest.mark.parametrize("offset", [0.0, 0.1, 77.7])
def test_many_rows_of_a_lattice_do_not_depend_on_the_order(offset):
    rng = np.random.default_rng(0)
    X = rng.integers(0, 3, (6000, 7)) / 3 + offset
    order = rng.permutation(6000)
    nearest = NearestPick(X)
    rows = pick_farthest(nearest, 300)
    moved = pick_farthest(NearestPick(X[order]), 300)
    np.testing.assert_array_equal(X[order][moved], X[rows])
    between = cdist(X[rows], X[rows])
    np.fill_diagonal(between, np.inf)
    assert between.min() > nearest.squared.max() ** 0.5 - 1e-6


@given(
    st.sampled_from([2.0**-30, 0.1, 3.0, 2.0**40]),
    st.sampled_from([0.0, -1.0, 1e6]),
    st.integers(0, 20),
)
def test_scale_and_place_change_no_pick(scale, offset, seed):
    X = normal(300, 4, seed)
    expected = pick_farthest(NearestPick(X), 60)
    moved = pick_farthest(NearestPick(scale * (X + offset)), 60)
    np.testing.assert_array_equal(moved, expected)


def test_distances_scale_with_the_points():
    X, nearest = normal(), []
    for scale in (1, 2.0**20):
        nearest.append(NearestPick(scale * X))
        nearest[-1].add_rows([3, 8, 100])
    np.testing.assert_array_equal(nearest[1].squared, 2.0**40 * nearest[0].squared)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_sparse_rows_are_picked_like_dense_ones(dtype):
    X = sp.random(2500, 40, 0.1, "csr", dtype, 0)
    dense, sparse = NearestPick(X.toarray()), NearestPick(X)
    for nearest in (dense, sparse):
        nearest.add_points(nearest.points[:3])
    rows = pick_farthest(dense, 150)
    np.testing.assert_array_equal(pick_farthest(sparse, 150), rows)
    assert (np.abs(dense.squared - sparse.squared) <= 2 * dense.slack()).all()
    assert pick_farthest(NearestPick(X), 1) == pick_farthest(
        NearestPick(X.toarray()), 1
    )


def test_a_read_only_memmap_of_float32_is_read_in_place(tmp_path):
    X = normal(dtype=np.float32)
    np.save(tmp_path / "pool.npy", X)
    mapped = np.load(tmp_path / "pool.npy", mmap_mode="r")
    nearest = NearestPick(mapped)
    assert np.shares_memory(nearest.points, mapped)
    assert nearest.squared.dtype == np.float32
    query = KCenterQuery(embedding="passthrough")
    expected = query.fit(X).query(50)
    np.testing.assert_array_equal(query.fit(mapped).query(50), expected)
    np.testing.assert_array_equal(pick_farthest(nearest, 50), expected)


@pytest.mark.parametrize(
    "as_they_lie",
    [
        np.asfortranarray,
        lambda X: X[:, ::-1][:, ::-1],
        lambda X: np.repeat(X, 2, 1)[:, ::2],
    ],
    ids=["columns first", "turned twice", "every other column"],
)
def test_how_rows_lie_in_memory_does_not_matter(as_they_lie):
    X = normal()
    expected = pick_farthest(NearestPick(X), 40)
    np.testing.assert_array_equal(
        pick_farthest(NearestPick(as_they_lie(X)), 40), expected
    )


def test_values_that_have_no_square_are_refused():
    with pytest.raises(ValueError, match="too large"), np.errstate(over="ignore"):
        NearestPick(np.array([[1e30], [-1e30], [0]], dtype=np.float32))


def test_only_candidates_are_picked():
    X, mask = normal(), np.arange(1500) % 3 == 1
    rows = pick_farthest(NearestPick(X), 2000, candidates=mask)
    np.testing.assert_array_equal(np.sort(rows), np.flatnonzero(mask))
    among = pick_farthest(NearestPick(X), 60, candidates=mask, start=1)
    np.testing.assert_array_equal(
        np.flatnonzero(mask)[greedy(X[mask], 60, 0)[0]], among
    )


def test_the_first_row_is_the_one_nearest_to_the_mean():
    X = normal()
    central = np.square(X - X.mean(axis=0)).sum(axis=1).argmin()
    assert pick_farthest(NearestPick(X), 1)[0] == central
    assert KCenterQuery(embedding="passthrough").fit(X).query(1)[0] == central


def test_picking_stops_where_every_row_is_near_a_pick():
    X, bound = normal(), 1.5
    nearest = NearestPick(X)
    rows = pick_farthest(nearest, 1500, min_distance=bound)
    between = cdist(X[rows], X[rows])
    assert between[np.triu_indices_from(between, 1)].min() >= bound
    assert cdist(X, X[rows]).min(axis=1).max() < bound
    assert 1 < rows.size < 1500


def test_a_row_at_the_very_distance_is_picked():
    X = np.array([[0.0], [3.0], [3.1]])
    assert pick_farthest(NearestPick(X), 3, start=0, min_distance=3.1).tolist() == [
        0,
        2,
    ]


def test_what_was_picked_before_goes_on():
    X = normal()
    whole = pick_farthest(NearestPick(X), 80, start=0)
    nearest = NearestPick(X)
    parts = [pick_farthest(nearest, 30, start=0), pick_farthest(nearest, 50)]
    np.testing.assert_array_equal(np.concatenate(parts), whole)


# ---------------------------------------------------------------- the strategy
def some_labels(n, rows):
    y = np.full(n, -1)
    y[rows] = np.arange(len(rows)) % 2
    return y


def test_scores_are_distances_to_the_nearest_labelled_row():
    X, new = normal(200), normal(50, seed=1)
    query = KCenterQuery(embedding="passthrough").fit(X, some_labels(200, [3, 9, 70]))
    away = cdist(np.vstack([X, new]), X[[3, 9, 70]]).min(axis=1)
    found = query.score_samples(np.vstack([X, new]))
    np.testing.assert_allclose(found, away, atol=1e-7)
    assert query.query(1)[0] == away[:200].argmax()


def test_scores_without_a_label_are_highest_in_the_middle():
    X = normal(200)
    scores = KCenterQuery(embedding="passthrough").fit(X).score_samples(X)
    np.testing.assert_allclose(scores, -cdist(X, X.mean(axis=0)[None])[:, 0])


def test_a_rare_region_is_found_before_its_share_of_rows_says():
    X = normal(2000, 2)
    X[:6] += 30
    rows = KCenterQuery().fit(X).query(3)
    assert (rows < 6).any()


def test_equal_points_are_ordered_by_what_their_rows_hold():
    frame = pd.DataFrame({"name": list("abcdefgh"), "x": [0.0] * 4 + [1.0] * 4})
    query = KCenterQuery(embedding=lambda X: X[["x"]].to_numpy())
    order = [5, 2, 7, 0, 1, 6, 3, 4]
    names = [
        table["name"].iloc[query.fit(table).query(5)].tolist()
        for table in (frame, frame.iloc[order])
    ]
    assert names[0] == names[1]


def test_the_pool_is_never_written_to():
    X = normal()
    before = X.copy()
    KCenterQuery(embedding="passthrough").fit(X, some_labels(1500, [0, 1])).query(100)
    np.testing.assert_array_equal(X, before)
