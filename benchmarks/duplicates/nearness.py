"""Rows that are each other's nearest: what the lens suspects where no column says so.

"apart" are rows that are independent, of densities that are rough in some way;
"patients" are readings in shuffled rows. Beyond chance .2 of the rows are asked for:
with .1 clusters of 8 rows on average were suspected in 3 of 20 tables; the seeds here
are others. A group may hold two patients that are nearest to each other.
"""

import numpy as np
import pandas as pd

from benchmarks._problem import Part, Target, grid
from benchmarks.duplicates.entities import patients
from skdataquality.duplicates import entity_lens

FIRST_SEED = 2000


def _imputed(rng, n):
    X = rng.normal(size=(n, 5))
    return np.where(rng.random(X.shape) < 0.3, np.median(X, axis=0), X)


def _with_holes(rng, n):
    X = rng.normal(size=(n, 6))
    return np.where(rng.random(X.shape) < 0.4, np.nan, X)


def _mixed(rng, n):
    return pd.DataFrame(
        {
            "a": rng.normal(size=n),
            "b": rng.choice(list("abcdefgh"), n),
            "c": rng.choice(list("xyz"), n),
            "d": rng.normal(size=n).round(1),
        }
    )


def _places(rng, n):
    place = rng.integers(0, n // 3, n)
    where = rng.normal(size=(n, 2))[place]
    return np.column_stack([where, rng.normal(size=(n, 2)), rng.integers(1, 7, n)])


def _around(rows_each):
    def draw(rng, n):
        centres = rng.normal(size=(n // rows_each + 2, 4))
        which = rng.integers(0, len(centres), n)
        return centres[which] + 0.02 * rng.normal(size=(n, 4))

    return draw


def _circle(rng, n):
    angle = rng.uniform(0, 2 * np.pi, n)
    return np.column_stack([np.sin(angle), np.cos(angle)])


def _fractal(rng, n):
    return sum(3.0**-k * rng.integers(0, 2, (n, 3)) for k in range(14))


def _line(rng, n):
    return rng.normal(size=(n, 1)) @ rng.normal(size=(1, 8))


def _design(rng, n):
    cells = rng.integers(0, 6, size=(n, 3))
    return np.column_stack([cells, rng.normal(size=n)])


def _texts(rng, n):
    words = [f"w{j}" for j in range(300)]
    return [" ".join(rng.choice(words, 6)) for _ in range(n)]


APART = {
    "whole numbers": lambda rng, n: rng.integers(0, 30, (n, 3)),
    "counts": lambda rng, n: rng.poisson(3, (n, 15)),
    "rare counts": lambda rng, n: rng.poisson(0.2, (n, 40)),
    "rounded tails": lambda rng, n: np.exp(3 * rng.normal(size=(n, 4))).round(),
    "one column": lambda rng, n: rng.normal(size=(n, 1)),
    "normal, 60 columns": lambda rng, n: rng.normal(size=(n, 60)),
    "imputed": _imputed,
    "with holes": _with_holes,
    "mixed": _mixed,
    "places of three rows": _places,
    "clusters of 12": _around(12),
    "clusters of 8": _around(8),
    "circle": _circle,
    "fractal": _fractal,
    "line in 8 columns": _line,
    "design": _design,
    "texts": _texts,
}


def measure_apart(design, tables):
    """Count the tables that are suspected, of 120 to 900 rows."""
    suspected = 0
    for seed in range(tables):
        rng = np.random.default_rng(FIRST_SEED + seed)
        X = APART[design](rng, int(rng.integers(120, 900)))
        suspected += entity_lens(X).reason_code == "closed"
    return [{"suspected": suspected / tables}]


def measure_patients(columns, each, noise, tables):
    """Count the tables of 200 patients that are suspected, and rows grouped rightly."""
    suspected, right = 0, []
    for seed in range(tables):
        rng = np.random.default_rng(FIRST_SEED + seed)
        X, y, who = patients(rng, each=each, d=columns, noise=noise)
        lens = entity_lens(X, y)
        if lens.reason_code == "closed":
            suspected += 1
            moved = lens.groups != np.arange(who.size)
            right.append(np.mean(who[lens.groups[moved]] == who[moved]))
    return [
        {
            "suspected": suspected / tables,
            "rightly_joined": np.mean(right).round(3) if right else "",
        }
    ]


def _targets(rows, quick):
    mean = float(rows["suspected"].astype(float).mean())
    return [] if quick else [Target("suspected, apart", mean, 0.05, at_most=True)]


APART_PART = Part(
    measure=measure_apart,
    measured="suspected",
    full=grid(design=list(APART), tables=[20]),
    quick=grid(design=["circle"], tables=[1]),
    tables={"rows that are apart": lambda rows: rows},
    targets=_targets,
)
PATIENTS_PART = Part(
    measure=measure_patients,
    measured="suspected rightly_joined",
    full=grid(
        columns=[5, 20, 60], each=[2, 3, 5], noise=[0.1, 0.3, 0.5, 0.7], tables=[10]
    ),
    quick=grid(columns=[5], each=[3], noise=[0.1], tables=[1]),
    tables={"patients, in shuffled rows": lambda rows: rows},
)
