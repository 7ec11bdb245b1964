"""The lens of the pool: how often it accuses random labels, and what it finds.

Clean: tables of ``clean_families``, of which a share of the rows, or of the groups
where rows come in groups, has labels, drawn at random. Bounds were chosen on the
families of the half "tuning".

Planted: five clusters in ten columns and a column of four sites. One in twenty rows of
the pool is of a cluster, a site or a class (which lies 2.5 deviations from another one)
of which no row has a label, lies on the rim of the clusters, or lacks its label because
a column is above a value. ``found`` and ``suspect`` are shares of runs, and ``named``
the share of the rows to label that are of what was planted. Bounds were chosen on seeds
below 300; these are of others.
"""

import warnings
from time import process_time

import numpy as np
import pandas as pd

from benchmarks._problem import Part, Target, grid
from benchmarks._tables import as_they_are
from skdataquality.active_learning import pool_lens
from skdataquality.datasets import clean_families, make_clean_table

HALVES = {family: half for half, names in clean_families().items() for family in names}
SHARES = (0.02, 0.1, 0.5)
N_COLUMNS, N_CLUSTERS, PLANTED = 10, 5, 0.05


def measure_clean(family, labeled, runs):
    """Count the verdicts on labels drawn at random."""
    verdicts = [_of_clean(family, labeled, seed) for seed in range(runs)]
    return [{"half": HALVES[family], "runs": runs, **_counts(verdicts)}]


def _of_clean(family, labeled, seed):
    table = make_clean_table(family, n_samples=1000, random_state=seed)
    rng = np.random.default_rng(seed)
    known, groups = rng.random(len(table.y)) < labeled, None
    if table.groups is not None:
        groups = np.asarray(table.groups)
        of_group = rng.random(len(set(groups.tolist()))) < labeled
        known = of_group[np.unique(groups, return_inverse=True)[1]]
    y = np.array(table.y, dtype=object)
    y[~known] = None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pool_lens(table.X, y, groups=groups, random_state=seed).verdict


def _counts(verdicts):
    names = ("found", "suspect", "clear", "cannot tell")
    return {name.replace(" ", "_"): verdicts.count(name) for name in names}


def measure_planted(planted, labels, runs):
    """Count how often what was planted is found, and named."""
    verdicts, named = [], []
    for seed in range(300, 300 + runs):
        X, y, X_pool, is_planted = _plant(planted, labels, seed)
        result = pool_lens(X, y, X_pool=X_pool, random_state=seed)
        verdicts.append(result.verdict)
        if result.verdict in ("found", "suspect"):
            named.append(is_planted[list(result.to_label)].mean())
    return [
        {
            "runs": runs,
            "found": verdicts.count("found") / runs,
            "suspect": verdicts.count("suspect") / runs,
            "named": np.mean(named) if named else None,
        }
    ]


def _plant(planted, n_labels, seed, n_pool=2000):
    rng = np.random.default_rng(seed)
    centers = rng.normal(0, 2.5, size=(N_CLUSTERS, N_COLUMNS))
    X, y = _draw(rng, centers, n_labels)
    X_pool, _ = _draw(rng, centers, n_pool)
    is_planted = np.arange(n_pool) < PLANTED * n_pool
    columns, where = list(X.columns[:N_COLUMNS]), np.flatnonzero(is_planted)
    if planted == "cluster":
        here = rng.normal(0, 2.5, N_COLUMNS)
        X_pool.loc[where, columns] = here + _noise(rng, where.size)
    elif planted == "class":
        here = centers[0] + 2.5 * np.eye(N_COLUMNS)[0]
        X_pool.loc[where, columns] = here + _noise(rng, where.size)
    elif planted == "rim":
        away = _noise(rng, where.size)
        away *= 6 / np.linalg.norm(away, axis=1, keepdims=True)
        X_pool.loc[where, columns] += away
    elif planted == "site":
        X_pool.loc[where, "site"] = "new"
    elif planted == "value":
        X, y = _draw(rng, centers, n_labels, bound=X_pool["x0"].quantile(1 - PLANTED))
        is_planted = (X_pool["x0"] > X_pool["x0"].quantile(1 - PLANTED)).to_numpy()
    return X, y, X_pool, is_planted


def _draw(rng, centers, n, bound=np.inf):
    """Rows of the clusters, none above the bound in the first column."""
    cluster = rng.integers(N_CLUSTERS, size=2 * n)
    X = centers[cluster] + _noise(rng, 2 * n)
    rows = np.flatnonzero(X[:, 0] <= bound)[:n]
    frame = pd.DataFrame(X[rows], columns=[f"x{j}" for j in range(N_COLUMNS)])
    frame["site"] = rng.choice(list("abcd"), rows.size)
    return frame, cluster[rows] % 3


def _noise(rng, n):
    return rng.normal(size=(n, N_COLUMNS))


def measure_speed(rows, columns, labels):
    """Seconds of one processor."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(rows, columns)).astype(np.float32)
    y = np.where(np.arange(rows) < labels, np.arange(rows) % 3, -1)
    pool_lens(X[:500], np.where(np.arange(500) < 250, 1.0 * (X[:500, 0] > 0), np.nan))
    start = process_time()
    result = pool_lens(X, y)
    return [{"seconds": process_time() - start, "verdict": result.verdict}]


def clean_table(rows):
    """One line for each half and share of labels."""
    found = rows.groupby(["half", "labeled"], sort=False)
    names = ["runs", "found", "suspect", "clear", "cannot_tell"]
    table = found[names].sum().reset_index()
    told = table["runs"] - table["cannot_tell"]
    table["accused_of_told"] = (table["found"] + table["suspect"]) / told
    return table.round(4)


def clean_targets(rows, quick):
    """At most one in twenty tables of the other half is accused."""
    if quick:
        return []
    table = clean_table(rows[rows["half"] == "held out"])
    return [
        Target(
            f"accused of clean tables, {100 * line['labeled']:.0f} % labelled",
            line["accused_of_told"],
            0.05,
            at_most=True,
        )
        for line in table.to_dict("records")
    ]


def planted_targets(rows, quick):
    """Nine of ten holes beside hundreds of labels are found."""
    if quick:
        return []
    many = rows[rows["labels"] >= 200].set_index(["planted", "labels"])["found"]
    return [
        Target(f"found {planted}, {labels} labels", many[planted, labels], 0.9)
        for planted, labels in FINDABLE
    ]


FINDABLE = [
    ("cluster", 200),
    ("cluster", 500),
    ("site", 200),
    ("site", 500),
    ("value", 500),
]
PLANTS = ["nothing", "cluster", "site", "value", "class", "rim"]
CLEAN = Part(
    measure=measure_clean,
    measured="half runs found suspect clear cannot_tell",
    full=grid(family=list(HALVES), labeled=SHARES, runs=[6]),
    quick=grid(family=["counts", "categories"], labeled=[0.1], runs=[1]),
    tables={"Verdicts on labels drawn at random": clean_table},
    targets=clean_targets,
)
POWER = Part(
    measure=measure_planted,
    measured="runs found suspect named",
    full=grid(planted=PLANTS, labels=[100, 200, 500], runs=[10]),
    quick=grid(planted=["cluster"], labels=[200], runs=[1]),
    tables={"What was planted, and found": as_they_are},
    targets=planted_targets,
)
SPEED = Part(
    measure=measure_speed,
    measured="seconds verdict",
    full=grid(rows=[10_000, 100_000], columns=[20], labels=[1000, 5000]),
    quick=grid(rows=[1000], columns=[5], labels=[100]),
    tables={"Seconds of the lens": as_they_are},
)
