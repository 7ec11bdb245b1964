"""Exact duplicates against brute force; what the sampler and the splitter do."""

import pickle
import tracemalloc
import warnings
from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from unittest import mock

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import scipy.sparse as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn import config_context
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.neighbors import KNeighborsClassifier

from skdataquality.duplicates import (
    Deduplicator,
    DuplicateGroupKFold,
    duplicate_groups,
)
from skdataquality.exceptions import ClassKeptWarning, FewFoldsWarning
from skdataquality.lineage import Reason
from skdataquality.utils import _duplicate_rows

many = settings(max_examples=40, deadline=None)
few = settings(max_examples=15, deadline=None)

BIG = 2**53
NAN = float("nan")


def is_missing(cell):
    return cell is None or cell is pd.NA or cell is pd.NaT or cell != cell


def same_cell(a, b):
    if isinstance(a, list | tuple | np.ndarray):
        return (
            type(a) is type(b)
            and len(a) == len(b)
            and all(map(same_cell, list(a), list(b)))
        )
    if isinstance(b, list | tuple | np.ndarray):
        return False
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same_cell(a[k], b[k]) for k in a)
    if isinstance(a, dict) or isinstance(b, dict):
        return False
    if is_missing(a) or is_missing(b):
        return is_missing(a) and is_missing(b)
    return a == b


def oracle(columns):
    """First equal row of every row, cell by cell."""
    rows = list(zip(*columns, strict=True))
    return [
        next(j for j in range(i + 1) if all(map(same_cell, rows[j], rows[i])))
        for i in range(len(rows))
    ]


# kind of column: the few values it may hold, and how a container stores them
FLOATS = [0.0, -0.0, 1.0, NAN, -NAN, np.inf, 0.1, np.nextafter(0.1, 1), 5e-324]
BIG_INTS = [0, BIG, BIG + 1, -BIG, -BIG - 1, 2**63 - 1]
WORDS = ["", "a", "a ", "A", "\u00e9", "e\u0301"]
DATES = [datetime(2020, 1, 1), datetime(2020, 1, 1, 0, 0, 0, 1), None]
CELLS = [None, NAN, pd.NA, "a", 1, 2.5, b"a", (1, NAN), [1], [1, 2], [NAN], {"a": 1}]
ARRAYS = [
    np.array([0.123456789012, 1.0]),
    np.array([0.123456789013, 1.0]),  # the same when printed
    np.r_[np.zeros(999), 1.0, np.zeros(1000)],  # numpy prints these two alike
    np.r_[np.zeros(1000), 1.0, np.zeros(999)],
    np.array([NAN, -0.0]),
    np.array([-NAN, 0.0]),
    np.array(["a", None], dtype=object),
]
ARRAY_KINDS = {
    "float64": (FLOATS, "f8"),
    "float32": ([0.0, -0.0, NAN, 1.5, 2.0**-126], "f4"),
    "float16": ([0.0, -0.0, NAN, 1.5], "f2"),
    "longdouble": (
        [0, -0.0, NAN, 1, np.longdouble(1) + np.finfo(np.longdouble).eps],
        "longdouble",
    ),
    "complex": ([0j, 1j, 1 + 0j], "c16"),
    "int64": (BIG_INTS, "i8"),
    "int8": ([-128, -1, 0, 127], "i1"),
    "uint64": ([0, BIG, BIG + 1, 2**63, 2**64 - 1], "u8"),
    "bool": ([True, False], "?"),
    "text": (WORDS, "U"),
    "bytes": ([b"", b"a", b"b"], "S"),
    "object": (CELLS + ARRAYS, object),
    "date": (
        [
            np.datetime64("2020-01-01"),
            np.datetime64("1970-01-02"),
            np.datetime64("NaT"),
        ],
        "M8[D]",
    ),
    "timedelta": ([np.timedelta64(1, "s"), np.timedelta64("NaT")], "m8[s]"),
}
PANDAS_KINDS = {
    "float64": (FLOATS, "float64"),
    "Float64": ([0.0, -0.0, None, 0.5], "Float64"),
    "int64": (BIG_INTS, "int64"),
    "Int64": ([*BIG_INTS, None], "Int64"),
    "UInt64": ([2**64 - 1, 2**64 - 2, None], "UInt64"),
    "int64[pyarrow]": ([*BIG_INTS, None], "int64[pyarrow]"),
    "bool": ([True, False], "bool"),
    "boolean": ([True, False, None], "boolean"),
    "str": ([*WORDS, None], "str"),
    "string[pyarrow]": ([*WORDS, None], "string[pyarrow]"),
    "words as objects": ([*WORDS, None, NAN, pd.NA], object),
    "categories": ([BIG, BIG + 1, None], pd.CategoricalDtype([BIG + 1, 7, BIG])),
    "mixed categories": ([1, "1", None], pd.CategoricalDtype(["1", 1])),
    "dates": (DATES, "datetime64[us]"),
    "dates with zone": (
        [datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 1, 2, tzinfo=UTC), None],
        "datetime64[us, UTC]",
    ),
    "objects": (CELLS, object),
}
POLARS_KINDS = {
    "float": ([*FLOATS, None], pl.Float64),
    "int": ([*BIG_INTS, None], pl.Int64),
    "uint": ([2**64 - 1, 2**64 - 2, None], pl.UInt64),
    "wide": ([2**100, 2**100 + 1, None], pl.Int128),
    "bool": ([True, False, None], pl.Boolean),
    "text": ([*WORDS, None], pl.String),
    "categories": ([*WORDS, None], pl.Categorical),
    "dates": (DATES, pl.Datetime("us")),
    "days": ([date(2020, 1, 1), date(2020, 1, 2), None], pl.Date),
    "decimals": ([Decimal("1.10"), Decimal("1.2"), None], pl.Decimal(20, 2)),
    "lists": ([[1.0, 2.0], [1.0], [1.0, NAN], [], None], pl.List(pl.Float64)),
    "arrays": ([[1, 2], [1, 3], None], pl.Array(pl.Int64, 2)),
    "records": ([{"a": 1}, {"a": 2}, {"a": None}], pl.Struct({"a": pl.Int64})),
}


