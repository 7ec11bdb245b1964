"""Groups of copies with noise are found, chance is not, and blindness is said."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist, pdist, squareform

from skdataquality.duplicates import duplicate_lens, near_duplicate_groups
from skdataquality.duplicates._detection._near import near_pairs
from skdataquality.duplicates._numbers import (
    ChanceNeighbours,
    cleanlab_rule,
    numeric_rows,
    unlikely_pairs,
)
from skdataquality.duplicates._numbers._nearest import NearestRows
from skdataquality.duplicates._numbers._tight_groups import (
    coincidences,
    companions,
    most_companions,
    one_of_each,
)
from skdataquality.utils._duplicate_rows import duplicate_groups


def with_copies(n, d, n_copied, n_copies, noise, seed=0):
    """Append noisy copies of the first rows; return also each row's original."""
    rng = np.random.default_rng([seed, n, d])
    X = rng.normal(size=(n, d))
    source = np.repeat(np.arange(n_copied), n_copies)
    copies = X[source] + noise * rng.normal(size=(source.size, d))
    return np.vstack([X, copies]), np.r_[np.arange(n), source]


def table_of(X):
    return numeric_rows(X, duplicate_groups(X))


# ------------------------------------------------------------------------- groups


@pytest.mark.parametrize("n_copies", [2, 5, 6, 20, 50])
@pytest.mark.parametrize("noise", [1e-4, 1e-2])
def test_all_copies_of_one_row_are_found(n_copies, noise):
    X, original = with_copies(400, 6, 1, n_copies, noise)
    np.testing.assert_array_equal(near_duplicate_groups(X), original)


@pytest.mark.parametrize(("n_copied", "n_copies"), [(250, 1), (60, 6), (8, 50)])
def test_copies_are_found_where_they_are_most_of_the_table(n_copied, n_copies):
    X, original = with_copies(300, 8, n_copied, n_copies, 1e-3)
    np.testing.assert_array_equal(near_duplicate_groups(X), original)


def test_groups_of_copies_that_happen_to_be_close_stay_apart():
    for seed in range(4):
        X, original = with_copies(150, 2, 40, 6, 1e-4, seed)
        pairs = near_pairs(X)
        assert (original[pairs.first] == original[pairs.second]).all()
        assert np.mean(pairs.groups == original) > 0.97


@pytest.mark.parametrize("share", [0.3, 0.5])
def test_a_cluster_that_is_much_of_the_table_is_not_accused(share):
    X = np.random.default_rng(0).normal(size=(150, 6))
    X[: int(150 * share)] *= 1e-3
    assert near_pairs(X).first.size == 0


def test_the_width_of_a_group_is_a_fifth_of_the_distance_to_the_next_row():
    distance = np.array([[1.0, 1.2, 1.9, x, 12.0, 13.0] for x in (9.4, 9.6)])
    np.testing.assert_array_equal(companions(distance, 4, 2.0), [0, 3])
    np.testing.assert_array_equal(companions(distance, 4, 1.8), [0, 0])
    # of nested gaps the widest counts, and a pair is no group
    nested = np.array([[1.0, 1.1, 9.0, 300.0], [0.1, 10.0, 11.0, 90.0]])
    np.testing.assert_array_equal(companions(nested, 3, np.inf), [3, 0])
    np.testing.assert_array_equal(companions(np.zeros((1, 5)), 4, 1.0), [0])


def test_parts_of_a_group_come_together_by_fewer_coincidences():
    whole = [1.0, 1.1, 1.2, 1.3, 1.4]
    pairs = [0.1, 1.0, 1.0, 1.1, 1.1]  # three pairs: two coincidences
    halves = [0.1, 0.1, 1.0, 1.0, 1.0]
    count = np.full(3, 5)
    found = coincidences(np.array([whole, pairs, halves]), count)
    np.testing.assert_array_equal(found, [5, 2, 1])
    np.testing.assert_array_equal(coincidences(np.ones((2, 5)), np.zeros(2, int)), 0)


def test_one_row_is_left_of_each_group():
    near = np.array([[1, 2], [0, 2], [1, 0], [2, 1]])
    kept = one_of_each(near, np.array([2, 2, 2, 0]))
    np.testing.assert_array_equal(kept, [True, False, False, True])


@pytest.mark.parametrize(
    ("n", "n_reference", "most"), [(5000, 5000, 400), (100, 100, 19), (20, 20, 3)]
)
def test_a_group_is_small_in_its_table(n, n_reference, most):
    assert most_companions(n, n_reference) == most


