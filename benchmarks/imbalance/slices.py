"""Slices in which a model fails: how often a planted one is first, how often none is.

Clean tables: errors that hang on nothing ("errors"); calibrated probabilities that hang
on nothing ("calibrated"); and calibrated ones that follow the columns ("varying"),
where errors do differ and only slices of calibration are false. A planted slice is
first if the first slice found shares at least half of the rows in either.
"""

import time

import numpy as np

from benchmarks._problem import Part, Target, grid
from benchmarks.imbalance._slice_tables import (
    ERROR,
    FAMILIES,
    HALVES,
    PLANTS,
    WEAK_ERROR,
    labels,
    planted_rows,
    probabilities,
)
from skdataquality.imbalance import weak_slices

N_ROWS, N_CLEAN = 3000, 1500  # of planted and of clean tables
JACCARD = 0.5
CLEAN = ("errors", "calibrated", "varying")
N_COLUMNS, LARGE = 20, 100_000


def measure(half, family, plant, n_rows, seed):
    rng = np.random.default_rng([seed, sorted(FAMILIES).index(family), n_rows])
    X = FAMILIES[family][0](rng, n_rows)
    started = time.process_time()
    if plant in CLEAN:
        row = clean(X, FAMILIES[family][1], plant, rng)
    else:
        row = planted(X, family, plant, rng)
    return [{**row, "seconds": time.process_time() - started}]


def planted(X, family, plant, rng):
    """Return whether the planted slice is the first one found."""
    rows = planted_rows(family, plant, X, rng)
    y, predicted = labels(
        rng.random(rows.size) < np.where(rows, WEAK_ERROR, ERROR), rng
    )
    found = weak_slices(X, y, predicted)
    if not len(found):
        return {"share": rows.mean(), "n_found": 0, "jaccard": 0.0, "first": ""}
    mask = found.mask(0)
    return {
        "share": rows.mean(),
        "n_found": len(found),
        "jaccard": (mask & rows).sum() / (mask | rows).sum(),
        "first": found.slices[0].description,
    }


def clean(X, numbers, plant, rng):
    """Return how many slices are found, all of them false."""
    n = len(X)
    sure = np.full(n, 1 - ERROR)
    if plant == "calibrated":
        sure = rng.uniform(0.6, 1, n)
    if plant == "varying":
        ranks = X[list(numbers)].rank(pct=True).to_numpy()
        sure = 0.95 - 0.3 * ranks[:, 0] * ranks[:, 1] ** 2
    y, predicted = labels(rng.random(n) > sure, rng)
    if plant == "errors":
        found = weak_slices(X, y, predicted).slices
    else:
        found = weak_slices(X, y, pred_proba=probabilities(predicted, sure)).slices
    if plant == "varying":
        found = [each for each in found if is_of_calibration(each)]
    first = found[0].description if found else ""
    return {"share": 0, "n_found": len(found), "jaccard": 0, "first": first}


def is_of_calibration(found):
    """Whether a slice is of calibration, or another one with such an echo."""
    return found.measure == "calibration" or any(
        echo.startswith("calibration: ") for echo in found.echoes
    )


def planted_table(rows):
    """Return how often each planted slice is first."""
    rows = rows[rows["plant"].isin(PLANTS)]
    rows = rows.assign(is_first=rows["jaccard"] >= JACCARD, others=rows["n_found"] > 1)
    table = rows.groupby(["half", "n_rows", "plant"], sort=False).agg(
        tables=("is_first", "size"),
        first=("is_first", "mean"),
        found=("n_found", lambda n: (n > 0).mean()),
        jaccard=("jaccard", "median"),
        more_than_one=("others", "mean"),
    )
    return table.reset_index().round(3)


def clean_table(rows):
    """Return in how many clean tables anything is found."""
    rows = rows[rows["plant"].isin(CLEAN)]
    rows = rows.assign(found=rows["n_found"] > 0)
    table = rows.groupby(["half", "n_rows", "plant"], sort=False).agg(
        tables=("found", "size"), found=("found", "mean")
    )
    return table.reset_index().round(3)


def targets(rows, quick):
    if quick:
        return []
    ours = rows[rows["half"] == "reported"]
    is_planted = ours["plant"].isin(PLANTS) & (ours["n_rows"] == N_ROWS)
    first = ours[is_planted]["jaccard"] >= JACCARD
    return [
        Target(f"planted slice first, of {len(first)} tables", first.mean(), 0.9),
        *(
            Target(
                f"anything found, clean tables ({kind})",
                (ours[ours["plant"] == kind]["n_found"] > 0).mean(),
                0.05,
                True,
            )
            for kind in CLEAN
        ),
    ]


def _tasks(half, plants, n_rows, seeds):
    return [
        {"half": half, **task}
        for task in grid(family=HALVES[half], plant=plants, n_rows=[n_rows], seed=seeds)
    ]


PART = Part(
    measure,
    "share n_found jaccard first seconds",
    full=[
        *_tasks("reported", PLANTS, N_ROWS, range(100, 110)),
        *_tasks("reported", ("errors",), N_CLEAN, range(100, 200)),
        *_tasks("reported", ("calibrated", "varying"), N_CLEAN, range(100, 150)),
        *_tasks("shaped", PLANTS, N_ROWS, range(5)),
        *_tasks("reported", PLANTS, 1500, range(100, 103)),
        *_tasks("shaped", CLEAN, N_CLEAN, range(10)),
    ],
    quick=[
        *_tasks("shaped", ("value",), 1000, [0]),
        *_tasks("reported", ("varying",), 1000, [0]),
    ],
    tables={
        "Planted slices: first, and found at all": planted_table,
        "Clean tables in which anything is found": clean_table,
    },
    targets=targets,
)


def measure_speed(n_rows, n_columns, max_order):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n_rows, n_columns))
    y, predicted = labels(rng.random(n_rows) < ERROR, rng)
    started = time.process_time()
    found = weak_slices(X, y, predicted, max_order=max_order)
    seconds = time.process_time() - started
    return [{"n_compared": found.n_compared, "seconds": seconds}]


def speed_table(rows):
    return rows.round(2)


SPEED = Part(
    measure_speed,
    "n_compared seconds",
    full=grid(n_rows=[10_000, LARGE], n_columns=[N_COLUMNS], max_order=[1, 2]),
    quick=grid(n_rows=[1000], n_columns=[3], max_order=[2]),
    tables={"Seconds of one processor": speed_table},
)
