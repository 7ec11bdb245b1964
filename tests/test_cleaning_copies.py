"""Cleaning samplers where rows are repeated: the definitions, in numbers."""

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from skdataquality.imbalance import EditedNearestNeighbours, TomekLinks
from skdataquality.imbalance._samplers import (
    _blocks,
    _edited_nearest_neighbours,
    _nearness,
)
from skdataquality.imbalance._samplers._copies import first_copies

quick = settings(max_examples=40, deadline=None)
N_ROWS = 80


def repeated(seed, n_distinct):
    """Few distinct rows of whole numbers, most of them copies of the first."""
    rng = np.random.default_rng(seed)
    distinct = rng.integers(4, size=(n_distinct, 2)).astype(float)
    X = distinct[np.minimum(rng.geometric(0.3, N_ROWS), n_distinct) - 1]
    return X, np.r_[0, 1, 2, rng.choice(3, N_ROWS - 3, p=[0.1, 0.3, 0.6])]


def order_of_neighbours(X):
    """All others of each row, the nearest first, of equally near the lowest number."""
    squared = ((X[:, None] - X) ** 2).sum(axis=2)
    np.fill_diagonal(squared, np.inf)
    return np.argsort(squared, axis=1, kind="stable")[:, :-1]


def edited_refs(sampler, X, y):
    """Nearest row of another class of each row that goes, -1 of the others."""
    near = order_of_neighbours(X)[:, : sampler.n_neighbors]
    other = y[near] != y[:, None]
    gone = other.any(axis=1)
    if sampler.kind_sel == "mode":
        counts = (y[near][:, :, None] == np.arange(3)).sum(axis=1)
        gone = counts.argmax(axis=1) != y
    return np.where(gone, near[np.arange(N_ROWS), other.argmax(axis=1)], -1)


def link_refs(X, y):
    nearest = order_of_neighbours(X)[:, 0]
    linked = (nearest[nearest] == np.arange(N_ROWS)) & (y != y[nearest])
    return np.where(linked, nearest, -1)


def refs(sampler, X, y):
    return sampler._find(X, y, [0, 1, 2])[0]


seeds = st.integers(0, 10_000)
few = st.integers(1, 8)


@quick
@given(seeds, few, st.integers(1, 9), st.sampled_from(["all", "mode"]), st.booleans())
def test_copies_are_edited_as_any_rows(seed, n_distinct, k, kind, many_classes):
    X, y = repeated(seed, n_distinct)
    sampler = EditedNearestNeighbours(n_neighbors=k, kind_sel=kind)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_blocks, "MOST_ROWS", 16)
        patch.setattr(_nearness, "BATCH", 7)
        if many_classes:
            patch.setattr(_edited_nearest_neighbours, "MOST_CLASSES", 1)
        expected = edited_refs(sampler, X, y)
        np.testing.assert_array_equal(refs(sampler, X, y), expected)
        np.testing.assert_array_equal(refs(sampler, sp.csr_array(X), y), expected)


@quick
@given(seeds, few)
def test_copies_are_linked_as_any_rows(seed, n_distinct):
    X, y = repeated(seed, n_distinct)
    expected = link_refs(X, y)
    np.testing.assert_array_equal(refs(TomekLinks(), X, y), expected)
    np.testing.assert_array_equal(refs(TomekLinks(), sp.csr_array(X), y), expected)


def test_copies_in_one_class_alone_answer_for_each_other():
    X = np.array([[0.0], [1.0], [0.0], [-0.0], [0.0], [0.0]])
    first, same = first_copies(X, np.array([0, 0, 0, 1, 0, 0]), 2)
    np.testing.assert_array_equal(first, [0, 1, 2, 3])
    np.testing.assert_array_equal(same, [0, 1, 2, 3, 2, 2])


@pytest.mark.parametrize("sampler", [TomekLinks(), EditedNearestNeighbours()], ids=str)
def test_few_pairs_of_copies_are_compared(sampler, monkeypatch):
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(4000, 4)), rng.integers(2, size=4000)
    X[rng.choice(4000, 3000, replace=False)] = 0
    compared = []

    def counted(self, first, second):
        compared.append(first.size)
        return squared_distances(self, first, second)

    squared_distances = _blocks.RowBlocks.squared_distances
    monkeypatch.setattr(_blocks.RowBlocks, "squared_distances", counted)
    sampler.fit_resample(X, y)
    assert sum(compared) < 40 * y.size  # all pairs of copies are 2000 times as many
