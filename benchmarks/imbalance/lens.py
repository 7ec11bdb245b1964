"""The lens of imbalance: how often intervals hold, what it says, what it costs.

Intervals: tables of two classes whose true scores are known. "draws" and "score" are
the intervals of the lens, "bootstrap" resamples rows within class. They were chosen on
the designs of the half "tune".

Verdicts: whole diagnoses. Clean tables are of the families of ``clean_families``, with
a rare class or without. In "wrong labels" so many of the 100 rows of a rare class of
1500 rows are mislabelled rows of the other class, from which it lies apart, and in
"overlapping" none are, but the class is hard to tell. Seeds below 100 were looked at.

Speed: seconds of one processor, beside the out-of-fold predictions.
"""

from time import process_time

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import (
    average_precision_score,
    balanced_accuracy_score,
    f1_score,
    matthews_corrcoef,
)

from benchmarks._problem import Part, Target, grid
from skdataquality import diagnose
from skdataquality.datasets import make_clean_table
from skdataquality.imbalance import imbalance_lens
from skdataquality.utils._stats import interval_of_draws

# rows of the common and of the rare class, their distance, and where the cut is
DESIGNS = {
    "tune": ((200, 10, 1.0), (500, 10, 3.0), (1000, 30, 1.5)),
    "report": ((300, 12, 0.7), (400, 8, 2.0), (1000, 40, 2.5), (2000, 100, 1.5)),
}
SCORES = {
    "f1": f1_score,
    "balanced_accuracy": balanced_accuracy_score,
    "mcc": matthews_corrcoef,
    "rarest_average_precision": average_precision_score,
}


def measure_intervals(half, n, n_rare, distance, tables):
    """Count how often each interval holds the score of a very large table."""
    truth = _scores(*_draw(np.random.default_rng(0), 200 * n, 200 * n_rare, distance))
    rng = np.random.default_rng(1)
    held: dict = {}
    for _ in range(tables):
        y, p = _draw(rng, n, n_rare, distance)
        for (score, kind), found in _intervals(y, p).items():
            at = held.setdefault((score, kind), [])
            at.append((found.lower <= truth[score] <= found.upper, found))
    return [
        {
            "score": score,
            "interval": kind,
            "truth": truth[score],
            "held": np.mean([hit for hit, _ in found]),
            "width": np.mean([i.upper - i.lower for _, i in found]),
        }
        for (score, kind), found in held.items()
    ]


def _draw(rng, n, n_rare, distance):
    """Return labels and the true probability of the rare class, of two normal ones."""
    y = np.repeat([0, 1], [n, n_rare])
    x = rng.normal(size=y.size) + distance * y
    log_odds = distance * x - distance**2 / 2 + np.log(n_rare / n)
    return y, 1 / (1 + np.exp(-log_odds))


def _scores(y, p):
    return {
        name: score(y, p if "precision" in name else p > 0.5)
        for name, score in SCORES.items()
    }


def _intervals(y, p):
    lens = imbalance_lens(y, np.column_stack([1 - p, p]))
    ours = {key: lens.numbers.get(key) for key in SCORES}
    ours["f1"] = lens.evidence["classes"][1]["f1"]
    found = {
        (name, "score" if "precision" in name else "draws"): interval
        for name, interval in ours.items()
    }
    for name, draws in _resampled(y, p).items():
        found[name, "bootstrap"] = interval_of_draws(
            _scores(y, p)[name], draws, method="bootstrap within class"
        )
    return found


def _resampled(y, p, n_draws=200):
    """Draw scores of rows resampled within class."""
    rng = np.random.default_rng(0)
    n, n_rare = np.bincount(y)
    hit = rng.binomial(n_rare, (p[y == 1] > 0.5).mean(), n_draws)
    false = rng.binomial(n, (p[y == 0] > 0.5).mean(), n_draws)
    miss, right = n_rare - hit, n - false
    spread = (hit + false) * n_rare * (right + miss) * 1.0 * n
    # a common row counts where it is as high as a rare one, or below all of these
    order = np.argsort(-p[y == 1], kind="stable")
    above = np.searchsorted(np.sort(-p[y == 0]), -p[y == 1][order], side="right")
    cells = np.diff(np.r_[0, above, n])
    common = rng.multinomial(n, cells / n, n_draws)[:, :-1].cumsum(axis=1)
    rare = rng.multinomial(n_rare, np.full(n_rare, 1 / n_rare), n_draws)
    found = rare.cumsum(axis=1)
    precision = found / np.maximum(found + common, 1)
    return {
        "f1": 2 * hit / (hit + false + n_rare),
        "balanced_accuracy": (hit / n_rare + right / n) / 2,
        "mcc": (hit * right - false * miss) / np.sqrt(np.maximum(spread, 1)),
        "rarest_average_precision": (rare * precision).sum(axis=1) / n_rare,
    }


def intervals_table(rows):
    found = rows.groupby(["half", "score", "interval"], sort=False)
    return (
        found.agg(
            designs=("held", "size"),
            held=("held", "mean"),
            least=("held", "min"),
            width=("width", "mean"),
        )
        .reset_index()
        .round(3)
    )


def intervals_targets(rows, quick):
    if quick:
        return []
    ours = rows[(rows["half"] == "report") & (rows["interval"] != "bootstrap")]
    means = ours.groupby("score")["held"].mean()
    return [
        Target(f"95 % intervals that hold, {name}", value, 0.93)
        for name, value in means.items()
    ]


