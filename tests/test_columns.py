"""Columns of any table: as arrays, as numbers where they are, and as codes."""

from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from skdataquality.utils._duplicate_rows import duplicate_groups
from skdataquality.utils._frames import (
    as_numbers,
    cell_codes,
    iterate_columns,
    sorted_codes,
)

NAN = np.nan
quick = settings(max_examples=60, deadline=None, derandomize=True)


def objects(*cells):
    return np.array(cells, dtype=object)


@pytest.mark.parametrize(
    ("values", "numbers"),
    [
        (np.array([1, 2], dtype=np.uint8), np.array([1, 2], dtype=np.uint8)),
        (np.array([1.5, NAN], dtype=np.float32), np.array([1.5, NAN], np.float32)),
        (np.array([True, False]), np.array([True, False])),
        (np.array(["1970-01-02", "NaT"], "M8[D]"), np.array([1, -(2**63)])),
        (np.array([5, 7], "m8[ns]"), np.array([5, 7])),
        (objects(3, None, pd.NA, NAN, 0.5), np.array([3.0, NAN, NAN, NAN, 0.5])),
        (objects(Decimal("0.25"), True, np.int8(3)), np.array([0.25, 1.0, 3.0])),
    ],
)
def test_numbers_of_every_kind_are_read(values, numbers):
    read = as_numbers(values)
    np.testing.assert_array_equal(read, numbers)
    assert read.dtype == numbers.dtype


@pytest.mark.parametrize(
    "values",
    [
        np.array(["1", "2"]),
        objects("a", 1),
        objects(None, pd.NA),
        objects([1], [2]),
        np.array([1j]),
    ],
)
def test_what_holds_anything_else_is_no_column_of_numbers(values):
    assert as_numbers(values) is None


@pytest.mark.parametrize(
    ("values", "kinds"),
    [
        (np.array([True]), "fiuO"),
        (objects(True, 1.5), "fiuO"),
        (objects(np.bool_(True), None), "fiuO"),
        (np.array(["2020"], "M8[Y]"), "fiuO"),
        (objects(1, 2), "fiubmM"),
    ],
)
def test_only_kinds_that_are_asked_for_are_numbers(values, kinds):
    assert as_numbers(values) is not None
    assert as_numbers(values, kinds) is None


def test_columns_of_every_container_come_by_name_or_position():
    cells = np.array([[1.0, 0.0, 3.0], [0.0, 5.0, 6.0]])
    named = pd.DataFrame(cells, columns=["a", 7, "c"])
    for X, names in [
        (cells, [0, 1, 2]),
        (sp.csr_array(cells), [0, 1, 2]),
        (named, ["a", 7, "c"]),
        (pl.DataFrame(cells, schema=["a", "b", "c"]), ["a", "b", "c"]),
    ]:
        found = dict(iterate_columns(X))
        assert list(found) == names
        np.testing.assert_array_equal(np.column_stack(list(found.values())), cells)


def test_sparse_columns_are_selected_by_position_and_summed_where_stored_twice():
    twice = sp.coo_array(([1.0, 2.0, 4.0], ([0, 0, 1], [1, 1, 0])), shape=(2, 3))
    X = sp.csc_array(([4.0, 1.0, 2.0], [1, 0, 0], [0, 1, 3, 3]), shape=(2, 3))
    found = dict(iterate_columns(X, [1, 2]))
    assert {j: column.tolist() for j, column in found.items()} == {
        1: [3.0, 0.0],
        2: [0.0, 0.0],
    }
    assert X.nnz == 3
    np.testing.assert_array_equal(dict(iterate_columns(twice))[1], [3.0, 0.0])


@quick
@given(
    st.lists(st.integers(-120, 120), max_size=40),
    st.sampled_from(["i1", "i2", "i8", "u8", "f4"]),
)
def test_sorted_codes_are_those_of_unique(values, dtype):
    values = np.array(values, dtype=int)
    values = (values.astype("u8") if dtype == "u8" else values).astype(dtype)
    distinct, codes = np.unique(values, return_inverse=True)
    ours, our_codes = sorted_codes(values)
    np.testing.assert_array_equal(ours, distinct)
    np.testing.assert_array_equal(our_codes, codes)
    assert ours.dtype == distinct.dtype


@pytest.mark.parametrize(
    "values",
    [
        np.array([2.5, NAN, -0.0, 0.0, NAN, 2.5]),
        np.array([7, 3, 3, 9, 7], dtype=np.uint64),
        np.array(["NaT", "2020", "2019", "NaT"], "M8[Y]"),
        np.array(["b", "a", "b"]),
        np.array([1j, 2, 1j]),
        objects("b", 1, None, True, NAN, "b", 1.0, pd.NA),
        objects([1, NAN], {"a": {2}}, [1, NAN], None, {"a": {2}}),
    ],
)
def test_cells_are_numbered_as_they_appear_and_as_rows_are_grouped(values):
    codes = cell_codes(values)
    groups = duplicate_groups(values.reshape(-1, 1))
    np.testing.assert_array_equal(codes, np.unique(groups, return_inverse=True)[1])