@st.composite
def columns_of(draw, pools):
    """Columns of few distinct values, so that equal rows are common."""
    n = draw(st.integers(1, 10))
    # three neighbours in each pool, which list the pairs that are easy to confuse
    starts = [draw(st.integers(0, len(pool) - 1)) for pool in pools]
    picks = draw(st.binary(min_size=n * len(pools), max_size=n * len(pools)))
    return [
        [pool[(start + pick % 3) % len(pool)] for pick in picks[j :: len(pools)]]
        for j, (pool, start) in enumerate(zip(pools, starts, strict=True))
    ]


def as_array(columns, dtype):
    table = np.empty((len(columns[0]), len(columns)), dtype=object)
    for j, column in enumerate(columns):
        for i, cell in enumerate(column):
            table[i, j] = cell
    return table if dtype is object else table.astype(dtype)


@pytest.mark.parametrize("kind", ARRAY_KINDS)
@few
@given(data=st.data())
def test_arrays_of_any_dtype_agree_with_brute_force(kind, data):
    pool, dtype = ARRAY_KINDS[kind]
    columns = data.draw(columns_of([pool] * data.draw(st.integers(1, 3))))
    assert duplicate_groups(as_array(columns, dtype)).tolist() == oracle(columns)


def frame_columns(data, kinds):
    names = data.draw(st.lists(st.sampled_from(sorted(kinds)), min_size=1, max_size=3))
    return names, data.draw(columns_of([kinds[name][0] for name in names]))


@many
@given(st.data())
def test_pandas_frames_agree_with_brute_force(data):
    names, columns = frame_columns(data, PANDAS_KINDS)
    frame = pd.DataFrame(
        {
            str(j): pd.Series(column, dtype=PANDAS_KINDS[name][1])
            for j, (name, column) in enumerate(zip(names, columns, strict=True))
        }
    )
    assert duplicate_groups(frame).tolist() == oracle(columns)


@many
@given(st.data())
def test_polars_frames_agree_with_brute_force(data):
    names, columns = frame_columns(data, POLARS_KINDS)
    frame = pl.DataFrame(
        {
            str(j): pl.Series(column, dtype=POLARS_KINDS[name][1], strict=False)
            for j, (name, column) in enumerate(zip(names, columns, strict=True))
        }
    )
    assert duplicate_groups(frame).tolist() == oracle(columns)


