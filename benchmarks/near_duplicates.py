"""Near duplicates: memory, recall of planted copies, false alarms.

cleanlab's rule (flag a row whose nearest neighbour is closer than 0.13 of the median
one) stands beside ours, in its Euclidean form.
"""

from functools import cache

import numpy as np
from sklearn.datasets import (
    load_breast_cancer,
    load_diabetes,
    load_digits,
    load_iris,
    load_wine,
)
from sklearn.neighbors import NearestNeighbors
from sklearn.preprocessing import StandardScaler

from benchmarks import _speed
from benchmarks._problem import Part, Target, grid
from benchmarks._tables import as_they_are, side_by_side
from skdataquality.duplicates._detection._near import near_pairs

JITTERS = (0.001, 0.01, 0.05)
NORMAL = {f"normal, {d} columns": d for d in (3, 5, 20)}
DIMENSIONS = (1, 2, 3, 5, 10, 20)
USUAL = ("uniform", "normal", "Poisson(5)", "t2")
CHOSEN_ON = ("normal", "densities")  # the widths of groups; the others report
WITHOUT_NEIGHBORS = ("wine", "breast_cancer", "normal, 5 columns")  # close ones
SHARE_COPIED = 0.03
CLEANLAB_FACTOR = 0.13
REAL = {
    "iris": load_iris,
    "wine": load_wine,
    "breast_cancer": load_breast_cancer,
    "digits": load_digits,
    "diabetes": load_diabetes,
}


def plant(X, jitter, seed):
    """Append jittered copies of 3 % of the rows; mask both sides of each copy."""
    rng = np.random.default_rng(seed)
    n_copies = max(2, int(SHARE_COPIED * len(X)))
    source = rng.choice(len(X), size=n_copies, replace=False)
    noise = rng.normal(size=(n_copies, X.shape[1])) * jitter * X.std(axis=0)
    truth = np.zeros(len(X) + n_copies, dtype=bool)
    truth[source] = truth[len(X) :] = True
    return np.vstack([X, X[source] + noise]), truth


def ours(X):
    pairs = near_pairs(X)
    flagged = np.zeros(len(X), dtype=bool)
    flagged[pairs.first] = flagged[pairs.second] = True
    return flagged


def nearest_rule(X):
    """Flag rows by cleanlab's default factor, on standardised columns."""
    X = StandardScaler().fit_transform(X)
    distance = NearestNeighbors(n_neighbors=1).fit(X).kneighbors()[0][:, 0]
    return distance < CLEANLAB_FACTOR * np.median(distance)


METHODS = {"ours": ours, "0.13 x median": nearest_rule}


