"""A part of a table chosen by embeddings, beside random rows and the peers.

Quality: the mean accuracy of logistic regression on held-out rows (five folds,
stratified) when it is fitted on a chosen part of the training rows; distances are of
scaled columns. Coverage: the largest and the mean distance of a row to the nearest
chosen one, of unscaled columns. Rules: how far the shares of classes are from equal
ones, and how many exact copies are chosen, when a pool of 80, 15 and 5 % is to be
balanced, and one in ten rows is a copy of the row of highest weight. Cost: seconds of
one processor and peak of what is held beside the input; each library in a process of
its own.

Nothing was tuned: the selector has no constant that was chosen on such data.
"""

import time
import warnings

import numpy as np
from sklearn.datasets import load_breast_cancer, load_digits, load_wine
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from benchmarks import _speed
from benchmarks._problem import Part, Target, grid
from benchmarks._tables import as_they_are, side_by_side
from skdataquality.active_learning import DiversitySelector
from skdataquality.compose import RemediedClassifier
from skdataquality.exceptions import ClassKeptWarning

PASS = {"embedding": "passthrough"}
SETS = {"digits": load_digits, "breast cancer": load_breast_cancer, "wine": load_wine}


# ------------------------------------------------------------------- the libraries
def ours(X, n, **options):
    selector = DiversitySelector(n, **PASS, **options)
    selector.fit_resample(X)
    return selector.selection_order_


def ours_typical(X, n):
    return ours(X, n, typicality=1.0)


def at_random(X, n, seed=0):
    return np.random.default_rng(seed).permutation(len(X))[:n]


def mundig(X, n):
    import lightly_mundig

    selection = lightly_mundig.Selection()
    selection.add_diversifying_strategy(X.astype(np.float32), 1.0)
    return np.array(selection.run_selection([], len(X), n))


def apricot(X, n):
    from apricot import FacilityLocationSelection

    return (
        FacilityLocationSelection(n, metric="euclidean", optimizer="lazy")
        .fit(X)
        .ranking
    )


SELECTORS = {
    "random": at_random,
    "skdataquality": ours,
    "skdataquality, typical": ours_typical,
    "lightly-mundig": mundig,
    "apricot": apricot,
}
ALL, SHARES, SEEDS = "all rows", (0.1, 0.3), range(5)


def is_there(library):
    module = {"lightly-mundig": "lightly_mundig", "apricot": "apricot"}.get(library)
    if module is None:
        return True
    try:
        __import__(module)
    except ImportError:
        return False
    return True


# ------------------------------------------------------------------- what is measured
def measure_quality(data, library, share, seed):
    if not is_there(library):
        return []
    X, y = SETS[data](return_X_y=True)
    found = []
    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    for train, test in folds.split(X, y):
        scaled = StandardScaler().fit_transform(X[train])
        n = max(1, round(share * len(train)))
        rows = train[_chosen(library, scaled, n, seed)]
        model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))
        found.append(model.fit(X[rows], y[rows]).score(X[test], y[test]))
    return [{"accuracy": float(np.mean(found)), **_wrapped(data, library, share, seed)}]


def _chosen(library, X, n, seed):
    if library == ALL:
        return np.arange(len(X))
    if library == "random":
        return at_random(X, n, seed)
    return SELECTORS[library](X, n)


def _wrapped(data, library, share, seed):
    """Accuracy of the same as a remedy inside an estimator."""
    if library != "skdataquality":
        return {"as_remedy": np.nan}
    X, y = SETS[data](return_X_y=True)
    found = []
    for train, test in StratifiedKFold(5, shuffle=True, random_state=seed).split(X, y):
        model = RemediedClassifier(
            make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000)),
            DiversitySelector(share),
            calibration=None,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ClassKeptWarning)
            model.fit(X[train], y[train])
        found.append(model.score(X[test], y[test]))
    return {"as_remedy": float(np.mean(found))}


def measure_coverage(data, library, picks):
    if not is_there(library):
        return []
    X = _pool(data)
    rows = SELECTORS[library](X, picks)
    away = np.full(len(X), np.inf)
    for row in rows:
        away = np.minimum(away, np.square(X - X[row]).sum(axis=1))
    away = np.sqrt(away)
    return [{"radius": float(away.max()), "mean_distance": float(away.mean())}]


def _pool(data):
    if data in SETS:
        return SETS[data](return_X_y=True)[0].astype(float)
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(50, 16)) * 4
    sizes = rng.dirichlet(np.full(50, 0.5))
    return centres[rng.choice(50, size=3000, p=sizes)] + rng.normal(size=(3000, 16))


