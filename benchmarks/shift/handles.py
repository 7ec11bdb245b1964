"""What it costs that target rows travel along: clones, and held-out rows looked up.

Target rows and training rows alike: 100,000 of 50 columns. A clone of a constructor
that holds an array copies it; the handle is handed on.
"""

from statistics import median
from timeit import repeat

import numpy as np
from sklearn.base import BaseEstimator, clone
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression

from benchmarks._problem import Part, Target, grid
from skdataquality.model_selection import ImportanceWeightedScorer
from skdataquality.shift import (
    DiscriminatorWeighter,
    ImportanceResampler,
    ShiftWeightedClassifier,
    TargetData,
)

N_COLUMNS, HELD_OUT = 50, 0.2
CLONE = 1e-3  # seconds


class HoldsArray(BaseEstimator):
    """An estimator that has target rows as an array."""

    def __init__(self, X_target=None):
        self.X_target = X_target


def measure(what, rows):
    rng = np.random.default_rng(0)
    there = rng.normal(0.3, 1, size=(rows, N_COLUMNS))
    call = CALLS[what](rng, rows, there)
    return [{"seconds": median(repeat(call, number=1, repeat=5))}]


def clone_of(make):
    def prepare(rng, rows, there):
        return lambda: clone(make(there))

    return prepare


def score(weighted):
    def prepare(rng, rows, there):
        X = rng.normal(size=(rows, N_COLUMNS))
        y = rng.integers(0, 2, rows)
        model = DummyClassifier().fit(X, y)
        held_out = rng.permutation(rows)[: int(HELD_OUT * rows)]
        if not weighted:
            return lambda: model.score(X[held_out], y[held_out])
        weighter = DiscriminatorWeighter(LogisticRegression(), cv=2, random_state=0)
        scorer = ImportanceWeightedScorer(
            "accuracy", X_target=TargetData(there), weighter=weighter
        ).fit(X)
        return lambda: scorer(model, X[held_out], y[held_out])

    return prepare


CALLS = {
    "clone, an array": clone_of(HoldsArray),
    "clone, ShiftWeightedClassifier": clone_of(
        lambda there: ShiftWeightedClassifier(
            LogisticRegression(),
            weighter=DiscriminatorWeighter(),
            X_target=TargetData(there),
        )
    ),
    "clone, ImportanceResampler": clone_of(
        lambda there: ImportanceResampler(X_target=TargetData(there))
    ),
    "score of a fold": score(weighted=False),
    "score of a fold, weighted": score(weighted=True),
}


def targets(rows, quick):
    if quick:
        return []
    return [
        Target(f"seconds, {row.what}", row.seconds, CLONE, True)
        for row in rows.itertuples()
        if row.what.startswith("clone") and "array" not in row.what
    ]


PART = Part(
    measure,
    "seconds",
    full=grid(what=tuple(CALLS), rows=[100_000]),
    quick=grid(what=tuple(CALLS), rows=[500]),
    tables={"Seconds": lambda rows: rows},
    targets=targets,
)
