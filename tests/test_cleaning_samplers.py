"""Tomek links and edited neighbours: their definitions, and imbalanced-learn's rows."""

import tracemalloc
from datetime import date

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from imblearn import under_sampling
from sklearn.linear_model import LogisticRegression

from skdataquality.compose import RemediedClassifier
from skdataquality.exceptions import ClassKeptWarning
from skdataquality.imbalance import EditedNearestNeighbours, TomekLinks
from skdataquality.imbalance._samplers import _blocks, _nearness

quick = settings(max_examples=25, deadline=None)

SAMPLERS = [
    TomekLinks(),
    TomekLinks(sampling_strategy="all"),
    EditedNearestNeighbours(),
    EditedNearestNeighbours(sampling_strategy="all", kind_sel="mode"),
    EditedNearestNeighbours(sampling_strategy="majority", n_neighbors=1),
]
each_sampler = pytest.mark.parametrize("sampler", SAMPLERS, ids=str)


def small_blocks(monkeypatch, n_rows=16, batch=7):
    monkeypatch.setattr(_blocks, "MOST_ROWS", n_rows)
    monkeypatch.setattr(_nearness, "BATCH", batch)


@pytest.fixture
def many_blocks(monkeypatch):
    """Blocks so small that searches go through many."""
    small_blocks(monkeypatch)


def overlapping(seed, n_rows=200, n_columns=3, n_classes=2):
    """Normal rows without ties; classes are the rarer the lower their number."""
    rng = np.random.default_rng(seed)
    share = 0.35 ** np.arange(n_classes, 0, -1)
    y = rng.choice(n_classes, n_rows, p=share / share.sum())
    y[: 6 * n_classes] = np.repeat(np.arange(n_classes), 6)
    return rng.normal(size=(n_rows, n_columns)) + y[:, None], y


def kept(sampler, X, y):
    sampler.fit_resample(X, y)
    return sampler.sample_indices_


# -- imbalanced-learn's rows ----------------------------------------------------------

strategies = st.sampled_from(["auto", "all", "majority", "not majority", "list"])
tables = st.builds(
    overlapping,
    st.integers(0, 10_000),
    st.integers(40, 250),
    st.sampled_from([1, 2, 5, 20]),
    st.integers(2, 4),
)


def peer_of(sampler):
    params = sampler.get_params()
    del params["min_samples_per_class"]
    return getattr(under_sampling, type(sampler).__name__)(**params)


def assert_same_rows(sampler, X, y):
    theirs = kept(peer_of(sampler), X, y)
    if np.unique(y[theirs]).size < np.unique(y).size:
        return  # they let a class vanish
    np.testing.assert_array_equal(kept(sampler, X, y), theirs)


@quick
@given(tables, strategies)
def test_tomek_links_are_those_of_imbalanced_learn(table, strategy):
    X, y = table
    strategy = [1, 0] if strategy == "list" else strategy
    with pytest.MonkeyPatch.context() as patch:
        small_blocks(patch)
        assert_same_rows(TomekLinks(sampling_strategy=strategy), X, y)


@quick
@given(tables, strategies, st.sampled_from(["all", "mode"]), st.integers(1, 5))
def test_edited_rows_are_those_of_imbalanced_learn(table, strategy, kind, k):
    X, y = table
    sampler = EditedNearestNeighbours(
        sampling_strategy=[1, 0] if strategy == "list" else strategy,
        kind_sel=kind,
        n_neighbors=k,
    )
    with pytest.MonkeyPatch.context() as patch:
        small_blocks(patch)
        assert_same_rows(sampler, X, y)


@each_sampler
@pytest.mark.parametrize("n_classes", [2, 25])
def test_large_tables_and_many_classes_as_well(sampler, n_classes):
    X, y = overlapping(0, n_rows=3000, n_columns=18, n_classes=2)
    if n_classes == 25:
        y = np.random.default_rng(0).integers(25, size=3000) * (y + 1)
    assert_same_rows(sampler, X, y)


