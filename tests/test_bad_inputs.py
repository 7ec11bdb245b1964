"""Awkward and wrong data x every estimator: the right result, or an error that helps.

An awkward input (another container, other labels) gives the result of the plain one. A
wrong input raises ValueError that names argument, observed value and cure. Nothing else
is raised or warned, and no input is written to.
"""

from contextlib import nullcontext

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse as sp
from numpy.testing import assert_allclose
from sklearn.exceptions import DataConversionWarning

from skdataquality.exceptions import (
    ClassKeptWarning,
    FewFoldsWarning,
    IndexMismatchWarning,
)
from tests.entry_points import (
    ENTRY,
    FITS_NO_MODEL,
    NO_LABELS,
    WEIGHTLESS,
    N,
    only_our_warnings,
    plain_data,
    unchanged,
)

# -- awkward: the result is that of the plain input ------------------------------------


def _each(container):
    """A change of X and of the target rows alike."""
    return lambda X, y, T: (container(X), y, container(T))


def _labels(change):
    return lambda X, y, T: (X, change(y), T)


def _indexed(X, y, T, index):
    return pd.DataFrame(X, index=index), pd.Series(y, index=index), pd.DataFrame(T)


def _with_nullable(dtype):
    return _labels(lambda y: pd.Series(y).astype(dtype))


