"""A search with "none" in its grid, where no label is wrong."""

import pandas as pd
from sklearn.model_selection import GridSearchCV

from benchmarks._problem import Part, Target
from benchmarks.label_noise.detectors import RememberingDetector
from benchmarks.label_noise.downstream import accuracy, tasks
from benchmarks.label_noise.suite import UNCORRUPTED, forest, logistic, make_case
from skdataquality.label_noise import NoisePruningClassifier
from skdataquality.model_selection import prefer_nothing

STRATEGIES = ["none", "prune", "reweight"]


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


def points_lost(rows):
    return pd.DataFrame(
        {
            "model": model,
            "data": data,
            "nothing": f"{part['nothing'].mean():.3f}",
            "search": f"{part['search'].mean():.3f}",
            "points lost": f"{100 * (part['nothing'] - part['search']).mean():.2f}",
            "chose nothing": f"{(part['chosen'] == 'none').mean():.0%}",
        }
        for (model, data), part in rows.groupby(["model", "data"], sort=False)
    )


def targets(rows, quick):
    lost = (rows["nothing"] - rows["search"]).groupby([rows["data"], rows["model"]])
    data, model = lost.mean().idxmax()
    what = f"accuracy lost with none in the grid, worst ({model} on {data})"
    return [] if quick else [Target(what, lost.mean().max(), 0.005, at_most=True)]


PART = Part(
    measure,
    "nothing search chosen",
    full=tasks(UNCORRUPTED),
    quick=tasks(UNCORRUPTED[:1])[:1],
    tables={"Clean test accuracy of the search, and without it.": points_lost},
    targets=targets,
)
