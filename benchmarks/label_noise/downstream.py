"""Accuracy on clean test rows of models fitted after each remedy."""

import numpy as np
from cleanlab.classification import CleanLearning
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from benchmarks.label_noise.detectors import KnowingDetector, RememberingDetector
from benchmarks.label_noise.suite import (
    forest,
    logistic,
    make_case,
    noisy_tasks,
    quick_tasks,
    uncorrupted_tasks,
)
from skdataquality.label_noise import (
    ForwardCorrectedLogisticRegression,
    NoisePruningClassifier,
)

MODELS = ("logistic", "forest")
STRATEGIES = ("prune", "relabel", "reweight", "soft")


def tasks(quick):
    cases = quick_tasks() if quick else uncorrupted_tasks() + noisy_tasks()
    return [{**case, "model": name} for case in cases for name in MODELS]


def measure(data, noise, rate, seed, model):
    case = make_case(data, noise, rate, seed)
    if not case.is_usable:
        return []
    final = logistic() if model == "logistic" else forest(seed)
    fits = {
        "nothing": final,
        "truth": NoisePruningClassifier(final, detector=KnowingDetector(case.is_wrong)),
        **{
            strategy: NoisePruningClassifier(
                final, detector=RememberingDetector(seed), strategy=strategy
            )
            for strategy in STRATEGIES
        },
        "cleanlearning": CleanLearning(
            final, seed=seed, find_label_issues_kwargs={"n_jobs": 1}
        ),
    }
    row = {name: accuracy(estimator, case) for name, estimator in fits.items()}
    row["forward"] = np.nan
    if model == "logistic":
        forward = ForwardCorrectedLogisticRegression(random_state=seed)
        row["forward"] = accuracy(make_pipeline(StandardScaler(), forward), case)
    return [row]


def accuracy(estimator, case):
    predicted = estimator.fit(case.X, case.y).predict(case.X_test)
    return float(np.mean(predicted == case.y_test))