def test_pyarrow_table_with_equal_columns():
    table = pa.table({"a": [BIG, BIG + 1, None, BIG], "b": [BIG, BIG + 1, None, BIG]})
    assert duplicate_groups(table).tolist() == [0, 1, 2, 0]


@many
@given(data=st.data(), container=st.sampled_from(["csr", "csc", "coo", "bsr", "lil"]))
def test_sparse_rows_agree_with_dense_rows(data, container):
    columns = data.draw(columns_of([[0.0, 0.0, 1.0, -1.0, NAN]] * 3))
    dense = as_array(columns, "f8")
    matrix = sp.csr_array(dense).asformat(container)
    assert duplicate_groups(matrix).tolist() == oracle(columns)


@pytest.mark.parametrize("kind", [sp.csr_array, sp.csc_array, sp.csr_matrix])
def test_sparse_explicit_zeros_and_split_entries(kind):
    # Row 0: 3 stored as 1 + 2. Row 2: explicit 0 and -0.0. Row 3: nothing stored.
    row, col = [0, 0, 1, 2, 2, 4], [1, 1, 1, 0, 1, 1]
    cells = [1.0, 2.0, 3.0, 0.0, -0.0, NAN]
    matrix = kind(sp.coo_array((cells, (row, col)), shape=(5, 2)))
    if matrix.format == "csr":  # the conversion has summed: split again
        matrix = kind(([1.0, 2.0, *cells[2:]], col, [0, 2, 3, 5, 5, 6]), shape=(5, 2))
    before = [a.copy() for a in (matrix.data, matrix.indices, matrix.indptr)]
    assert duplicate_groups(matrix).tolist() == [0, 0, 2, 2, 4]
    for a, b in zip(before, (matrix.data, matrix.indices, matrix.indptr), strict=True):
        np.testing.assert_array_equal(a, b)


def test_sparse_integers_of_64_bits():
    matrix = sp.csr_array(np.array([[BIG, 0], [BIG + 1, 0], [BIG, 0], [0, BIG]]))
    matrix.indices = matrix.indices.astype(np.int64)
    matrix.indptr = matrix.indptr.astype(np.int64)
    assert duplicate_groups(matrix).tolist() == [0, 1, 0, 3]


@pytest.fixture(scope="module")
def floats():
    """A table larger than one block, with NaN, signed zeros and 3-fold rows."""
    rng = np.random.default_rng(0)
    table = rng.choice([0.0, -0.0, 1.5, NAN, -2.0], size=(9_000, 7))
    table[rng.random(9_000) < 0.5] += 1.0
    return table


def first_equal(table):
    """Groups by a dictionary of rows in a canonical form."""
    seen = {}
    return [
        seen.setdefault(tuple(None if v != v else v for v in row), i)
        for i, row in enumerate(table.tolist())
    ]


def test_more_rows_than_one_block(floats):
    groups = duplicate_groups(floats)
    assert groups.tolist() == first_equal(floats)
    assert 1000 < np.unique(groups).size < 9000


