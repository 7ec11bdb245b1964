"""All pairs within a radius: none missed, none unverified, in bounded memory."""

import sys
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import pdist

from skdataquality.duplicates._joins import _narrowed, narrowed_pairs, pairs_within
from skdataquality.duplicates._joins._components import components
from skdataquality.duplicates._joins._folding import fold
from skdataquality.duplicates._joins._rows import CosineRows, EuclideanRows

EXACT = ("auto", "tree", "products")
many = settings(max_examples=25, deadline=None)
seeds = st.integers(0, 2**32 - 1)


def brute_force(X, radius, metric="euclidean", block=None):
    X = X.astype(np.float64)
    i, j = np.triu_indices(len(X), k=1)
    with np.errstate(over="ignore"):
        if metric == "cosine":
            norms = np.linalg.norm(X, axis=1)
            unit = X / np.where(norms > 0, norms, 1)[:, None]
            keep = 1 - ((unit[i] - unit[j]) ** 2).sum(axis=1) / 2 >= radius
            keep &= (norms[i] > 0) == (norms[j] > 0)
        else:
            keep = np.sqrt(((X[i] - X[j]) ** 2).sum(axis=1)) <= radius
    if block is not None:
        keep &= block[i] == block[j]
    return list(zip(i[keep].tolist(), j[keep].tolist(), strict=True))


def listed(pairs):
    return list(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True))


TABLES = {
    "normal": lambda rng, n, d: rng.normal(size=(n, d)),
    "lattice": lambda rng, n, d: rng.integers(-2, 3, size=(n, d)).astype(float),
    "heavy": lambda rng, n, d: rng.standard_t(1, size=(n, d)),
    "scaled": lambda rng, n, d: (
        rng.normal(size=(n, d)) * 10.0 ** rng.integers(-20, 20, d)
    ),
    "far off": lambda rng, n, d: rng.normal(size=(n, d)) + 1e6,
    "constant": lambda rng, n, d: np.tile(rng.normal(size=d), (n, 1)),
}