NAMES = ["f0", "f1", "f2"]
AWKWARD = {
    "list": lambda X, y, T: (X.tolist(), y.tolist(), T.tolist()),
    "pandas": _each(lambda a: pd.DataFrame(a, columns=NAMES)),
    "polars": _each(lambda a: pl.DataFrame(a, schema=NAMES)),
    "Fortran order": _each(np.asfortranarray),
    "negative strides": _each(lambda a: np.flip(np.flip(a).copy())),
    "big-endian": _each(lambda a: a.astype(">f8")),
    **{
        kind.__name__: _each(kind)
        for kind in (
            sp.csr_matrix,
            sp.csc_matrix,
            sp.coo_matrix,
            sp.csr_array,
            sp.csc_array,
            sp.coo_array,
        )
    },
    "read-only": _each(lambda a: _read_only(a.copy())),
    "strings": _labels(lambda y: np.array(["ham", "spam"])[y]),
    "objects": _labels(lambda y: np.array(["ham", "spam"], dtype=object)[y]),
    "list of text": _labels(lambda y: np.array(["ham", "spam"])[y].tolist()),
    "booleans": _labels(lambda y: y == 1),
    "-1 and 1": _labels(lambda y: 2 * y - 1),
    "10 and 20": _labels(lambda y: 10 * (y + 1)),
    "0.0 and 1.0": _labels(lambda y: y.astype(float)),
    "large integers": _labels(lambda y: 2**53 + 1 + y),
    "categorical": _labels(
        lambda y: pd.Series(pd.Categorical.from_codes(y, ["a", "b", "unused"]))
    ),
    "pandas text": _with_nullable("str"),
    "pandas Int64": _with_nullable("Int64"),
    "pandas boolean": _with_nullable("boolean"),
    "polars text": _labels(lambda y: pl.Series(np.array(["ham", "spam"])[y])),
    "read-only y": _labels(lambda y: _read_only(y.copy())),
    "shuffled index": lambda X, y, T: _indexed(X, y, T, np.arange(N)[::-1]),
    "repeated index": lambda X, y, T: _indexed(X, y, T, np.arange(N) // 3),
    "ordered categorical": _labels(
        lambda y: pd.Series(pd.Categorical.from_codes(y, ["a", "b"], ordered=True))
    ),
    "large unsigned integers": _labels(
        lambda y: np.uint64(2**63) + y.astype(np.uint64)
    ),
    "dates": _labels(lambda y: np.array(["2020-01-01", "2021-01-01"], "M8[D]")[y]),
    "polars categories": _labels(
        lambda y: pl.Series(np.array(["ham", "spam"])[y]).cast(pl.Categorical)
    ),
    "variable-width text": _labels(
        lambda y: np.array(["ham", "spam"], dtype=np.dtypes.StringDType())[y]
    ),
    "pyarrow text": _with_nullable("string[pyarrow]"),
    "Arrow-backed": _each(
        lambda a: pd.DataFrame(a, columns=NAMES).convert_dtypes(dtype_backend="pyarrow")
    ),
    "nullable": _each(lambda a: pd.DataFrame(a, columns=NAMES).convert_dtypes()),
}


def _read_only(a):
    a.flags.writeable = False
    return a


@pytest.fixture(autouse=True, scope="module")
def few_resamples():
    """A diagnosis spends most of its time on intervals."""
    with pytest.MonkeyPatch.context() as patch:
        for lens in ("shift._lens._costs",):
            patch.setattr(f"skdataquality.{lens}.N_RESAMPLES", 40)
        yield


@pytest.fixture(scope="module")
def plain_results():
    with only_our_warnings():
        return {name: run(*plain_data()) for name, run in ENTRY.items()}


SOME = {"list", "pandas", "polars", "coo_array", "strings", "repeated index"}
SLOW = {"diagnose", "compare_remedies", "apply_remedy"}
DENSE_ONLY = {"KNNOutlierDetector"}


@pytest.mark.parametrize(
    ("entry", "case"),
    [
        (entry, case)
        for entry in ENTRY
        for case in (sorted(SOME) if entry in SLOW else AWKWARD)
        if entry not in DENSE_ONLY or not case.startswith(("csr", "csc", "coo"))
    ],
)
def test_awkward_inputs_give_the_plain_result(entry, case, plain_results):
    X, y, target = AWKWARD[case](*plain_data())
    with only_our_warnings(), unchanged(X, y, target):
        result = ENTRY[entry](X, y, target)
    tuples = (result, plain_results[entry])
    a, b = (r if isinstance(r, tuple) else (r,) for r in tuples)
    for got, expected in zip(a, b, strict=True):
        assert_allclose(got, expected, rtol=1e-3, atol=1e-3)


def test_a_read_only_memory_map_is_enough(tmp_path, plain_results):
    def on_disk(a, name):
        path = tmp_path / name
        np.save(path, a)
        return np.load(path, mmap_mode="r")

    data = [on_disk(a, f"{i}.npy") for i, a in enumerate(plain_data())]
    for entry, run in ENTRY.items():
        with only_our_warnings(), unchanged(*data):
            result = run(*data)
        np.testing.assert_equal(result, plain_results[entry])


def test_different_indices_are_matched_by_position_with_a_warning(plain_results):
    X, y, target = (
        pd.DataFrame(a) if a.ndim == 2 else pd.Series(a) for a in plain_data()
    )
    y.index = y.index[::-1]
    for entry in (
        "Deduplicator",
        "NoisePruningClassifier, prune",
        "diagnose",
        "out_of_fold",
    ):
        with pytest.warns(IndexMismatchWarning, match="matched by position"):
            result = ENTRY[entry](X, y, target)
        pair = (result, plain_results[entry])
        a, b = (r[0] if isinstance(r, tuple) else r for r in pair)
        assert_allclose(a, b, rtol=1e-3)


# SMOTE has no line to draw from a single row: tests/test_smote.py
@pytest.mark.parametrize("entry", sorted(ENTRY.keys() - {"RemediedRegressor", "SMOTE"}))
def test_a_class_with_one_member_stays(entry):
    X, y, target = plain_data()
    y[20] = 2
    with only_our_warnings(ClassKeptWarning, FewFoldsWarning), unchanged(X, y, target):
        result = ENTRY[entry](X, y, target)
    if entry in ("Deduplicator", "LabelErrorPruner"):
        assert 20 in result


@pytest.mark.parametrize("entry", ENTRY)
def test_a_column_of_labels_is_ravelled_with_a_warning(entry, plain_results):
    X, y, target = plain_data()
    with only_our_warnings(DataConversionWarning):
        ENTRY[entry](X, y[:, None], target)


# -- wrong: ValueError that names argument, value and cure -----------------------------


def _cell(value):
    def change(X, y, T):
        X = X.copy()
        X[3, 1] = value
        return X, y, T

    return change


def _label(value, dtype):
    def change(X, y, T):
        y = y.astype(dtype)
        y[7] = value
        return X, y, T

    return change


def _named(columns):
    return _each(lambda a: pd.DataFrame(a, columns=columns))


LENGTHS = r"inconsistent numbers of samples: X has 60, y has 59 rows.*Pass the same"
EMPTY = r"0 sample|0 rows|shape \(0, 3\)|shape=\(0, 3\)|0 row\(s\)"
FEW = r"1 row|1 sample|n_samples=1|1 class|one class"
CELLS = {
    "NaN in X": (_cell(np.nan), r"X contains NaN"),
    "infinity in X": (_cell(np.inf), r"X contains infinity"),
}
WRONG_X = {
    "X without rows": (lambda X, y, T: (X[:0], y[:0], T), EMPTY),
    "one row": (lambda X, y, T: (X[:1], y[:1], T), FEW),
    "no columns": (lambda X, y, T: (X[:, :0], y, T), r"0 feature|shape \(60, 0\)"),
    "one-dimensional X": (lambda X, y, T: (X[:, 0], y, T), r"1D|reshape"),
    "three-dimensional X": (
        lambda X, y, T: (X[:, :, None], y, T),
        r"dim 3|3 dimensions|shape \(60, 3, 1\)",
    ),
    "complex X": (lambda X, y, T: (X * 1j, y, T), r"[Cc]omplex"),
    "repeated names": (_named(["a", "b", "a"]), r"repeated column names \['a'\].*drop"),
    "two levels of names": (
        _named(pd.MultiIndex.from_product([["a"], [1, 2, 3]])),
        r"2 levels.*flatten",
    ),
    "masked X": (
        lambda X, y, T: (np.ma.masked_less(X, -1), y, T),
        r"masked array.*filled",
    ),
    **CELLS,
}
WORKS = {  # nothing is wrong with it there
    *((entry, case) for entry in FITS_NO_MODEL for case in CELLS),
    ("ClassBalanceWeighter", "one row"),
    *(
        (entry, case)
        for entry in ("LeakyColumnSelector", "leakage_lens")
        for case in ("one row", "one class", "y is None")
    ),
    ("RemediedRegressor", "one row"),
    *(
        ("WeaklySupervisedClassifier", case)  # rows without a label may be there
        for case in ("NaN in y", "None in y", "pd.NA in y", "masked y")
    ),
    ("UsableColumns", "one row"),
    ("LabelingFunctionTransformer", "one row"),
    *(
        (entry, "numbers of a regression")
        for entry in (
            "DuplicateGroupKFold",
            "LeakyColumnSelector",
            "leakage_lens",
        )
    ),
    ("DuplicateGroupKFold", "complex X"),
    ("Deduplicator", "one-hot"),  # imbalanced-learn's protocol
    ("ImportanceResampler", "one-hot"),
    ("TomekLinks", "one-hot"),
    ("EditedNearestNeighbours", "one-hot"),
    ("LabelErrorPruner", "one-hot"),
    ("LabelErrorCorrector", "one-hot"),
    ("SMOTE", "one-hot"),
    ("DiversitySelector", "one-hot"),
    ("DiversitySelector", "y is None"),
    ("ReviewedLabels", "one-hot"),
    ("ClassBalanceWeighter", "one class"),
    ("DuplicateGroupKFold", "one class"),
    ("DuplicateGroupKFold", "y is None"),
    ("diagnose", "one class"),
    ("out_of_fold", "one class"),
}
WRONG_Y = {
    "shorter y": (_labels(lambda y: y[:-1]), LENGTHS),
    "one class": (_labels(np.zeros_like), r"1 class|one class|2 classes"),
    "NaN in y": (_label(np.nan, float), r"y has 1 missing.*position\(s\) 7.*drop"),
    "None in y": (_label(None, object), r"y has 1 missing.*position\(s\) 7.*drop"),
    "pd.NA in y": (_label(pd.NA, object), r"y has 1 missing.*position\(s\) 7.*drop"),
    "infinity in y": (_label(np.inf, float), r"infinity at position\(s\) 7.*replace"),
    "text and numbers": (
        _label("one", object),
        r"mixes labels of different types \(int, str\).*astype\(str\)",
    ),
    "numbers of a regression": (
        _labels(lambda y: y + np.arange(N) / 7),
        r"y holds values such as.*discrete|is a classifier, and the label is a quant",
    ),
    "complex labels": (_labels(lambda y: y + 1j), r"y has complex values.*real"),
    "masked y": (
        _labels(lambda y: np.ma.masked_array(y, np.arange(y.size) % 9 == 1)),
        r"y has \d+ missing.*position\(s\) 1,.*drop",
    ),
    "bytes": (_labels(lambda y: y.astype("S")), r"bytes, first b'0'.*decode"),
    "one-hot": (_labels(lambda y: np.eye(2)[y]), r"one-hot.*argmax"),
    "multilabel": (
        _labels(lambda y: np.ones((len(y), 2), int)),
        r"Multilabel and multioutput targets are not supported",
    ),
    "sparse y": (_labels(lambda y: sp.csr_array(y[:, None])), r"sparse.*1-D"),
    "y is None": (_labels(lambda y: None), r"y"),
}


def _raises(message, entry=None, case=None):
    if (entry, case) in WORKS:
        return nullcontext()
    return pytest.raises(ValueError, match=f"(?s){message}")


@pytest.mark.parametrize("case", WRONG_X)
@pytest.mark.parametrize("entry", ENTRY)
def test_wrong_features_raise(entry, case):
    change, message = WRONG_X[case]
    X, y, target = change(*plain_data())
    raises = _raises(message, entry, case)
    with only_our_warnings(FewFoldsWarning), unchanged(X, y, target), raises:
        ENTRY[entry](X, y, target)


@pytest.mark.parametrize("case", WRONG_Y)
@pytest.mark.parametrize("entry", sorted(ENTRY.keys() - NO_LABELS))
def test_wrong_labels_raise(entry, case):
    change, message = WRONG_Y[case]
    X, y, target = change(*plain_data())
    raises = _raises(message, entry, case)
    with only_our_warnings(), unchanged(X, y, target), raises:
        ENTRY[entry](X, y, target)


WRONG_WEIGHTS = {
    "negative": (np.r_[-1, np.ones(N - 1)], r"Negative.*sample_weight.*-1.*0 or pos"),
    "NaN": (np.r_[np.nan, np.ones(N - 1)], r"sample_weight.*NaN.*position\(s\) 0.*fin"),
    "infinite": (np.r_[np.inf, np.ones(N - 1)], r"sample_weight.*infinity.*finite"),
    "zero": (np.zeros(N), r"sample_weight is zero for all 60 rows"),
    "short": (np.ones(N - 1), r"sample_weight has 59 rows.*Pass the same"),
    "two columns": (np.ones((N, 2)), r"sample_weight has shape \(60, 2\).*one value"),
    "text": (np.full(N, "heavy"), r"sample_weight|heavy"),
}


@pytest.mark.parametrize("case", WRONG_WEIGHTS)
@pytest.mark.parametrize("entry", sorted(ENTRY.keys() - WEIGHTLESS))
def test_wrong_weights_raise(entry, case):
    weight, message = WRONG_WEIGHTS[case]
    data = plain_data()
    with only_our_warnings(), unchanged(*data, weight), _raises(message):
        ENTRY[entry](*data, sample_weight=weight)


@pytest.mark.parametrize("entry", sorted(ENTRY.keys() - WEIGHTLESS))
def test_any_container_of_weights_will_do(entry):
    data, weight = plain_data(), np.arange(N) % 3 + 1.0
    expected = ENTRY[entry](*data, sample_weight=weight)
    for given in (weight.tolist(), pd.Series(weight, index=np.arange(N)[::-1])):
        with only_our_warnings(), unchanged(given):
            result = ENTRY[entry](*data, sample_weight=given)
        np.testing.assert_equal(result, expected)