# ---------------------------------------------------------------- a million rows
def search_rows_apart(n, d):
    """Search rows in which nothing is alike, but for 100 planted copies."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, d))
    X[-100:] = X[:100] + 1e-3 * rng.normal(size=(100, d))
    pairs, used = _speed.alone(near_pairs, X)
    return {
        "radius": float(pairs.radius),
        "pairs": pairs.first.size,
        "planted_pairs_found": int(np.sum(pairs.second - pairs.first == n - 100)),
        **used,
    }


def measure_large(rows, columns):
    return [_speed.in_new_process(search_rows_apart, rows, columns)]


def large_targets(rows, quick):
    found = rows.iloc[0]
    return [
        Target("planted pairs found", found["planted_pairs_found"], 100),
        Target("pairs found", found["pairs"], 100, at_most=True),
    ]


# ---------------------------------------------------------------- planted copies
@cache
def tables():
    """Return all tables; the normal ones share a random state."""
    rng = np.random.default_rng(0)
    normal = {name: rng.normal(size=(2000, d)) for name, d in NORMAL.items()}
    return {name: load().data for name, load in REAL.items()} | normal


def measure_planted(table, jitter, seeds):
    planted = [plant(tables()[table], jitter, seed) for seed in range(seeds)]
    truth = np.concatenate([mask for _, mask in planted])
    found = []
    for method, flag in METHODS.items():
        flagged = np.concatenate([flag(X) for X, _ in planted])
        hits = (flagged & truth).sum()
        found.append(
            {
                "method": method,
                "recall": hits / truth.sum(),
                "precision": hits / flagged.sum() if flagged.any() else np.nan,
            }
        )
    return found


def planted_targets(rows, quick):
    close = rows[(rows["method"] == "ours") & (rows["jitter"] == JITTERS[0])]
    known = close[close["table"].isin(WITHOUT_NEIGHBORS)]
    return [Target("recall of close copies, worst", known["recall"].min(), 1)]


# ---------------------------------------------------------------- false alarms
def mixture(rng, n, d):
    spread = np.array([1.0, 0.1, 0.01])[rng.integers(0, 3, n)][:, None]
    return rng.normal(size=(n, d)) * spread + 5 * np.log10(spread)


NULLS = {
    "uniform": lambda rng, n, d: rng.random((n, d)),
    "normal": lambda rng, n, d: rng.normal(size=(n, d)),
    "densities": mixture,
    "t2": lambda rng, n, d: rng.standard_t(2, size=(n, d)),
    "lognormal": lambda rng, n, d: np.exp(2 * rng.normal(size=(n, d))),
    "3 factors": lambda rng, n, d: rng.normal(size=(n, 3)) @ rng.normal(size=(3, d)),
    "3 factors and noise": lambda rng, n, d: (
        rng.normal(size=(n, 3)) @ rng.normal(size=(3, d))
        + 0.01 * rng.normal(size=(n, d))
    ),
    "Poisson(5)": lambda rng, n, d: rng.poisson(5.0, size=(n, d)).astype(float),
    "Poisson(0.3)": lambda rng, n, d: rng.poisson(0.3, size=(n, d)).astype(float),
    "rounded": lambda rng, n, d: np.round(rng.normal(size=(n, d)), 1),
    "70 % zero": lambda rng, n, d: (
        rng.exponential(size=(n, d)) * (rng.random((n, d)) < 0.3)
    ),
    "random walk": lambda rng, n, d: np.cumsum(rng.normal(size=(n, d)), axis=0),
}

GAUSSIAN = ("uniform", "normal")
OTHERS = [kind for kind in NULLS if kind not in GAUSSIAN]


def half(kind):
    return "chosen on" if kind in CHOSEN_ON else "reported"


def measure_chance(kind, rows, columns, seeds):
    pairs, flagged, found = 0, 0, 0
    for seed in range(seeds):
        X = NULLS[kind](np.random.default_rng([seed, rows, columns]), rows, columns)
        near = near_pairs(X)
        pairs += near.first.size
        flagged += np.unique(np.r_[near.first, near.second]).size
        found += near.first.size >= 4
    return [
        {
            "mean_pairs": pairs / seeds,
            "mean_rows": flagged / seeds,
            "share_found": found / seeds,
            "half": half(kind),
        }
    ]


def chance_targets(rows, quick):
    mean = rows[rows["kind"].isin(USUAL)]["mean_pairs"].mean()
    return [Target("mean pairs by chance", mean, 0.25, at_most=True)]


# ---------------------------------------------------------------- tables as they come
def measure_real(table):
    X = REAL[table]().data
    return [
        {"rows": len(X), "method": method, "flagged": int(flag(X).sum())}
        for method, flag in METHODS.items()
    ]


PARTS = {
    "large": Part(
        measure_large,
        f"radius pairs planted_pairs_found {_speed.ALONE}",
        full=[{"rows": 1_000_000, "columns": 20}],
        quick=[{"rows": 50_000, "columns": 20}],
        tables={"100 planted copies; the peak is beside the input.": as_they_are},
        targets=large_targets,
    ),
    "planted": Part(
        measure_planted,
        "method recall precision",
        full=grid(table=[*REAL, *NORMAL], jitter=JITTERS, seeds=[5]),
        quick=grid(table=WITHOUT_NEIGHBORS, jitter=JITTERS, seeds=[1]),
        tables={
            "Rows of copies, moved by a share of each column's standard deviation.": (
                side_by_side("table jitter", "method", "recall precision")
            )
        },
        targets=planted_targets,
    ),
    "chance": Part(
        measure_chance,
        "mean_pairs mean_rows share_found half",
        full=[
            *grid(kind=NULLS, rows=[500], columns=DIMENSIONS, seeds=[20]),
            *grid(kind=GAUSSIAN, rows=[2000], columns=DIMENSIONS, seeds=[20]),
            *grid(kind=OTHERS, rows=[2000], columns=DIMENSIONS, seeds=[4]),
            *grid(kind=GAUSSIAN, rows=[20_000], columns=[2, 20], seeds=[2]),
        ],
        quick=grid(kind=USUAL, rows=[500], columns=[1, 3, 10], seeds=[3]),
        tables={
            "Mean number of pairs where no row is a copy, by number of columns.": (
                side_by_side("kind rows", "columns", "mean_pairs")
            )
        },
        targets=chance_targets,
    ),
    "real": Part(
        measure_real,
        "rows method flagged",
        full=grid(table=REAL),
        quick=grid(table=["iris"]),
        tables={
            "Rows flagged in tables as they come.": side_by_side(
                "table rows", "method", "flagged"
            )
        },
    ),
}
