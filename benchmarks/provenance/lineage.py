"""Rows traced through every sampler of imbalanced-learn, and what tracing costs.

Tables of two Gaussian classes, the rare one a tenth of 600 rows; of "copies" every
second row is one of another of its class. Seeds are integers, of which draws can be
repeated, or generators, which leave the numbers alone to prove parents: parents that
differ from those of the same integer are wrong, if it makes the same rows. Models are
logistic regressions on what the sampler left: ours beside that of imbalanced-learn, and
for samplers that only select, beside one fitted by hand on the rows traced.
"""

import warnings

import numpy as np
from imblearn.over_sampling import SMOTE
from imblearn.pipeline import Pipeline
from imblearn.utils.testing import all_estimators
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression

from benchmarks import _speed
from benchmarks._problem import Part, Target, grid
from skdataquality.provenance import TrackedPipeline

N_ROWS = 600
SAMPLERS = dict(all_estimators(type_filter="sampler"))
OPTIONS = {
    "SMOTENC": {"categorical_features": [0]},
    "KMeansSMOTE": {"cluster_balance_threshold": 0.02, "kmeans_estimator": 3},
    "CondensedNearestNeighbour": {"n_seeds_S": 200},
}
MEASURED = """rows kept synthetic untraced wrong_parents residual
    coefficients_differ refit_differs"""
BYTES_PER_ROW = 2000


def draw(table, n_rows, n_columns, seed=0):
    rng = np.random.default_rng(seed)
    y = (np.arange(n_rows) % 10 == 0).astype(int)
    X = rng.normal(size=(n_rows, n_columns)) + y[:, np.newaxis]
    if table == "copies":
        for label in (0, 1):
            own = np.flatnonzero(y == label)
            X[own[1::2]] = X[own[::2]][: own[1::2].size]
    X[:, 0] = rng.integers(0, 3, size=n_rows)
    return X, y


def sampler_of(name, seed):
    sampler = SAMPLERS[name](**OPTIONS.get(name, {}))
    if "random_state" in sampler.get_params():
        sampler.set_params(random_state=seed)
    return sampler


def fitted(kind, sampler, X, y):
    steps = [("sampler", clone(sampler)), ("clf", LogisticRegression())]
    return kind(steps).fit(X, y)


def measure(sampler, table, seeds, repeat):
    X, y = draw(table, N_ROWS, 6, repeat)
    integer = sampler_of(sampler, repeat)
    is_integer = seeds == "integers"
    used = integer if is_integer else sampler_of(sampler, np.random.RandomState(repeat))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            theirs = fitted(Pipeline, used, X, y)
        except (ValueError, RuntimeError):  # no cluster has enough rows
            return []
        ours = fitted(TrackedPipeline, used, X, y)
        X_new, _ = clone(used).fit_resample(X, y)
        told = fitted(TrackedPipeline, integer, X, y).lineage_
        same = np.array_equal(X_new, clone(integer).fit_resample(X, y)[0])
        differ = np.abs(ours["clf"].coef_ - theirs["clf"].coef_).max()
        refit = refitted(ours, X, y)
    lineage = ours.lineage_
    return [
        {
            "rows": lineage.n_out,
            "kept": int((lineage.origin >= 0).sum()),
            "synthetic": int((lineage.origin == -1).sum()),
            "untraced": int(lineage.untraced.sum()),
            "wrong_parents": wrong(lineage, told)
            if same and not is_integer
            else np.nan,
            "residual": residual(sampler, lineage, X, X_new),
            "coefficients_differ": differ,
            "refit_differs": refit,
        }
    ]


def refitted(pipeline, X, y):
    """Return the largest difference of coefficients to a fit on the rows traced."""
    origin = pipeline.lineage_.origin
    if (origin < 0).any():
        return np.nan
    by_hand = LogisticRegression().fit(X[origin], y[origin])
    return np.abs(by_hand.coef_ - pipeline["clf"].coef_).max()