def draw_table(seed, n, d, kind, step, single):
    """Half of the rows are others, moved by steps; some are zero."""
    rng = np.random.default_rng(seed)
    X = TABLES[kind](rng, n, d)
    X[n // 2 :] = X[: n - n // 2] + step / d * rng.integers(-1, 2, (n - n // 2, d))
    X[rng.random(n) < 0.1] = 0
    return X.astype(np.float32) if single else X


@many
@given(
    seed=seeds,
    n=st.one_of(st.integers(2, 60), st.integers(280, 400)),
    d=st.integers(1, 20),
    kind=st.sampled_from(list(TABLES)),
    radius=st.sampled_from([1e-3, 0.1, 1.0, 7.0]),
    single=st.booleans(),
    n_blocks=st.sampled_from([None, 1, 4]),
)
def test_every_way_finds_what_brute_force_finds(
    seed, n, d, kind, radius, single, n_blocks
):
    X = draw_table(seed, n, d, kind, radius, single)
    block = n_blocks and np.random.default_rng(seed).integers(-1, n_blocks - 1, n)
    expected = brute_force(X, radius, block=block)
    for method in EXACT:
        found = pairs_within(X, radius, block=block, method=method)
        assert listed(found) == expected
        assert method in (found.method, "auto")
        assert (found.distance <= radius).all()


@many
@given(
    seed=seeds,
    n=st.one_of(st.integers(2, 60), st.integers(280, 320)),
    d=st.integers(1, 20),
    kind=st.sampled_from(list(TABLES)),
    similarity=st.sampled_from([1.0, 0.9987, 0.9123, 0.4321, -0.4321]),
    single=st.booleans(),
    blocks=st.booleans(),
)
def test_cosine_finds_what_brute_force_finds(
    seed, n, d, kind, similarity, single, blocks
):
    X = draw_table(seed, n, d, kind, 0.01, single)
    X = np.where(np.abs(X) > 1e-12, X, 0)
    block = np.random.default_rng(seed).integers(0, 3, n) if blocks else None
    # at the very threshold, rounding decides
    surely = set(brute_force(X, min(similarity + 1e-14, 1 - 1e-15), "cosine", block))
    perhaps = set(brute_force(X, similarity - 1e-14, "cosine", block))
    for method in EXACT:
        found = pairs_within(X, similarity, metric="cosine", block=block, method=method)
        assert listed(found) == sorted(set(listed(found)))
        if similarity < 1:
            assert surely <= set(listed(found))
        assert set(listed(found)) <= perhaps
        assert (found.similarity >= similarity).all()


def planted(n, d, seed=0):
    """Draw normal rows, a tenth of which are near copies of the first."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    X[-n // 10 :] = X[: n // 10] + 0.01 * rng.normal(size=(n // 10, d))
    return X


@settings(max_examples=10, deadline=None)
@given(seed=seeds, method=st.sampled_from(EXACT))
def test_the_order_of_rows_and_the_axes_do_not_matter(seed, method):
    rng = np.random.default_rng(seed)
    X, radius = planted(1500, 6, seed), 0.2
    order = rng.permutation(len(X))
    found = pairs_within(X, radius, method=method)
    place = np.argsort(order)
    ends = np.sort([place[found.first], place[found.second]], axis=0).T
    permuted = listed(pairs_within(X[order], radius, method=method))
    assert sorted(map(tuple, ends.tolist())) == permuted
    rotation = np.linalg.qr(rng.normal(size=(6, 6)))[0]
    turned = pairs_within(X @ rotation, radius, method=method)
    assert listed(turned) == listed(found)
    np.testing.assert_allclose(turned.distance, found.distance, atol=1e-13)


@pytest.mark.parametrize("d", [1, 3, 40, 300])
def test_the_ways_agree_to_the_bit_on_many_rows(d):
    X = planted(4000, d).astype(np.float32)
    radius = 1e-5 if d == 1 else 0.03 * np.sqrt(d)
    tree, products = (pairs_within(X, radius, method=way) for way in EXACT[1:])
    assert tree.first.size >= (0 if d == 1 else 400)
    assert listed(tree) == listed(products)
    np.testing.assert_array_equal(tree.distance, products.distance)


@many
@given(seed=seeds, radius=st.floats(1e-250, 1e250), d=st.integers(1, 30))
def test_an_image_lengthens_no_distance(seed, radius, d):
    rng = np.random.default_rng(seed)
    X = radius * rng.normal(size=(40, d)) * 10.0 ** rng.integers(-6, 12, size=d)
    for kind, size in ((EuclideanRows, radius), (CosineRows, 0.9)):
        rows = kind(X, size)
        first, second = np.triu_indices(40, k=1)
        distance = rows.distances(first, second)
        near = distance <= (radius if kind is EuclideanRows else 0.1)
        for reach in (2.0**10, 2.0**36):
            image = rows.image(slice(None), reach)
            away = np.linalg.norm(image[first] - image[second], axis=1)
            assert (away[near] <= rows.radius * (1 + 1e-3)).all()
        points, allowed = components(rows)
        away = np.linalg.norm(points[first] - points[second], axis=1)
        assert (away[near] <= allowed).all()


@many
@given(x=st.floats(-1e300, 1e300), step=st.floats(-10, 10), reach=st.floats(1e-3, 1e9))
def test_folding_is_a_contraction_into_its_range(x, step, reach):
    a, b = fold(np.array([x, x + step]), reach)
    assert max(abs(a), abs(b)) <= reach
    assert abs(a - b) <= abs(x + step - x) + 1e-15 * reach


def test_features_scaled_by_a_million_and_numbers_that_overflow_float32():
    X = planted(900, 5)
    expected = brute_force(X, 0.1)
    assert len(expected) >= 90
    for unit in (1e6, 1e200):
        for method in EXACT:
            assert listed(pairs_within(X * unit, 0.1 * unit, method=method)) == expected
    X[:, 0] *= 1e6
    for method in EXACT:
        assert listed(pairs_within(X, 0.1, method=method)) == brute_force(X, 0.1)


@pytest.mark.parametrize("method", EXACT)
@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_rows_that_are_all_equal_are_refused_and_do_not_fill_the_memory(method, metric):
    X = np.ones((8_000, 3))
    tracemalloc.start()
    with pytest.raises(ValueError, match=r"max_pairs=1000 .*repeat each other"):
        pairs_within(X, 0.5, metric=metric, max_pairs=1000, method=method)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100e6


@pytest.mark.parametrize(("metric", "radius"), [("euclidean", 3.0), ("cosine", 0.1)])
def test_the_radius_that_is_named_joins_about_as_many_as_may_be(metric, radius):
    X = np.random.default_rng(0).normal(size=(3000, 5))
    with pytest.raises(ValueError, match=r"more than max_pairs=5000 pairs") as caught:
        pairs_within(X, radius, metric=metric, max_pairs=5000)
    fits = float(str(caught.value).split("pass radius=")[1].split()[0])
    n_pairs = pairs_within(X, fits, metric=metric, max_pairs=5000).first.size
    assert 2000 < n_pairs <= 5000


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
@pytest.mark.parametrize("method", ["tree", "products"])
def test_a_join_takes_a_few_numbers_a_row_and_blocks(metric, method):
    X = planted(30_000, 16).astype(np.float32)
    X.flags.writeable = False
    before = X.copy()
    pairs_within(X[:500], 0.999, metric=metric)
    tracemalloc.start()
    pairs = pairs_within(
        X, 0.05 if metric == "euclidean" else 0.99999, metric=metric, method=method
    )
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert pairs.first.size > 0
    assert pairs.method == method
    np.testing.assert_array_equal(X, before)
    image = 4 * len(X) * (16 + 2) if method == "products" else 0
    assert peak < image + 24 * 8 * len(X) + 30e6


def test_memory_maps_are_read_as_they_are(tmp_path):
    X = planted(500, 4)
    np.save(tmp_path / "X.npy", X)
    mapped = np.load(tmp_path / "X.npy", mmap_mode="r")
    assert listed(pairs_within(mapped, 0.1)) == brute_force(X, 0.1)


@pytest.mark.parametrize("n", [0, 1])
def test_fewer_than_two_rows_make_no_pair(n):
    found = pairs_within(np.zeros((n, 2)), 1.0)
    assert found.first.size == found.second.size == found.distance.size == 0


def test_rows_of_zeros_have_no_direction():
    X = np.array([[0.0, 0], [1, 0], [0, 0], [2, 0]])
    assert listed(pairs_within(X, -1.0, metric="cosine")) == [(0, 2), (1, 3)]
    assert listed(pairs_within(X[[0, 2]], 1.0, metric="cosine")) == [(0, 1)]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"radius": 0.0}, r"radius=0.0: pass a positive"),
        ({"radius": np.nan}, r"radius=nan"),
        ({"radius": 1.5, "metric": "cosine"}, r"radius=1.5: .*cosine similarity"),
        ({"metric": "cityblock"}, r"metric='cityblock'"),
        ({"method": "magic"}, r"method='magic'"),
        ({"max_pairs": -1}, r"max_pairs=-1"),
        ({"block": [0, 1]}, r"block has shape \(2,\) but points has 3 rows"),
        ({"points": [[np.nan], [1.0]]}, r"points contains NaN"),
        ({"points": [1.0, 2.0]}, r"1D array"),
    ],
)
def test_what_cannot_be_joined_is_refused(given, said):
    with pytest.raises(ValueError, match=said):
        pairs_within(**{"points": np.eye(3), "radius": 0.5, **given})


def test_a_missing_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "faiss", None)
    with pytest.raises(ImportError, match=r"extra ann: pip install '.*\[ann\]"):
        pairs_within(np.eye(3), 0.5, method="ann")


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_an_approximate_index_adds_no_pair(metric):
    pytest.importorskip("faiss")
    X, radius = planted(3000, 8), 0.1 if metric == "euclidean" else 0.999
    exact = listed(pairs_within(X, radius, metric=metric))
    found = pairs_within(X, radius, metric=metric, method="ann")
    assert found.method == "ann"
    assert listed(found) == sorted(set(listed(found)))
    assert set(listed(found)) <= set(exact)
    assert len(listed(found)) > 0.9 * len(exact)


@pytest.mark.parametrize("max_pairs", [10, 1000, 10**6])
def test_a_radius_of_too_many_pairs_is_narrowed_and_nothing_within_is_missed(max_pairs):
    X = np.random.default_rng(0).normal(size=(400, 3))
    found, radius = narrowed_pairs(X, 0.5, max_pairs=max_pairs)
    distance = pdist(X)
    assert found.first.size == np.count_nonzero(distance <= radius) <= max_pairs
    assert (radius == 0.5) == (np.count_nonzero(distance <= 0.5) <= max_pairs)


def test_a_radius_that_takes_long_is_narrowed(monkeypatch):
    X = np.random.default_rng(0).normal(size=(2000, 20))
    X[1000:] = X[:1000] + 1e-3
    monkeypatch.setattr(_narrowed, "_SECONDS", 0.0)
    monkeypatch.setattr(_narrowed, "_SECONDS_PER_ROW", 1e-6)
    found, radius = narrowed_pairs(X, 2.0)
    assert 1e-3 * np.sqrt(20) < radius < 2.0
    assert found.first.size == np.count_nonzero(pdist(X) <= radius)


def test_no_radius_is_narrow_enough_for_rows_that_are_equal():
    found, radius = narrowed_pairs(np.zeros((100, 2)), 1.0, max_pairs=10)
    assert (radius, found.first.size) == (0.0, 0)