# -- the definitions, where rows tie --------------------------------------------------


def nearest_in_words(X, i):
    """All other rows, the nearest first, of equally near ones the lowest number."""
    squared = [
        sum((int(a) - int(b)) ** 2 for a, b in zip(X[i], z, strict=True)) for z in X
    ]
    return sorted((d, j) for j, d in enumerate(squared) if j != i)


def dropped_in_words(sampler, X, y, targets):
    order = [[j for _, j in nearest_in_words(X, i)] for i in range(len(y))]
    for i in np.flatnonzero(np.isin(y, targets)):
        if isinstance(sampler, TomekLinks):
            j = order[i][0]
            if y[i] != y[j] and order[j][0] == i:
                yield i
            continue
        labels = y[order[i][: sampler.n_neighbors]].tolist()
        frequent = min(set(labels), key=lambda label: (-labels.count(label), label))
        is_mode = sampler.kind_sel == "mode"
        if (frequent != y[i]) if is_mode else (set(labels) != {y[i]}):
            yield i


@quick
@given(st.integers(0, 10_000), st.integers(1, 3), st.sampled_from(SAMPLERS))
def test_ties_go_to_the_row_of_the_lowest_number(seed, n_columns, sampler):
    rng = np.random.default_rng(seed)
    X = rng.integers(4, size=(60, n_columns))  # repeated rows, and equal distances
    y = np.r_[0, 0, 1, 1, 1, rng.choice(3, 55, p=[0.1, 0.3, 0.6])]
    with pytest.MonkeyPatch.context() as patch:
        small_blocks(patch)
        sampler.fit(X, y)
        gone = list(dropped_in_words(sampler, X, y, list(sampler.sampling_strategy_)))
        if np.unique(np.delete(y, gone)).size == np.unique(y).size:
            expected = np.setdiff1d(np.arange(60), gone)
            np.testing.assert_array_equal(np.sort(kept(sampler, X, y)), expected)


# -- what must not matter -------------------------------------------------------------


@each_sampler
def test_moving_scaling_and_shuffling_change_nothing(sampler, many_blocks):
    X, y = overlapping(3, n_classes=3)
    rows = kept(sampler, X, y)
    np.testing.assert_array_equal(kept(sampler, X + 1e4, y), rows)
    np.testing.assert_array_equal(kept(sampler, -3.7 * X[:, ::-1], y), rows)
    order = np.random.default_rng(0).permutation(y.size)
    shuffled = order[kept(sampler, X[order], y[order])]
    np.testing.assert_array_equal(np.sort(shuffled), np.sort(rows))


@each_sampler
@pytest.mark.parametrize("exponent", [-700, -400, 400, 900])
def test_squares_neither_overflow_nor_vanish(sampler, exponent):
    X, y = overlapping(4)
    np.testing.assert_array_equal(
        kept(sampler, np.ldexp(X, exponent), y), kept(sampler, X, y)
    )


@each_sampler
def test_one_far_row_costs_the_others_no_digits(sampler):
    X, y = overlapping(5)
    rows = kept(sampler, X, y)
    far = np.vstack([X, np.full((1, X.shape[1]), 1e12)])
    found = kept(sampler, far, np.r_[y, 1])
    np.testing.assert_array_equal(found[found < y.size], rows)


@each_sampler
def test_how_rows_are_parted_does_not_matter(sampler, monkeypatch):
    X, y = overlapping(6, n_rows=180, n_classes=3)
    rows = kept(sampler, X, y)
    for n_rows, batch in [(16, 3), (50, 64), (120, 1)]:
        small_blocks(monkeypatch, n_rows, batch)
        np.testing.assert_array_equal(kept(sampler, X, y), rows)


@each_sampler
def test_nothing_is_dropped_of_classes_that_lie_apart(sampler):
    X, y = overlapping(13)
    assert kept(sampler, X + 1e3 * y[:, None], y).size == y.size
    assert kept(type(sampler)(sampling_strategy=[]), X, y).size == y.size


