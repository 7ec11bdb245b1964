"""Near duplicates: speed, memory, recall of planted copies, false accusations.

The exact join is timed against scikit-learn's brute-force radius search on a slice of
the queries, scaled up; cleanlab's rule (flag a row whose nearest neighbour is closer
than 0.13 of the median one) stands beside ours, in its Euclidean form. Run
``python benchmarks/near_duplicates.py`` for the tables and the JSON file beside it,
with ``--quick`` for a check of a few seconds and no file.
"""

import argparse
import json
import resource
import time
from pathlib import Path

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
from threadpoolctl import threadpool_limits

from skdataquality.duplicates import near_duplicate_groups
from skdataquality.duplicates._near import near_pairs
from skdataquality.utils._neighbors import NeighborJoin

RESULTS = Path(__file__).parent / "results" / "near_duplicates.json"
JITTERS = (0.001, 0.01, 0.05)
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


def against_brute_force(n, n_queries, *, d=50, seed=0):
    """Time all pairs in clustered rows, and brute force on some of the queries."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(100, d))[rng.integers(0, 100, n)] * 3
    X = (X + rng.normal(size=X.shape)) / 3
    copies = rng.choice(n // 2, size=n // 100, replace=False)
    X[n // 2 : n // 2 + copies.size] = X[copies] + 1e-3 * rng.normal(
        size=(copies.size, d)
    )
    X -= X.mean(axis=0)
    radius = 0.05
    start = time.perf_counter()
    first, second, _ = NeighborJoin(X, radius).pairs(radius)
    seconds = time.perf_counter() - start
    queries = rng.choice(n, size=n_queries, replace=False)
    search = NearestNeighbors(radius=radius, algorithm="brute").fit(X)
    start = time.perf_counter()
    found = search.radius_neighbors(X[queries], return_distance=False)
    brute = (time.perf_counter() - start) * n / n_queries
    degree = np.bincount(np.r_[first, second], minlength=n)
    expected = np.array([rows.size - 1 for rows in found])
    recall = degree[queries].sum() / max(expected.sum(), 1)
    return {
        "n_rows": n,
        "n_columns": d,
        "radius": radius,
        "pairs": int(first.size),
        "seconds": seconds,
        "brute_seconds_scaled_up": brute,
        "times_faster": brute / seconds,
        "recall_on_queries": float(recall),
        "same_neighbours": bool((degree[queries] == expected).all()),
    }


def large_table(n, *, d=20, seed=0):
    """Time and peak memory of a whole call on rows in which nothing is alike."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    X[-100:] = X[:100] + 1e-3 * rng.normal(size=(100, d))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    pairs = near_pairs(X)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return {
        "n_rows": n,
        "n_columns": d,
        "radius": pairs.radius,
        "pairs": int(pairs.first.size),
        "planted_pairs_found": int(np.sum(pairs.second - pairs.first == n - 100)),
        "seconds": seconds,
        "input_mb": X.nbytes / 1e6,
        "peak_mb_beside_input": peak / 1e3,
    }


def planted_tables(n_seeds, names=None):
    rng = np.random.default_rng(0)
    tables = {name: load().data for name, load in REAL.items()}
    for d in (3, 5, 20):
        tables[f"normal, {d} columns"] = rng.normal(size=(2000, d))
    rows = []
    for name in names or tables:
        for jitter in JITTERS:
            for method, flag in METHODS.items():
                hits, claims, truths = 0, 0, 0
                for seed in range(n_seeds):
                    X, truth = plant(tables[name], jitter, seed)
                    flagged = flag(X)
                    hits += int((flagged & truth).sum())
                    claims += int(flagged.sum())
                    truths += int(truth.sum())
                rows.append(
                    {
                        "table": name,
                        "jitter": jitter,
                        "method": method,
                        "recall": hits / truths,
                        "precision": hits / claims if claims else None,
                    }
                )
    return rows


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


def false_flags(n_seeds, sizes, dimensions=(1, 2, 3, 5, 10, 20), kinds=None):
    rows = []
    for kind in kinds or NULLS:
        for n in sizes:
            for d in dimensions:
                pairs, flagged, found = 0, 0, 0
                for seed in range(n_seeds):
                    X = NULLS[kind](np.random.default_rng([seed, n, d]), n, d)
                    near = near_pairs(X)
                    pairs += near.first.size
                    flagged += np.unique(np.r_[near.first, near.second]).size
                    found += near.first.size >= 4
                rows.append(
                    {
                        "kind": kind,
                        "n_rows": n,
                        "n_columns": d,
                        "seeds": n_seeds,
                        "mean_pairs": pairs / n_seeds,
                        "mean_rows": flagged / n_seeds,
                        "share_found": found / n_seeds,
                    }
                )
    return rows


def real_tables():
    rows = []
    for name, load in REAL.items():
        X = load().data
        flags = {method: int(flag(X).sum()) for method, flag in METHODS.items()}
        rows.append({"table": name, "n_rows": len(X), **flags})
    return rows


def show(title, rows):
    print(f"\n{title}")
    for row in rows:
        cells = (
            f"{key}={value:.4g}" if isinstance(value, float) else f"{key}={value}"
            for key, value in row.items()
        )
        print("  " + ", ".join(cells), flush=True)


def quick_check():
    speed = against_brute_force(20_000, 1000)
    show("join", [speed])
    assert speed["same_neighbours"], speed
    assert speed["times_faster"] > 5, speed
    large = large_table(50_000)
    show("large table", [large])
    assert large["planted_pairs_found"] == large["pairs"] == 100, large
    planted = planted_tables(1, ["wine", "breast_cancer", "normal, 5 columns"])
    show("planted copies", planted)
    for row in planted:
        if row["method"] == "ours" and row["jitter"] == JITTERS[0]:
            assert row["recall"] == 1, row
    null = false_flags(3, [500], (1, 3, 10), ["uniform", "normal", "Poisson(5)", "t2"])
    show("false accusations", null)
    assert np.mean([row["mean_pairs"] for row in null]) <= 0.25
    X = np.random.default_rng(0).normal(size=(100, 3))
    assert (near_duplicate_groups(X) == np.arange(100)).all()


def full():
    # memory first: the peak of a process never falls
    results = {"large table": [large_table(1_000_000)]}
    show("large table", results["large table"])
    parts = {
        "join": lambda: [against_brute_force(100_000, 2000)],
        "planted copies": lambda: planted_tables(5),
        "false accusations": lambda: (
            false_flags(20, [500, 2000]) + false_flags(2, [20_000], (2, 20))
        ),
        "real tables": real_tables,
    }
    for title, part in parts.items():
        results[title] = part()
        show(title, results[title])
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=1) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small check, no file")
    with threadpool_limits(1):
        quick_check() if parser.parse_args().quick else full()


if __name__ == "__main__":
    main()
