"""Scores that duplicates inflate, and label errors that their twins hide.

Cross-validation: 900 rows of 2400 are copies of some of the other 1500, equal or moved
by a thousandth of a standard deviation; plain folds, folds that keep duplicates
together, and 4000 fresh rows. Leakage report: the test set holds copies of training
rows, and the interval of the clean rows' score should hold that of fresh ones.

Hidden errors: rows are repeated with their labels, right or wrong; average precision of
the wrong ones by out-of-fold self-confidence, twins in one fold or wherever.
"""

import numpy as np
import pandas as pd
from sklearn.datasets import make_classification
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import average_precision_score
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.neighbors import KNeighborsClassifier

from benchmarks._problem import Part, Target, grid
from benchmarks._tables import as_they_are
from skdataquality.duplicates import (
    DuplicateGroupKFold,
    duplicate_groups,
    leakage_report,
)
from skdataquality.label_noise import label_quality_scores
from skdataquality.model_selection import out_of_fold

MODELS = {
    "forest": RandomForestClassifier(20, random_state=0),
    "1 neighbour": KNeighborsClassifier(1),
}
FRESH, ORIGINALS, COPIES = 4000, 1500, 900
JITTER = {"equal": 0.0, "near": 1e-3}
COPIED = (*JITTER, "near, eight of each")
SEEDS = {"1 neighbour": 20, "forest": 5}


def draw(seed):
    """Rows of one population: those to copy, and fresh ones."""
    X, y = make_classification(
        ORIGINALS + FRESH,
        n_features=12,
        n_informative=5,
        n_clusters_per_class=3,
        class_sep=0.7,
        flip_y=0.15,
        random_state=seed,
    )
    return X[:ORIGINALS], y[:ORIGINALS], X[ORIGINALS:], y[ORIGINALS:]


def copies(X, copied, rng):
    """Rows to repeat, and the cells that the copies have."""
    if copied.endswith("eight of each"):
        source = np.repeat(rng.choice(len(X), COPIES // 8, replace=False), 8)
        jitter = JITTER["near"]
    else:
        source, jitter = rng.choice(len(X), COPIES, replace=False), JITTER[copied]
    return source, X[source] + jitter * X.std(axis=0) * rng.normal(
        size=(source.size, X.shape[1])
    )


def measure_folds(model, copied, seeds):
    found = {"plain": [], "kept_together": [], "fresh": []}
    for seed in range(seeds):
        X, y, X_fresh, y_fresh = draw(seed)
        rng = np.random.default_rng(seed)
        source, again = copies(X, copied, rng)
        X, y = np.vstack([X, again]), np.r_[y, y[source]]
        folds = {
            "plain": StratifiedKFold(5, shuffle=True, random_state=seed),
            "kept_together": DuplicateGroupKFold(
                5, near=copied != "equal", random_state=seed
            ),
        }
        for name, cv in folds.items():
            found[name].append(cross_val_score(MODELS[model], X, y, cv=cv).mean())
        found["fresh"].append(MODELS[model].fit(X, y).score(X_fresh, y_fresh))
    table = pd.DataFrame(found)
    off = table.sub(table["fresh"], axis=0)
    return [
        {
            **table.mean().to_dict(),
            "plain_off": off["plain"].mean(),
            "kept_together_off": off["kept_together"].mean(),
            "kept_together_off_by": off["kept_together"].abs().mean(),
        }
    ]


def fold_targets(rows, quick):
    worst = rows["kept_together_off"].abs().max()
    return [] if quick else [Target("off by, kept together", worst, 0.02, at_most=True)]


def measure_report(model, copied, seeds):
    """How often the interval of the clean rows holds the score of fresh rows."""
    held, inflated, off = [], [], []
    for seed in range(seeds):
        X, y, X_fresh, y_fresh = draw(seed)
        rng = np.random.default_rng(seed)
        source, again = copies(X[:1000], copied, rng)
        source, again = source[:300], again[:300]
        report = leakage_report(
            X[:1000],
            np.vstack([again, X[1000:]]),
            y[:1000],
            np.r_[y[source], y[1000:]],
            estimator=MODELS[model],
        )
        truth = MODELS[model].fit(X[:1000], y[:1000]).score(X_fresh, y_fresh)
        clean = report.scores["clean"]
        held.append(clean.lower <= truth <= clean.upper)
        off.append(report.scores["all"].estimate - truth)
        inflated.append(report.inflation.lower > 0)
    return [
        {
            "clean_holds_fresh": np.mean(held),
            "all_off": np.mean(off),
            "inflation_seen": np.mean(inflated),
        }
    ]


def report_targets(rows, quick):
    least = rows["clean_holds_fresh"].min()
    return [] if quick else [Target("clean interval holds", least, 0.9)]


def measure_hidden(model, times, seeds):
    """Average precision of wrong labels whose rows are repeated so many times."""
    found = []
    for seed in range(seeds):
        X, y, *_ = draw(seed)
        X, y = X[:800], y[:800]
        rng = np.random.default_rng(seed)
        wrong = rng.random(y.size) < 0.1
        given = np.where(wrong, 1 - y, y)
        rows = np.r_[np.arange(800), np.repeat(np.arange(400), times - 1)]
        groups = duplicate_groups(X[rows])
        scored = {}
        for name, twins in (("apart", None), ("kept_together", groups)):
            oof = out_of_fold(
                MODELS[model],
                X[rows],
                given[rows],
                duplicate_groups=twins,
                random_state=seed,
            )
            scores = label_quality_scores(given[rows], oof.proba)
            repeated = np.isin(rows, np.arange(400))
            scored[name] = average_precision_score(
                wrong[rows][repeated], -scores[repeated]
            )
        found.append(scored)
    means = pd.DataFrame(found).mean()
    return [{**means.to_dict(), "gain": means["kept_together"] - means["apart"]}]


FOLDS = Part(
    measure_folds,
    "plain kept_together fresh plain_off kept_together_off kept_together_off_by",
    full=[
        task
        for model, seeds in SEEDS.items()
        for task in grid(model=[model], copied=COPIED, seeds=[seeds])
    ],
    quick=grid(model=["1 neighbour"], copied=["equal"], seeds=[1]),
    tables={"Accuracy; off: less that of fresh rows.": as_they_are},
    targets=fold_targets,
)
REPORT = Part(
    measure_report,
    "clean_holds_fresh all_off inflation_seen",
    full=[
        task
        for model, seeds in SEEDS.items()
        for task in grid(model=[model], copied=COPIED, seeds=[seeds])
    ],
    quick=grid(model=["1 neighbour"], copied=["equal"], seeds=[1]),
    tables={"Shares of test sets; all_off: all rows less fresh ones.": as_they_are},
    targets=report_targets,
)
HIDDEN = Part(
    measure_hidden,
    "apart kept_together gain",
    full=[
        task
        for model, seeds in SEEDS.items()
        for task in grid(model=[model], times=[1, 2, 4], seeds=[seeds])
    ],
    quick=grid(model=["1 neighbour"], times=[2], seeds=[1]),
    tables={"Average precision of wrong labels, 10 % of them.": as_they_are},
)