# -- containers -----------------------------------------------------------------------


@each_sampler
def test_any_numbers_in_any_container_keep_the_same_rows(
    sampler, many_blocks, tmp_path
):
    X, y = overlapping(7, n_rows=80)
    X = np.where(np.abs(X) < 0.5, 0, np.round(X * 2**12) / 2**12)  # exact in float32
    rows = kept(sampler, X, y)
    path = tmp_path / "X.npy"
    np.save(path, X)
    frame = pd.DataFrame(X, columns=list("abc"))
    for same in (
        X.astype(np.float32),
        np.asfortranarray(X),
        X.tolist(),
        X.astype(object),
        np.load(path, mmap_mode="r"),
        sp.csr_matrix(X),
        sp.csc_array(X),
        frame,
        frame.astype(object),
        frame.assign(a=frame["a"].astype("Float64")),
        pl.from_pandas(frame),
        (X * 2**12).astype(np.int64),
        sp.csr_array((X * 2**12).astype(np.int32)),
    ):
        np.testing.assert_array_equal(kept(sampler, same, y), rows)


@each_sampler
def test_containers_come_back_as_they_went_in(sampler):
    X, y = overlapping(8)
    frame = pd.DataFrame(X, columns=list("abc"), index=np.arange(y.size) + 1000)
    frame = frame.assign(n=np.arange(y.size) % 3, flag=y == 1)
    labels = pd.Series(
        np.array(["x", "y"])[y], frame.index, name="of", dtype="category"
    )
    X_left, y_left = sampler.fit_resample(frame, labels)
    pd.testing.assert_frame_equal(X_left, frame.iloc[sampler.sample_indices_])
    pd.testing.assert_series_equal(y_left, labels.iloc[sampler.sample_indices_])
    table = pl.from_pandas(frame)
    assert sampler.fit_resample(table, y)[0].equals(table[sampler.sample_indices_])
    left, _ = sampler.fit_resample(sp.csc_matrix(X), y)
    assert left.format == "csc"


# -- lineage, classes, probabilities --------------------------------------------------


def test_lineage_names_the_other_end_of_a_link(many_blocks):
    X, y = overlapping(9, n_classes=3)
    sampler = TomekLinks(sampling_strategy="all")
    sampler.fit_resample(X, y)
    lineage = sampler.lineage_
    gone = np.flatnonzero(lineage.dropped)
    assert gone.size
    np.testing.assert_array_equal(lineage.drop_ref[lineage.drop_ref[gone]], gone)
    assert (y[gone] != y[lineage.drop_ref[gone]]).all()
    assert set(lineage.to_frame()["reason"]) == {"", "tomek link"}


def test_lineage_names_the_nearest_row_of_another_class(many_blocks):
    X, y = overlapping(9, n_classes=3)
    sampler = EditedNearestNeighbours()
    sampler.fit_resample(X, y)
    gone = np.flatnonzero(sampler.lineage_.dropped)
    for row, other in zip(gone, sampler.lineage_.drop_ref[gone], strict=True):
        squared = ((X - X[row]) ** 2).sum(axis=1)
        assert other == np.where(y == y[row], np.inf, squared).argmin()
    assert set(sampler.lineage_.to_frame()["reason"]) == {"", "near other class"}


def test_a_class_never_vanishes():
    X = np.array([[0.0], [0.1], [5.0], [5.1], [9.0], [9.2], [9.5], [9.9]])
    y = np.array([0, 1, 0, 1, 1, 1, 1, 1])
    with pytest.warns(ClassKeptWarning, match="class"):
        rows = kept(EditedNearestNeighbours(sampling_strategy="all"), X, y)
    assert set(y[rows]) == {0, 1}
    sampler = EditedNearestNeighbours(sampling_strategy=[0], min_samples_per_class=2)
    with pytest.warns(ClassKeptWarning, match="fewer than 2"):
        assert (y[kept(sampler, X, y)] == 0).sum() == 2


