"""Cleaning samplers beside those of imbalanced-learn: seconds, peaks, and rows kept.

Two Gaussian classes that overlap, the rare one shifted by 1.5 standard deviations along
the diagonal; the larger class is cleaned. Of some tables three rows in four are copies
of one, or all are copies of one in a hundred; the peer may there take a row for its own
neighbour. Seconds are of one processor, interleaved. Beyond so many rows, ours alone,
once, in a process of its own.
"""

import time

import numpy as np
from imblearn import under_sampling

from benchmarks import _speed
from benchmarks._problem import Part, Target, grid
from skdataquality import imbalance

N_REPEATS = 3
MOST_OF_PEER = 100_000  # rows; its time grows with their square
TIMES_FASTER = {"TomekLinks": 30, "EditedNearestNeighbours": 3.5}
BYTES_PER_ROW = 400  # beside X, of 20 columns of 8 bytes; no matrix of all pairs

NOTHING = dict.fromkeys(f"{_speed.TIMES} {_speed.MEMORY} identical".split(), np.nan)


def draw(copies, n_rows, n_columns, share):
    rng = np.random.default_rng(0)
    y = np.zeros(n_rows, dtype=int)
    y[rng.choice(n_rows, round(share * n_rows), replace=False)] = 1
    X = rng.normal(size=(n_rows, n_columns))
    X[y == 1] += 1.5 / np.sqrt(n_columns)
    if copies == "of one row":
        X[rng.choice(n_rows, 3 * n_rows // 4, replace=False)] = X[0]
    elif copies == "of all rows":
        X = X.round(2)[rng.integers(n_rows // 100, size=n_rows)]
    return X, y


def kept(library, method, X, y):
    sampler = getattr(library, method)(sampling_strategy=[0])
    sampler.fit_resample(X, y)
    return sampler.sample_indices_


def seconds_of_ours(X, y, method):
    return _speed.seconds(
        lambda: kept(imbalance, method, X, y), timer=time.process_time
    )


def measure(method, copies, rows, columns, share):
    X, y = draw(copies, rows, columns, share)
    if rows > MOST_OF_PEER:
        seconds, found = _speed.in_new_process(
            _speed.alone, seconds_of_ours, X, y, method
        )
        found["seconds"] = seconds
        found["peak_share_of_input"] = found["peak_mb"] / found.pop("input_mb")
        return [NOTHING | {"library": "skdataquality", **found, "repeats": 1}]
    calls = {
        "skdataquality": lambda: kept(imbalance, method, X, y),
        "imbalanced-learn": lambda: kept(under_sampling, method, X, y),
    }
    ours, theirs = (call() for call in calls.values())
    timed = _speed.race(calls, N_REPEATS, shortest=0, timer=time.process_time)
    timed[0] |= _speed.memory(calls["skdataquality"], X.nbytes)
    same = bool(np.array_equal(ours, theirs))
    return [NOTHING | row | {"identical": same} for row in timed]


def summary(rows):
    """Return how many times faster ours are, and what they take."""
    keys = ["method", "copies", "rows", "columns", "share"]
    ours = rows[rows["library"] == "skdataquality"].set_index(keys)
    peer = rows[rows["library"] != "skdataquality"].set_index(keys)
    frame = ours[["seconds"]].copy()
    frame["imbalanced-learn"] = peer["seconds"]
    frame["times faster"] = peer["ratio"]
    frame["least"], frame["most"] = peer["ratio_min"], peer["ratio_max"]
    frame["same rows"] = peer["identical"]
    frame["peak, MB"] = ours["peak_mb"]
    frame["peak, X = 1"] = ours["peak_share_of_input"]
    return frame.reset_index().round(3)


def targets(rows, quick):
    peer = rows[rows["library"] != "skdataquality"]
    copied = peer["copies"] != "none"
    same = peer["identical"][~copied].astype(bool)
    found = [Target("same rows, without copies", same.mean(), 1)]
    if quick:
        return found
    found.append(Target("copies: times faster", peer["ratio"][copied].min(), 1))
    peer = peer[~copied]
    wanted = peer[(peer["rows"] == 40_000) & (peer["columns"] == 20)]
    wanted = wanted[wanted["share"] == 0.01].set_index("method")["ratio"]
    large = rows[rows["rows"] > MOST_OF_PEER]
    return [
        *found,
        *(
            Target(f"{method}: times faster", wanted[method], least)
            for method, least in TIMES_FASTER.items()
        ),
        *(
            Target(
                f"{line.method}, {line.rows} rows: peak, bytes a row",
                1e6 * line.peak_mb / line.rows,
                BYTES_PER_ROW,
                at_most=True,
            )
            for line in large.itertuples()
        ),
    ]


METHODS, SHARES = tuple(TIMES_FASTER), (0.01, 0.05, 0.2, 0.5)
COPIES = ("of one row", "of all rows")


def tasks(rows, columns, share, copies=("none",)):
    return grid(method=METHODS, copies=copies, rows=rows, columns=columns, share=share)


PART = Part(
    measure,
    " ".join(NOTHING),
    full=[
        *tasks([40_000], [20], [0.01]),
        *tasks([20_000], [20], SHARES),
        *tasks([20_000], [5], [0.01]),
        *tasks([20_000], [5, 20], [0.01, 0.5], COPIES),
        *tasks([1_000_000], [20], [0.01]),
    ],
    quick=tasks([2000], [20], [0.05], ["none", *COPIES]),
    tables={
        "Cleaning the larger class: seconds of one processor, how many times faster "
        "than imbalanced-learn (median and range over repeats), and the peak of what "
        "is allocated.": summary
    },
    targets=targets,
)