def test_of_a_sample_a_group_has_as_many_rows_as_its_share_explains():
    drawn = np.random.default_rng(0).hypergeometric(
        400, 40_000 - 400, 2000, size=10_000
    )
    limit = most_companions(40_000, 2000)
    assert 0.99 < np.mean(drawn <= limit) < 1
    assert limit < 2 * 20  # twice as many as expected


# -------------------------------------------------------------------------- chance


def clustered(rng, n, d):
    """Rows around five centres: groups, but not tight ones."""
    return rng.normal(size=(5, d))[rng.integers(0, 5, n)] * 9 + rng.normal(size=(n, d))


NULLS = {
    "uniform": lambda rng, n, d: rng.random((n, d)),
    "normal": lambda rng, n, d: rng.normal(size=(n, d)),
    "lognormal": lambda rng, n, d: np.exp(rng.normal(size=(n, d))),
    "clusters": clustered,
}


@pytest.mark.parametrize("kind", NULLS)
@pytest.mark.parametrize("d", [1, 2, 8])
def test_no_group_is_made_where_there_are_no_copies(kind, d):
    pairs = [
        near_pairs(NULLS[kind](np.random.default_rng([seed, d]), 300, d)).first.size
        for seed in range(8)
    ]
    assert np.mean(pairs) <= 0.5
    assert max(pairs) <= 2


def test_uniform_companions_are_as_many_as_chance_says():
    # given the next row, k rows are within a fifth of its distance with chance .2^(D k)
    rng = np.random.default_rng(0)
    distance = np.sort(rng.random((200_000, 3)), axis=1)
    share = np.mean(companions(distance, 2, 1.0) == 2)
    # both within the fifth, and the gap between them the narrower one
    inner = rng.random((200_000, 2)).max(axis=1), rng.random((200_000, 2))
    expected = 0.2**2 * np.mean(
        np.sort(inner[1], axis=1)[:, 0] / np.sort(inner[1], axis=1)[:, 1]
        >= 0.2 * np.sort(inner[1], axis=1)[:, 1]
    )
    assert share == pytest.approx(expected, abs=5 * np.sqrt(0.04 / 200_000))


def test_rows_in_another_order_give_the_same_groups():
    X, _ = with_copies(200, 4, 10, 8, 1e-2)
    order = np.random.default_rng(1).permutation(len(X))
    found, moved = near_duplicate_groups(X), near_duplicate_groups(X[order])
    same = found[order][:, None] == found[order]
    np.testing.assert_array_equal(moved[:, None] == moved, same)


@settings(max_examples=2, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), d=st.integers(3, 12))
def test_above_the_rows_of_reference_the_order_makes_no_difference(seed, d):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(2500, d)) * rng.lognormal(size=d)
    # of all distances, so that some are close to the limit
    X[1250:] = X[:1250] + rng.exponential(size=(1250, 1)) ** 4 * rng.normal(
        size=(1250, d)
    )
    order = rng.permutation(len(X))
    found, moved = near_duplicate_groups(X), near_duplicate_groups(X[order])
    as_found = np.unique(found[order], return_inverse=True)[1]
    as_moved = np.unique(moved, return_inverse=True)[1]
    n_groups = as_found.max() + 1
    assert n_groups < len(X)
    assert as_moved.max() + 1 == n_groups
    assert np.unique(as_found * n_groups + as_moved).size == n_groups


@pytest.mark.parametrize("d", [3, 12])
@pytest.mark.parametrize("largest", [1.0, 1e9])
def test_the_nearest_rows_are_those_of_all_distances(d, largest):
    rng = np.random.default_rng(d)
    cells = rng.normal(size=(300, d))
    cells[100:] = cells[:200] + 1e-9 * rng.normal(size=(200, d))
    cells[7, 1] = largest
    reference, rows = np.arange(0, 300, 2), np.arange(0, 300, 3)
    nearest = NearestRows(cells, reference)
    distance, near = nearest.others(rows, 5)
    expected = np.linalg.norm(cells[rows, None] - cells[reference], axis=2)
    expected[rows[:, None] == reference] = np.inf
    np.testing.assert_allclose(distance, np.sort(expected, axis=1)[:, :5])
    np.testing.assert_array_equal(
        np.take_along_axis(expected, near, axis=1).round(12), distance.round(12)
    )