@each_sampler
def test_classes_that_are_not_named_stay_whole(sampler):
    X, y = overlapping(10, n_classes=3)
    sampler = type(sampler)(sampling_strategy=[1])
    rows = kept(sampler, X, y)
    assert sampler.sampling_strategy_ == {1: int((y == 1).sum())}
    assert np.isin(np.flatnonzero(y != 1), rows).all()
    by_function = type(sampler)(sampling_strategy=lambda labels: [labels.max() - 1])
    np.testing.assert_array_equal(kept(by_function, X, y), rows)


@each_sampler
def test_wrappers_predict_as_with_the_peer(sampler):
    """They restore the class shares after both, as both move them."""
    X, y = overlapping(11, n_rows=600)
    ours, theirs = (
        RemediedClassifier(LogisticRegression(), remedy).fit(X, y).predict_proba(X)
        for remedy in (sampler, peer_of(sampler))
    )
    np.testing.assert_array_equal(ours, theirs)


@each_sampler
def test_memory_grows_with_the_rows_alone(sampler):
    X, y = overlapping(12, n_rows=6000, n_columns=18)
    tracemalloc.start()
    kept(sampler, X, y)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * y.size**2 / 6  # all distances take six times as much


# -- what is refused ------------------------------------------------------------------


@each_sampler
@pytest.mark.parametrize(
    ("column", "message"),
    [
        ([1.0, np.nan] * 20, r"contains NaN, 20 cell\(s\) in column\(s\) odd"),
        ([1.0, np.inf] * 20, r"contains infinity, 20 cell\(s\) in column\(s\) odd"),
        ([1, None] * 20, r"contains NaN.*odd.*SimpleImputer"),
        (["a", "b"] * 20, r"column\(s\) odd hold no numbers: encode"),
        (pd.Categorical(["a", "b"] * 20), r"column\(s\) odd hold no numbers"),
        ([date(2024, 1, 1)] * 40, r"column\(s\) odd hold no numbers"),
        (pd.to_datetime(["2024-01-01"] * 40), r"column\(s\) odd hold no numbers"),
    ],
)
def test_columns_without_distances_are_named(sampler, column, message):
    frame = pd.DataFrame({"fine": np.arange(40.0), "odd": column})
    before = frame.copy()
    for refused in (sampler.fit_resample, sampler.fit):
        with pytest.raises(ValueError, match=message):
            refused(frame, [0, 1, 1, 1] * 10)
    pd.testing.assert_frame_equal(frame, before)


@each_sampler
def test_missing_cells_of_sparse_rows_are_named(sampler):
    X = np.eye(6)
    X[2, 4] = np.nan
    with pytest.raises(ValueError, match=r"NaN, 1 cell\(s\) in column\(s\) 4"):
        sampler.fit_resample(sp.csr_array(X), [0, 0, 0, 1, 1, 1])


@pytest.mark.parametrize(
    ("sampler", "message"),
    [
        (TomekLinks(sampling_strategy=[0, 7]), r"names class\(es\) 7 .*are 0, 1"),
        (TomekLinks(sampling_strategy=lambda y: {0: 3}), "returned a dict.*a list of"),
        (TomekLinks(sampling_strategy=0.5), "sampling_strategy"),
        (TomekLinks(sampling_strategy="minority"), "sampling_strategy"),
        (EditedNearestNeighbours(n_neighbors=9), "n_neighbors=9 .*8 sample"),
        (EditedNearestNeighbours(n_neighbors=0), "n_neighbors"),
        (EditedNearestNeighbours(kind_sel="most"), "kind_sel"),
    ],
    ids=lambda part: str(part).split(" at 0x")[0],  # the same in every process
)
def test_wrong_parameters_are_refused(sampler, message):
    X = np.arange(8.0).reshape(-1, 1)
    with pytest.raises(ValueError, match=message):
        sampler.fit_resample(X, [0, 1] * 4)