LAYOUTS = {
    "Fortran": np.asfortranarray,
    "big-endian": lambda X: X.astype(">f8"),
    "negative strides": lambda X: X[::-1, ::-1].copy()[::-1, ::-1],
    "every second column": lambda X: np.repeat(X, 2, axis=1)[:, ::2],
    "pandas": pd.DataFrame,
    "polars": pl.DataFrame,
    "list": lambda X: X.tolist(),
    "object": lambda X: X.astype(object),
    "longdouble": lambda X: X.astype(np.longdouble),
    "float32": lambda X: X.astype(np.float32),
    "sparse": sp.csc_array,
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layout_does_not_matter(floats, layout):
    X = LAYOUTS[layout](floats)
    if layout in {"pandas", "polars"}:
        X = X.rename(str, axis=1) if layout == "pandas" else X
    before = pickle.dumps(X)
    np.testing.assert_array_equal(duplicate_groups(X), duplicate_groups(floats))
    assert pickle.dumps(X) == before


def test_read_only_memory_map_is_neither_written_nor_copied(tmp_path):
    X = np.lib.format.open_memmap(
        tmp_path / "X.npy", mode="w+", dtype="f8", shape=(100_000, 30)
    )
    X[:] = np.random.default_rng(0).integers(0, 2, X.shape)
    X[-10:] = X[:10]
    X.flush()
    mapped = np.load(tmp_path / "X.npy", mmap_mode="r")
    tracemalloc.start()
    groups = duplicate_groups(mapped)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert groups[-10:].tolist() == groups[:10].tolist()
    # a few numbers per row, whatever the number of columns
    assert peak < 8 * 8 * X.shape[0] < X.nbytes / 3


def weak_hashes():
    zero = np.uint64(0)
    return {
        "all collide": {"_finish": lambda h: np.zeros_like(h)},
        "half collide": {"_finish": lambda h: h & np.uint64(1)},
        "cells are lost": {"_mix": lambda bits: bits * zero},
        "few cells are seen": {"_mix": lambda bits: bits & np.uint64(1 << 52)},
    }


@pytest.mark.parametrize("weakness", weak_hashes())
@pytest.mark.parametrize("kind", ["array", "sparse", "frame"])
@few
@given(data=st.data())
def test_a_weak_hash_changes_no_group(weakness, kind, data):
    columns = data.draw(columns_of([[0.0, -0.0, 1.0, 2.0, NAN]] * 2))
    X = as_array(columns, "f8")
    X = {"array": X, "sparse": sp.csr_array(X), "frame": pl.DataFrame(X)}[kind]
    with mock.patch.multiple(_duplicate_rows, **weak_hashes()[weakness]):
        assert duplicate_groups(X).tolist() == oracle(columns)


def test_a_weak_hash_on_many_rows(floats):
    with mock.patch.object(_duplicate_rows, "_finish", lambda h: h & np.uint64(63)):
        assert duplicate_groups(floats).tolist() == first_equal(floats)


def first_rows(groups):
    """Name each group by its first row."""
    _, first, member = np.unique(groups, return_index=True, return_inverse=True)
    return first[member]


@many
@given(st.data())
def test_permuting_rows_permutes_the_partition(data):
    columns = data.draw(columns_of([FLOATS, BIG_INTS, WORDS]))
    X = as_array(columns, object)
    order = np.array(data.draw(st.permutations(range(X.shape[0]))))
    permuted = duplicate_groups(X[order])
    np.testing.assert_array_equal(permuted, first_rows(duplicate_groups(X)[order]))


@many
@given(st.data())
def test_the_order_of_columns_does_not_matter(data):
    X = as_array(data.draw(columns_of([FLOATS] * 4)), "f8")
    order = data.draw(st.permutations(range(4)))
    np.testing.assert_array_equal(duplicate_groups(X), duplicate_groups(X[:, order]))


@pytest.mark.parametrize("X", [np.zeros((500, 3)), pd.DataFrame({"a": [None] * 500})])
def test_all_rows_equal(X):
    np.testing.assert_array_equal(duplicate_groups(X), np.zeros(500))


def test_smallest_tables():
    assert duplicate_groups([[NAN, 1.0]]).tolist() == [0]
    for empty in (np.empty((0, 2)), pd.DataFrame({"a": []}), sp.csr_array((0, 2))):
        groups = duplicate_groups(empty)
        assert groups.shape == (0,)
        assert groups.dtype == np.int64


@pytest.mark.parametrize(
    ("X", "message"),
    [
        (np.empty((3, 0)), r"shape \(3, 0\).*at least one column"),
        (pd.DataFrame(index=[1, 2]), r"shape \(2, 0\)"),
        (np.zeros(3), r"shape \(3,\).*X.reshape\(-1, 1\)"),
        (np.zeros((2, 2, 2)), r"shape \(2, 2, 2\)"),
        (np.ma.masked_equal([[1, 2], [1, 3]], 3), r"masked array with 1 masked"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), r"repeated column names \['a'\]"),
    ],
)
def test_what_is_no_table_is_refused(X, message):
    with pytest.raises(ValueError, match=message):
        duplicate_groups(X)


def test_cells_that_are_neither_hashable_nor_comparable():
    X = np.empty((4, 1), dtype=object)
    long = np.arange(1000)  # which pandas does not print in full
    series = [pd.Series(long), pd.Series(np.where(long == 500, 0, long))]
    X[:, 0] = [*series, pd.Series(long), {1, 2}]
    assert duplicate_groups(X).tolist() == [0, 1, 0, 3]


# ------------------------------------------------------------------ Deduplicator

modes = st.sampled_from(["majority", "drop", "keep"])


