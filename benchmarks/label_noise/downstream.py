"""Accuracy on clean test rows of models fitted after each remedy."""

import numpy as np
import pandas as pd
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from benchmarks._problem import Part, Target
from benchmarks.label_noise.detectors import KnowingDetector, RememberingDetector
from benchmarks.label_noise.suite import (
    CASES,
    QUICK,
    forest,
    logistic,
    make_case,
    noisy,
    slices,
    uncorrupted,
)
from skdataquality.label_noise import (
    ForwardCorrectedLogisticRegression,
    NoisePruningClassifier,
)

MODELS = ("logistic", "forest")
STRATEGIES = ("prune", "relabel", "reweight", "soft")
REMEDIES = ("nothing", "truth", *STRATEGIES, "cleanlearning", "forward")


def measure(data, noise, rate, seed, model):
    from cleanlab.classification import CleanLearning

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


def gap_closed(rows, remedy):
    """Share of the way from doing nothing to pruning with the truth."""
    nothing, truth = rows["nothing"].mean(), rows["truth"].mean()
    return (rows[remedy].mean() - nothing) / (truth - nothing)


def by_remedy(rows):
    return pd.DataFrame(
        {"model": model, **line_of(mine, remedy)}
        for model, mine in rows.groupby("model", sort=False)
        for remedy in REMEDIES
        if mine[remedy].notna().any()
    )


def line_of(rows, remedy):
    wrong = noisy(rows)
    return {
        "remedy": remedy,
        "gap closed": f"{gap_closed(wrong, remedy):.0%}",
        **{k: f"{part[remedy].mean():.3f}" for k, part in slices(wrong)},
        "uncorrupted": f"{uncorrupted(rows)[remedy].mean():.3f}",
    }


def targets(rows, quick):
    wrong = noisy(rows)
    best = max(STRATEGIES, key=lambda name: gap_closed(wrong, name))
    parts = {"both models": wrong, **dict(list(wrong.groupby("model", sort=False)))}
    return (
        []
        if quick
        else [
            Target(
                f"gap closed by strategy {name}, {which}", gap_closed(part, name), 0.5
            )
            for name in dict.fromkeys((best, "prune"))
            for which, part in parts.items()
        ]
    )


def tasks(cases):
    return [{**case, "model": name} for case in cases for name in MODELS]


PART = Part(
    measure,
    " ".join(REMEDIES),
    full=tasks(CASES),
    quick=tasks(QUICK)[:3],
    tables={
        "Mean accuracy on clean test rows. Gap closed: share of the way from doing "
        "nothing to pruning with the truth.": by_remedy
    },
    targets=targets,
)
