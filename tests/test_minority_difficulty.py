"""How hard rows of a class are: against brute force, with copies, ties and folds."""

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.metrics import pairwise_distances
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import StandardScaler

from skdataquality.exceptions import FewFoldsWarning
from skdataquality.imbalance import minority_difficulty
from skdataquality.imbalance._difficulty import _search


def table(n=300, n_rare=40, seed=0, shift=1.0):
    rng = np.random.default_rng(seed)
    y = rng.permutation(np.repeat([0, 1], [n - n_rare, n_rare]))
    return rng.normal(size=(n, 4)) + shift * y[:, None], y


def by_brute_force(X, y, k=5):
    far = pairwise_distances(StandardScaler().fit_transform(X))
    np.fill_diagonal(far, np.inf)
    nearest = np.argsort(far, axis=1, kind="stable")[:, :k]
    rows = np.flatnonzero(y == 1)
    return (y[nearest] != 1)[rows].mean(axis=1), (y[nearest[:, 0]] != 1)[rows].mean()


@pytest.mark.parametrize("k", [1, 3, 5])
def test_it_is_brute_force(k, monkeypatch):
    X, y = table()
    kdn, n3 = by_brute_force(X, y, k)
    found = minority_difficulty(X, y, n_neighbors=k)
    assert_array_equal(found.rows, np.flatnonzero(y == 1))
    assert_allclose(found.kdn, kdn)
    assert_allclose(found.nearest_is_other.estimate, n3)
    monkeypatch.setattr(_search, "_BLOCK_CELLS", 700)
    monkeypatch.setattr(_search, "_SAMPLE", 20)
    assert_allclose(minority_difficulty(X, y, n_neighbors=k).kdn, kdn)


def test_types_are_those_of_the_paper():
    X, y = table()
    found = minority_difficulty(X, y)
    own = np.rint(5 * (1 - found.kdn)).astype(int)
    names = ["outlier", "rare", "borderline", "borderline", "safe", "safe"]
    assert_array_equal(found.types, np.array(names)[own])
    assert_allclose(sum(s.estimate for s in found.shares.values()), 1)
    assert found.to_frame()["type"].tolist() == found.types.tolist()


def test_sparse_tables_and_frames_of_numbers_read_alike():
    X, y = table()
    X = np.abs(X) / np.abs(X).max(axis=0)  # so that their scaler is 1
    dense = minority_difficulty(pd.DataFrame(X), y)
    assert_allclose(dense.kdn, minority_difficulty(X, y).kdn)
    sparse = minority_difficulty(sp.csr_array(X), y)
    far = pairwise_distances(X)
    np.fill_diagonal(far, np.inf)
    nearest = np.argsort(far, axis=1, kind="stable")[:, :5]
    assert_allclose(sparse.kdn, (y[nearest] != 1)[y == 1].mean(axis=1))


def test_rows_at_one_distance_share_the_places():
    """A row at 0; others of its class and one of another all at distance 1."""
    X = np.array([[0.0], [1.0], [1.0], [-1.0], [-1.0], [1.0], [-1.0], [40.0], [-40.0]])
    far = _search.own_among_nearest(
        X, np.array([1, 1, 0, 0, 0, 0, 0, 0, 0], bool), np.array([0]), 5
    )
    assert_allclose(far[0], 5 / 6)  # one of six rows, five places
    assert_allclose(far[1], 1 / 6)


@pytest.mark.parametrize("coarse", [False, True])
def test_the_order_of_rows_does_not_matter(coarse):
    X, y = table()
    X = X.round() if coarse else X
    order = np.random.default_rng(1).permutation(y.size)
    found, moved = minority_difficulty(X, y), minority_difficulty(X[order], y[order])
    by_row = dict(zip(order[moved.rows].tolist(), moved.kdn.tolist(), strict=True))
    if coarse:  # which copy stands for the others is another one
        assert_allclose(sorted(found.kdn), sorted(moved.kdn))
    else:
        assert_allclose(found.kdn, [by_row[row] for row in found.rows.tolist()])
    assert found.nearest_is_other == moved.nearest_is_other


def test_copies_are_no_evidence():
    X, y = table()
    found = minority_difficulty(X, y)
    rare = np.flatnonzero(y == 1)
    copied = np.r_[np.arange(y.size), np.repeat(rare, 6)]
    again = minority_difficulty(X[copied], y[copied], label=1)
    assert_array_equal(again.rows, found.rows)
    assert (again.n_rows, again.n_distinct) == (7 * rare.size, rare.size)
    assert_allclose(again.copies.estimate, 6 / 7)
    assert abs(again.mean_kdn - found.mean_kdn) < 1e-12


def test_a_twin_with_another_label_is_a_neighbour():
    X, y = table(shift=30.0)
    row = int(np.flatnonzero(y == 1)[0])
    X, y = np.r_[X, X[[row]]], np.r_[y, 0]
    found = minority_difficulty(X, y)
    assert found.nearest_is_other.estimate == 1 / 40
    assert_allclose(found.kdn[0], 0.2)
    assert found.copies.estimate == 0


def test_what_columns_cannot_tell_is_as_chance_has_it():
    X, y = table(n=3000, n_rare=600, shift=0.0)
    found = minority_difficulty(X, y, max_rows=None)
    assert_allclose(found.mean_kdn, found.chance_kdn, atol=0.03)
    some = minority_difficulty(X, y, max_rows=100)
    assert some.rows.size == 100
    assert np.isin(some.rows, found.rows).all()


def test_rows_of_the_class_in_each_fold():
    X, y = table(n=100, n_rare=20)
    cv = StratifiedKFold(4, shuffle=True, random_state=0)
    folds = minority_difficulty(X, y, cv=cv).folds
    assert [(f["held_out"], f["trained_on"], f["few"]) for f in folds] == 4 * [
        (5, 15, True)
    ]
    X, y = table(n=100, n_rare=30)
    assert not any(f["few"] for f in minority_difficulty(X, y).folds)


@pytest.mark.filterwarnings("ignore", category=FewFoldsWarning)
@pytest.mark.parametrize("n_rare", [1, 2, 3])
def test_a_handful_of_rows(n_rare):
    X, y = table(n=30, n_rare=n_rare)
    found = minority_difficulty(X, y)
    assert found.n_rows == n_rare
    assert (found.kdn >= 1 - (n_rare - 1) / 5 - 1e-12).all()
    assert all(fold["few"] for fold in found.folds)


def test_another_class_and_a_few_rows_only():
    X, y = table()
    assert minority_difficulty(X, y, label=0).n_rows == 260
    assert minority_difficulty(X[:4], [0, 0, 1, 1], cv=2).n_neighbors == 3


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"label": "b"}, "label='b' is none of the classes"),
        ({"n_neighbors": 0}, "n_neighbors=0 must be a whole number"),
        ({"y": np.zeros(300)}, "one class only"),
        ({"y": [0, 1]}, "inconsistent numbers"),
        ({"n_neighbors": 2.5}, "n_neighbors=2.5 must be a whole number"),
        ({"max_rows": 0}, "max_rows=0 must be a whole number"),
    ],
)
def test_what_does_not_fit_is_refused(options, said):
    X, y = table()
    with pytest.raises(ValueError, match=said):
        minority_difficulty(X, **{"y": y} | options)
