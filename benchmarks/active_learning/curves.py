"""Simulated labelling: its intervals, what stopping rules spare, gains foretold.

Curves: the interval of the gain in area over random rows, on tables drawn anew. "random
again" draws at random too, with another seed: its interval should miss 0 in at most
5 %. That of margin should hold the mean gain over all tables.

Stops: where each rule would have stopped, what share of the labels this spares, and
what it costs in accuracy, beside all labels. Settings of the rules were chosen on the
tables of the half "tuned"; the others report.

Gains: what more labels bring, foretold from cross-validation on those that are there,
beside what they bring on average over other draws of as many rows. What the power law
thinks before it has seen a curve was chosen on other draws, from tables of both halves,
so that neither is fresh to it.
"""

import numpy as np
from sklearn.datasets import load_breast_cancer, load_digits
from sklearn.model_selection import StratifiedKFold
from sklearn.naive_bayes import GaussianNB

from benchmarks._problem import Part, Target, grid
from benchmarks.active_learning._known_tables import half, load, model_of
from skdataquality.active_learning import (
    ClassificationChange,
    ExpectedGain,
    OverallUncertainty,
    RandomQuery,
    StabilizingPredictions,
    UncertaintyQuery,
    active_learning_curve,
)
from skdataquality.active_learning._simulation import extrapolate

FAMILIES = ("two classes", "three classes", "digits", "breast cancer")
SHOWN_POOLS = (
    "digits",
    "breast cancer",
    "made, three classes",
    "made, two classes",
    "bank",
    "electricity",
)
N_TABLES = 20
N_ROWS = 400


def table(family, seed):
    rng = np.random.default_rng(seed)
    if family == "digits":
        X, y = load_digits(return_X_y=True)
        rows = rng.permutation(len(y))[:N_ROWS]
        return X[rows] + rng.normal(size=(N_ROWS, 64)), y[rows]
    if family == "breast cancer":
        X, y = load_breast_cancer(return_X_y=True)
        rows = rng.permutation(len(y))[:N_ROWS]
        return X[rows], y[rows]
    n_classes = 2 if family == "two classes" else 3
    y = rng.integers(0, n_classes, N_ROWS)
    return rng.normal(size=(N_ROWS, 5)) + 1.5 * np.eye(3, 5)[y], y


def measure_curves(family, seed, n_seeds):
    X, y = table(family, seed)
    naive = GaussianNB(var_smoothing=0.01)
    curve = active_learning_curve(
        model_of("logistic") if family == "breast cancer" else naive,
        X,
        y,
        strategy={
            "random again": RandomQuery(random_state=7),
            "margin": UncertaintyQuery(),
        },
        n_rounds=5,
        n_seeds=n_seeds,
        random_state=seed,
    )
    return [
        {
            "strategy": name,
            "area": round(curve.areas[name].estimate, 5),
            "gain": round(gain.estimate, 5),
            "lower": round(gain.lower, 5),
            "upper": round(gain.upper, 5),
            "p_value": round(curve.p_values[name], 5),
        }
        for name, gain in curve.gains.items()
    ]


def covered(rows):
    """How often intervals hold the truth, and find a gain, by family and strategy."""
    truth = rows.groupby(["family", "n_seeds", "strategy"]).gain.transform("mean")
    truth = truth.where(rows.strategy != "random again", 0.0)
    rows = rows.assign(
        holds=(rows.lower <= truth) & (truth <= rows.upper),
        finds=rows.p_value < 0.05,
        width=rows.upper - rows.lower,
        tables=1,
    )
    grouped = rows.groupby(["strategy", "n_seeds", "family"], sort=False)
    means = grouped[["area", "gain", "width", "holds", "finds"]].mean()
    return means.join(grouped.tables.sum()).reset_index().round(4)


def targets_of_curves(rows, quick):
    if quick:
        return []
    table = covered(rows).groupby("strategy")[["holds", "finds"]].mean()
    return [
        Target(
            "random again found to differ",
            table.finds["random again"],
            0.05,
            at_most=True,
        ),
        Target("interval of margin holds the mean gain", table.holds["margin"], 0.95),
    ]


CURVES = Part(
    measure=measure_curves,
    measured="strategy area gain lower upper p_value",
    full=[
        {"family": f, "seed": s, "n_seeds": n}
        for s in range(N_TABLES)
        for f in FAMILIES
        for n in (1, 2)
    ],
    quick=grid(family=["two classes"], seed=[0], n_seeds=[1]),
    tables={"How often the interval of the gain holds, and finds one": covered},
    targets=targets_of_curves,
)

RULES = {
    "kappa .98, 3 rounds": StabilizingPredictions(0.98),
    "kappa .99, 3 rounds": StabilizingPredictions(0.99),
    "gain .001, next batch": ExpectedGain(0.001),
    "gain .002, next batch": ExpectedGain(0.002),
    "gain .005, next batch": ExpectedGain(0.005),
    "gain .01, as many again": ExpectedGain(0.01, more=1.0),
    "changed .01, twice": ClassificationChange(0.01, n_rounds=2),
    "entropy .05": OverallUncertainty(),
}


def measure_stops(pool, model, n_rounds):
    loaded = load(pool)
    if loaded is None:
        return []
    X, y = loaded
    curve = active_learning_curve(
        model_of(model),
        X,
        y,
        strategy={"margin": UncertaintyQuery()},
        cv=3,
        n_rounds=n_rounds,
        n_seeds=1,
        stopping=RULES,
        random_state=0,
    )
    return [
        {
            "half": half(pool),
            "budget": int(curve.n_labeled[-1]),
            "strategy": stop.strategy,
            "rule": stop.rule,
            "score": round(float(curve.scores[stop.strategy][:, -1].mean()), 4),
            "stopped": round(stop.share_stopped, 3),
            "n_labeled": round(stop.n_labeled, 1),
            "used": round(1 - stop.spared, 4),
            "cost": round(stop.cost.estimate, 5),
            "lower": round(stop.cost.lower, 5),
            "upper": round(stop.cost.upper, 5),
        }
        for stop in curve.stops
    ]


