"""Every input error names the argument, what was seen, and the cure."""

import warnings

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import BaseEstimator
from sklearn.exceptions import DataConversionWarning

from skdataquality.exceptions import IndexMismatchWarning, InSampleProbabilitiesWarning
from skdataquality.utils._frames import is_missing, missing_mask
from skdataquality.utils._prediction_guards import warn_of_predictions
from skdataquality.utils._probabilities import check_pred_proba
from skdataquality.utils._validation import (
    as_label_array,
    check_feature_frame,
    check_same_length,
    check_table,
    check_weights,
    encode_labels,
)

NAN = float("nan")
NAT = np.datetime64("NaT")
STRINGS = np.dtypes.StringDType()


def refused(call, message, *arguments, **parameters):
    """Check that a call raises a ValueError whose message holds all these parts."""
    with pytest.raises(ValueError) as error:  # noqa: PT011
        call(*arguments, **parameters)
    for part in message:
        assert part in str(error.value), f"{part!r} is not in: {error.value}"
    assert str(error.value).count("\n") < 3


# ------------------------------------------------------------------------ labels

WRONG_LABELS = {
    "None": (None, ["part", "is None"]),
    "NaN": ([1.0, NAN, 0.0, NAN], ["2 missing", "1, 3", "drop those rows"]),
    "None inside": (["a", None], ["1 missing", "position(s) 1"]),
    "pd.NA": (pd.Series(["a", pd.NA, "b"]), ["1 missing", "position(s) 1"]),
    "nullable": (pd.Series([1, None], dtype="Int64"), ["1 missing"]),
    "polars null": (pl.Series(["a", None]), ["1 missing", "position(s) 1"]),
    "NaT": (np.array(["2020", "NaT"], dtype="M8[D]"), ["1 missing"]),
    "masked": (np.ma.masked_equal([1, 2, 2], 2), ["2 missing", "1, 2"]),
    "many missing": ([NAN] * 9 + [1.0], ["9 missing", "0, 1, 2, 3, 4, ..."]),
    "infinite": ([1.0, np.inf, 0.0], ["infinity", "position(s) 1", "replace"]),
    "mixed": (["a", 1, "b"], ["int, str", "astype(str)"]),
    "mixed objects": (np.array([True, "a"], dtype=object), ["bool, str"]),
    "continuous": ([0.5, 1.25, 3.0], ["[0.5, 1.25, 3.0]", "continuous", "bins"]),
    "objects": (np.array([1, 2], dtype=object), ["[1, 2]", "astype(str)"]),
    "lists": (pd.Series([["a"], ["b"]]), ["['a']", "objects of type list."]),
    "dicts": (pd.Series([{"a": 1}] * 2), ["{'a': 1}", "objects of type dict."]),
    "bytes": (np.array([b"u", b"v"]), ["bytes", "b'u'", "decode"]),
    "bytes as objects": ([b"u", b"v"], ["bytes", "b'u'", "decode"]),
    "one-hot": (np.eye(3), ["(3, 3)", "one-hot", "argmax(axis=1)"]),
    "multilabel": (np.ones((4, 2), dtype=int), ["(4, 2)", "pass one column"]),
    "ragged": ([[1], [1, 2]], ["different lengths", "one label per row"]),
    "three axes": (np.zeros((2, 2, 2)), ["(2, 2, 2)", "pass one column"]),
    "no axis": (3, ["is a int", "one label for each row"]),
    "sparse": (sp.csr_array(np.eye(2)), ["sparse", "1-D array"]),
    "complex": ([1j, 2j], ["complex", "real labels"]),
}


@pytest.mark.parametrize("case", WRONG_LABELS)
@pytest.mark.parametrize("check", [as_label_array, encode_labels])
def test_wrong_labels_are_refused_by_name(case, check):
    y, message = WRONG_LABELS[case]
    refused(check, ["part", *message], y, name="part")


def test_no_labels_at_all():
    refused(encode_labels, ["part is empty", "0 rows", "at least 1"], [], name="part")