@st.composite
def labelled_rows(draw):
    """Few distinct rows with few labels: (x, y, weight), at least two classes."""
    cell = st.tuples(st.integers(0, 3), st.sampled_from("abc"), st.integers(1, 3))
    cells = draw(st.lists(cell, min_size=2, max_size=14))
    rows, y, weight = map(np.array, zip(*cells, strict=True))
    assume(len(set(y)) > 1)
    return rows, y, weight


def expected_rows(rows, y, weight, mode, minimum=1):
    """Rows that stay, by the definition, and the classes that had to be protected."""
    keep = set()
    for value in set(rows):
        group = np.flatnonzero(rows == value)
        first = {label: min(group[y[group] == label]) for label in set(y[group])}
        if len(first) == 1 or mode == "keep":
            keep |= set(first.values())
        elif mode == "majority":
            total = Counter()
            for row in group:
                total[y[row]] += weight[row]
            (label, most), (_, second) = total.most_common(2)
            keep |= {first[label]} if most > second else set()
    protected = set()
    for label in set(y):
        members = np.flatnonzero(y == label)
        for row in members:
            if sum(y[i] == label for i in keep) < min(minimum, len(members)):
                keep.add(row)
                protected.add(label)
    # rows come back lowest first, and only those that were dropped
    return sorted(keep), protected


def deduplicate(rows, y, **parameters):
    """Fit a sampler; return it, what it returned, and the warnings."""
    weight = parameters.pop("sample_weight", None)
    sampler = Deduplicator(**parameters)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = sampler.fit_resample(rows.reshape(-1, 1), y, sample_weight=weight)
    return sampler, result, caught


@many
@given(mode=modes, minimum=st.sampled_from([1, 1, 3]), case=labelled_rows())
def test_deduplicator_agrees_with_its_definition(mode, minimum, case):
    rows, y, weight = case
    sampler, (X_out, y_out), caught = deduplicate(
        rows, y, on_conflict=mode, sample_weight=weight, min_samples_per_class=minimum
    )
    keep, protected = expected_rows(rows, y, weight, mode, minimum)
    assert sampler.sample_indices_.tolist() == keep  # sorted: order is preserved
    np.testing.assert_array_equal(X_out.ravel(), rows[keep])
    np.testing.assert_array_equal(y_out, y[keep])
    assert [w.category for w in caught] == [ClassKeptWarning] * bool(protected)
    for label in protected:
        assert f"'{label}'" in str(caught[0].message)
    n_conflicts = sum(len(set(y[rows == value])) > 1 for value in set(rows))
    assert sampler.n_conflicts_ == n_conflicts


@many
@given(case=labelled_rows())
def test_raise_raises_exactly_if_labels_disagree(case):
    rows, y, _ = case
    conflicts = [v for v in set(rows) if len(set(y[rows == v])) > 1]
    if not conflicts:
        sampler, _, _ = deduplicate(rows, y, on_conflict="raise")
        assert sampler.sample_indices_.tolist() == expected_rows(rows, y, y, "drop")[0]
        return
    first = sorted(int(np.argmax(rows == value)) for value in conflicts)
    with pytest.raises(ValueError, match=f"{len(first)} group.*on_conflict") as error:
        deduplicate(rows, y, on_conflict="raise")
    assert str(first[:5]) in str(error.value)


@many
@given(mode=modes, case=labelled_rows())
def test_weight_k_is_a_row_repeated_k_times(mode, case):
    rows, y, weight = case
    weighted, _, _ = deduplicate(rows, y, on_conflict=mode, sample_weight=weight)
    copies = np.repeat(np.arange(rows.size), weight)
    repeated, _, _ = deduplicate(rows[copies], y[copies], on_conflict=mode)
    np.testing.assert_array_equal(
        copies[repeated.sample_indices_], weighted.sample_indices_
    )


@many
@given(case=labelled_rows(), factor=st.sampled_from([0.1, 1 / 3, 7.7, 1e-6]))
def test_the_scale_of_weights_does_not_matter(case, factor):
    rows, y, weight = case
    once, _, _ = deduplicate(rows, y, sample_weight=weight)
    scaled, _, _ = deduplicate(rows, y, sample_weight=weight * factor)
    np.testing.assert_array_equal(once.sample_indices_, scaled.sample_indices_)