def measure_rules(library, strength, seed):
    if not is_there(library):
        return []
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(1000, 8)).astype(np.float32)
    group = rng.choice(3, size=1000, p=[0.8, 0.15, 0.05])
    weights = rng.uniform(0.1, 1, size=1000)
    X[:100], weights[:100] = X[0], 2.0
    rules = _rules_of_ours if library == "skdataquality" else _rules_of_mundig
    balanced, weighted, is_nan_refused, n_distinct = rules(X, group, weights, strength)
    counts = np.bincount(group[balanced], minlength=3)
    copies = int((np.asarray(weighted) < 100).sum()) - 1
    return [
        {
            "off_quota": int(np.abs(counts - 10).max()),
            "copies": max(copies, 0),
            "nan_refused": bool(is_nan_refused),
            "distinct_of_too_many": n_distinct,
        }
    ]


def _rules_of_ours(X, group, weights, strength):
    balance = {} if strength == "default" else {"balance_strength": float(strength)}
    selector = DiversitySelector(30, **PASS, balance="uniform", **balance)
    selector.fit_resample(X, by=group)
    weigher = DiversitySelector(200, **PASS, weight_strength=5.0)
    weigher.fit_resample(X, weights=weights)
    broken = X.copy()
    broken[3, 3] = np.nan
    try:
        DiversitySelector(5, **PASS).fit_resample(broken)
        is_refused = False
    except ValueError:
        is_refused = True
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        many = DiversitySelector(80, **PASS).fit_resample(X[100:150])[0]
    picked = selector.sample_indices_, weigher.sample_indices_
    return *picked, is_refused, len(np.unique(many, axis=0))


def _rules_of_mundig(X, group, weights, strength):
    import lightly_mundig

    strength = 1.0 if strength == "default" else float(strength)
    selection = lightly_mundig.Selection()
    selection.add_diversifying_strategy(X, 1.0)
    selection.add_balancing_strategy(np.eye(3)[group], [1 / 3] * 3, strength)
    balanced = selection.run_selection([], len(X), 30)
    selection = lightly_mundig.Selection()
    selection.add_diversifying_strategy(X, 1.0)
    selection.add_weighting_strategy(weights.tolist(), 5.0)
    weighted = selection.run_selection([], len(X), 200)
    broken = X.copy()
    broken[3, 3] = np.nan
    try:
        mundig(broken, 5)
        is_refused = False
    except ValueError:
        is_refused = True
    return balanced, weighted, is_refused, len(set(mundig(X[100:150], 80).tolist()))


def measure_cost(library, rows, columns, picks, asked):
    if not is_there(library):
        return []
    return [_speed.in_new_process(cost_of, library, rows, columns, picks, asked)]


def cost_of(library, rows, columns, picks, asked):
    """Return what one selection takes; for a new process, which draws its own rows."""
    rng = np.random.default_rng(0)
    X = rng.standard_normal((rows, columns), dtype=np.float32)
    options, metadata = {}, {}
    if asked != "diversity":
        options["balance"] = "uniform"
        metadata = {"weights": rng.random(rows), "by": rng.integers(0, 10, rows)}
    SELECTORS[library](X[:100], 5)  # loads it
    before = _speed.peak_bytes()
    start, clock = time.process_time(), time.perf_counter()
    if library == "skdataquality":
        DiversitySelector(picks, **PASS, **options).fit_resample(X, **metadata)
    else:
        SELECTORS[library](X, picks)
    return {
        "cpu_seconds": time.process_time() - start,
        "seconds": time.perf_counter() - clock,
        "input_mb": X.nbytes / 1e6,
        "peak_mb": (_speed.peak_bytes() - before) / 1e6,
    }


# ------------------------------------------------------------------- what is shown
def quality_table(rows):
    """Return means over seeds, a column for each way of choosing."""
    keys = ["data", "share", "library"]
    means = rows.groupby(keys, sort=False)["accuracy"].mean().unstack("library")
    remedy = rows.groupby(keys[:2], sort=False)["as_remedy"].mean()
    means = means[[name for name in [*SELECTORS, ALL] if name in means]]
    return means.assign(**{"skdataquality, as a remedy": remedy}).round(4).reset_index()


def rules_table(rows):
    """Return means over seeds."""
    names = ["off_quota", "copies", "nan_refused", "distinct_of_too_many"]
    rows = rows.astype({"nan_refused": float})
    return rows.groupby(["library", "strength"], sort=False)[names].mean().reset_index()


