"""A search with "none" in its grid, where no label is wrong."""

from sklearn.model_selection import GridSearchCV

from benchmarks.label_noise.detectors import RememberingDetector
from benchmarks.label_noise.downstream import MODELS, accuracy
from benchmarks.label_noise.suite import (
    forest,
    logistic,
    make_case,
    uncorrupted_tasks,
)
from skdataquality.label_noise import NoisePruningClassifier
from skdataquality.model_selection import prefer_nothing

STRATEGIES = ["none", "prune", "reweight"]


def tasks(quick):
    cases = uncorrupted_tasks()[: 1 if quick else None]
    models = MODELS[: 1 if quick else None]
    return [{**case, "model": name} for case in cases for name in models]


def measure(data, noise, rate, seed, model):
    case = make_case(data, noise, rate, seed)
    final = logistic() if model == "logistic" else forest(seed)
    search = GridSearchCV(
        NoisePruningClassifier(final, detector=RememberingDetector(seed)),
        {"strategy": STRATEGIES},
        refit=prefer_nothing,
    )
    return [
        {
            "nothing": accuracy(final, case),
            "search": accuracy(search, case),
            "chosen": search.best_params_["strategy"],
        }
    ]
