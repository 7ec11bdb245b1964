"""Near duplicates: an exact search, and no accusation that chance explains."""

import copy
import json

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris, load_wine

from skdataquality.compose import RemediedRegressor
from skdataquality.duplicates import (
    Deduplicator,
    DuplicateGroupKFold,
    duplicate_groups,
    duplicate_lens,
    near_duplicate_groups,
)
from skdataquality.duplicates._detection._near import near_pairs
from skdataquality.duplicates._numbers._chance import (
    ChanceNeighbours,
    _columns_that_tell,
    _inverse_dimension,
)
from skdataquality.lineage import Reason
from skdataquality.utils._neighbors import NeighborJoin

many = settings(max_examples=40, deadline=None)
seeds = st.integers(0, 2**32 - 1)
NAN = np.nan


def first_rows(groups):
    """Name each group by its first row."""
    _, first, member = np.unique(groups, return_index=True, return_inverse=True)
    return first[member]


def with_copies(X, *, jitter, n_copies, seed=0):
    """Append jittered copies of random rows; return also the rows copied."""
    rng = np.random.default_rng(seed)
    source = rng.choice(len(X), size=n_copies, replace=False)
    noise = rng.normal(size=(n_copies, X.shape[1])) * jitter * X.std(axis=0)
    return np.vstack([X, X[source] + noise]), source


def normal_table(n=400, d=8, seed=0):
    return np.random.default_rng(seed).normal(size=(n, d))


# ------------------------------------------------------------------ the exact join


def brute_force(X, radius, block):
    i, j = np.triu_indices(len(X), k=1)
    distance = np.sqrt(((X[i] - X[j]) ** 2).sum(axis=1))
    keep = (distance <= radius) & (block[i] == block[j])
    return set(zip(i[keep].tolist(), j[keep].tolist(), strict=True))