def coverage_targets(rows, quick):
    found = rows.set_index(["data", "picks", "library"])["radius"].unstack("library")
    ratio = found["skdataquality"] / found["random"]
    peers = [name for name in ("lightly-mundig", "apricot") if name in found]
    return [
        Target("radius over that of random rows, worst", ratio.max(), 1, at_most=True),
        *(
            Target(
                f"radius over that of {peer}, mean",
                (found["skdataquality"] / found[peer]).mean(),
                1.02,
                at_most=True,
            )
            for peer in peers
        ),
    ]


def rules_targets(rows, quick):
    own = rows[rows["library"] == "skdataquality"]
    exact = own[own["strength"] == "default"]
    return [
        Target("rows off the quota", exact["off_quota"].max(), 0, at_most=True),
        Target("copies", own["copies"].max(), 0, at_most=True),
        Target("NaN refused", own["nan_refused"].astype(float).min(), 1),
        Target("distinct rows of 50", own["distinct_of_too_many"].min(), 50),
    ]


def cost_targets(rows, quick):
    if quick:
        return []
    own = rows[rows["library"] == "skdataquality"]
    large = own[own["rows"] == 1_000_000].set_index("asked")
    small = rows[(rows["rows"] == 100_000) & (rows["asked"] == "diversity")]
    seconds = small.set_index("library")["cpu_seconds"]
    found = [
        Target(f"{asked}, 1M x 128: s", line.cpu_seconds, 60, at_most=True)
        for asked, line in large.iterrows()
    ]
    found += [
        Target(
            f"{line.rows} rows: peak, bytes a row",
            1e6 * line.peak_mb / line.rows,
            250,
            True,
        )
        for line in own.itertuples()
    ]
    if "lightly-mundig" in seconds:
        ratio = seconds["lightly-mundig"] / seconds["skdataquality"]
        found.append(Target("times faster than lightly-mundig", ratio, 1))
    return found


QUALITY = Part(
    measure_quality,
    "accuracy as_remedy",
    full=[
        *grid(data=list(SETS), library=list(SELECTORS)[:-1], share=SHARES, seed=SEEDS),
        *grid(data=list(SETS), library=["apricot"], share=SHARES, seed=[0]),
        *grid(data=list(SETS), library=[ALL], share=[1.0], seed=SEEDS),
    ],
    quick=grid(data=["wine"], library=list(SELECTORS)[:2], share=[0.3], seed=[0]),
    tables={
        "Accuracy on held-out rows of logistic regression, fitted on a chosen share of "
        "the training rows; means over five seeds of five folds, for apricot over one "
        "seed.": quality_table
    },
)
COVERAGE = Part(
    measure_coverage,
    "radius mean_distance",
    full=grid(data=["digits", "clusters"], library=list(SELECTORS), picks=[50, 200]),
    quick=grid(data=["wine"], library=list(SELECTORS)[:2], picks=[10]),
    tables={
        "Largest and mean distance of a row to the nearest chosen one.": side_by_side(
            "data picks", "library", "radius mean_distance"
        )
    },
    targets=coverage_targets,
)
RULES = Part(
    measure_rules,
    "off_quota copies nan_refused distinct_of_too_many",
    full=grid(
        library=["skdataquality", "lightly-mundig"],
        strength=["default", 1, 5],
        seed=range(10),
    ),
    quick=grid(library=["skdataquality"], strength=["default"], seed=[0]),
    tables={
        "30 rows of three classes that are to be equal: rows off the quota of the "
        "worst class; exact copies among 200 rows by weight to the power of 5; whether "
        "NaN is refused; distinct rows when 80 are asked for and 50 are there.": (
            rules_table
        )
    },
    targets=rules_targets,
)
SIZES = {
    "quick": [(1000, 8, 50)],
    "full": [(100_000, 64, 1000), (1_000_000, 128, 1000)],
}


def cost_tasks(sizes, peers):
    asked = ["diversity", "diversity, weights and balance"]
    own = [("skdataquality", *size, what) for size in sizes for what in asked]
    others = [(peer, *sizes[0], "diversity") for peer in peers]
    names = ["library", "rows", "columns", "picks", "asked"]
    return [dict(zip(names, task, strict=True)) for task in own + others]


COST = Part(
    measure_cost,
    "cpu_seconds " + _speed.ALONE,
    full=cost_tasks(SIZES["full"], ["lightly-mundig"]),
    quick=cost_tasks(SIZES["quick"], []),
    tables={
        "Seconds of one processor, seconds of the clock on a busy machine, and the "
        "peak of memory beside the input.": as_they_are
    },
    targets=cost_targets,
)
