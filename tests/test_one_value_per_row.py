"""What says something of each row has one value for each, or is refused by name."""

import inspect

import numpy as np
import pandas as pd
import pytest

from skdataquality import diagnose, label_noise
from skdataquality.compose import RemediedClassifier, RemedyChain
from skdataquality.duplicates import Deduplicator, DuplicateGroupKFold, duplicate_lens
from skdataquality.imbalance import ClassBalanceWeighter
from skdataquality.label_noise import (
    KNNOutlierDetector,
    LabelErrorCorrector,
    LabelErrorPruner,
    LabelQualityWeighter,
    NoisePruningClassifier,
    RegressionErrorPruner,
)
from skdataquality.model_selection import compare_remedies, out_of_fold
from skdataquality.shift import DiscriminatorWeighter, ShiftWeightedClassifier
from tests.entry_functions import ON_PROBABILITIES, plain_labels
from tests.entry_points import (
    DETECTOR,
    ENTRY,
    LR,
    TARGET_DETECTOR,
    N,
    plain_data,
)

X, Y, TARGET = plain_data()
NUMBERS = np.arange(N) / 7
LABELS, PROBA = plain_labels()
BOTH = ("sample_weight", "groups")

# what takes values beside X and y, and which
TAKERS = {
    "RemediedClassifier": (RemediedClassifier(LR, Deduplicator()).fit, BOTH),
    "nothing": (RemediedClassifier(LR).fit, BOTH),
    "NoisePruningClassifier": (NoisePruningClassifier(LR, detector=DETECTOR).fit, BOTH),
    "ShiftWeightedClassifier": (ShiftWeightedClassifier(LR).fit, BOTH),
    "RemedyChain": (RemedyChain([Deduplicator()]).fit, BOTH),
    "RemedyChain.fit_resample": (RemedyChain([Deduplicator()]).fit_resample, BOTH),
    "Deduplicator": (Deduplicator().fit_resample, BOTH),
    "LabelErrorPruner": (LabelErrorPruner(DETECTOR).fit_resample, BOTH),
    "LabelErrorCorrector": (LabelErrorCorrector(DETECTOR).fit_resample, BOTH),
    "LabelErrorDetector": (DETECTOR.fit, BOTH),
    "RegressionErrorDetector": (
        lambda X, y, **more: TARGET_DETECTOR.fit(X, NUMBERS, **more),
        BOTH,
    ),
    "RegressionErrorPruner": (
        lambda X, y, **more: RegressionErrorPruner(TARGET_DETECTOR).fit_resample(
            X, NUMBERS, **more
        ),
        BOTH,
    ),
    "ClassBalanceWeighter": (ClassBalanceWeighter().fit, BOTH),
    "DiscriminatorWeighter": (DiscriminatorWeighter(LR).fit, BOTH[:1]),
    "LabelQualityWeighter": (LabelQualityWeighter(DETECTOR).fit, BOTH),
    "DuplicateGroupKFold": (
        lambda X, y, **more: list(DuplicateGroupKFold(3).split(X, y, **more)),
        BOTH[1:],
    ),
    "duplicate_lens": (duplicate_lens, ("groups", "units")),
    "out_of_fold": (
        lambda X, y, **more: out_of_fold(LR, X, y, cv=3, **more),
        ("groups", "duplicate_groups", "trusted"),
    ),
    "compare_remedies": (
        lambda X, y, **more: compare_remedies(LR, {}, X, y, cv=3, **more),
        BOTH[1:],
    ),
    "diagnose": (
        lambda X, y, **more: diagnose(X, y, estimator=LR, cv=3, **more),
        BOTH[1:],
    ),
    "diagnose, sources": (
        lambda X, y, **more: diagnose(X, y, estimator=LR, cv=3, sources=more),
        ("clinic",),
    ),
    "label_noise_lens": (
        lambda X, y, **more: label_noise.label_noise_lens(LABELS, PROBA, **more),
        ("groups", "issue_mask"),
    ),
    "label_noise_lens, sources": (
        lambda X, y, **more: label_noise.label_noise_lens(LABELS, PROBA, sources=more),
        ("clinic",),
    ),
}
CASES = [(name, argument) for name, (_, all_) in TAKERS.items() for argument in all_]
WRONG = {
    "one number": 1.0,
    "one number of numpy": np.float64(1),
    "array without dimensions": np.array(1),
    "list of one": [1],
    "array of one": np.ones(1),
    "one row too few": np.ones(N - 1),
    "one row too many": np.ones(N + 1),
    "two columns": np.ones((N, 2)),
    "a column": np.ones((N, 1)),
    "a frame": pd.DataFrame({"a": np.ones(N), "b": np.ones(N)}),
    "a dict": {"a": 1},
    "row numbers of some": np.arange(3),
}