@many
@given(
    seed=seeds,
    n=st.integers(1, 80),
    d=st.integers(1, 12),
    radius=st.floats(1e-6, 5),
    kind=st.sampled_from(["normal", "lattice", "heavy", "wide"]),
    n_blocks=st.integers(1, 4),
)
def test_the_join_finds_what_brute_force_finds(seed, n, d, radius, kind, n_blocks):
    rng = np.random.default_rng(seed)
    X = {
        "normal": lambda: rng.normal(size=(n, d)),
        "lattice": lambda: rng.integers(-2, 3, size=(n, d)).astype(float),
        "heavy": lambda: rng.standard_t(1, size=(n, d)),
        "wide": lambda: rng.normal(size=(n, d)) * 10.0 ** rng.integers(0, 90, size=d),
    }[kind]()
    X[n // 2 :] = X[: n - n // 2] + radius / d * rng.uniform(-1, 1, (n - n // 2, d))
    block = rng.integers(0, n_blocks, size=n)
    join = NeighborJoin(X, radius, block=block)
    assert join.radius == radius
    first, second, distance = join.pairs(radius)
    found = list(zip(first.tolist(), second.tolist(), strict=True))
    assert found == sorted(set(found))
    assert set(found) == brute_force(X, radius, block)
    assert (distance <= radius).all()


def test_the_join_shrinks_its_radius_rather_than_fill_the_memory():
    X = normal_table(3000, 6)
    join = NeighborJoin(X, 2.0, max_candidates=1000)
    assert join.radius < 2.0
    assert join.n_candidates <= 1000
    first, second, _ = join.pairs(join.radius)
    assert set(zip(first.tolist(), second.tolist(), strict=True)) == brute_force(
        X, join.radius, np.zeros(len(X))
    )


def test_the_join_never_fills_the_memory():
    X = np.repeat(normal_table(20, 2), 100, axis=0)
    join = NeighborJoin(X, 1.0, max_candidates=1000)
    assert join.radius == 0
    assert join.pairs(join.radius)[0].size == 0


def components(n, pairs):
    group = list(range(n))
    for _ in range(n):
        for i, j in pairs:
            group[i] = group[j] = min(group[i], group[j])
    return group


@many
@given(seed=seeds, n=st.integers(2, 40), d=st.integers(1, 6))
def test_a_given_radius_joins_connected_components(seed, n, d):
    rng = np.random.default_rng(seed)
    X = rng.integers(0, 4, size=(n, d)) + rng.choice([0.0, 0.1], size=(n, d))
    distinct = np.unique(X, axis=0)  # copies have no say in the scale
    centred = X - np.median(distinct, axis=0)
    groups = near_duplicate_groups(X, radius=1e-9)
    np.testing.assert_array_equal(groups, duplicate_groups(X))
    scale, n_distinct = np.ones(d), len(distinct)
    for j in range(d):
        values = np.sort(distinct[:, j] - np.median(distinct[:, j]))
        if values[0] == values[-1]:
            continue
        wild = min(1, (n_distinct - 1) // 2)
        inner = np.clip(values, values[wild], values[-1 - wild])
        atom = np.count_nonzero(values == 0) > 0.8 * n_distinct
        scale[j] = values.std() if atom else inner.std() or values.std()
    pairs = brute_force(centred / scale, 0.5, np.zeros(n))
    assert near_duplicate_groups(X, radius=0.5).tolist() == components(n, pairs)


# -------------------------------------------------------------------- invariances


@many
@given(seed=seeds)
def test_permuting_rows_permutes_the_partition(seed):
    rng = np.random.default_rng(seed)
    X, _ = with_copies(normal_table(200, 6, seed), jitter=0.01, n_copies=12, seed=seed)
    order = rng.permutation(len(X))
    permuted = near_duplicate_groups(X[order])
    np.testing.assert_array_equal(permuted, first_rows(near_duplicate_groups(X)[order]))


@many
@given(seed=seeds, power=st.integers(-200, 200))
def test_units_of_columns_do_not_matter(seed, power):
    X, _ = with_copies(normal_table(150, 5, seed), jitter=0.001, n_copies=9, seed=seed)
    expected = near_duplicate_groups(X)
    units = np.array([2.0**power, 3.0, -1.0, 0.1, 1.0])
    np.testing.assert_array_equal(near_duplicate_groups(X * units), expected)
    np.testing.assert_array_equal(near_duplicate_groups(X + [0, 5, -9, 1, 0]), expected)


@pytest.mark.parametrize("radius", [None, 0.02])
def test_constant_and_empty_columns_change_nothing(radius):
    X, _ = with_copies(normal_table(), jitter=0.001, n_copies=9)
    expected = near_duplicate_groups(X, radius=radius)
    assert (expected != np.arange(len(X))).sum() == 9
    for cell in (7.0, 1e300, NAN, np.inf):
        wider = np.column_stack([X, np.full(len(X), cell)])
        np.testing.assert_array_equal(
            near_duplicate_groups(wider, radius=radius), expected
        )


def test_one_wild_cell_does_not_flatten_its_column():
    X, _ = with_copies(normal_table(), jitter=0.001, n_copies=9)
    expected = near_duplicate_groups(X)
    X = np.vstack([X, np.zeros(X.shape[1])])
    X[-1, 2] = 1e12
    np.testing.assert_array_equal(near_duplicate_groups(X)[:-1], expected)


LAYOUTS = {
    "Fortran": np.asfortranarray,
    "pandas": lambda X: pd.DataFrame(X).rename(columns=str),
    "nullable": lambda X: pd.DataFrame(X).rename(columns=str).astype("Float64"),
    "polars": pl.DataFrame,
    "list": lambda X: X.tolist(),
    "object": lambda X: X.astype(object),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layout_does_not_matter_and_the_input_is_left_alone(layout):
    X, source = with_copies(normal_table(), jitter=0.001, n_copies=9)
    expected = near_duplicate_groups(X)
    assert expected.dtype == np.int64
    assert expected[-9:].tolist() == source.tolist()
    table = LAYOUTS[layout](X)
    before = copy.deepcopy(table)
    for _ in range(2):
        np.testing.assert_array_equal(near_duplicate_groups(table), expected)
    same = getattr(table, "equals", lambda other: np.array_equal(table, other))
    assert same(before)


def test_float32_and_read_only_arrays():
    X, _ = with_copies(normal_table(), jitter=0.001, n_copies=9)
    expected = near_duplicate_groups(X)
    single = X.astype(np.float32)
    single.flags.writeable = False
    np.testing.assert_array_equal(near_duplicate_groups(single), expected)
    integers = np.round(X * 1e6).astype(np.int32)
    np.testing.assert_array_equal(near_duplicate_groups(integers), expected)


# ---------------------------------------------------- what must be equal exactly


def test_near_rows_miss_the_same_cells():
    X = normal_table(100, 6)
    X[50:54] = X[0]
    X[50:54, 1] += 1e-4 * np.arange(1, 5)
    X[[0, 50], 3] = NAN  # 0 and 50 miss the same cell; 51 misses another, 52 none
    X[51, 4] = NAN
    X[53, 3] = np.inf
    groups = near_duplicate_groups(X)
    assert groups[50:54].tolist() == [0, 51, 52, 53]
    # a missing cell is no zero
    X[5, 2] = np.median(X[:, 2]) + 3
    X[[10, 60]] = X[5]
    X[10, 2], X[60, 2] = NAN, np.median(X[:, 2])
    assert near_duplicate_groups(X, radius=0.1)[[10, 60]].tolist() == [10, 60]


@pytest.mark.parametrize("build", [pd.DataFrame, pl.DataFrame])
def test_other_columns_must_be_equal(build):
    X = normal_table(100, 6)
    X[50:54] = X[0] + 1e-4
    X[51:54] += 1e-4 * np.arange(1, 4)[:, None]
    other = {
        "text": np.array(["a"] * 100, dtype=object),
        "flag": np.zeros(100, dtype=bool),
        "day": np.full(100, np.datetime64("2020-01-01", "ms")),
    }
    other["text"][51] = "b"
    other["flag"][52] = True
    other["day"][53] = np.datetime64("2020-01-02", "ms")
    frame = build({**{f"x{j}": X[:, j] for j in range(6)}, **other})
    assert near_duplicate_groups(frame)[50:54].tolist() == [0, 51, 52, 53]
    assert near_duplicate_groups(X)[50:54].tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize(
    "other",
    [
        pd.Categorical([*range(100)]),
        np.datetime64("2020-01-01", "ns") + np.arange(100),
        np.arange(100) * np.timedelta64(1, "ns"),
    ],
    ids=["categories that are numbers", "dates", "durations"],
)
def test_what_only_looks_like_numbers_must_be_equal(other):
    X = pd.DataFrame(normal_table(100, 6)).rename(columns=str)
    X.iloc[50] = X.iloc[0] + 1e-4
    assert near_duplicate_groups(X)[50] == 0
    assert near_duplicate_groups(X.assign(other=other))[50] == 50


@pytest.mark.parametrize("dtype", [pl.Decimal(30, 8), pl.Float32])
def test_numbers_of_other_kinds_are_numbers(dtype):
    X = normal_table(100, 6)
    X[50] = X[0] + 1e-4
    frame = pl.DataFrame(X).cast(dtype)
    assert near_duplicate_groups(frame)[50] == 0


@pytest.mark.parametrize("missing_in", [[0, 50, 51], [51]])
def test_integers_with_missing_values(missing_in):
    X = np.round(normal_table(100, 6) * 1e6)
    X[50] = X[0] + 100
    frame = pd.DataFrame(X).rename(columns=str).astype("Int64")
    frame.iloc[missing_in, 2] = pd.NA
    assert near_duplicate_groups(frame)[50] == 0
    assert near_duplicate_groups(pl.from_pandas(frame))[50] == 0


def test_without_numbers_only_equal_rows_are_grouped():
    table = np.array([["a", "b"], ["a", "c"], ["a", "b"]] * 20)
    np.testing.assert_array_equal(near_duplicate_groups(table), duplicate_groups(table))
    np.testing.assert_array_equal(
        near_duplicate_groups(pd.DataFrame(table), radius=1.0), duplicate_groups(table)
    )


def test_equal_rows_are_in_the_group_of_their_near_rows():
    X = normal_table(100, 6)
    X[40] = X[3] + 1e-4
    X[70] = X[40]
    X[60] = X[3]
    assert near_duplicate_groups(X)[[3, 40, 60, 70]].tolist() == [3, 3, 3, 3]


# ------------------------------------------------------------------- small, wrong


def test_smallest_tables():
    assert near_duplicate_groups([[NAN, 1.0]]).tolist() == [0]
    assert near_duplicate_groups(np.empty((0, 2))).shape == (0,)
    assert near_duplicate_groups(np.zeros((50, 3))).tolist() == [0] * 50
    assert near_duplicate_groups(np.full((50, 3), NAN)).tolist() == [0] * 50
    few = [[0.0], [1e-9], [1.0], [2.0], [3.0]]
    assert near_duplicate_groups(few).tolist() == [0, 1, 2, 3, 4]
    assert near_duplicate_groups(few, radius=1e-6).tolist() == [0, 0, 2, 3, 4]


def test_extreme_numbers():
    X = normal_table(100, 4)
    X[0, 0], X[1, 1], X[2, 2] = 1e308, -1e308, 5e-324
    np.testing.assert_array_equal(near_duplicate_groups(X), np.arange(100))
    np.testing.assert_array_equal(
        near_duplicate_groups(X * 5e-324), [*duplicate_groups(X * 5e-324)]
    )


def test_one_column():
    X = normal_table(300, 1)
    X[299] = X[0] + 1e-9
    groups = near_duplicate_groups(X)
    assert groups[299] == 0
    assert (groups != np.arange(300)).sum() == 1


@pytest.mark.parametrize("kind", [sp.csr_array, sp.csc_matrix])
def test_sparse_tables_are_refused_with_the_cure(kind):
    X = kind(np.eye(30))
    for call in (
        lambda: near_duplicate_groups(X),
        lambda: Deduplicator(near=True).fit_resample(X, [0, 1] * 15),
        lambda: next(DuplicateGroupKFold(near=True).split(X)),
    ):
        with pytest.raises(ValueError, match=r"X is a sparse cs.*TruncatedSVD"):
            call()


@pytest.mark.parametrize("radius", [0, -1.0, NAN, np.inf, True, "0.1"])
def test_a_wrong_radius_is_refused(radius):
    with pytest.raises(ValueError, match="radius=.*positive number"):
        near_duplicate_groups(normal_table(), radius=radius)


def test_a_radius_that_joins_nearly_all_pairs_is_refused():
    with pytest.raises(ValueError, match="radius=9 .*pass radius="):
        near_duplicate_groups(normal_table(6000, 3), radius=9)


# ------------------------------------------------------------- power and honesty


@pytest.mark.parametrize("d", [5, 10, 20, 30])
@pytest.mark.parametrize("n", [300, 3000])
def test_copies_with_a_jitter_of_a_thousandth_are_found(n, d):
    X = normal_table(n, d, seed=d)
    X, source = with_copies(X, jitter=0.001, n_copies=n * 3 // 100)
    assert near_duplicate_groups(X).tolist() == [*range(n), *source]


def test_an_edit_of_a_single_cell_is_found():
    X = normal_table(500, 10)
    X[400:420] = X[:20]
    X[np.arange(400, 420), np.arange(20) % 10] += 0.3
    assert near_duplicate_groups(X)[400:420].tolist() == list(range(20))


def clusters(rng, n):
    spread = np.array([1.0, 0.1, 0.01])[rng.integers(0, 3, n)]
    return rng.normal(size=(n, 4)) * spread[:, None] + 100 * spread[:, None]


NULLS = {
    "uniform, 1 column": lambda rng, n: rng.random((n, 1)),
    "uniform, 3 columns": lambda rng, n: rng.random((n, 3)),
    "normal, 10 columns": lambda rng, n: rng.normal(size=(n, 10)),
    "heavy tails": lambda rng, n: rng.standard_t(2, size=(n, 5)),
    "densities 1 to 1,000,000": clusters,
    "3 factors in 20 columns": lambda rng, n: (
        rng.normal(size=(n, 3)) @ rng.normal(size=(3, 20))
    ),
    "counts": lambda rng, n: rng.poisson(5.0, size=(n, 6)).astype(float),
    "rare counts": lambda rng, n: rng.poisson(0.3, size=(n, 20)).astype(float),
    "rounded": lambda rng, n: np.round(rng.normal(size=(n, 5)), 1),
    "mostly zero": lambda rng, n: (
        rng.exponential(size=(n, 10)) * (rng.random((n, 10)) < 0.3)
    ),
    "half in a plane": lambda rng, n: np.where(
        (np.arange(n)[:, None] < n // 2) & (np.arange(6) > 1),
        0.0,
        rng.normal(size=(n, 6)),
    ),
}


@pytest.mark.parametrize("kind", NULLS)
@pytest.mark.parametrize(("n", "n_seeds"), [(200, 20), (1500, 6)])
def test_tables_without_copies_are_rarely_accused(kind, n, n_seeds):
    accused = [
        near_pairs(NULLS[kind](np.random.default_rng([seed, n]), n)).first.size
        for seed in range(n_seeds)
    ]
    assert np.mean(accused) <= 0.5
    assert max(accused) <= 2  # four rows would be called found


@pytest.mark.parametrize("dimension", [1, 3, 12])
@pytest.mark.parametrize("n_neighbors", [8, 25])
def test_the_dimension_measured_is_that_of_uniform_rows(dimension, n_neighbors):
    # volumes within the k-th neighbour are sums of k exponentials
    volume = np.random.default_rng(0).exponential(size=(20_000, n_neighbors))
    distance = np.cumsum(volume, axis=1) ** (1 / dimension)
    inverse = _inverse_dimension(distance)
    n_told = n_neighbors - 5  # those beyond the 5th
    error = 1 / dimension / np.sqrt(n_told * len(distance))
    assert abs(inverse.mean() - 1 / dimension) < 4 * error
    assert np.isinf(_inverse_dimension(np.ones((1, n_neighbors)))).all()


@pytest.mark.parametrize("n_equal", [0, 1, 2])
@pytest.mark.parametrize("n_near", [0, 1, 8, 9, 17, 18])
def test_equal_cells_tell_if_their_value_is_rare_around(n_equal, n_near):
    cells = np.full((60, 2), 100.0)
    cells[: 2 + n_equal, 1] = 0.0
    cells[30 : 30 + n_near, 1] = 0.9
    cells[0, 0] = 99.5  # columns that differ tell in any case
    missing = np.zeros(cells.shape, bool)
    pair = np.array([0]), np.array([1]), np.array([0.1]), np.array([1.0])
    told = _columns_that_tell(cells, *pair, missing)[0]
    around = n_equal + n_near
    assert told == 1 + (around > 0 and n_equal <= 0.1 * around)
    missing[0, 1] = True
    assert _columns_that_tell(cells, *pair, missing)[0] == 1


@pytest.mark.parametrize("seed", range(4))
def test_a_small_dense_region_of_a_large_table_is_not_accused(seed):
    X = np.random.default_rng(seed).normal(size=(8000, 6))
    dense = X[:20]  # of 2000 rows of reference about 5: too few to show a region
    dense[:] = X[0] + 0.1 * np.random.default_rng([seed, 1]).normal(size=dense.shape)
    assert near_pairs(X).first.size == 0


@pytest.mark.parametrize("d", [20, 40])
def test_a_copy_is_within_a_third_of_the_distance_of_neighbours(d):
    X = normal_table(400, d)
    rho = np.sort(np.linalg.norm(X - X[0], axis=1))[5]
    direction = normal_table(1, d, seed=1)[0]
    direction /= np.linalg.norm(direction)
    for share, accused in [(0.31, True), (0.36, False)]:
        # in so many columns chance alone would hardly explain either
        cells = np.vstack([X, X[0] + share * rho * direction])
        chance = ChanceNeighbours(cells)
        pair = np.array([0]), np.array([400]), np.array([share * rho])
        assert chance.accused(*pair, np.zeros(cells.shape, bool)) == accused


@pytest.mark.parametrize("load", [load_iris, load_wine, load_breast_cancer])
def test_real_tables_are_not_accused(load):
    result = duplicate_lens(*load(return_X_y=True))
    assert result.verdict == "clear"
    assert result.numbers["near_rows"] == 0


# ------------------------------------------------------------------------ the lens


def lens_case():
    X, y = load_breast_cancer(return_X_y=True)
    X, source = with_copies(X, jitter=0.01, n_copies=20)
    y = np.r_[y, y[source]]
    y[-5:] = 1 - y[-5:]
    return X, y, source


def test_the_lens_counts_near_rows_and_their_conflicts():
    X, y, source = lens_case()
    result = duplicate_lens(X, y)
    assert result.verdict == "found"
    assert result.p_value < 0.01
    assert result.numbers["repeated_rows"] == 0
    assert result.numbers["conflicting_groups"] == 0
    assert result.numbers["near_rows"] == 20
    assert result.numbers["near_conflicting_groups"] == 5
    assert result.numbers["near_share"].estimate == 20 / len(X)
    assert result.groups[-20:].tolist() == source.tolist()
    assert "No row is repeated" in result.summary
    assert "20 more row(s) nearly repeat" in result.summary
    assert result.remedies[0].near
    closest = result.evidence["closest pairs"]
    assert len(closest) == 5
    distances = [row["distance"] for row in closest]
    assert distances == sorted(distances)
    assert distances[-1] <= result.numbers["near_radius"]


def test_the_lens_is_ready_for_json_without_the_groups():
    X, y, _ = lens_case()
    plain = duplicate_lens(X, y).to_dict()
    assert "groups" not in plain
    assert "Deduplicator(near=True)" in json.dumps(plain, allow_nan=False)


def test_equal_rows_are_judged_as_without_near_duplicates():
    X, y, _ = lens_case()
    X, y = np.vstack([X, X[:30]]), np.r_[y, 1 - y[:30]]
    both, exact = duplicate_lens(X, y), duplicate_lens(X, y, near=False)
    assert both.verdict == exact.verdict == "found"
    assert exact.numbers.items() <= both.numbers.items()
    assert exact.numbers["repeated_rows"] == exact.numbers["conflicting_groups"] == 30
    assert both.numbers["near_rows"] == 20
    assert both.p_value == exact.p_value
    assert "near_rows" not in exact.numbers
    np.testing.assert_array_equal(exact.groups, duplicate_groups(X))
    np.testing.assert_array_equal(both.groups, near_duplicate_groups(X))


def test_fewer_near_rows_than_chance_explains_are_clear_but_shown():
    X = normal_table(300, 8)
    X[10] = X[4] + 1e-6
    result = duplicate_lens(X)
    assert result.verdict == "clear"
    assert result.severity == 0
    assert result.numbers["near_rows"] == 1
    assert result.evidence["closest pairs"][0]["row"] == 10
    assert "no more than chance explains" in result.summary


@pytest.mark.parametrize(
    "X", [sp.csr_array(np.eye(30)), np.array([["a"], ["b"]] * 20), np.ones((3, 2))]
)
def test_what_cannot_be_searched_is_said(X):
    result = duplicate_lens(X)
    assert "near_rows" not in result.numbers
    assert any("were not looked for" in limit for limit in result.limits)
    np.testing.assert_array_equal(result.groups, duplicate_groups(X))


# ------------------------------------------------------------ sampler and splitter


def test_deduplicator_keeps_the_first_of_near_rows():
    X, y, source = lens_case()
    exact = Deduplicator()
    assert len(exact.fit_resample(X, y)[0]) == len(X)
    sampler = clone(Deduplicator(near=True, on_conflict="keep"))
    assert sampler.get_params()["near"] is True
    sampler.fit_resample(X, y)
    assert sampler.n_conflicts_ == 5
    dropped = np.arange(len(X) - 20, len(X) - 5)  # the others differ in their label
    assert np.flatnonzero(sampler.lineage_.dropped).tolist() == dropped.tolist()
    assert (sampler.lineage_.drop_reason[dropped] == Reason.DUPLICATE).all()
    assert sampler.lineage_.drop_ref[dropped].tolist() == source[:15].tolist()


def test_deduplicator_with_a_continuous_target_and_wrong_parameter():
    X, y = load_diabetes(return_X_y=True)
    X, source = with_copies(X, jitter=0.001, n_copies=10)
    y = np.r_[y, y[source]]
    y[-1] += 1
    sampler = Deduplicator(near=True, target_type="continuous")
    assert len(sampler.fit_resample(X, y)[0]) == len(X) - 9
    assert RemediedRegressor(remedy=Deduplicator(near=True)).fit(X, y) is not None
    with pytest.raises(ValueError, match="near"):
        Deduplicator(near="auto").fit_resample(X, y > 100)


def test_splitter_keeps_near_rows_together():
    X, y, source = lens_case()
    splitter = DuplicateGroupKFold(4, near=True, random_state=0)
    copies = np.arange(len(X) - 20, len(X))
    tested = []
    for train, test in splitter.split(X, y):
        tested.append(test)
        np.testing.assert_array_equal(np.isin(copies, test), np.isin(source, test))
        assert not set(train) & set(test)
    np.testing.assert_array_equal(np.sort(np.concatenate(tested)), np.arange(len(X)))
    assert splitter.get_n_splits(X, y) == 4
    plain = DuplicateGroupKFold(4, random_state=0).split(X, y)
    assert any(
        (np.isin(copies, test) != np.isin(source, test)).any() for _, test in plain
    )


def test_what_decides_the_verdict_comes_first_in_the_numbers():
    X = np.random.default_rng(0).normal(size=(200, 5))
    near = duplicate_lens(np.vstack([X, X[:20] + 1e-6]))
    assert next(iter(near.numbers)) == "near_rows"
    assert next(iter(near.evidence)) == "closest pairs"
    equal = duplicate_lens(np.vstack([X, X[:20]]))
    assert next(iter(equal.numbers)) == "repeated_rows"
