"""What votes take: the peak of what is allocated beside the lines of votes."""

import numpy as np

from benchmarks._problem import Part, Target, grid
from benchmarks._speed import memory, seconds
from benchmarks._tables import columns
from skdataquality.weak_supervision import (
    DawidSkene,
    LabelModel,
    LongVotes,
    MajorityVote,
)

PER_ROW = 5
N_SOURCES = 100
MODELS = {
    "MajorityVote": MajorityVote,
    "DawidSkene": DawidSkene,
    "LabelModel": LabelModel,
}


def lines(n_votes):
    """Return rows, annotators and labels of votes, five a row, one in four wrong."""
    rng = np.random.default_rng(0)
    row = np.repeat(np.arange(n_votes // PER_ROW), PER_ROW)
    first = rng.integers(0, N_SOURCES, n_votes // PER_ROW)
    who = (first[:, None] + 7 * np.arange(PER_ROW)).ravel() % N_SOURCES
    label = (row % 2) ^ (rng.random(row.size) < 0.25)
    return row.astype(np.int32), who.astype(np.int32), label.astype(np.int8)


def measure(model, votes):
    given = lines(votes)

    def call():
        long = LongVotes(*given)
        return MODELS[model](classes=[0, 1]).fit(long).predict_proba(long)

    took = seconds(call)
    peak = memory(call, max(array.nbytes for array in given))["peak_mb"]
    return [{"seconds": took, "bytes_per_vote": 1e6 * peak / votes}]


def targets(rows, quick):
    if quick:
        return []
    wide = rows.pivot(index="model", columns="votes", values="bytes_per_vote")
    growth = wide.iloc[:, -1] / wide.iloc[:, 0]
    return [Target("bytes a vote, growth from fewest to most", growth.max(), 1.1, True)]


PART = Part(
    measure,
    "seconds bytes_per_vote",
    full=grid(model=MODELS, votes=[1_000_000, 10_000_000]),
    quick=grid(model=MODELS, votes=[10_000]),
    tables={
        "Votes in long form, read, fitted and predicted; five votes a row, 100 "
        "annotators. Peak of what is allocated beside the lines passed, per "
        "vote.": columns("model votes seconds bytes_per_vote")
    },
    targets=targets,
)