def test_a_tie_of_rounded_sums_is_a_tie():
    rows, y = np.array([1, 1, 1, 1, 2, 3]), np.array(list("aaabab"))
    sampler, _, _ = deduplicate(rows, y, sample_weight=[0.1, 0.1, 0.1, 0.3, 1, 1])
    assert sampler.sample_indices_.tolist() == [4, 5]


@many
@given(mode=modes, case=labelled_rows())
def test_deduplicating_twice_changes_nothing(mode, case):
    rows, y, _ = case
    first, (X, labels), caught = deduplicate(rows, y, on_conflict=mode)
    # a class that was kept against the rule leaves its conflict behind
    assume(not caught)
    second, _, _ = deduplicate(X.ravel(), labels, on_conflict=mode)
    assert second.lineage_.is_identity
    assert second.n_conflicts_ == (first.n_conflicts_ if mode == "keep" else 0)


@many
@given(mode=modes, case=labelled_rows())
def test_lineage_says_true_things(mode, case):
    rows, y, weight = case
    sampler, _, caught = deduplicate(rows, y, on_conflict=mode, sample_weight=weight)
    assume(not caught)
    lineage = sampler.lineage_
    kept = set(lineage.origin.tolist())
    assert not lineage.relabelled.any()
    for row in range(rows.size):
        reason, ref = lineage.drop_reason[row], lineage.drop_ref[row]
        if row in kept:
            assert (reason, ref) == (Reason.NONE, -1)
        elif reason == Reason.DUPLICATE:
            assert ref in kept
            assert (rows[row], y[row]) == (rows[ref], y[ref])
        else:
            assert reason == Reason.LABEL_CONFLICT
            assert len(set(y[rows == rows[row]])) > 1
            # it refers to the row of the winning label, if there is one
            winner = [i for i in kept if rows[i] == rows[row]]
            assert [ref] == (winner or [-1])
            assert y[ref] != y[row] or not winner


def test_no_class_is_deleted_and_the_warning_names_it():
    X, y = [[1.0], [1.0], [1.0], [2.0]], ["rare", "b", "b", "b"]
    sampler = Deduplicator()
    with pytest.warns(ClassKeptWarning, match="'rare'.*min_samples_per_class"):
        _, y_out = sampler.fit_resample(X, y)
    assert y_out == ["rare", "b", "b"]


BASE = {"x": [1.5, 2.5, 1.5, NAN, NAN, 3.5], "t": ["u", "v", "u", "w", "w", "u"]}
LABELS = ["no", "yes", "no", "yes", "yes", "yes"]
STAY = [0, 1, 3, 5]


def odd_index(values):
    return pd.Series(values, index=[7, 3, 7, 1, 0, 3])


def containers():
    frame = pd.DataFrame(BASE, index=[7, 3, 7, 1, 0, 3])
    numbers = np.nan_to_num(np.array(BASE["x"])).reshape(-1, 1)
    category = pd.Categorical(LABELS, categories=["yes", "no", "unused"])
    return {
        "pandas": (frame, odd_index(LABELS)),
        "pandas categorical": (frame.astype({"t": "category"}), odd_index(category)),
        "polars": (pl.DataFrame(BASE), pl.Series("y", LABELS)),
        "pyarrow": (pa.table(BASE), LABELS),
        "list": ([list(row) for row in zip(*BASE.values(), strict=True)], LABELS),
        "object array": (frame.to_numpy(dtype=object), np.array(LABELS, dtype=object)),
        "float array": (frame[["x"]].to_numpy(), np.array(LABELS) == "yes"),
        "float32": (frame[["x"]].to_numpy(dtype="f4"), np.array(LABELS)),
        "csr_matrix": (sp.csr_matrix(numbers), np.array(LABELS)),
        "csc_array": (sp.csc_array(numbers), np.array(LABELS)),
        "coo_matrix": (sp.coo_matrix(numbers), np.array(LABELS)),
    }


def take(values, rows):
    if sp.issparse(values):
        return values.tocsr()[rows].asformat(values.format)
    if isinstance(values, pd.DataFrame | pd.Series):
        return values.iloc[rows]
    if isinstance(values, pa.Table):
        return values.take(rows)
    return [values[i] for i in rows] if isinstance(values, list) else values[rows]


