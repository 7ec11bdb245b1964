"""How often target rows are found to differ, where they do not and where they do."""

import time

import numpy as np
import pandas as pd
from scipy.signal import lfilter

from benchmarks._problem import Part, Target, grid
from benchmarks._tables import columns
from skdataquality.shift._detection import covariate_tests

LEVEL = 0.05
N_ROWS, N_COLUMNS = 300, 10
FIRST_SEED = {"chosen on": 9000, "reported on": 1_000_000}
# a rule was changed after the series of the others were seen
FIRST_SEED_OF_SERIES = {"reported on": 2_000_000}
LETTERS = list("uvwxyz")
BURN_IN = 500


def draw(rng, design, n=N_ROWS, d=N_COLUMNS):
    """Training and target rows of a design."""
    X, X_target = rng.normal(size=(n, d)), rng.normal(size=(n, d))
    if design == "mean of one column":
        X_target[:, 0] += 0.25
    elif design == "mean of all columns":
        X_target += 0.12
    elif design == "spread of two columns":
        X_target[:, :2] *= 1.4
    elif design == "correlation of two columns":
        X_target[:, 1] = 0.5 * X_target[:, 0] + 0.75**0.5 * X_target[:, 1]
    elif design == "none, mixed columns":
        return mixed(rng, X), mixed(rng, X_target)
    return X, X_target


def mixed(rng, X):
    """Table with missing cells in two columns, six letters in one, booleans in one."""
    table = pd.DataFrame(X, columns=[f"x{j}" for j in range(X.shape[1])])
    table["x1"] = table["x1"].mask(rng.random(len(X)) < 0.2)
    table["x2"] = table["x2"].mask(rng.random(len(X)) < 0.05)
    place = np.clip(np.floor(1.5 * X[:, 8] + 3), 0, 5).astype(int)
    table["x8"] = np.array(LETTERS)[place]
    table["x9"] = X[:, 9] > 0
    return table


def rejections(results):
    """Shares of runs in which each part of the test was below its level."""
    return {
        "by_columns": np.mean([r.p_columns < LEVEL for r in results]),
        "by_classifiers": np.mean([r.p_classifiers < LEVEL for r in results]),
        "overall": np.mean([r.p_value < LEVEL for r in results]),
        "drifted": np.mean([r.is_drifted for r in results]),
    }


def measure(design, half, runs):
    results = []
    for run in range(runs):
        seed = FIRST_SEED[half] + run
        X, X_target = draw(np.random.default_rng(seed), design)
        results.append(covariate_tests(X, X_target, random_state=seed))
    return [rejections(results)]


def draw_series(rng, n, correlation, season, shift, d=3):
    """Series of which the second half are the target rows, one column shifted there."""
    noise = rng.normal(size=(2 * n + BURN_IN, d))
    scale = (1 - correlation**2) ** 0.5
    X = lfilter([scale], [1, -correlation], noise, axis=0)[BURN_IN:]
    if season:
        phase = rng.uniform(0, 2 * np.pi)
        X += np.sin(2 * np.pi * np.arange(2 * n) / season + phase)[:, None]
    X[n:, 0] += shift
    return X[:n], X[n:]


def measure_series(correlation, rows, season, shift, times, half, runs):
    results = []
    for run in range(runs):
        seed = FIRST_SEED_OF_SERIES[half] + run
        X, X_target = draw_series(
            np.random.default_rng(seed), rows, correlation, season, shift
        )
        order = np.arange(rows)
        known = {"time": order, "time_target": order} if times == "given" else {}
        results.append(covariate_tests(X, X_target, random_state=seed, **known))
    return [
        {
            "found": np.mean([r.is_drifted for r in results]),
            "cannot_tell": np.mean([not r.is_trusted for r in results]),
            "effective_rows": np.median([r.effective_rows for r in results]),
        }
    ]


def measure_speed(rows, d):
    rng = np.random.default_rng(0)
    X, X_target = rng.normal(size=(rows, d)), rng.normal(size=(rows, d))
    start = time.perf_counter()
    covariate_tests(X, X_target)
    return [{"seconds": time.perf_counter() - start}]


