"""What ``diagnose`` says of tables in which something is wrong.

Labels: wrong ones are planted in tables on which a model of the clean labels errs
little, at random (symmetric), into the next class with rates that differ between
classes (pair), and on the rows most like another class (on hard rows). Faults: copies
of 3 % of the rows, exact or moved by 1 % of the spread of each number; a copy of the
label, exact or 3 % of it replaced at random; a column filled in for one class only; a
class of 2 %; target rows moved along the first principal component. Cuts were chosen on
the half "tuning".
"""

from collections import Counter

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from sklearn.datasets import (
    load_breast_cancer,
    load_digits,
    load_iris,
    load_wine,
    make_blobs,
    make_classification,
)

from benchmarks._problem import Part, Target, grid
from benchmarks._tables import as_they_are
from benchmarks.label_noise.suite import NOISE
from skdataquality import diagnose
from skdataquality.datasets import make_clean_table, make_shifted_sample

VERDICTS = ("found", "suspect", "cannot_tell", "clear")
SIZES = (300, 600, 1000)
N_TABLES = 16


# ---------------------------------------------------------------- tables
def _rows_of(load):
    def draw(rng):
        X, y = load(return_X_y=True)
        rows = rng.permutation(len(y))[: max(100, int(0.8 * len(y)))]
        return X[rows], y[rows]

    return draw


def _blobs(n_classes):
    def draw(rng):
        return make_blobs(
            rng.choice(SIZES) * (1 + (n_classes > 5)),
            n_features=8,
            centers=n_classes,
            cluster_std=2.0,
            center_box=(-8, 8),
            random_state=rng,
        )

    return draw


def _two_normals(rng):
    n = rng.choice(SIZES)
    y = rng.randint(0, 2, n)
    return rng.normal(size=(n, 8)) + 2 * y[:, None] * (np.arange(8) < 4), y


def _four_classes(rng):
    return make_classification(
        rng.choice(SIZES),
        n_features=12,
        n_informative=6,
        n_redundant=3,
        n_classes=4,
        n_clusters_per_class=1,
        class_sep=2.5,
        flip_y=0,
        random_state=rng,
    )


TABLES = {
    "tuning": {
        "breast cancer": _rows_of(load_breast_cancer),
        "blobs of 3": _blobs(3),
        "two normals": _two_normals,
        "digits": _rows_of(load_digits),
    },
    "held out": {
        "wine": _rows_of(load_wine),
        "iris": _rows_of(load_iris),
        "four classes": _four_classes,
        "blobs of 10": _blobs(10),
    },
}
DRAWS = {name: draw for tables in TABLES.values() for name, draw in tables.items()}
TEN_CLASSES = ("digits", "blobs of 10")
KINDS = {"symmetric": "symmetric", "pair": "pair", "on hard rows": "feature"}


# ---------------------------------------------------------------- labels
def measure_labels(half, table, noise, rate, tables):
    """Count verdicts on labels, and what the noise floor says of the rate."""
    said = Parallel(n_jobs=-1)(
        delayed(_judge_labels)(table, noise, rate, seed) for seed in range(tables)
    )
    verdicts, floors = zip(*said, strict=True)
    return [_counts(verdicts) | {"noise_floor": float(np.median(floors))}]


def _judge_labels(table, noise, rate, seed):
    X, y = DRAWS[table](np.random.RandomState(seed))
    noisy = NOISE[KINDS[noise]](X, y, rate, np.random.RandomState(seed))
    lens = diagnose(X, noisy, random_state=seed).lenses["label_noise"]
    return lens.verdict, lens.numbers["noise_floor"].estimate


def _counts(verdicts):
    count = Counter(verdict.replace(" ", "_") for verdict in verdicts)
    return {verdict: count[verdict] for verdict in VERDICTS}


# ---------------------------------------------------------------- other faults
def _with_exact_copies(table, rng):
    copies = rng.choice(len(table), round(0.03 * len(table)), replace=False)
    return pd.concat([table, table.iloc[copies]], ignore_index=True)


def _with_near_copies(table, rng):
    copies = rng.choice(len(table), round(0.03 * len(table)), replace=False)
    moved = table.iloc[copies].copy()
    numbers = [c for c in moved.columns if c != "label" and moved[c].dtype.kind == "f"]
    noise = rng.normal(size=(len(moved), len(numbers)))
    moved[numbers] += 0.01 * table[numbers].std().to_numpy() * noise
    return pd.concat([table, moved], ignore_index=True)


def _with_label_copy(share):
    def plant(table, rng):
        y = table["label"].to_numpy()
        replaced = rng.random(len(y)) < share
        return table.assign(copy=np.where(replaced, rng.permutation(y), y))

    return plant


def _with_one_class_only(table, rng):
    is_first = table["label"] == table["label"].min()
    value = rng.normal(size=len(table)).round(3)
    return table.assign(treated=np.where(is_first, value, np.nan))