def assert_identical(a, b):
    assert type(a) is type(b)
    if isinstance(a, pd.DataFrame):
        pd.testing.assert_frame_equal(a, b)
    elif isinstance(a, pd.Series):
        pd.testing.assert_series_equal(a, b)
    elif sp.issparse(a):
        assert a.dtype == b.dtype
        np.testing.assert_array_equal(a.toarray(), b.toarray())
    elif isinstance(a, np.ndarray):
        assert a.dtype == b.dtype
        pd.testing.assert_frame_equal(pd.DataFrame(a), pd.DataFrame(b))
    elif isinstance(a, pa.Table):
        pd.testing.assert_frame_equal(a.to_pandas(), b.to_pandas())
    elif isinstance(a, pl.DataFrame | pl.Series):
        assert a.equals(b)
    else:
        assert repr(a) == repr(b)


@pytest.mark.parametrize("name", containers())
def test_containers_come_back_as_they_went_in(name):
    X, y = containers()[name]
    before = pickle.dumps((X, y))
    sampler = Deduplicator()
    X_out, y_out = sampler.fit_resample(X, y)
    assert sampler.sample_indices_.tolist() == STAY
    assert_identical(X_out, take(X, STAY))
    assert_identical(y_out, take(y, STAY))
    assert pickle.dumps((X, y)) == before


def test_continuous_targets_are_part_of_the_row():
    X = np.array([[1.0], [1.0], [1.0], [2.0], [2.0]])
    y = np.array([0.5, 0.25, 0.5, 0.1, 0.1])
    sampler = Deduplicator(target_type="continuous")
    X_out, y_out = sampler.fit_resample(X, y)
    assert y_out.tolist() == [0.5, 0.25, 0.1]
    assert X_out.ravel().tolist() == [1.0, 1.0, 2.0]
    assert sampler.lineage_.drop_ref.tolist() == [-1, -1, 0, -1, 3]
    assert (sampler.lineage_.drop_reason[[2, 4]] == Reason.DUPLICATE).all()
    assert sampler.n_conflicts_ == 0
    several = np.column_stack([y, [0.0, 0.0, 1.0, 0.0, 0.0]])
    assert sampler.fit_resample(X, several)[0].shape == (4, 1)


def test_continuous_targets_are_refused_unless_asked_for():
    with pytest.raises(ValueError, match="continuous"):
        Deduplicator().fit_resample([[1.0], [2.0]], [0.5, 0.25])


@pytest.mark.parametrize(
    "wrong", [{"on_conflict": "first"}, {"min_samples_per_class": 0}]
)
def test_wrong_parameters_are_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Deduplicator(**wrong).fit_resample([[1], [2]], [0, 1])


# ----------------------------------------------------------- DuplicateGroupKFold


@st.composite
def tables_with_twins(draw):
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = draw(st.integers(20, 60))
    X = rng.integers(0, draw(st.integers(5, 60)), size=(n, 1)).astype(float)
    y = rng.integers(0, 2, size=n)
    groups = rng.integers(0, draw(st.integers(12, 60)), size=n)
    return X, y, groups, draw(st.integers(2, 4))


def quiet_splits(splitter, *data):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return list(splitter.split(*data))


@many
@given(case=tables_with_twins())
def test_no_twins_across_a_split_and_every_row_tested_once(case):
    X, y, _, n_splits = case
    splits = quiet_splits(DuplicateGroupKFold(n_splits, random_state=0), X, y)
    for train, test in splits:
        assert not set(X[train, 0]) & set(X[test, 0])
        np.testing.assert_array_equal(np.sort(np.r_[train, test]), np.arange(len(X)))
    tested = np.concatenate([test for _, test in splits])
    np.testing.assert_array_equal(np.sort(tested), np.arange(len(X)))


@many
@given(case=tables_with_twins())
def test_user_groups_are_kept_together_as_well(case):
    X, y, groups, n_splits = case
    X = np.arange(len(X), dtype=float).reshape(-1, 1)
    X[:6:2] = X[1:6:2]  # three pairs of twins across groups
    splits = quiet_splits(DuplicateGroupKFold(n_splits, random_state=0), X, y, groups)
    for train, test in splits:
        assert not set(X[train, 0]) & set(X[test, 0])
        assert not set(groups[train]) & set(groups[test])
    tested = np.concatenate([test for _, test in splits])
    np.testing.assert_array_equal(np.sort(tested), np.arange(len(X)))


