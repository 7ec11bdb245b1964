"""The same bits for any number of jobs, backend, thread and hash seed."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from joblib import parallel_config
from numpy.testing import assert_array_equal
from sklearn.base import clone, is_regressor
from sklearn.linear_model import LinearRegression, LogisticRegression

from skdataquality import diagnose
from skdataquality.compose import RemediedClassifier, RemediedRegressor, RemedyChain
from skdataquality.duplicates import Deduplicator
from skdataquality.imbalance import ClassBalanceWeighter
from skdataquality.label_noise import (
    KNNOutlierDetector,
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
    ShiftDetector,
    ShiftWeightedClassifier,
    TargetData,
)
from tests.entry_points import only_our_warnings, unchanged

LR = LogisticRegression()
TARGET = TargetData(np.random.default_rng(1).normal(0.5, 1, size=(90, 4)))


def detector(n_jobs=None):
    return LabelErrorDetector(LR, cv=3, n_jobs=n_jobs, random_state=0)


def values(n_jobs=None):
    return RegressionErrorDetector(
        LinearRegression(), cv=3, n_jobs=n_jobs, random_state=0
    )


def domain(n_jobs=None):
    return DiscriminatorWeighter(
        LR, cv=3, n_jobs=n_jobs, X_target=TARGET, random_state=0
    )


WITH_JOBS = {
    "LabelErrorDetector": detector,
    "RegressionErrorDetector": values,
    "KNNOutlierDetector": lambda n: KNNOutlierDetector(n_jobs=n),
    "DiscriminatorWeighter": domain,
    "ShiftDetector": lambda n: ShiftDetector(
        LR, cv=3, n_jobs=n, X_target=TARGET, random_state=0
    ),
    "NoisePruningClassifier": lambda n: NoisePruningClassifier(
        LR, detector=detector(n)
    ),
    "NoisePruningClassifier, soft": lambda n: NoisePruningClassifier(
        LR, detector=detector(n), strategy="soft"
    ),
    "LabelQualityWeighter": lambda n: LabelQualityWeighter(detector(n)),
    "RemediedClassifier": lambda n: RemediedClassifier(
        LR, RemedyChain([Deduplicator(), LabelErrorPruner(detector(n))])
    ),
    "RemediedRegressor": lambda n: RemediedRegressor(
        LinearRegression(), RegressionErrorPruner(values(n))
    ),
    "ShiftWeightedClassifier": lambda n: ShiftWeightedClassifier(
        LR, weighter=domain(n)
    ),
}
BACKENDS = ["threading", "loky"]


def data(n=90):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, 4))
    X[-9:] = X[:9]
    y = (X[:, 0] + rng.normal(size=n) > 0).astype(int)
    return X, y


def of_fit(estimator, X, y):
    """Every array that a fit leaves, and what it says of the training rows."""
    is_of_values = is_regressor(estimator) or isinstance(
        estimator, RegressionErrorDetector
    )
    with only_our_warnings(UserWarning):
        fitted = clone(estimator).fit(X, X[:, 1] + y if is_of_values else y)
    return answers(fitted, X, y)


def answers(fitted, X, y):
    found = {k: v for k, v in vars(fitted).items() if isinstance(v, np.ndarray)}
    for method in ("predict", "predict_proba", "score_samples"):
        if hasattr(fitted, method):
            found[method] = getattr(fitted, method)(X)
    if hasattr(fitted, "predict_weight"):
        found["predict_weight"] = fitted.predict_weight(X, y)
    return found


def assert_same(first, second):
    assert first.keys() == second.keys()
    for name, value in first.items():
        assert_array_equal(second[name], value, err_msg=name)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", WITH_JOBS)
def test_jobs_and_backends_do_not_matter(name, backend):
    X, y = data()
    alone = of_fit(WITH_JOBS[name](1), X, y)
    assert_same(of_fit(WITH_JOBS[name](1), X, y), alone)
    with parallel_config(backend):
        assert_same(of_fit(WITH_JOBS[name](2), X, y), alone)


def test_arrays_above_a_megabyte_reach_processes_as_maps_and_stay_as_they_are():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(3000, 50))
    y = (X[:, 0] > 0).astype(int)
    assert X.nbytes > 1_000_000
    with unchanged(X, y), parallel_config("loky"):
        a = out_of_fold(LR, X, y, cv=2, n_jobs=2, random_state=0).proba
        found = LabelErrorDetector(LR, cv=2, n_rounds=1, n_jobs=2, random_state=0)
        b = found.fit(X, y).pred_proba_
    assert_array_equal(a, out_of_fold(LR, X, y, cv=2, random_state=0).proba)
    assert_array_equal(clone(found).set_params(n_jobs=1).fit(X, y).pred_proba_, b)


@pytest.mark.parametrize("backend", BACKENDS)
def test_functions_give_the_same_for_any_jobs(backend):
    X, y = data()
    options = {"cv": 3, "random_state": 0}
    results = []
    for n_jobs in (1, 2):
        with parallel_config(backend if n_jobs == 2 else "loky", n_jobs=1):
            report = diagnose(X, y, estimator=LR, n_jobs=n_jobs, **options)
            remedies = {"twins": Deduplicator(), "weigh": ClassBalanceWeighter()}
            found = compare_remedies(LR, remedies, X, y, n_jobs=n_jobs, **options)
            timeless = replace(found, seconds_={}).to_text()
            results.append((report.to_dict()["lenses"], timeless))
    np.testing.assert_equal(*results)


HASHED = """
import numpy as np, pandas as pd
from skdataquality import diagnose
from sklearn.linear_model import LogisticRegression
from skdataquality.duplicates import Deduplicator
rng = np.random.default_rng(0)
X = pd.DataFrame(rng.normal(size=(120, 3)), columns=["one", "two", "three"])
X.iloc[-20:] = X.iloc[:20].to_numpy()
y = np.array(["ham", "spam", "eggs"])[np.arange(120) % 3]
report = diagnose(
    X, y, estimator=LogisticRegression(), cv=3, random_state=0,
    sources={"clinic": np.array(["north", "south", "west"])[np.arange(120) % 3 - 1]},
)
sampler = Deduplicator()
sampler.fit_resample(X, y)
print(report.to_dict()["lenses"], report.to_dict()["plan"])
print(sampler.sample_indices_.tolist())
"""


def test_the_seed_of_hashes_does_not_matter():
    said = [
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", HASHED],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1")
    ]
    assert said[0] == said[1] != ""


@pytest.mark.parametrize("name", WITH_JOBS)
def test_threads_fit_clones_and_share_a_fitted_one(name):
    X, y = data()
    estimator = WITH_JOBS[name](1)
    is_of_values = name.startswith("Regression") or name.endswith("Regressor")
    labels = X[:, 1] + y if is_of_values else y
    with only_our_warnings(UserWarning):
        shared = clone(estimator).fit(X, labels)
        expected = answers(shared, X, y)
        with ThreadPoolExecutor(8) as pool:
            fits = [pool.submit(clone(estimator).fit, X, labels) for _ in range(8)]
            asked = [pool.submit(answers, shared, X, y) for _ in range(8)]
    for each in asked:
        assert_same(each.result(), expected)
    for fit in fits:
        assert_same(answers(fit.result(), X, y), expected)