def _with_rare_class(table, rng):
    label = table["label"].to_numpy()
    rare = np.flatnonzero(label == label.min())
    kept = max(8, round(0.02 * len(table)))
    return table.drop(index=rare[kept:]).reset_index(drop=True)


def _as_it_is(table, rng):
    return table


FAULTS = {
    "exact copies": ("duplicates", _with_exact_copies),
    "near copies": ("duplicates", _with_near_copies),
    "copy of the label": ("leakage", _with_label_copy(0.0)),
    "copy with errors": ("leakage", _with_label_copy(0.03)),
    "one class only": ("leakage", _with_one_class_only),
    "rare class": ("imbalance", _with_rare_class),
    "shift": ("shift", _as_it_is),
}


def _wide_mixed(rng):
    table = make_clean_table("mixed with holes", random_state=rng)
    return table.X, table.y


FAULT_TABLES = {
    "breast cancer": _rows_of(load_breast_cancer),
    "wine": _rows_of(load_wine),
    "blobs of 3": _blobs(3),
    "mixed with holes": _wide_mixed,
}


def measure_faults(fault, table, tables):
    """Count verdicts of the lens that a planted fault is for."""
    verdicts = Parallel(n_jobs=-1)(
        delayed(_judge_fault)(fault, table, seed) for seed in range(tables)
    )
    return [{"lens": FAULTS[fault][0]} | _counts(verdicts)]


def _judge_fault(fault, table, seed):
    lens, plant = FAULTS[fault]
    rng = np.random.default_rng(seed)
    X, y = FAULT_TABLES[table](np.random.RandomState(seed))
    X = pd.DataFrame(X).rename(columns=str).assign(label=y)
    target = None
    if fault == "shift":
        numbers = X.drop(columns="label").select_dtypes("number").fillna(0)
        scaled = (numbers - numbers.mean()) / numbers.std().replace(0, 1)
        first = scaled.to_numpy() @ np.linalg.svd(scaled, full_matrices=False)[2][0]
        is_target = make_shifted_sample(
            first, len(X) // 3, strength=1.5, random_state=seed
        )
        target = X[is_target].drop(columns="label").reset_index(drop=True)
        X = X[~is_target].reset_index(drop=True)
    train = plant(X, rng).sample(frac=1, random_state=seed).reset_index(drop=True)
    report = diagnose(train, "label", X_target=target, random_state=seed)
    return report.lenses[lens].verdict


# ---------------------------------------------------------------- what was reached
def _found(rows):
    return rows["found"] / rows[list(VERDICTS)].sum(axis=1)


def label_targets(rows, quick):
    if quick:
        return []
    hard, at_random = rows["noise"] == "on hard rows", rows["noise"] != "on hard rows"
    found = rows.assign(share=_found(rows))
    said = []
    for rate, least in ((0.1, 0.9), (0.05, 0.6), (0.2, 0.95), (0.4, 0.95)):
        shares = found[at_random & (rows["rate"] == rate)].groupby("noise")["share"]
        for noise, share in shares.mean().items():
            said.append(Target(f"{noise}, {rate}, mean over tables", share, least))
    never = int(rows.loc[hard, "clear"].sum())
    return [*said, Target("noise on hard rows called clear", never, 0, at_most=True)]


def fault_targets(rows, quick):
    if quick:
        return []
    named = (rows["found"] + rows["suspect"]) / rows[list(VERDICTS)].sum(axis=1)
    return [
        Target(f"{fault}, found or suspect", share, 0.9)
        for fault, share in named.groupby(rows["fault"]).mean().items()
    ]


def _label_tasks(tables):
    plain = [("symmetric", 0.05), ("symmetric", 0.1), ("pair", 0.1)]
    plain.append(("on hard rows", 0.13))
    many = [("symmetric", 0.2), ("symmetric", 0.4)]
    return [
        {"half": half, "table": name, "noise": noise, "rate": rate, "tables": tables}
        for half, names in TABLES.items()
        for name in names
        for noise, rate in (plain + many if name in TEN_CLASSES else plain)
    ]


PARTS = {
    "planted_zoo_labels": Part(
        measure_labels,
        f"{' '.join(VERDICTS)} noise_floor",
        full=_label_tasks(N_TABLES),
        quick=[t for t in _label_tasks(2) if t["table"] in ("wine", "iris")][:2],
        tables={"Verdicts on planted wrong labels, and the median floor.": as_they_are},
        targets=label_targets,
    ),
    "planted_zoo_faults": Part(
        measure_faults,
        f"lens {' '.join(VERDICTS)}",
        full=grid(fault=FAULTS, table=FAULT_TABLES, tables=[10]),
        quick=grid(fault=["exact copies", "shift"], table=["wine"], tables=[2]),
        tables={"Verdicts of the lens that the fault is for.": as_they_are},
        targets=fault_targets,
    ),
}
