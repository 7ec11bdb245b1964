"""Log loss and accuracy after a remedy for wrong labels, beside doing nothing.

Six tables, three models and two splits; training labels are right, or 10 or 20 % of
them are replaced by another class at random. Test rows have right labels. Remedies are
the strategies of ``NoisePruningClassifier``, and pruning without calibration. Two
tables are read from the folder that ``--data`` names, and left out without it: "bank"
(``bank_marketing/bank-full.csv``, 2000 of its rows) and "heart"
(``heart_disease_4sites/processed.cleveland.data``); "overlap" are two normal classes of
Bayes error 20 %.
"""

import os
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.datasets import load_breast_cancer, load_digits, load_wine
from sklearn.metrics import log_loss
from sklearn.model_selection import train_test_split

from benchmarks._problem import Part, Target, grid
from benchmarks.label_noise.detectors import RememberingDetector
from benchmarks.label_noise.suite import forest, logistic
from skdataquality.compose._default import default_classifier
from skdataquality.datasets import make_label_errors
from skdataquality.label_noise import NoisePruningClassifier

MOST_ROWS = 2000
MODELS = {
    "logistic": lambda seed: logistic(),
    "forest": forest,
    "boosting": lambda seed: default_classifier(),
}
STRATEGIES = ("prune", "relabel", "reweight", "soft")
REMEDIES = ("nothing", *STRATEGIES, "uncalibrated")
MEASURED = " ".join(f"{name}_{what}" for name in REMEDIES for what in ("loss", "acc"))


def _from_folder(name, **options):
    folder = Path(os.environ.get("SKDATAQUALITY_BENCHMARK_DATA", "no data given"))
    path = folder / name
    return pd.read_csv(path, **options) if path.exists() else None


def bank(seed):
    table = _from_folder("bank_marketing/bank-full.csv")
    if table is None:
        return None
    table = table.sample(MOST_ROWS, random_state=seed)
    y = (table.pop("y") == "yes").to_numpy(dtype=int)
    return pd.get_dummies(table, dtype=float).to_numpy(), y


def heart(seed):
    table = _from_folder("heart_disease_4sites/processed.cleveland.data", na_values="?")
    if table is None:
        return None
    cells = table.dropna().to_numpy(dtype=float)
    return cells[:, :-1], (cells[:, -1] > 0).astype(int)


def digits(seed):
    X, y = load_digits(return_X_y=True)
    rows = np.random.RandomState(seed).permutation(y.size)[:1000]
    return X[rows], y[rows]


def overlap(seed):
    rng = np.random.RandomState(seed)
    y = rng.randint(0, 2, 1200)
    X = rng.normal(size=(1200, 8))
    X[:, :4] += 0.84 * y[:, None]
    return X, y


TABLES = {
    "breast_cancer": lambda seed: load_breast_cancer(return_X_y=True),
    "wine": lambda seed: load_wine(return_X_y=True),
    "digits": digits,
    "bank": bank,
    "heart": heart,
    "overlap": overlap,
}


def measure(data, rate, seed, model):
    table = TABLES[data](seed)
    if table is None:
        return []
    X, X_test, y, y_test = train_test_split(
        *table, test_size=0.3, stratify=table[1], random_state=seed
    )
    if rate:
        y = make_label_errors(y, rate, random_state=seed)[0]
    final = MODELS[model](seed)
    remedied = {"nothing": final}
    for name in (*STRATEGIES, "uncalibrated"):
        remedied[name] = NoisePruningClassifier(
            final,
            detector=RememberingDetector(seed),
            strategy="prune" if name == "uncalibrated" else name,
            calibrate=name != "uncalibrated",
        )
    row = {}
    for name, estimator in remedied.items():
        fitted = estimator.fit(X, y)
        row[f"{name}_loss"] = log_loss(y_test, fitted.predict_proba(X_test))
        row[f"{name}_acc"] = float(np.mean(fitted.predict(X_test) == y_test))
    return [row]


def ratios(rows, remedy):
    """Mean log loss over that of doing nothing, by table and model."""
    mean = rows.groupby(["data", "model"], sort=False).mean(numeric_only=True)
    return mean[f"{remedy}_loss"] / mean["nothing_loss"]


def gains(rows, remedy):
    """Mean accuracy beyond that of doing nothing, by table and model."""
    gain = rows[f"{remedy}_acc"] - rows["nothing_acc"]
    return gain.groupby([rows["data"], rows["model"]], sort=False).mean()


def by_remedy(rows):
    return pd.DataFrame(
        {
            "rate": f"{rate:.0%}",
            "remedy": remedy,
            "log loss": f"{part[f'{remedy}_loss'].mean():.3f}",
            "ratio to nothing": f"{ratios(part, remedy).mean():.3f}",
            "worst ratio": f"{ratios(part, remedy).max():.3f}",
            "accuracy": f"{part[f'{remedy}_acc'].mean():.3f}",
            "worst gain": f"{gains(part, remedy).min():.3f}",
        }
        for rate, part in rows.groupby("rate")
        for remedy in REMEDIES
    )


def by_table(rows):
    return pd.DataFrame(
        {
            "rate": f"{rate:.0%}",
            "data": data,
            "model": model,
            **{
                f"{name}, log loss": f"{part[f'{name}_loss'].mean():.3f}"
                for name in ("nothing", "prune")
            },
            **{
                f"{name}, accuracy": f"{part[f'{name}_acc'].mean():.3f}"
                for name in ("nothing", "prune")
            },
        }
        for (rate, data, model), part in rows.groupby(
            ["rate", "data", "model"], sort=False
        )
    )


def targets(rows, quick):
    if quick:
        return []
    clean = rows[rows["rate"] == 0]
    found = [
        Target(
            "log loss after pruning right labels, worst ratio to nothing",
            ratios(clean, "prune").max(),
            1.05,
            at_most=True,
        ),
        Target(
            "accuracy after pruning right labels, worst gain",
            gains(clean, "prune").min(),
            -0.005,
        ),
    ]
    for rate, part in rows[rows["rate"] > 0].groupby("rate"):
        found += [
            Target(
                f"log loss after pruning at {rate:.0%}, mean ratio to nothing",
                ratios(part, "prune").mean(),
                1,
                at_most=True,
            ),
            Target(
                f"accuracy after pruning at {rate:.0%}, mean gain",
                gains(part, "prune").mean(),
                0,
            ),
        ]
    return found


PARTS = {
    "pruned_probabilities": Part(
        measure,
        MEASURED,
        full=grid(
            data=list(TABLES), rate=[0.0, 0.1, 0.2], seed=range(2), model=list(MODELS)
        ),
        quick=grid(data=["wine"], rate=[0.2], seed=[0], model=["logistic"]),
        tables={
            "By rate of wrong labels and remedy. Ratios and gains are those of a table "
            "with a model, over two splits; worst of eighteen.": by_remedy,
            "Pruning, and nothing.": by_table,
        },
        targets=targets,
    )
}