RIGHT_LABELS = {
    "int": [3, 1, 3],
    "negative": np.array([1, -1, 1]),
    "bool": [True, False, True],
    "float": [2.0, 1.0, 2.0],
    "text": ["b", "a", "b"],
    "object text": np.array(["b", "a", "b"], dtype=object),
    "numpy text": np.array(["b", "a", "b"], dtype=STRINGS),
    "above 2**53": [2**53 + 1, 2**53, 2**53 + 1],
    "dates": np.array(["2021", "2020", "2021"], dtype="M8[D]"),
    "Series": pd.Series(["b", "a", "b"], index=[4, 4, 0]),
    "nullable": pd.Series([3, 1, 3], dtype="Int64"),
    "categorical": pd.Series(pd.Categorical(["b", "a", "b"], categories=list("cba"))),
    "ordered": pd.Categorical(["b", "a", "b"], categories=list("ba"), ordered=True),
    "polars": pl.Series(["b", "a", "b"]),
    "pyarrow": pa.chunked_array([["b", "a"], ["b"]]),
}


@pytest.mark.parametrize("case", RIGHT_LABELS)
def test_labels_of_all_kinds_are_coded(case):
    y = RIGHT_LABELS[case]
    classes, codes = encode_labels(y)
    assert codes.tolist() == [1, 0, 1]
    assert classes[codes].tolist() == np.asarray(y).tolist()
    assert as_label_array(y).shape == (3,)


@settings(max_examples=60, deadline=None)
@given(y=st.lists(st.sampled_from("abc"), min_size=1), order=st.permutations("xabcz"))
def test_codes_follow_the_given_classes(y, order):
    classes, codes = encode_labels(y, classes=order)
    assert classes.tolist() == order
    assert classes[codes].tolist() == y
    assert codes.tolist() == [order.index(label) for label in y]


def test_a_column_is_ravelled_with_a_warning():
    with pytest.warns(DataConversionWarning, match="column-vector"):
        labels = as_label_array([["b"], ["a"]])
    assert labels.tolist() == ["b", "a"]


@pytest.mark.parametrize(
    ("y", "classes", "message"),
    [
        (["a", "new"], ["a", "b"], ["y holds", "['new']", "['a', 'b']", "add them"]),
        ([1, 2], ["a", "b"], ["[1, 2]", "['a', 'b']"]),
        (["a", "b"], [1, 2], ["['a', 'b']", "[1, 2]"]),
        (["a", "b"], np.array([1, "b"], dtype=object), ["['a']"]),
        (["a"], [], ["['a']", "[]"]),
        (["a"], ["a", "b", "a"], ["classes", "each class once", "remove repeats"]),
        (["a"], "a", ["classes", "each class once"]),
    ],
)
def test_unknown_labels_and_wrong_classes_are_named(y, classes, message):
    refused(encode_labels, message, y, classes=classes)


# --------------------------------------------------------------- missing values


class Odd:
    """Compares to something that is not a truth value."""

    def __eq__(self, other):
        return [self, other]

    __hash__ = None

    def __repr__(self):
        return "Odd()"


@pytest.mark.parametrize("value", [None, NAN, np.float32(NAN), NAT, pd.NA, pd.NaT])
def test_missing_values(value):
    assert is_missing(value)
    assert missing_mask(np.array([value, "a"], dtype=object)).tolist() == [True, False]


@pytest.mark.parametrize(
    "value",
    [0, "", "nan", False, [], {}, [NAN], np.array([NAN]), Odd(), pd.Series([1, 2])],
    ids=repr,
)
def test_values_that_are_not_missing(value):
    assert not is_missing(value)


def test_missing_mask_knows_every_dtype():
    assert missing_mask(np.array([1.0, NAN])).tolist() == [False, True]
    assert missing_mask(np.array(["2020", NAT], dtype="M8[D]")).tolist() == [
        False,
        True,
    ]
    assert not missing_mask(np.array(["nan", "None"])).any()
    assert not missing_mask(np.arange(3)).any()


# ------------------------------------------------------------- lengths and tables