COLUMNS = {"two columns", "a column", "a frame"}
# whoever wants groups of one column says so: tests/test_group_weights.py
TAKE_COLUMNS = {("nothing", "groups"), ("ClassBalanceWeighter", "groups")}


@pytest.mark.parametrize(
    ("name", "argument", "wrong"),
    [
        (*case, wrong)
        for case in CASES
        for wrong in WRONG
        if not (case in TAKE_COLUMNS and wrong in COLUMNS)
    ],
)
def test_values_beside_the_table_are_never_spread_over_rows(name, argument, wrong):
    run, _ = TAKERS[name]
    with pytest.raises(ValueError, match=argument) as error:
        run(X, Y, **{argument: WRONG[wrong]})
    assert str(error.value).count("\n") < 3


def test_every_metadata_argument_is_tried():
    """A new argument of a method that takes rows must appear above."""
    for name, (run, tried) in TAKERS.items():
        takes = set(inspect.signature(run).parameters) & set(BOTH)
        assert takes <= set(tried), name


@pytest.mark.filterwarnings("ignore::skdataquality.exceptions.DataQualityWarning")
@pytest.mark.parametrize("name", ENTRY)
@pytest.mark.parametrize(
    "y", [Y[:-1], np.r_[Y, 0], Y[:1]], ids=["short", "long", "one"]
)
def test_labels_of_another_length_are_refused(name, y):
    with pytest.raises(ValueError, match=r"\by\b"):
        ENTRY[name](X, y, TARGET)


@pytest.mark.parametrize("y", [1, np.array(1), "a", {"a": 1}], ids=str)
@pytest.mark.parametrize("name", [*ON_PROBABILITIES, "KNNOutlierDetector"])
def test_one_label_is_refused(name, y):
    run = ON_PROBABILITIES.get(name, lambda y, _: KNNOutlierDetector().fit(X, y))
    with pytest.raises(ValueError, match=r"\by\b"):
        run(y, PROBA)


@pytest.mark.parametrize("name", ON_PROBABILITIES)
@pytest.mark.parametrize(
    "proba",
    [PROBA[:-1], PROBA[:, 1], PROBA[:1], PROBA[:, :1], [[0.5, 0.5]]],
    ids=["short", "one dimension", "one row", "one column", "list of one row"],
)
def test_probabilities_are_never_spread_over_rows(name, proba):
    with pytest.raises(ValueError, match=r"pred_proba|\by\b"):
        ON_PROBABILITIES[name](LABELS, proba)


@pytest.mark.parametrize("rows", [np.arange(N), np.ones(N), [1] * N], ids=str)
def test_row_numbers_are_no_mask(rows):
    with pytest.raises(ValueError, match="trusted has dtype.* not row numbers"):
        out_of_fold(LR, X, Y, cv=3, trusted=rows)
    with pytest.raises(ValueError, match="issue_mask|mask"):
        label_noise.label_noise_lens(LABELS, PROBA, issue_mask=rows)
