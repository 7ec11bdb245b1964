"""How often the intervals that ``diagnose`` prints cover, on rows it never saw.

A table of 400 rows is examined, of which the labels are right or a tenth was replaced
by any other class. The truth is measured on 4000 further rows of the same source:
what the default model does there, fitted on four fifths of the table as in five folds,
the mean over these; the share of the rarest class; no difference between training and
target rows; and the share of wrong labels.
"""

from collections import defaultdict

import numpy as np
from joblib import Parallel, delayed
from sklearn.model_selection import StratifiedKFold

from benchmarks._problem import Part, Target, grid
from skdataquality import diagnose
from skdataquality.compose._default import default_model
from skdataquality.datasets import make_clean_table, make_label_errors
from skdataquality.utils._fits import default_fit

FAMILIES = (
    "normal, error 10 %",
    "logistic, flat",
    "heavy tails",
    "counts",
    "correlated blocks",
    "survey, 10 items",
    "three classes",
    "minority 10 %",
    "curved",
    "partly pure",
)
ROWS, FRESH, TARGET = 400, 4000, 200
NUMBERS = {
    "label_noise": (
        "noise_floor",
        "out_of_fold_accuracy",
        "contradicted_when_confident",
    ),
    "imbalance": ("rarest_share", "rarest_recall", "accuracy", "balanced_accuracy"),
    "shift": ("domain_auc", "accuracy_held_out", "accuracy_expected_on_target"),
}


def measure(family, rate, tables):
    said = Parallel(n_jobs=-1)(
        delayed(_covered)(family, rate, seed) for seed in range(tables)
    )
    hits, widths = defaultdict(list), defaultdict(list)
    for of_table in said:
        for number, (is_hit, width) in of_table.items():
            hits[number].append(is_hit)
            widths[number].append(width)
    return [
        {
            "number": number,
            "intervals": len(hit),
            "coverage": float(np.mean(hit)),
            "width": float(np.mean(widths[number])),
        }
        for number, hit in hits.items()
    ]


def _covered(family, rate, seed):
    table = make_clean_table(family, n_samples=ROWS + FRESH + TARGET, random_state=seed)
    y = table.y
    if rate:
        y, _ = make_label_errors(y, rate, random_state=seed)
    X, fresh = table.X[:ROWS], table.X[ROWS : ROWS + FRESH].reset_index(drop=True)
    target = table.X[ROWS + FRESH :].reset_index(drop=True)
    report = diagnose(X, y[:ROWS], X_target=target, random_state=seed)
    truth = _truth(X, y[:ROWS], fresh, y[ROWS : ROWS + FRESH]) | {"noise_floor": rate}
    out = {}
    for lens, names in NUMBERS.items():
        for name in names:
            found = report.lenses[lens].numbers.get(name)
            if found is not None:
                is_hit = found.lower <= truth[name] <= found.upper
                out[f"{lens}: {name}"] = is_hit, found.upper - found.lower
    return out


def _truth(X, y, fresh, labels):
    """Measure what the default model, fitted in five folds, does on fresh rows."""
    folds = StratifiedKFold(5, shuffle=True, random_state=0).split(X, y)
    classes, sizes = np.unique(y, return_counts=True)
    rarest = classes[sizes.argmin()]
    of_folds = [
        _on_fresh_rows(X.iloc[i], y[i], fresh, labels, rarest) for i, _ in folds
    ]
    measured = {k: float(np.mean([m[k] for m in of_folds])) for k in of_folds[0]}
    return measured | {"rarest_share": np.mean(labels == rarest), "domain_auc": 0.5}


def _on_fresh_rows(X, y, fresh, labels, rarest):
    with default_fit(True):
        model = default_model(X).fit(X, y)
    proba = model.predict_proba(fresh)
    right = model.classes_[proba.argmax(axis=1)] == labels
    recall = np.array([right[labels == c].mean() for c in np.unique(labels)])
    return {
        "out_of_fold_accuracy": right.mean(),
        "accuracy": right.mean(),
        "accuracy_held_out": right.mean(),
        "accuracy_expected_on_target": right.mean(),
        "balanced_accuracy": recall.mean(),
        "rarest_recall": right[labels == rarest].mean(),
        "contradicted_when_confident": 1 - right[_surest(proba)].mean(),
    }


def _surest(proba):
    """Most confident 40 % of each predicted class."""
    predicted, confidence = proba.argmax(axis=1), proba.max(axis=1)
    chosen = np.zeros(predicted.size, dtype=bool)
    for k in np.unique(predicted):
        rows = np.flatnonzero(predicted == k)
        order = rows[np.argsort(-confidence[rows], kind="stable")]
        chosen[order[: int(np.ceil(0.4 * rows.size))]] = True
    return chosen


def pooled(rows):
    """Show the coverage of each number over all families, and in the worst."""
    table = []
    for (rate, number), found in rows.groupby(["rate", "number"], sort=False):
        worst = found.loc[found["coverage"].idxmin()]
        table.append(
            {
                "replaced": rate,
                "number": number,
                "coverage": np.average(found["coverage"], weights=found["intervals"]),
                "worst family": f"{worst['coverage']:.2f} {worst['family']}",
                "width": found["width"].mean(),
            }
        )
    return type(rows)(table)


def targets(rows, quick):
    if quick:
        return []
    shown = pooled(rows)
    return [
        Target(f"{row.number}, {row.replaced} replaced", row.coverage, 0.93)
        for row in shown.itertuples()
    ]


PARTS = {
    "interval_coverage": Part(
        measure,
        "number intervals coverage width",
        full=grid(family=FAMILIES, rate=[0.0, 0.1], tables=[16]),
        quick=grid(family=FAMILIES[:1], rate=[0.0], tables=[2]),
        tables={"Coverage at nominal 95 %, over ten families.": pooled},
        targets=targets,
    )
}