def _design_tasks(tables, halves=("tune", "report")):
    return [
        {"half": half, "n": n, "n_rare": r, "distance": d, "tables": tables}
        for half in halves
        for n, r, d in DESIGNS[half]
    ]


INTERVALS = Part(
    measure_intervals,
    "score interval truth held width",
    full=_design_tasks(200),
    quick=_design_tasks(20, ("tune",))[:1],
    tables={"How often 95 % intervals hold": intervals_table},
    targets=intervals_targets,
)


# -- verdicts --------------------------------------------------------------------------

EVEN = ("normal, error 10 %", "logistic, flat", "no signal")
RARE = ("minority 10 %", "minority 2 %")
CLEAN, WRONG, OVERLAPPING = "clean", "wrong labels", "overlapping"


def measure_verdicts(kind, design, seeds):
    """Return what the lens says of tables, and the label lens beside it."""
    lines = []
    for seed in range(100, 100 + seeds):
        X, y = _table(kind, design, seed)
        report = diagnose(X, y, random_state=seed)
        lens = report.lenses["imbalance"]
        lines.append(
            {
                "seed": seed,
                "verdict": lens.verdict,
                "reason": lens.reason_code,
                "labels": report.lenses["label_noise"].verdict,
            }
        )
    return [
        {"verdict": v, "reason": r, "labels": w, "tables": size}
        for (v, r, w), size in pd.DataFrame(lines)
        .groupby(["verdict", "reason", "labels"])
        .size()
        .items()
    ]


def _table(kind, design, seed):
    if kind == CLEAN:
        table = make_clean_table(design, random_state=seed)
        return table.X, table.y
    n_wrong, distance = (design, 5.0) if kind == WRONG else (0, design)
    rng = np.random.default_rng(seed)
    y = np.zeros(1500, dtype=int)
    y[: 100 - n_wrong] = 1
    X = rng.normal(size=(1500, 6))
    X[:, :3] += distance / np.sqrt(3) * y[:, None]
    y[:100] = 1
    order = rng.permutation(1500)
    return X[order], y[order]


def verdicts_table(rows):
    keys = ["kind", "design", "verdict", "reason"]
    return rows.groupby(keys, sort=False)["tables"].sum().reset_index()


def verdicts_targets(rows, quick):
    if quick:
        return []
    errors = rows["reason"] == "minority_of_errors"
    right = rows[(rows["kind"] != WRONG)]
    mostly = rows[(rows["kind"] == WRONG) & (rows["design"].astype(str) == "70")]
    return [
        Target(
            "rare classes of right labels called wrong, most",
            _share(right, errors, ["kind", "design"]).max(),
            0.05,
            True,
        ),
        Target(
            "even clean tables called imbalanced",
            _share(
                rows[rows["design"].isin(EVEN)], rows["verdict"] != "clear", ["design"]
            ).max(),
            0.05,
            True,
        ),
        Target(
            "rare classes of 70 % wrong labels so called",
            _share(mostly, errors, ["kind"]).max(),
            0.5,
        ),
    ]


def _share(rows, mask, keys):
    hits = rows.assign(hits=rows["tables"] * mask[rows.index])
    return hits.groupby(keys)["hits"].sum() / hits.groupby(keys)["tables"].sum()


VERDICTS = Part(
    measure_verdicts,
    "verdict reason labels tables",
    full=[
        *grid(kind=[CLEAN], design=EVEN + RARE, seeds=[30]),
        *grid(kind=[OVERLAPPING], design=(1.0, 2.0, 3.0), seeds=[20]),
        *grid(kind=[WRONG], design=(20, 40, 70, 90), seeds=[20]),
    ],
    quick=grid(kind=[WRONG], design=(70,), seeds=[1]),
    tables={"What the lens says": verdicts_table},
    targets=verdicts_targets,
)


# -- speed -----------------------------------------------------------------------------


def measure_speed(n, columns, share, repeat):
    """Seconds of one processor, with rows and without."""
    rng = np.random.default_rng(repeat)
    y = (rng.random(n) < share).astype(int)
    X = rng.normal(size=(n, columns)) + 0.5 * y[:, None]
    proba = LogisticRegression().fit(X, y).predict_proba(X)
    fold = np.arange(n) % 5
    splits = [(np.flatnonzero(fold != k), np.flatnonzero(fold == k)) for k in range(5)]
    lines = []
    for what, options in {
        "labels and probabilities": {},
        "with the rows": {
            "X": X,
            "splits": splits,
            "prior": {0: 0.9, 1: 0.1},
            "flagged": rng.random(n) < 0.02,
        },
    }.items():
        started = process_time()
        imbalance_lens(y, proba, **options)
        lines.append({"what": what, "seconds": process_time() - started})
    return lines


def speed_table(rows):
    keys = ["n", "columns", "share", "what"]
    return rows.groupby(keys, sort=False)["seconds"].median().reset_index().round(3)


def speed_targets(rows, quick):
    if quick:
        return []
    some = rows[(rows["n"] == 100_000) & (rows["what"] == "with the rows")]
    some = some[some["share"] == 0.01]
    return [Target("seconds, 1e5 rows at 1 %", some["seconds"].median(), 2, True)]


SPEED = Part(
    measure_speed,
    "what seconds",
    full=grid(n=[10_000, 100_000], columns=[20], share=[0.01, 0.2], repeat=range(3)),
    quick=grid(n=[2000], columns=[20], share=[0.05], repeat=[0]),
    tables={"Seconds of one processor": speed_table},
    targets=speed_targets,
)
