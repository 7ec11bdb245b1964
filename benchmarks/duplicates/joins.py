"""All pairs of rows of numbers within a radius: seconds and memory beside brute force.

Every answer is compared with that of brute force first. Constants of the planner were
chosen on the kinds of tables whose half is "chosen"; the others report.
"""

import time

import numpy as np
from sklearn.neighbors import NearestNeighbors

from benchmarks import _speed
from benchmarks._problem import Part, Target, grid
from benchmarks._tables import as_they_are
from skdataquality.duplicates._joins import pairs_within

CHOSEN = ("isotropic", "clustered", "steep")
RADIUS = 0.05
BLOCK = 2048
JITTER = 1e-3


def isotropic(rng, n, d):
    return rng.normal(size=(n, d))


def clustered(rng, n, d):
    centres = rng.normal(size=(200, d))
    return centres[rng.integers(0, 200, n)] + rng.normal(size=(n, d)) / 3


def decaying(rng, n, d):
    return rng.normal(size=(n, d)) / np.sqrt(1 + np.arange(d))


def steep(rng, n, d):
    return rng.normal(size=(n, d)) / (1 + np.arange(d))


def low_rank(rng, n, d):
    factors = rng.normal(size=(n, 12)) @ rng.normal(size=(12, d)) / np.sqrt(12)
    return factors + 0.2 * rng.normal(size=(n, d))


def uniform(rng, n, d):
    return 3 * rng.random((n, d))


KINDS = {
    kind.__name__.replace("_", " "): kind
    for kind in (isotropic, clustered, steep, decaying, low_rank, uniform)
}


def make_rows(kind, n, d, seed=0):
    """Draw rows; of the first hundredth the last rows are near copies."""
    rng = np.random.default_rng(seed)
    X, n_copies = KINDS[kind](rng, n, d), n // 100
    X[-n_copies:] = X[:n_copies] + JITTER * rng.normal(size=(n_copies, d))
    return X


def half_of(kind):
    return "chosen" if kind in CHOSEN else "reported"


# ---------------------------------------------------------------- a small radius
def race_dense(kind, rows, columns, queries):
    """Time all pairs, and brute force on some of the queries, scaled up."""
    X = make_rows(kind, rows, columns)
    asked = np.arange(rows - queries, rows)
    search = NearestNeighbors(radius=RADIUS, algorithm="brute").fit(X)
    calls = {
        "skdataquality": lambda: pairs_within(X, RADIUS),
        "brute force": lambda: search.radius_neighbors(X[asked], return_distance=False),
    }
    found = calls["skdataquality"]()
    degree = np.bincount(np.r_[found.first, found.second], minlength=rows)[asked]
    true = np.array([near.size - 1 for near in calls["brute force"]()])
    same = {
        "half": half_of(kind),
        "pairs": found.first.size,
        "method": found.method,
        "recall": degree.sum() / true.sum(),
    }
    ours, brute = _speed.race(calls, 1, shortest=0)
    for name in set(brute) - {"library", "repeats"}:
        brute[name] *= rows / queries
    ours |= _speed.memory(calls["skdataquality"], X.nbytes)
    brute |= {"peak_mb": np.nan, "peak_share_of_input": np.nan}
    return [{**same, **row} for row in (ours, brute)]


def dense_targets(rows, quick):
    recall = Target("recall, least", rows["recall"].min(), 1)
    if quick:
        return [recall]
    brute = rows[rows["library"] == "brute force"]
    return [recall, Target("times faster than brute force", brute["ratio"].min(), 30)]


# ---------------------------------------------------------------- a loose cosine
def blocked_brute_force(points, similarity):
    """Rows of pairs by products of blocks in float32, upper triangle, unverified."""
    found = []
    for top in range(0, len(points), BLOCK):
        for left in range(top, len(points), BLOCK):
            near = points[top : top + BLOCK] @ points[left : left + BLOCK].T
            first, second = np.nonzero(near >= similarity)
            later = first + top < second + left
            found.append((first[later] + top, second[later] + left))
    return np.concatenate(found, axis=1)


