"""Of the 72 bad inputs, those that no other file tries; and that all 72 are tried."""

import ast
import re
import tracemalloc
import unicodedata
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse as sp
from numpy.testing import assert_array_equal
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skdataquality import diagnose
from skdataquality.duplicates import Deduplicator, duplicate_lens
from skdataquality.exceptions import (
    ClassKeptWarning,
    CopiedRowsWarning,
    DataQualityWarning,
    FewFoldsWarning,
    LookAlikeLabelsWarning,
    WeakModelWarning,
)
from skdataquality.imbalance import ClassBalanceWeighter
from skdataquality.label_noise import (
    KNNOutlierDetector,
    LabelErrorCorrector,
    LabelErrorDetector,
    LabelErrorPruner,
    confident_joint,
)
from skdataquality.model_selection import out_of_fold
from skdataquality.shift import DiscriminatorWeighter, TargetData
from tests.bad_input_rows import DOES_NOT_APPLY, TESTED
from tests.entry_points import (
    DETECTOR,
    ENTRY,
    FITS_NO_MODEL,
    LR,
    N,
    only_our_warnings,
    plain_data,
    unchanged,
)

SLOW = {"diagnose", "compare_remedies", "apply_remedy"}
QUICK = sorted(ENTRY.keys() - SLOW)
PRUNERS = [Deduplicator(), LabelErrorPruner(DETECTOR), LabelErrorCorrector(DETECTOR)]


def error_of(call, *data):
    """Return what a refusal says, None if there was none."""
    try:
        call(*data)
    except ValueError as error:
        return str(error)
    return None


# -- all 72 are tried ------------------------------------------------------------------


def test_every_bad_input_is_tested_or_said_not_to_apply():
    assert sorted([*TESTED, *DOES_NOT_APPLY]) == list(range(1, 73))
    assert all(len(reason) > 30 for reason in DOES_NOT_APPLY.values())


@pytest.mark.parametrize("number", TESTED)
def test_the_tests_that_are_named_exist(number):
    for test in TESTED[number]:
        file, function = test.split("::")
        source = Path(__file__).with_name(f"test_{file}.py").read_text()
        functions = {
            node.name
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.FunctionDef)
        }
        assert function in functions, test


# -- shape and size --------------------------------------------------------------------


@pytest.mark.parametrize("entry", QUICK)
def test_fewer_rows_than_folds(entry):
    """Two rows of each class are split in two; one of each says what is missing."""
    X, y, target = plain_data()
    few = np.r_[20:24]
    with only_our_warnings(DataQualityWarning), unchanged(X, y):
        said = error_of(ENTRY[entry], X[few], y[few], target)
    assert said is None or re.search("row|n_samples", said)


WIDE = {"DuplicateGroupKFold", "Deduplicator", "ClassBalanceWeighter", "RemedyChain"}


@pytest.mark.parametrize(
    "entry", sorted(WIDE | {"LabelErrorDetector", "KNNOutlierDetector", "out_of_fold"})
)
def test_more_columns_than_rows(entry):
    _, y, _ = plain_data()
    rng = np.random.default_rng(0)
    X, target = rng.normal(size=(N, 10_000)), rng.normal(size=(10, 10_000))
    with only_our_warnings(WeakModelWarning):
        ENTRY[entry](X, y, target)


@pytest.mark.parametrize(
    ("fit", "times"),
    [
        (lambda X, y: ClassBalanceWeighter().fit(X, y), 5),
        (lambda X, y: Deduplicator().fit_resample(X, y), 12),
    ],
)
def test_memory_is_a_small_multiple_of_the_input(fit, times):
    """It grows with the rows, and not with their square; two columns are the worst."""
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(200_000, 2)), rng.integers(0, 2, 200_000)
    tracemalloc.start()
    try:
        fit(X, y)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < times * (X.nbytes + y.nbytes)


def test_a_group_without_rows_is_no_group():
    X, y, _ = plain_data()
    of_rows = np.arange(N) % 20
    named = [f"g{k:02}" for k in range(21)]
    unused = pd.Categorical.from_codes(of_rows, named)
    a, b = (
        out_of_fold(LR, X, y, cv=3, groups=g, random_state=0) for g in (of_rows, unused)
    )
    assert_array_equal(a.proba, b.proba)
    report = diagnose(X, y, estimator=LR, cv=3, sources={"clinic": unused})
    assert "g20" not in str(report.to_dict())


# -- labels ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [("caf\u00e9", unicodedata.normalize("NFD", "caf\u00e9")), ("cat", "Cat ")],
)
def test_labels_that_look_alike_are_listed(one, other):
    X, y, _ = plain_data()
    labels = np.array([one, "dog"], dtype=object)[y]
    labels[:3] = other
    with pytest.warns(LookAlikeLabelsWarning, match=f"'{other}'"):
        diagnose(X, labels, estimator=LR, cv=3, random_state=0)