@many
@given(case=tables_with_twins())
def test_class_shares_per_fold_differ_by_at_most_one_representative(case):
    X, _, _, n_splits = case
    y = (X[:, 0] % 2).astype(int)  # twins agree
    assume(len(set(y)) > 1)
    first = np.flatnonzero(first_rows(X[:, 0]) == np.arange(len(X)))
    splits = quiet_splits(DuplicateGroupKFold(n_splits, random_state=0), X, y)
    for label in (0, 1):
        ones = first[y[first] == label]
        sizes = [np.isin(ones, test).sum() for _, test in splits]
        assert max(sizes) - min(sizes) <= 1


def leaky_data():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 3))
    y = rng.integers(0, 2, 60)
    copies = rng.integers(0, 60, 60)
    return np.vstack([X, X[copies]]), np.r_[y, y[copies]]


def test_it_removes_the_optimism_of_duplicates():
    X, y = leaky_data()
    model = KNeighborsClassifier(1)
    honest = cross_val_score(model, X, y, cv=DuplicateGroupKFold(5, random_state=0))
    leaky = cross_val_score(model, X, y, cv=5)
    # labels are coin flips: a model that remembers nothing is right half the time
    assert abs(honest.mean() - 0.5) < 0.15
    assert leaky.mean() > 0.7


@pytest.mark.filterwarnings("ignore:one group holds")
def test_inside_a_grid_search_with_routing_off_and_on():
    X, y = leaky_data()
    groups = duplicate_groups(X) // 2
    search = GridSearchCV(
        LogisticRegression(), {"C": [0.1, 1.0]}, cv=DuplicateGroupKFold(random_state=0)
    )
    off = clone(search).fit(X, y, groups=groups)
    assert off.n_splits_ == 5
    with config_context(enable_metadata_routing=True):
        on = clone(search).fit(X, y, groups=groups)
    without = clone(search).fit(X, y)
    scores = [s.cv_results_["mean_test_score"] for s in (off, on, without)]
    np.testing.assert_array_equal(scores[0], scores[1])
    assert (scores[0] != scores[2]).any()  # the groups did arrive


def test_capped_folds_inside_a_grid_search():
    X, y = leaky_data()
    X, y = X[:60], np.r_[y[:57], 2, 2, 2]
    splitter = DuplicateGroupKFold(5, random_state=0)
    with pytest.warns(FewFoldsWarning, match="3 folds are used"):
        assert splitter.get_n_splits(X, y) == len(quiet_splits(splitter, X, y)) == 3
    with pytest.warns(FewFoldsWarning):
        search = GridSearchCV(LogisticRegression(), {"C": [1.0]}, cv=splitter).fit(X, y)
    assert search.n_splits_ == 3


def test_get_n_splits_without_data_is_what_was_asked_for():
    assert DuplicateGroupKFold(7).get_n_splits() == 7


def test_clone_repr_and_determinism():
    X, y = leaky_data()
    splitter = DuplicateGroupKFold(3, random_state=1)
    said = "DuplicateGroupKFold(detector=None, n_splits=3, near=False, random_state=1)"
    assert repr(splitter) == said
    folds = [
        [test.tolist() for _, test in s.split(X, y)]
        for s in (splitter, clone(splitter, safe=False), DuplicateGroupKFold(3))
    ]
    assert folds[0] == folds[1] == [t.tolist() for _, t in splitter.split(X, y)]
    assert folds[0] != folds[2]


@pytest.mark.parametrize("y", [None, "continuous"])
def test_without_classes_representatives_are_spread_evenly(y):
    X, _ = leaky_data()
    y = None if y is None else np.linspace(0, 1, len(X))
    representatives = np.arange(60)  # the other rows copy them
    splits = DuplicateGroupKFold(7, random_state=0).split(X, y)
    sizes = [np.isin(test, representatives).sum() for _, test in splits]
    assert sum(sizes) == 60
    assert max(sizes) - min(sizes) <= 1


def test_rows_that_are_all_equal_cannot_be_split():
    with pytest.raises(ValueError, match="all 20 rows of X are equal.*at least 2"):
        next(DuplicateGroupKFold().split(np.zeros((20, 2)), [0, 1] * 10))
