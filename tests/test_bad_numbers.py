"""Numbers of every type and size, and every sparse format: the result of float64."""

import re

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.exceptions import ConvergenceWarning

from skdataquality.duplicates import Deduplicator
from skdataquality.exceptions import ClassKeptWarning, WeakModelWarning
from skdataquality.label_noise import (
    KNNOutlierDetector,
    LabelErrorDetector,
    LabelErrorPruner,
)
from tests.entry_points import (
    DETECTOR,
    ENTRY,
    LR,
    only_our_warnings,
    plain_data,
    unchanged,
)

SOME = [  # one of each kind
    "Deduplicator",
    "LabelErrorPruner",
    "RemedyChain",
    "DiscriminatorWeighter",
    "LabelQualityWeighter",
    "RemediedClassifier",
    "RemediedRegressor",
    "NoisePruningClassifier, soft",
    "ForwardCorrectedLogisticRegression",
    "RegressionErrorDetector",
    "KNNOutlierDetector",
    "DuplicateGroupKFold",
    "LeakyColumnSelector",
    "leakage_lens",
    "out_of_fold",
]
SPARSE_ONES = [entry for entry in SOME if entry != "KNNOutlierDetector"]


def _exact(a, dtype):
    """Values that the type holds exactly, so that those in float64 are the same."""
    return np.round(a * 8).astype(dtype)


TYPES = {
    "float16": np.float16,
    "float32": np.float32,
    "long double": np.longdouble,
    "int8": np.int8,
    "big-endian int32": np.dtype(">i4"),
    "int64": np.int64,
}


def _same(first, second):
    pair = [r if isinstance(r, tuple) else (r,) for r in (first, second)]
    for got, expected in zip(*pair, strict=True):
        assert_allclose(got, expected, rtol=1e-3, atol=1e-3)


@pytest.fixture(scope="module")
def of_float64():
    X, y, target = plain_data()
    X, target = _exact(X, float), _exact(target, float)
    with only_our_warnings(WeakModelWarning):
        return {entry: ENTRY[entry](X, y, target) for entry in SOME}


@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize("entry", SOME)
def test_types_of_numbers_give_the_result_of_float64(entry, name, of_float64):
    X, y, target = plain_data()
    X, target = _exact(X, TYPES[name]), _exact(target, TYPES[name])
    with only_our_warnings(WeakModelWarning), unchanged(X, y, target):
        _same(ENTRY[entry](X, y, target), of_float64[entry])


@pytest.mark.parametrize("dtype", [np.uint8, np.uint64])
@pytest.mark.parametrize("entry", SOME)
def test_unsigned_numbers_do_not_wrap_around(entry, dtype):
    X, y, target = plain_data()
    X, target = (_exact(a, int) + 100 for a in (X, target))
    with only_our_warnings(WeakModelWarning, ConvergenceWarning):
        expected = ENTRY[entry](X.astype(float), y, target.astype(float))
        got = ENTRY[entry](X.astype(dtype), y, target.astype(dtype))
    _same(got, expected)


def test_large_integers_are_told_apart():
    """As floats the rows would be equal in pairs."""
    for first in (np.uint64(2**63), np.int64(2**53)):
        X = (first + np.arange(8, dtype=first.dtype))[:, None]
        _, y = Deduplicator().fit_resample(X, [0, 1] * 4)
        assert len(y) == 8


def test_samplers_keep_the_type():
    X, y, _ = plain_data()
    for dtype in (np.float16, np.float32, np.longdouble, np.int8, np.uint64, ">f8"):
        table = (np.abs(X) * 32).astype(dtype)
        for sampler in (Deduplicator(), LabelErrorPruner(DETECTOR)):
            with only_our_warnings(WeakModelWarning, ConvergenceWarning):
                left, _ = sampler.fit_resample(table, y)
            assert left.dtype == table.dtype