def race_cosine(kind, similarity, rows, columns):
    """Seconds of one processor, and whether the pairs are the same."""
    X = make_rows(kind, rows, columns)
    X /= np.linalg.norm(X, axis=1)[:, None]
    X, answers = X.astype(np.float32), {}
    ways = {
        "blocked brute force": lambda: blocked_brute_force(X, similarity),
        "skdataquality": lambda: pairs_within(X, similarity, metric="cosine"),
    }
    calls = {
        name: lambda name=name, way=way: answers.update({name: way()})
        for name, way in ways.items()
    }
    times = _speed.race(calls, 3, shortest=0, timer=time.process_time)
    found = answers["skdataquality"]
    check_pairs(X, similarity, found, answers["blocked brute force"])
    return [
        {
            "half": half_of(kind),
            "pairs": found.first.size,
            "method": found.method,
            **row,
        }
        for row in times
    ]


def check_pairs(X, similarity, found, unverified):
    """Nothing is missed but what rounding of float32 alone let in."""
    ours = set(zip(found.first.tolist(), found.second.tolist(), strict=True))
    for i, j in zip(*unverified, strict=True):
        close = X[i].astype(float) @ X[j].astype(float) < similarity + 1e-6
        assert close or (int(i), int(j)) in ours


def cosine_targets(rows, quick):
    if quick:
        return []
    ours = rows[rows["library"] == "skdataquality"]
    name = "times as long as blocked brute force, at most"
    return [Target(name, ours["ratio"].max(), 1.2, at_most=True)]


# ---------------------------------------------------------------- the planner
def race_ways(kind, rows, columns, radius):
    """Time every way to all pairs; the ratio is to the one that was chosen."""
    X = make_rows(kind, rows, columns)
    ways = {
        way: lambda way=way: pairs_within(X, radius, method=way)
        for way in ("auto", "tree", "products")
    }
    found = ways["auto"]()
    return [
        {
            "half": half_of(kind),
            "chosen": found.method,
            "pairs": found.first.size,
            **row,
        }
        for row in _speed.race(ways, 1, shortest=0, timer=time.process_time)
    ]


# ---------------------------------------------------------------- a million rows
def join_alone(rows, columns):
    X = make_rows("isotropic", rows, columns)
    found, used = _speed.alone(pairs_within, X, RADIUS)
    planted = np.count_nonzero(found.second - found.first == rows - rows // 100)
    return {"method": found.method, "planted_pairs_found": planted, **used}


def measure_large(rows, columns):
    found = _speed.in_new_process(join_alone, rows, columns)
    found["peak_share_of_input"] = found["peak_mb"] / found["input_mb"]
    return [{"planted_pairs": rows // 100, **found}]


def large_targets(rows, quick):
    found = rows["planted_pairs_found"] / rows["planted_pairs"]
    return [Target("planted pairs found", found.min(), 1)]


DENSE = Part(
    race_dense,
    f"half pairs method recall {_speed.TIMES} {_speed.MEMORY}",
    full=grid(
        kind=["clustered", "isotropic", "decaying", "uniform"],
        rows=[100_000],
        columns=[50],
        queries=[1000],
    ),
    quick=grid(kind=["clustered"], rows=[5000], columns=[20], queries=[100]),
    tables={
        "Small radius: seconds for all pairs; brute force is that of scikit-learn on "
        "1000 rows, scaled up.": _speed.table
    },
    targets=dense_targets,
)
COSINE = Part(
    race_cosine,
    f"half pairs method {_speed.TIMES}",
    full=grid(
        kind=["isotropic", "low rank"],
        similarity=[0.98, 0.95, 0.9],
        rows=[20_000],
        columns=[384],
    ),
    quick=grid(kind=["clustered"], similarity=[0.95], rows=[3000], columns=[64]),
    tables={
        "Cosine similarity: seconds beside blocks of products in float32 whose pairs "
        "nobody verifies.": _speed.table
    },
    targets=cosine_targets,
)
PLAN = Part(
    race_ways,
    f"half chosen pairs {_speed.TIMES}",
    full=grid(kind=KINDS, rows=[20_000], columns=[24], radius=[0.05, 0.5]),
    quick=grid(kind=["steep"], rows=[5000], columns=[8], radius=[0.05]),
    tables={"The way that was chosen beside the others: seconds.": _speed.table},
)
LARGE = Part(
    measure_large,
    f"planted_pairs method planted_pairs_found {_speed.ALONE} peak_share_of_input",
    full=[{"rows": 1_000_000, "columns": 64}],
    quick=[{"rows": 20_000, "columns": 16}],
    tables={
        "A million rows, alone in a process; the peak is beside the input.": as_they_are
    },
    targets=large_targets,
)
PARTS = {
    "joins_dense": DENSE,
    "joins_cosine": COSINE,
    "joins_plan": PLAN,
    "joins_large": LARGE,
}
