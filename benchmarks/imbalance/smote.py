"""SMOTE beside that of imbalanced-learn: time, and the peak of what is allocated."""

from collections import Counter

import numpy as np
from imblearn import over_sampling

from benchmarks import _speed
from benchmarks._problem import Part, Target, grid
from skdataquality.imbalance import SMOTE

COLUMNS = 20
REPEATS = 3
ASKED_FOR = 0.01  # share of the rare class; with more rows the search is all
OURS, THEIRS = "skdataquality", "imbalanced-learn"


def make_table(rows, share):
    """Draw normal numbers; the rare class lies elsewhere."""
    rng = np.random.default_rng(0)
    y = np.arange(rows) % round(1 / share) == 0
    X = rng.normal(size=(rows, COLUMNS))
    X[y] += 1
    return X, y.astype(int)


def counts_are_the_same(ours, theirs):
    """Compare what both return: types, labels, and the rows of the user."""
    assert Counter(ours[1].tolist()) == Counter(theirs[1].tolist())
    assert ours[0].dtype == theirs[0].dtype
    assert ours[0].shape == theirs[0].shape
    np.testing.assert_array_equal(ours[0][:100], theirs[0][:100])


QUESTION = _speed.Question(
    make_table,
    {
        OURS: lambda X, y: SMOTE(random_state=0).fit_resample(X, y),
        THEIRS: lambda X, y: over_sampling.SMOTE(random_state=0).fit_resample(X, y),
    },
    counts_are_the_same,
)


def measure(rows, share):
    return _speed.measure(QUESTION, (rows, share), n_repeats=REPEATS)


def targets(rows, quick):
    if quick:
        return []
    found = []
    for n, both in rows[rows["share"] == ASKED_FOR].groupby("rows"):
        one = both.set_index("library")
        slowness = 1 / one.loc[THEIRS, "ratio"]
        found.append(Target(f"seconds over theirs, {n} rows", slowness, 1, True))
    peak = one.loc[OURS, "peak_mb"] / one.loc[THEIRS, "peak_mb"]
    return [*found, Target(f"peak over theirs, {n} rows", peak, 0.5, True)]


PART = Part(
    measure,
    f"{_speed.TIMES} {_speed.MEMORY}",
    full=grid(rows=[100_000, 500_000], share=[0.01, 0.1]),
    quick=grid(rows=[2_000], share=[0.05]),
    tables={
        "Normal numbers in 20 columns, rare class made as large as the other: median "
        "seconds, and the peak of one call beside its input.": _speed.table
    },
    targets=targets,
)