SIZES = {
    "constant column": lambda a: np.c_[a[:, :2], np.ones(len(a))],
    "nearly constant": lambda a: 1 + a * 1e-15,
    "scale 1e-300": lambda a: a * 1e-300,
    "subnormal": lambda a: a * 1e-310,
}
THEIR_OWN = {  # LinearRegression, which is not ours, divides by what is left of them
    "RemediedRegressor",
    "ShiftWeightedRegressor",
    "RegressionErrorDetector",
    "RegressionErrorPruner",
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("entry", SOME)
def test_numbers_of_odd_size_give_a_result(entry, size):
    if size == "subnormal" and entry in THEIR_OWN:
        pytest.skip("LinearRegression cannot")
    X, y, target = plain_data()
    X, target = SIZES[size](X), SIZES[size](target)
    with only_our_warnings(WeakModelWarning, ClassKeptWarning), unchanged(X, target):
        ENTRY[entry](X, y, target)


@pytest.mark.parametrize("entry", sorted(set(SOME) - THEIR_OWN))
def test_large_numbers_give_a_result_or_an_error(entry):
    X, y, target = (a * 3e307 if a.ndim == 2 else a for a in plain_data())
    with only_our_warnings(ConvergenceWarning, WeakModelWarning):  # of the user's model
        try:
            ENTRY[entry](X, y, target)
        except ValueError as error:
            said = str(error)
        else:
            said = "overflow"
    assert re.search("overflow|numbers beyond", said)


def test_numeric_strings_are_numbers():
    X, y, _ = plain_data()
    text = X.round(3).astype(str).astype(object)
    detector = LabelErrorDetector(LR, cv=3, random_state=0)
    of_text = detector.fit(text, y).sample_scores_
    assert_allclose(of_text, detector.fit(X.round(3), y).sample_scores_)


# -- sparse rows and positions ---------------------------------------------------------


def _wide_indices(kind):
    def make(a):
        table = kind(a)
        table.indices = table.indices.astype(np.int64)
        table.indptr = table.indptr.astype(np.int64)
        return table

    return make


SPARSE = {
    "csr of 64 bits": _wide_indices(sp.csr_array),
    "csc of 64 bits": _wide_indices(sp.csc_array),
    "lil": sp.lil_array,
    "dok": sp.dok_array,
    "bsr": sp.bsr_array,
    "dia": sp.dia_array,
    "frame of sparse columns": lambda a: pd.DataFrame.sparse.from_spmatrix(
        sp.csr_array(a), columns=[*"abc"]
    ),
}


@pytest.mark.parametrize("kind", SPARSE)
@pytest.mark.parametrize("entry", SPARSE_ONES)
def test_every_sparse_format_gives_the_dense_result(entry, kind):
    X, y, target = plain_data()
    given, rows = SPARSE[kind](X), SPARSE[kind](target)
    with only_our_warnings(WeakModelWarning):
        _same(ENTRY[entry](given, y, rows), ENTRY[entry](X, y, target))
    dense = given.sparse.to_dense().to_numpy() if kind.startswith("fr") else given
    assert_array_equal(dense.toarray() if sp.issparse(dense) else dense, X)


@pytest.mark.parametrize("kind", [sp.csr_array, sp.coo_matrix, sp.lil_array])
def test_outliers_of_sparse_rows_are_refused(kind):
    X = kind(plain_data()[0])
    with pytest.raises(ValueError, match=r"sparse matrix of shape \(60, 3\).*Trun"):
        KNNOutlierDetector().fit(X)


@pytest.mark.parametrize("entry", SPARSE_ONES)
def test_sparse_rows_without_entries(entry):
    X, y, target = plain_data()
    X[::7], target[::5] = 0, 0
    with only_our_warnings(WeakModelWarning):
        expected = ENTRY[entry](X, y, target)
        _same(ENTRY[entry](sp.csr_array(X), y, sp.csr_array(target)), expected)
