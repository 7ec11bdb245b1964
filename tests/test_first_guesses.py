"""An object in the wrong place is answered by the name of the right one."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from imblearn.over_sampling import SMOTE
from sklearn.base import clone
from sklearn.linear_model import LinearRegression, LogisticRegression

from skdataquality import diagnose
from skdataquality.compose import (
    RemediedClassifier,
    RemediedRegressor,
    RemedyChain,
    apply_remedy,
)
from skdataquality.duplicates import Deduplicator
from skdataquality.label_noise import (
    KNNOutlierDetector,
    LabelErrorCorrector,
    LabelErrorDetector,
    LabelErrorPruner,
    LabelQualityWeighter,
    NoisePruningClassifier,
    RegressionErrorDetector,
    RegressionErrorPruner,
)
from skdataquality.model_selection import compare_remedies, out_of_fold
from skdataquality.shift import (
    DiscriminatorWeighter,
    ImportanceResampler,
    ShiftWeightedClassifier,
    ShiftWeightedRegressor,
    TargetData,
)

X = np.random.default_rng(0).normal(size=(60, 3))
Y = np.arange(60) % 2
TABLE = pd.DataFrame(X)
LR = LogisticRegression()


def _take(estimator):
    run = estimator.fit_resample if hasattr(estimator, "fit_resample") else None
    return (run or estimator.fit)(X, Y)


OF_ESTIMATORS = {
    "RemediedClassifier": lambda value: _take(RemediedClassifier(value)),
    "RemediedRegressor": lambda value: _take(RemediedRegressor(value)),
    "NoisePruningClassifier": lambda value: _take(NoisePruningClassifier(value)),
    "ShiftWeightedClassifier": lambda value: _take(ShiftWeightedClassifier(value)),
    "ShiftWeightedRegressor": lambda value: _take(ShiftWeightedRegressor(value)),
    "LabelErrorDetector": lambda value: _take(LabelErrorDetector(value)),
    "RegressionErrorDetector": lambda value: _take(RegressionErrorDetector(value)),
    "DiscriminatorWeighter": lambda value: _take(DiscriminatorWeighter(value)),
    "LabelQualityWeighter": lambda value: _take(LabelQualityWeighter(estimator=value)),
    "apply_remedy": lambda value: apply_remedy(value, None),
    "compare_remedies": lambda value: compare_remedies(value, {}, X, Y),
    "out_of_fold": lambda value: out_of_fold(value, X, Y),
    "diagnose": lambda value: diagnose(X, Y, estimator=value),
}
OF_DETECTORS = {
    "LabelErrorPruner": lambda value: _take(LabelErrorPruner(value)),
    "LabelErrorCorrector": lambda value: _take(LabelErrorCorrector(value)),
    "LabelQualityWeighter": lambda value: _take(LabelQualityWeighter(value)),
    "RegressionErrorPruner": lambda value: _take(RegressionErrorPruner(value)),
    "NoisePruningClassifier": lambda value: _take(
        NoisePruningClassifier(LR, detector=value)
    ),
}
OF_REMEDIES = {
    "RemediedClassifier": lambda value: _take(RemediedClassifier(LR, value)),
    "RemedyChain": lambda value: _take(RemedyChain([value])),
    "apply_remedy": lambda value: apply_remedy(LR, value),
    "compare_remedies": lambda value: compare_remedies(LR, {"a": value}, X, Y),
}


def answered(call, value, message):
    with pytest.raises(ValueError, match=message) as error:
        call(value)
    assert str(error.value).count("\n") < 3


@pytest.mark.parametrize("name", OF_ESTIMATORS)
@pytest.mark.parametrize(
    ("value", "message"),
    [
        (LogisticRegression, r"is a class: pass an instance, LogisticRegression\(\)"),
        ("logistic", r"is a text: .*LogisticRegression\(\) from sklearn.linear_model"),
        (TABLE, r"is a DataFrame of shape \(60, 3\): the data come after it"),
        (X, r"is a ndarray of shape"),
        ([LR], "is of type list: pass one estimator"),
        (5, "is of type int: pass one estimator"),
        (SMOTE(), r"is a remedy: pass the model first"),
        (LabelErrorDetector(), r"is a detector.* LabelErrorPruner\(LabelErrorDetect"),
    ],
    ids=["class", "text", "frame", "array", "list", "number", "remedy", "detector"],
)
def test_what_is_no_estimator(name, value, message):
    answered(OF_ESTIMATORS[name], value, message)


@pytest.mark.parametrize("name", OF_DETECTORS)
@pytest.mark.parametrize(
    ("value", "message"),
    [
        (LR, r"model, not a detector: pass \w+ErrorDetector\(LogisticRegression\("),
        (LabelErrorDetector, "is a class: pass an instance"),
        ("labels", r"is a text.*LabelErrorDetector\(\) from skdataquality.label_noise"),
        (LabelErrorPruner(), "changes rows itself"),
    ],
    ids=["model", "class", "text", "sampler"],
)
def test_what_is_no_detector(name, value, message):
    answered(OF_DETECTORS[name], value, message)


@pytest.mark.parametrize("name", OF_REMEDIES)
@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("smote", r"is a text: .*SMOTE\(\) from imblearn.over_sampling"),
        ("random under sampler", r"RandomUnderSampler\(\) from imblearn.under_sampl"),
        ("deduplicate", r"Deduplicator\(\) from skdataquality.duplicates"),
        ("anything else", r"is a text: pass an object"),
        ("passthrough", r"is a text: to change nothing pass None"),
        (SMOTE, r"is a class: pass an instance, SMOTE\(\)"),
        (LabelErrorDetector(), r"LabelErrorPruner\(LabelErrorDetector\("),
        (RegressionErrorDetector(), r"RegressionErrorPruner\(RegressionErrorDetector"),
        (KNNOutlierDetector(), r"LabelErrorPruner\(KNNOutlierDetector"),
        (LR, "is a model, not a remedy"),
        ([SMOTE(), Deduplicator()], r"RemedyChain\(\[\.\.\.\]\)"),
        ({"a": SMOTE()}, "is of type dict: pass one remedy"),
        (TABLE, "the data come after it"),
    ],
    ids=str,
)
def test_what_is_no_remedy(name, value, message):
    answered(OF_REMEDIES[name], value, message)


@pytest.mark.parametrize("value", ["balance", SMOTE(), LR, LabelErrorDetector()])
def test_what_is_no_weighter(value):
    clf = ShiftWeightedClassifier(LR, weighter=value, X_target=TargetData(X))
    answered(lambda _: _take(clf), None, "DiscriminatorWeighter")


@pytest.mark.parametrize("name", ["ShiftWeightedClassifier", "DiscriminatorWeighter"])
def test_target_rows_are_no_estimator(name):
    answered(OF_ESTIMATORS[name], TargetData(X), "holds rows.*X_target=")


@pytest.mark.parametrize(
    "wrapper", [ShiftWeightedClassifier(LR), ImportanceResampler()], ids=str
)
def test_of_a_weighter_that_is_none_nothing_is_set(wrapper):
    answered(
        lambda grid: wrapper.set_params(**grid),
        {"weighter__flatten": 0.5},
        r"weighter is None: pass for example DiscriminatorWeighter\(\)",
    )
    grid = {"weighter__flatten": 0.5, "weighter": DiscriminatorWeighter()}
    assert clone(wrapper).set_params(**grid).weighter.flatten == 0.5


def test_a_wrapper_takes_the_place_of_a_wrapper():
    answered(OF_REMEDIES["RemediedClassifier"], NoisePruningClassifier(), "instead")
    assert isinstance(
        apply_remedy(LR, NoisePruningClassifier()), NoisePruningClassifier
    )


@pytest.mark.parametrize("remedies", [[SMOTE()], SMOTE(), (SMOTE(),), None, "smote"])
def test_a_comparison_wants_names(remedies):
    answered(lambda r: compare_remedies(LR, r, X, Y), remedies, "must be a dict.*name")


@pytest.mark.parametrize("estimator", [LinearRegression()])
@pytest.mark.parametrize(
    "name",
    [
        "RemediedClassifier",
        "NoisePruningClassifier",
        "ShiftWeightedClassifier",
        "LabelErrorDetector",
        "DiscriminatorWeighter",
        "LabelQualityWeighter",
    ],
)
def test_a_regressor_where_classes_are_wanted(name, estimator):
    answered(OF_ESTIMATORS[name], estimator, "is a regressor.*needs a classifier")


@pytest.mark.parametrize("path", ["bank.csv", Path("bank.parquet"), "/data/x.tsv"])
def test_the_name_of_a_file_leads_to_read_table(path):
    answered(lambda p: diagnose(p, "y"), path, r"names a file.*read_table\('")
    answered(lambda p: diagnose(X, Y, X_target=p), path, r"^X_target=.*read_table\('")


def test_nothing_is_fitted_before_the_answer():
    sampler = LabelErrorPruner(LR)
    answered(lambda s: s.fit_resample(X, Y), sampler, "not a detector")
    assert not [name for name in vars(sampler) if name.endswith("_")]


@pytest.mark.parametrize("kind", [pd.DataFrame, lambda d: pd.DataFrame(d).to_numpy()])
@pytest.mark.filterwarnings("ignore:A column-vector y was passed")
@pytest.mark.filterwarnings("ignore::skdataquality.exceptions.WeakModelWarning")
def test_labels_as_a_column_are_labels(kind):
    column = kind({"y": Y})
    for call in (
        lambda y: RemediedClassifier(LR, Deduplicator()).fit(X, y).predict(X),
        lambda y: LabelErrorDetector(LR, cv=3, random_state=0).fit(X, y).issue_mask_,
    ):
        np.testing.assert_array_equal(call(column), call(Y))


def test_one_class_is_named_before_a_comparison():
    answered(lambda y: compare_remedies(LR, {}, X, y), np.zeros(60, int), "1 class")