def test_pairs_are_found_alike_with_the_density_at_hand():
    X, _ = with_copies(200, 5, 4, 6, 1e-3)
    table = table_of(X)
    chance = ChanceNeighbours(table.cells)
    for alone, known in zip(
        unlikely_pairs(table), unlikely_pairs(table, chance), strict=True
    ):
        np.testing.assert_array_equal(alone, known)


# ------------------------------------------------------------------ cleanlab's rule


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), n=st.integers(2, 60), d=st.integers(1, 6))
def test_the_rule_of_cleanlab_is_that_of_its_definition(seed, n, d):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    X[n // 2 :] = X[: n - n // 2] + 0.1 * rng.normal(size=(n - n // 2, d))
    cells = table_of(X).cells
    metric = "euclidean" if d <= 3 else "cosine"
    between = cdist(cells, cells, metric)
    np.fill_diagonal(between, np.inf)
    limit = 0.13 * max(np.median(between.min(axis=1)), 1e-6)
    first, second, distance, radius = cleanlab_rule(table_of(X))
    assert radius == pytest.approx(limit, rel=1e-6)
    expected = np.argwhere(np.triu(squareform(pdist(cells, metric)) < limit, 1))
    np.testing.assert_array_equal(np.column_stack([first, second]), expected)
    np.testing.assert_allclose(distance, between[first, second], atol=1e-9)


# ------------------------------------------------------------------------ blindness


@pytest.mark.parametrize("d", [1, 2])
def test_what_cannot_be_seen_is_not_called_absent(d):
    X = np.random.default_rng(d).normal(size=(2000, d))
    result = duplicate_lens(X)
    assert (result.verdict, result.reason_code) == ("cannot tell", "near_unseen")
    assert "nearly repeats another" not in result.summary
    seen = result.numbers["near_seen"]
    assert f"{seen:.1g} standard deviations" in result.summary
    assert result.remedies == ()


def test_copies_below_the_distance_said_to_be_seen_are_found():
    rng = np.random.default_rng(3)
    X = rng.uniform(size=(600, 2))
    seen = duplicate_lens(X).numbers["near_seen"] * X.std()
    X[-50:] = X[:50] + 0.2 * seen * rng.normal(size=(50, 2))
    found = near_duplicate_groups(X)[-50:]
    assert np.mean(found == np.arange(50)) > 0.8


def test_coarse_numbers_are_said_to_be_coarse():
    X = np.random.default_rng(0).integers(0, 40, size=(500, 3)).astype(float)
    result = duplicate_lens(X)
    assert result.verdict == "clear"
    assert "too coarse for near copies" in result.summary
    assert "nearly repeats another" not in result.summary


def test_in_many_columns_absence_is_said():
    result = duplicate_lens(np.random.default_rng(0).normal(size=(300, 8)))
    assert (result.verdict, result.numbers["near_rows"]) == ("clear", 0)
    assert "No row nearly repeats another" in result.summary
    assert result.numbers["near_seen"] > 0.1


def test_a_table_of_tight_groups_alone_may_be_copies_or_states():
    rng = np.random.default_rng(0)
    X, _ = with_copies(30, 6, 30, 9, 1e-3)
    result = duplicate_lens(rng.permutation(X))
    assert (result.verdict, result.reason_code) == ("cannot tell", "near_states")
    assert result.numbers["near_rows"] == 270
    assert result.remedies == ()
    X, _ = with_copies(150, 6, 30, 9, 1e-3)
    assert duplicate_lens(rng.permutation(X)).reason_code == "near_copies"


@pytest.mark.parametrize("d", [3, 20])
def test_many_copies_of_one_row_are_found_and_too_many_are_not_called_absent(d):
    rng = np.random.default_rng(d)
    X = rng.normal(size=(1000, d))
    X[850:] = X[0] + 1e-3 * rng.normal(size=(150, d))
    found = near_duplicate_groups(rng.permutation(X))
    assert np.bincount(found).max() == 151
    X[700:] = X[0] + 1e-3 * rng.normal(size=(300, d))
    result = duplicate_lens(rng.permutation(X))
    assert (result.verdict, result.reason_code) == ("cannot tell", "near_crowd")
    assert "30% of the rows" in result.summary
    assert "nearly repeats another" not in result.summary


def test_exact_copies_are_found_where_near_ones_are_not_seen():
    X = np.random.default_rng(0).normal(size=(500, 2))
    result = duplicate_lens(np.vstack([X, X[:50]]))
    assert (result.verdict, result.reason_code) == ("found", "copies")
    assert "cannot be told from chance" in result.summary
