"""Measure whether the interval of a label audit covers, and what stratifying saves.

One noisy data set per setting, with out-of-fold probabilities of a logistic regression
and a forest; the audit of 200 rows is drawn again and again from it. "Feature" noise
mislabels ambiguous rows, against the assumption of the design.

    python benchmarks/label_audit.py            # 400 audits per setting
    python benchmarks/label_audit.py --quick    # 100, digits only

It writes benchmarks/results/label_audit.csv (full run only) and fails if a target below
is missed.
"""

import argparse
import csv
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits, make_classification
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skdataquality.datasets import make_label_errors
from skdataquality.label_noise import LabelAudit, label_error_rate
from skdataquality.label_noise._audit._plan import plan_from_design

RESULTS = Path(__file__).parent / "results" / "label_audit.csv"
N_AUDITED = 200
CV = StratifiedKFold(5, shuffle=True, random_state=0)
LINEAR = make_pipeline(StandardScaler(), LogisticRegression(max_iter=300))
FOREST = RandomForestClassifier(50, min_samples_leaf=2, random_state=0)


def load(name):
    if name == "digits":
        return load_digits(return_X_y=True)
    return make_classification(
        6000,
        n_informative=8,
        n_redundant=4,
        n_classes=7,
        n_clusters_per_class=2,
        random_state=0,
    )


def proba_out_of_fold(model, X, y):
    return cross_val_predict(model, X, y, cv=CV, method="predict_proba")


def symmetric(X, y, rate):
    return make_label_errors(y, rate, random_state=0)[0]


def pair(X, y, rate):
    """Each class has one wrong label and a rate of its own."""
    rng = np.random.default_rng(0)
    n_classes = y.max() + 1
    hardness = rng.uniform(0.3, 1.7, n_classes)[y]
    wrong = (np.arange(n_classes) + rng.integers(1, n_classes, n_classes)) % n_classes
    flip = rng.random(y.size) < np.clip(rate * hardness / hardness.mean(), 0, 0.49)
    return np.where(flip, wrong[y], y)


def feature(X, y, rate):
    """Rows that look like another class get its label, the likelier the more so."""
    rng = np.random.default_rng(0)
    proba = proba_out_of_fold(LINEAR, X, y)
    proba[np.arange(y.size), y] = -1
    odds = np.exp(4 * proba.max(axis=1))
    rows = rng.choice(y.size, round(rate * y.size), replace=False, p=odds / odds.sum())
    noisy = y.copy()
    noisy[rows] = proba.argmax(axis=1)[rows]
    return noisy


def design_of(y, proba):
    """Strata and rows to draw, the same for every draw that LabelAudit.plan makes."""
    classes, codes = np.unique(y, return_inverse=True)
    covered = np.ones(y.size, dtype=bool)
    return LabelAudit(N_AUDITED)._design(codes, proba, covered, classes)


def audit_often(y, design, is_wrong, n_audits):
    """Estimates and intervals of repeated audits, overall and by class."""
    classes, codes = np.unique(y, return_inverse=True)
    rng = np.random.RandomState(0)
    overall, by_class = [], []
    for _ in range(n_audits):
        plan = plan_from_design(*design, codes=codes, classes=classes, random_state=rng)
        result = plan.estimate(plan.rows, is_wrong[plan.rows])
        lines = [result.overall, *(row["rate"] for row in result.by_class)]
        ends = np.array([(i.estimate, i.lower, i.upper) for i in lines])
        overall.append(ends[0])
        by_class.append(ends[1:])
    return np.array(overall), np.array(by_class)


def standard_error(is_wrong, stratum, drawn):
    """Exact, of the estimate from `drawn` random rows of each stratum."""
    sizes = np.bincount(stratum)
    share = np.bincount(stratum, weights=is_wrong) / sizes
    variance = sizes * share * (1 - share) / np.maximum(sizes - 1, 1)
    variance *= (1 - drawn / sizes) / drawn * (sizes / sizes.sum()) ** 2
    return np.sqrt(variance.sum())


def covers(ends, truth):
    return (ends[..., 1] <= truth + 1e-12) & (truth <= ends[..., 2] + 1e-12)


def measure(data, noise, rate, n_audits):
    X, truth = load(data)
    y = noise(X, truth, rate)
    proba = sum(proba_out_of_fold(model, X, y) for model in (LINEAR, FOREST)) / 2
    is_wrong = y != truth
    design = design_of(y, proba)
    overall, by_class = audit_often(y, design, is_wrong, n_audits)
    class_rates = np.bincount(y, weights=is_wrong) / np.bincount(y)
    error = standard_error(is_wrong, *design)
    simple = standard_error(is_wrong, np.zeros(y.size, dtype=int), N_AUDITED)
    return {
        "data": data,
        "noise": noise.__name__,
        "rate": is_wrong.mean(),
        "audits": n_audits,
        "coverage": covers(overall, is_wrong.mean()).mean(),
        "bias": overall[:, 0].mean() - is_wrong.mean(),
        "sd": overall[:, 0].std(),
        "standard_error": error,
        "standard_error_simple_random": simple,
        "ratio": simple / error,
        "width": (overall[:, 2] - overall[:, 1]).mean(),
        "class_coverage": covers(by_class, class_rates).mean(),
        "class_coverage_lowest": covers(by_class, class_rates).mean(axis=0).min(),
        "class_width": (by_class[..., 2] - by_class[..., 1]).mean(),
        "model_based": label_error_rate(y, proba, random_state=0).overall.estimate,
    }


def check(table):
    for row in table:
        assert abs(row["bias"]) <= 4 * row["standard_error"] / row["audits"] ** 0.5, row
        assert row["coverage"] >= 0.93, row
        assert row["class_coverage"] >= 0.93, row
        assert row["ratio"] >= (0.97 if row["noise"] == "feature" else 1.0), row
    ratios = [r["ratio"] for r in table if r["noise"] != "feature" and r["rate"] > 0.05]
    assert np.mean(ratios) >= 1.5, ratios


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    table = []
    for data in ("digits",) if quick else ("digits", "synthetic"):
        for noise in (symmetric, pair) if quick else (symmetric, pair, feature):
            for rate in (0.01, 0.1) if quick else (0.01, 0.1, 0.3):
                table.append(measure(data, noise, rate, 100 if quick else 400))
                cells = (
                    f"{v:.4g}" if isinstance(v, float) else v
                    for v in table[-1].values()
                )
                print(
                    ", ".join(
                        f"{k} {v}" for k, v in zip(table[-1], cells, strict=True)
                    ),
                    flush=True,
                )
    if not quick:
        with RESULTS.open("w", newline="") as file:
            writer = csv.DictWriter(file, table[0])
            writer.writeheader()
            writer.writerows(
                {k: round(v, 5) if isinstance(v, float) else v for k, v in row.items()}
                for row in table
            )
    check(table)


if __name__ == "__main__":
    main()