def test_lengths_must_agree():
    X, y = np.zeros((3, 2)), [0, 1, 0]
    check_same_length(X=X, y=y, sample_weight=None, groups=pl.Series([1, 2, 3]))
    check_same_length(X=sp.csr_array((3, 1)), y=pd.Series(y))
    refused(
        check_same_length,
        ["X has 3", "y has 3", "groups has 2 rows", "same rows, in the same order"],
        X=X,
        y=y,
        groups=[1, 2],
    )


@pytest.mark.parametrize(
    ("X", "message"),
    [
        (pd.DataFrame(np.zeros((1, 3)), columns=["b", "a", "b"]), ["['b']", "rename"]),
        (
            pa.Table.from_arrays([pa.array([1])] * 2, names=["a", "a"]),
            ["['a']", "rename"],
        ),
        (
            pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_tuples([(1, 2), (1, 3)])),
            ["2 levels", "MultiIndex", "flatten"],
        ),
        (np.ma.masked_equal([[1, 2], [2, 1]], 2), ["2 masked cells", "X.filled"]),
    ],
    ids=["pandas", "pyarrow", "MultiIndex", "masked"],
)
def test_wrong_tables_are_refused(X, message):
    refused(check_feature_frame, ["X", *message], X)


@pytest.mark.parametrize(
    "X",
    [
        pa.table({"a": [1, 2], "b": [1, 2]}),
        pl.DataFrame({"a": [1]}),
        pd.DataFrame({0: [1], "0": [2]}),
        sp.csr_array((2, 2)),
        np.ma.masked_array([[1.0]]),
        [[1, 2]],
    ],
    ids=["equal columns", "polars", "names", "sparse", "nothing masked", "list"],
)
def test_good_tables_pass(X):
    check_feature_frame(X)


def test_many_columns_are_no_problem():
    wide = pd.DataFrame(np.zeros((1, 100_000)), columns=[f"c{i}" for i in range(10**5)])
    check_feature_frame(wide)  # quadratic work would take minutes


def test_different_indices_warn_and_equal_ones_do_not():
    X = pd.DataFrame({"a": [1, 2]}, index=[5, 6])
    with pytest.warns(IndexMismatchWarning, match=r"by position.*y.loc\[X.index\]"):
        check_feature_frame(X, pd.Series([0, 1]))
    for y in (pd.Series([0, 1], index=[5, 6]), [0, 1], np.array([0, 1]), None):
        check_feature_frame(X, y)
    check_feature_frame(pl.DataFrame(X), pd.Series([0, 1]))
    check_feature_frame(X, pd.Series([0, 1, 2]))  # the lengths are another check's


class Plain(BaseEstimator):
    def fit(self, X, y=None):
        return self


def test_tables_are_not_converted():
    frame = pd.DataFrame({"a": ["u", None], "d": pd.to_datetime(["2020", None])})
    estimator = Plain()
    assert check_table(estimator, frame) is frame
    assert estimator.n_features_in_ == 2
    assert estimator.feature_names_in_.tolist() == ["a", "d"]
    array = np.array([[1.0, NAN]], dtype=np.float32)
    array.flags.writeable = False
    assert np.shares_memory(check_table(Plain(), array), array)
    with pytest.raises(ValueError, match=r"feature names(.|\n)*missing:\n- d"):
        check_table(estimator, frame[["a"]], reset=False)


@pytest.mark.parametrize(
    ("X", "message"),
    [
        (np.zeros(3), ["1D array", "reshape(-1, 1)"]),
        (np.zeros((2, 2, 2)), ["dim 3"]),
        (np.zeros((0, 2)), ["0 sample(s)", "minimum of 1", "Plain"]),
        (np.zeros((2, 0)), ["0 feature(s)", "minimum of 1", "Plain"]),
        (pd.DataFrame({"a": []}), ["0 sample(s)", "minimum of 1", "Plain"]),
        (pd.DataFrame(index=[1, 2]), ["0 feature(s)", "minimum of 1", "Plain"]),
        (np.ma.masked_equal([[1, 2]], 2), ["masked"]),
        (np.array([[1j]]), ["Complex data not supported"]),
    ],
)
def test_what_is_no_table_is_refused(X, message):
    refused(check_table, message, Plain(), X)