def spared(rows):
    """Share of the labels used, and accuracy lost, by rule and half."""
    rows = rows.assign(cheap=rows.cost <= 0.01, tables=1)
    grouped = rows.groupby(["half", "strategy", "rule"], sort=False)
    means = grouped[["stopped", "used", "cost", "cheap"]].mean()
    means["worst"] = grouped.cost.max()
    return means.join(grouped.tables.sum()).reset_index().round(4)


def targets_of_stops(rows, quick):
    if quick:
        return []
    targets = []
    for rule in ("kappa .99, 3 rounds", "gain .002, next batch"):
        mine = rows[(rows.rule == rule) & (rows.strategy == "margin")]
        digits = mine[(mine.pool == "digits") & (mine.model == "logistic")]
        others = mine[(mine.half == "reported") & (mine.pool != "digits")]
        for where, found in (("digits", digits), ("other reported", others)):
            used, lost = found.used.mean(), found.cost.max()
            targets += [
                Target(f"{rule}: labels used, {where}", used, 0.6, at_most=True),
                Target(f"{rule}: most lost, {where}", lost, 0.01, at_most=True),
            ]
    return targets


STOPS = Part(
    measure=measure_stops,
    measured="half budget strategy rule score stopped n_labeled used cost lower upper",
    full=grid(pool=SHOWN_POOLS, model=["logistic"], n_rounds=[30])
    + grid(pool=["breast cancer", "digits"], model=["forest"], n_rounds=[30]),
    quick=grid(pool=["breast cancer"], model=["logistic"], n_rounds=[4]),
    tables={"Labels used and accuracy lost, by stopping rule": spared},
    targets=targets_of_stops,
)

FRACTIONS = np.array([0.25, 0.4, 0.6, 0.8, 1.0])  # of the training fold
N_DRAWS, N_TRUE_DRAWS = 5, 60


def measure_gains(pool, model, n_labeled):
    loaded = load(pool)
    if loaded is None:
        return []
    X, y = loaded
    after = {"1.3 times": round(1.3 * n_labeled), "twice": 2 * n_labeled}
    sizes = [n_labeled, *after.values()]
    true = np.mean(
        [_test_scores(X, y, model, sizes, 1000 + s) for s in range(N_TRUE_DRAWS)],
        axis=0,
    )
    rows = []
    for seed in range(N_DRAWS):
        law = extrapolate(*_learning_curve(X, y, model, n_labeled, seed))
        for k, (name, n) in enumerate(after.items(), start=1):
            gain = law.gain(n_labeled, n, level=0.9)
            rows.append(
                {
                    "half": half(pool),
                    "seed": seed,
                    "after": name,
                    "true": round(true[k] - true[0], 5),
                    "foretold": round(gain.estimate, 5),
                    "lower": round(gain.lower, 5),
                    "upper": round(gain.upper, 5),
                }
            )
    return rows


def _test_scores(X, y, model, sizes, seed):
    rows = np.random.default_rng(seed).permutation(len(y))
    test = rows[-max(200, len(y) // 4) :]
    return [_score(X, y, model, rows[:n], test) for n in sizes]


def _learning_curve(X, y, model, n_labeled, seed):
    """Sizes and scores by cross-validation on some labelled rows."""
    rows = np.random.default_rng(seed).permutation(len(y))[:n_labeled]
    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    scores = []
    for train, test in folds.split(rows, y[rows]):
        train = np.random.default_rng(seed).permutation(train)
        sizes = (FRACTIONS * train.size).astype(int)
        scores.append([_score(X, y, model, rows[train[:n]], rows[test]) for n in sizes])
    return sizes, scores


def _score(X, y, model, train, test):
    if np.unique(y[train]).size == 1:
        return float(np.mean(y[test] == y[train[0]]))
    return model_of(model).fit(X[train], y[train]).score(X[test], y[test])


def foretold(rows):
    """Gains foretold and met, a line for each half and number of rows."""
    rows = rows.assign(
        holds=(rows.lower <= rows.true) & (rows.true <= rows.upper),
        width=rows.upper - rows.lower,
        off=(rows.foretold - rows.true).abs(),
        curves=1,
    )
    grouped = rows.groupby(["half", "n_labeled", "after"], sort=False)
    means = grouped[["true", "foretold", "off", "width", "holds"]].mean()
    return means.join(grouped.curves.sum()).reset_index().round(4)


def targets_of_gains(rows, quick):
    if quick:
        return []
    reported = rows[rows.half == "reported"]
    holds = (reported.lower <= reported.true) & (reported.true <= reported.upper)
    return [Target("90 % interval of a gain holds, reported", holds.mean(), 0.85)]


GAINS = Part(
    measure=measure_gains,
    measured="half seed after true foretold lower upper",
    full=grid(pool=SHOWN_POOLS, model=["logistic"], n_labeled=[60, 150])
    + grid(pool=["digits", "electricity"], model=["forest"], n_labeled=[60, 150]),
    quick=grid(pool=["breast cancer"], model=["logistic"], n_labeled=[60]),
    tables={"What more labels bring, foretold and met": foretold},
    targets=targets_of_gains,
)