def test_ten_thousand_classes_make_no_dense_table():
    n_classes = 10_000
    y = np.arange(n_classes)
    proba = np.full((40, n_classes), 1 / n_classes, dtype=np.float32)
    joint = confident_joint(y[:40], proba, classes=y)
    assert sp.issparse(joint) or joint.nbytes < 1e9
    weighter = ClassBalanceWeighter()
    tracemalloc.start()
    try:
        weighter.fit(np.zeros((2 * n_classes, 1)), np.r_[y, y])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 1e8  # a table of classes by classes takes 8e8


# -- columns ---------------------------------------------------------------------------


def _odd_frame(X):
    """A frame of what a model of numbers cannot use, and no two rows alike."""
    frame = pd.DataFrame(X, columns=["a", "b", "c"])
    when = pd.Timestamp("2024-05-01") + pd.to_timedelta(np.arange(N), unit="D")
    return frame.assign(
        empty=np.nan,
        text=pd.Series([None if k % 9 == 0 else f"row {k}" for k in range(N)]),
        when=when,
        there=when.tz_localize("Europe/Rome"),
        lasted=[timedelta(hours=int(k)) for k in range(N)],
        tags=[[k, k + 1] for k in range(N)],
        facts=[{"k": k} for k in range(N)],
        kind=pd.Categorical.from_codes(np.arange(N) % 2, ["u", "v"]),
        mixed=pd.Series([k if k % 2 else str(k) for k in range(N)], dtype=object),
    )


@pytest.mark.parametrize("sampler", PRUNERS, ids=lambda s: type(s).__name__)
def test_samplers_pass_odd_columns_through(sampler):
    X, y, _ = plain_data()
    frame = _odd_frame(X)
    numbers = make_column_transformer((StandardScaler(), ["a", "b", "c"]))
    if getattr(sampler, "detector", None) is not None:
        model = LabelErrorDetector(
            make_pipeline(numbers, LogisticRegression()), cv=3, random_state=0
        )
        sampler = type(sampler)(model)
    with unchanged(frame, y):
        left, _ = sampler.fit_resample(frame, y)
    pd.testing.assert_frame_equal(left, frame.iloc[sampler.sample_indices_])
    table = pl.from_pandas(frame[["a", "b", "c", "text", "when", "lasted", "tags"]])
    left, _ = sampler.fit_resample(table, y)
    assert left.equals(table[sampler.sample_indices_])


def test_column_names_that_are_not_strings():
    """Numbers are no names; a mixture is refused, as scikit-learn does, with a cure."""
    X, y, target = plain_data()
    for entry in QUICK:
        with only_our_warnings(WeakModelWarning):
            numbered = ENTRY[entry](pd.DataFrame(X), y, pd.DataFrame(target))
        assert numbered is not None
        mixed = [pd.DataFrame(a, columns=["a", 1, 2.5]) for a in (X, target)]
        if entry in FITS_NO_MODEL - {"Deduplicator", "RemedyChain"}:
            continue
        with pytest.raises(ValueError, match="column names of different types"):
            ENTRY[entry](mixed[0], y, mixed[1])


LATER = {
    "LabelErrorDetector": None,
    "KNNOutlierDetector": lambda X, y, t: KNNOutlierDetector().fit(X).predict,
    "DiscriminatorWeighter": lambda X, y, t: (
        DiscriminatorWeighter(LR, X_target=TargetData(t), random_state=0)
        .fit(X)
        .predict_weight
    ),
}


def test_reordered_columns_are_refused_later():
    from tests.catalogue import TRANSFORMERS, WRAPPERS

    X, y, target = plain_data()
    frame, rows = (pd.DataFrame(a, columns=[*"abc"]) for a in (X, target))
    numbers = X[:, 0] + X[:, 1]
    calls = [make(frame, y, rows) for make in LATER.values() if make is not None]
    for wrapper in WRAPPERS:
        labels = numbers if "Regressor" in type(wrapper).__name__ else y
        with only_our_warnings(
            WeakModelWarning, ClassKeptWarning, FewFoldsWarning, CopiedRowsWarning
        ):
            calls.append(wrapper.fit(frame, labels).predict)
    calls.append(TRANSFORMERS[0].fit(frame, y).transform)
    for call in calls:
        call(frame)
        with pytest.raises(ValueError, match="(?s)feature names.*order"):
            call(frame[["c", "a", "b"]])


def test_rows_that_are_all_equal():
    _, y, target = plain_data()
    X = np.ones((N, 3))
    shifted = {"DiscriminatorWeighter"} | {e for e in QUICK if e.startswith("Shift")}
    for entry in sorted(set(QUICK) - shifted):
        with only_our_warnings(DataQualityWarning):
            said = error_of(ENTRY[entry], X, y, target)
        assert said is None or "equal" in said
    found = duplicate_lens(X, y)
    assert found.numbers["repeated_share"].estimate == pytest.approx(1 - 1 / N)


def test_folds_of_32_bit_positions():
    X, y, _ = plain_data()
    rows = np.arange(N)
    folds = [(rows[rows % 3 != k], rows[rows % 3 == k]) for k in range(3)]
    narrow = [tuple(part.astype(np.int32) for part in fold) for fold in folds]
    a, b = (out_of_fold(LR, X, y, cv=cv).proba for cv in (folds, narrow))
    assert_array_equal(a, b)