# ----------------------------------------------------------------------- weights


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([1, -2, 1, -1], ["Negative values", "-2", "1, 3", "0 or positive"]),
        ([1, NAN, 1, 1], ["NaN", "position(s) 1", "finite"]),
        ([1, 1, 1, np.inf], ["infinity", "position(s) 3", "finite"]),
        ([0, 0, 0, 0], ["zero for all 4 rows", "at least one"]),
        (0, ["zero for all 4 rows"]),
        ([1, 1, 1], ["(3,)", "expected (4,)", "one weight per row"]),
        (np.ones((4, 1)), ["(4, 1)", "1D array", "one weight per row"]),
        (np.ones((4, 2)), ["(4, 2)", "1D array"]),
    ],
)
def test_wrong_weights_are_refused_by_name(weights, message):
    refused(check_weights, ["part", *message], weights, 4, name="part")


def test_good_weights_pass():
    assert check_weights(None, 3) is None
    assert check_weights(2, 3).tolist() == [2.0, 2.0, 2.0]
    for weights in ([0, 1, 2], pd.Series([0, 1, 2], index=[7, 7, 1]), (0, 1, 2)):
        checked = check_weights(weights, 3)
        assert checked.dtype == np.float64
        assert checked.tolist() == [0.0, 1.0, 2.0]


# ----------------------------------------------------------------- probabilities


@pytest.mark.parametrize(
    ("proba", "message"),
    [
        ([0.5, 0.5], ["1 dimension(s)", "(2,)", "one row per sample"]),
        (np.ones((2, 2), dtype=int), ["dtype int64", "predict_proba"]),
        (np.full((3, 2), 0.5), ["3 rows but y has 2", "same rows"]),
        (np.full((2, 3), 1 / 3), ["3 columns", "2 classes", "`classes`"]),
        ([[0.5, 0.5], [NAN, 1.0]], ["NaN in row(s) 1", "leave out"]),
        ([[1.5, -0.5], [0.5, 0.5]], ["negative", "-0.5", "decision_function"]),
        ([[1.2, 0.0], [0.5, 0.5]], ["above 1", "1.2", "divide each row"]),
        ([[0.5, 0.5], [0.5, 0.4]], ["sum to 1", "row(s) 1", "0.9", "divide each row"]),
    ],
)
def test_wrong_probabilities_are_refused_by_name(proba, message):
    refused(check_pred_proba, ["part", *message], proba, 2, 2, name="part")


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", "longdouble"])
def test_good_probabilities_are_not_copied(dtype):
    proba = np.array([[0.25, 0.75], [1.0, 0.0]], dtype=dtype)
    proba.flags.writeable = False
    assert check_pred_proba(proba, 2, 2) is proba
    assert check_pred_proba(pd.DataFrame(proba.astype(float)), 2, 2).shape == (2, 2)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 999), n=st.integers(1, 30), k=st.integers(1, 5))
def test_rounding_to_float16_is_tolerated(seed, n, k):
    proba = np.random.default_rng(seed).dirichlet(np.ones(k), n)
    check_pred_proba(proba.astype(np.float32), n, k)
    check_pred_proba(proba.astype(np.float16).astype(np.float64), n, k)


def _sure(own):
    """Labels of the first class, with these probabilities."""
    return np.zeros(own.size, dtype=int), np.column_stack([own, 1 - own]), np.arange(2)


def test_in_sample_probabilities_warn():
    with pytest.warns(InSampleProbabilitiesWarning, match=r"pred_proba.*out-of-fold"):
        warn_of_predictions(*_sure(np.full(20, 0.9999)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warn_of_predictions(*_sure(np.full(19, 0.9999)))  # too few rows to tell
        warn_of_predictions(*_sure(np.r_[np.full(99, 1.0), 0.99]))
