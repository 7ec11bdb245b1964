"""Measure how often ``diagnose`` accuses clean data, and how often it finds failures.

Clean data sets are drawn from eleven designs: separable, overlapping, weak and no
signal, uneven classes, three classes, partly pure, curved, heavy-tailed. Target rows
come from the same design, and five sources at random. Planted data sets are those of
the demo with other seeds, and with a copy of the label of which 3 % is wrong.

    python benchmarks/false_accusations.py            # 200 clean, 50 planted
    python benchmarks/false_accusations.py --quick    # 30 clean, 10 planted

It writes benchmarks/results/false_accusations.json (full run only) and fails if a lens
says "found" on more than 5 % of the clean sets (more than 4 of 30 in the quick run), or
on fewer than 90 % of the planted ones ("cannot tell" counts as missed).
"""

import argparse
import json
from collections import Counter
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skdataquality import diagnose
from skdataquality.datasets import load_demo

RESULTS = Path(__file__).parent / "results" / "false_accusations.json"
LENSES = (
    "leakage",
    "duplicates",
    "imbalance",
    "label_noise",
    "shift",
    "provenance",
)
SIZES = (250, 500, 1000)
N_COLUMNS = 10


def _apart(distance):
    def draw(rng, X):
        y = rng.integers(0, 2, len(X))
        X[:, 0] += distance * y
        return y

    return draw


def _uneven(share, distance):
    def draw(rng, X):
        y = (rng.random(len(X)) < share).astype(int)
        X[:, 0] += distance * y
        return y

    return draw


def _three(rng, X):
    y = rng.integers(0, 3, len(X))
    X[:, 0] += 2.5 * (y == 1)
    X[:, 1] += 2.5 * (y == 2)
    return y


def _partly_pure(rng, X):
    y = rng.integers(0, 2, len(X))
    informative = rng.random(len(X)) < 0.5
    X[:, 0] += 5 * informative
    X[:, 1] += 3 * y * informative
    return y


def _curved(rng, X):
    logit = 3 * (X[:, 0] * X[:, 1] + X[:, 2] ** 2 - 1)
    return (rng.random(len(X)) < 1 / (1 + np.exp(-logit))).astype(int)


def _heavy_tails(rng, X):
    X[:] = rng.standard_t(3, size=X.shape)
    return (rng.random(len(X)) < 1 / (1 + np.exp(-2 * (X[:, 0] + X[:, 1])))).astype(int)


DESIGNS = {
    "separable": _apart(3),
    "overlapping": _apart(2),
    "weak": _apart(1.3),
    "very weak": _apart(0.9),
    "no signal": _apart(0),
    "uneven": _uneven(0.35, 2.5),
    "uneven, no signal": _uneven(0.35, 0),
    "three classes": _three,
    "partly pure": _partly_pure,
    "curved": _curved,
    "heavy tails": _heavy_tails,
}


def clean_data(seed):
    """Draw training and target rows of one design without any failure."""
    rng = np.random.default_rng(seed)
    name = list(DESIGNS)[seed % len(DESIGNS)]
    n = int(rng.choice(SIZES))
    X = rng.normal(size=(n + n // 2, N_COLUMNS))
    y = DESIGNS[name](rng, X)
    return name, X[:n], y[:n], X[n:]


def verdicts_on_clean_data(n_sets):
    """Count the verdicts of each lens, and name the designs it accuses."""
    counts = {lens: Counter() for lens in LENSES}
    accused = {lens: Counter() for lens in LENSES}
    for seed in range(n_sets):
        name, X, y, X_target = clean_data(seed)
        source = np.random.default_rng(seed).integers(0, 5, len(X))
        report = diagnose(
            X, y, X_target=X_target, sources={"vendor": source}, random_state=seed
        )
        for lens in LENSES:
            verdict = report.lenses[lens].verdict
            counts[lens][verdict] += 1
            accused[lens][name] += verdict == "found"
    return counts, accused


def verdicts_on_planted_data(n_sets):
    """Count the verdicts of each lens on the demo's data with other seeds."""
    counts = {lens: Counter() for lens in LENSES}
    model = make_pipeline(StandardScaler(), LogisticRegression())
    for seed in range(n_sets):
        demo = load_demo(random_state=seed)
        rng = np.random.default_rng(seed)
        copy = np.where(rng.random(demo.y.size) < 0.03, rng.permutation(demo.y), demo.y)
        is_rare = (copy == demo.rare_class).astype(float)
        unknown = rng.permutation(is_rare)[: len(demo.X_target)]
        report = diagnose(
            np.column_stack([demo.X, is_rare]),
            demo.y,
            X_target=np.column_stack([demo.X_target, unknown]),
            sources=demo.sources,
            estimator=model,
            random_state=seed,
        )
        for lens in LENSES:
            counts[lens][report.lenses[lens].verdict] += 1
    return counts


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    n_clean, n_planted, most = (30, 10, 4) if quick else (200, 50, 10)
    clean, accused = verdicts_on_clean_data(n_clean)
    planted = verdicts_on_planted_data(n_planted)
    print(f"{'lens':<13}{'accused falsely':<20}{'found':<12}clean verdicts")
    for lens in LENSES:
        false = f"{clean[lens]['found']} of {n_clean}"
        found = f"{planted[lens]['found']} of {n_planted}"
        print(f"{lens:<13}{false:<20}{found:<12}{dict(clean[lens])}")
        for name, count in accused[lens].items():
            if count:
                print(f"{'':<13}  {name}: {count}")
    if not quick:
        RESULTS.parent.mkdir(exist_ok=True)
        result = {
            "clean_sets": n_clean,
            "planted_sets": n_planted,
            "clean": {lens: dict(clean[lens]) for lens in LENSES},
            "accused_designs": {
                lens: {k: v for k, v in accused[lens].items() if v} for lens in LENSES
            },
            "planted": {lens: dict(planted[lens]) for lens in LENSES},
        }
        RESULTS.write_text(json.dumps(result, indent=2) + "\n")
    for lens in LENSES:
        assert clean[lens]["found"] <= most, f"{lens} accuses clean data too often"
        assert planted[lens]["found"] >= 0.9 * n_planted, f"{lens} misses too often"


if __name__ == "__main__":
    main()