def null_targets(rows, quick):
    if quick:
        return []
    (row,) = rows.to_dict("records")
    return [
        Target("classifiers, least", row["by_classifiers"], 0.03),
        Target("classifiers, most", row["by_classifiers"], 0.07, True),
        Target("columns", row["by_columns"], 0.07, True),
        Target("overall", row["overall"], 0.07, True),
    ]


REACHED = {  # classifiers, at the same designs, by the better of two learners alone
    "mean of one column": 0.35,
    "mean of all columns": 0.75,
    "spread of two columns": 0.925,
    "correlation of two columns": 0.30,
}


def power_targets(rows, quick):
    if quick:
        return []
    rows = rows[rows["half"] == "reported on"].set_index("design")
    found = [
        Target(f"classifiers, {design}", rows.loc[design, "by_classifiers"], least)
        for design, least in REACHED.items()
    ]
    whole = rows.loc["correlation of two columns", "overall"]
    return [*found, Target("overall, correlation", whole, 0.25)]


def series_targets(rows, quick):
    if quick:
        return []
    alike, shifted = rows[rows["shift"] == 0], rows[rows["shift"] > 0]
    return [
        Target("found in series that go on", alike["found"].max(), 0.07, True),
        Target("found where the level moved", shifted["found"].min(), 0.8),
    ]


def speed_targets(rows, quick):
    return [] if quick else [Target("seconds", rows["seconds"].max(), 15, True)]


SERIES_RUNS = 60
PART_COLUMNS = "by_columns by_classifiers overall drifted"
NULL = Part(
    measure,
    PART_COLUMNS,
    full=grid(design=["none, mixed columns"], half=["reported on"], runs=[500]),
    quick=grid(design=["none, mixed columns"], half=["reported on"], runs=[3]),
    tables={
        "Share of runs below .05 where both sides are drawn alike, 300 rows each, 10 "
        "columns with missing cells, a category and booleans.": columns(
            f"runs {PART_COLUMNS}"
        )
    },
    targets=null_targets,
)
POWER = Part(
    measure,
    PART_COLUMNS,
    full=[
        *grid(design=list(REACHED), half=["reported on"], runs=[100]),
        *grid(design=list(REACHED), half=["chosen on"], runs=[20]),
    ],
    quick=grid(design=list(REACHED)[3:], half=["reported on"], runs=[2]),
    tables={
        "Share of runs below .05, 300 rows each, 10 normal columns: a mean moved by "
        ".25 standard deviations, all by .12, the spread of two times 1.4, a "
        "correlation of .5.": columns(f"design half runs {PART_COLUMNS}")
    },
    targets=power_targets,
)
SERIES = Part(
    measure_series,
    "found cannot_tell effective_rows",
    full=[
        dict(
            zip(
                ["correlation", "rows", "season", "shift", "times", "half", "runs"],
                [*cells, "reported on", SERIES_RUNS],
                strict=True,
            )
        )
        for cells in (
            (0.2, 300, 0, 0, "none"),
            (0.5, 300, 0, 0, "none"),
            (0.9, 300, 0, 0, "none"),
            (0.9, 1000, 0, 0, "given"),
            (0.98, 3000, 0, 0, "given"),
            (0.7, 1000, 48, 0, "given"),
            (0.5, 300, 0, 1, "none"),
            (0.9, 1000, 0, 1.5, "given"),
            (0.98, 4000, 0, 2, "given"),
        )
    ],
    quick=[
        {
            "correlation": 0.5,
            "rows": 200,
            "season": 0,
            "shift": 0,
            "times": "none",
            "half": "reported on",
            "runs": 2,
        }
    ],
    tables={
        "Share of series whose second half was found to differ, three columns of a "
        "lag-1 correlation; the level of one moves by `shift` standard deviations; "
        "`rows` of each half.": columns(
            "correlation rows season shift times runs found cannot_tell effective_rows"
        )
    },
    targets=series_targets,
)
SPEED = Part(
    measure_speed,
    "seconds",
    full=grid(rows=[100_000], d=[50]),
    quick=grid(rows=[500], d=[4]),
    tables={"Seconds, one thread.": columns("rows d seconds")},
    targets=speed_targets,
)