def wrong(lineage, told):
    """Count the synthetic rows whose parents are not those that a seed tells."""
    both = (lineage.origin == -1) & (told.origin == -1)
    difference = abs(lineage.parents - told.parents).sum(axis=1)
    return int((difference[both] > 1e-6).sum())


def residual(sampler, lineage, X, X_new):
    """Return how far made rows are from the mean of their parents, in any column."""
    made = lineage.origin == -1
    if not made.any() or sampler == "RandomOverSampler":
        return np.nan
    columns = slice(1, None) if sampler == "SMOTENC" else slice(None)
    away = lineage.parents @ X - X_new
    return np.abs(away[made][:, columns]).max()


def shares(rows):
    """Return shares of the rows by sampler, table and kind of seed."""
    keys = ["sampler", "table", "seeds"]
    counts = rows.groupby(keys, sort=False)[
        ["rows", "kept", "synthetic", "untraced", "wrong_parents"]
    ].sum()
    frame = counts.div(counts["rows"], axis=0).drop(columns="rows").round(3)
    frame["wrong_parents"] = counts["wrong_parents"]
    worst = rows.groupby(keys, sort=False)[["residual", "coefficients_differ"]].max()
    return frame.join(worst).reset_index()


def targets(rows, quick):
    stated = rows["kept"] + rows["synthetic"] + rows["untraced"]
    return [
        Target("rows traced or said to be untraced", (stated / rows["rows"]).min(), 1),
        Target("samplers", rows["sampler"].nunique(), len(SAMPLERS)),
        Target("wrong parents", rows["wrong_parents"].sum(), 0, at_most=True),
        Target("residual", rows["residual"].max(), 1e-9, at_most=True),
        Target(
            "coefficients beside imbalanced-learn's",
            rows["coefficients_differ"].max(),
            0,
            at_most=True,
        ),
        Target(
            "coefficients beside a fit on the rows traced",
            rows["refit_differs"].max(),
            0,
            at_most=True,
        ),
    ]


def measure_speed(rows, columns, seeds):
    X, y = draw("plain", rows, columns)

    def call(kind):
        seed = 0 if seeds == "integers" else np.random.RandomState(0)
        return kind([("s", SMOTE(random_state=seed))]).fit_resample(X, y)

    calls = {
        "imbalanced-learn": lambda: call(Pipeline),
        "skdataquality": lambda: call(TrackedPipeline),
    }
    timed = _speed.race(calls, 3)
    nothing = dict.fromkeys(_speed.MEMORY.split(), np.nan)
    timed[1] |= _speed.memory(calls["skdataquality"], X.nbytes)
    return [nothing | row for row in timed]


def costs(rows):
    """Return the times of a fit that is tracked, that of the fit alone being 1."""
    ours = rows[rows["library"] == "skdataquality"]
    names = "rows columns seeds seconds ratio ratio_min ratio_max peak_mb"
    return ours[names.split()].round(2)


def targets_of_speed(rows, quick):
    ours = rows[rows["library"] == "skdataquality"]
    most = (ours["peak_mb"] * 1e6 / (ours["rows"] * ours["columns"])).max()
    return [Target("bytes a cell", most, BYTES_PER_ROW, at_most=True)]


PART = Part(
    measure,
    MEASURED,
    full=grid(
        sampler=list(SAMPLERS),
        table=["plain", "copies"],
        seeds=["integers", "generators"],
        repeat=[0],
    ),
    quick=grid(sampler=list(SAMPLERS), table=["plain"], seeds=["integers"], repeat=[0]),
    tables={"Shares of the rows a sampler leaves": shares},
    targets=targets,
)
SPEED = Part(
    measure_speed,
    f"{_speed.TIMES} {_speed.MEMORY}",
    full=grid(rows=[2000, 20_000], columns=[8, 40], seeds=["integers", "generators"]),
    quick=grid(rows=[1000], columns=[8], seeds=["integers", "generators"]),
    tables={"A tracked fit of SMOTE, the fit alone being 1": costs},
    targets=targets_of_speed,
)
