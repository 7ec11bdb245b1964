"""Accuracy expected on target rows, beside the true one.

Real: pairs of tables that differ, with the constants that are shipped. Left out: the
same, all constants chosen without the data set of the pair. Made: real tables divided
by x alone, so that P(y | x) is the same; nothing was chosen on seeds from 2 on.
Concept: halves of real tables with a new rule for some target labels, which no
unlabelled row shows.
"""

import numpy as np
import pandas as pd
from sklearn.base import clone

from benchmarks import _harness
from benchmarks._problem import Part, Target, grid
from benchmarks.shift import _left_out
from benchmarks.shift._covariate_shifts import MADE, make, relabel
from benchmarks.shift._real_shifts import SHIFTS, load
from skdataquality.compose._default import default_model
from skdataquality.shift import estimate_target_performance

FAMILIES = list(dict.fromkeys(family for family, _ in SHIFTS.values()))
METHODS = {
    "held out": "held_out",
    "importance weighting": "weighting",
    "calibrated confidence": "confidence",
    "weighted confidence": "weighted_confidence",
    "several models": "several",
    "average threshold": "threshold",
}
MEASURED = (
    "family n n_target domain_auc overconfidence held_out weighting confidence "
    "weighted_confidence several threshold estimate lower upper truth covered verdict "
    "half"
)


def judge(shift, half):
    """Return one row: what was expected, and what is true."""
    model = default_model(shift.X, X_target=shift.X_target)
    expected = estimate_target_performance(
        model, shift.X, shift.y, X_target=shift.X_target
    )
    fitted = clone(model).fit(shift.X, shift.y)
    truth = float(np.mean(fitted.predict(shift.X_target) == shift.y_target))
    estimate = expected.estimate
    confidence = fitted.predict_proba(shift.X_target).max(axis=1).mean()
    scores = {METHODS[m.method]: m.score.estimate for m in expected.methods}
    return {
        "family": shift.family,
        "n": len(shift.y),
        "n_target": len(shift.y_target),
        "domain_auc": expected.domain_auc,
        "overconfidence": max(float(confidence - scores["confidence"]), 0.0),
        **scores,
        "estimate": estimate.estimate,
        "lower": estimate.lower,
        "upper": estimate.upper,
        "truth": truth,
        "covered": estimate.lower <= truth <= estimate.upper,
        "verdict": expected.verdict,
        "half": half,
    }


def measure_real(shift):
    loaded = load(shift)
    return [] if loaded is None else [judge(loaded, "chosen on")]


def measure_left_out(family):
    """Choose from the rows of the part before, as they are in the results."""
    table = _harness.results_of("shift")["performance_real"]
    out = (table["family"] == family).to_numpy()
    name, error, cut = _left_out.choose(table[~out])
    theirs = table[out]
    share = _left_out.ESTIMATES[name](theirs).to_numpy()
    lower, upper = _left_out.bounds(theirs, share, error)
    inside = (lower <= theirs["truth"]) & (theirs["truth"] <= upper)
    return [
        {
            "shift": row["shift"],
            "domain_auc": row["domain_auc"],
            "chosen": name,
            "base": error.base,
            "growth": error.growth,
            "doubt": error.doubt,
            "below": error.below,
            "above": error.above,
            "largest_auc": cut,
            "estimate": float(share[i]),
            "lower": float(lower[i]),
            "upper": float(upper[i]),
            "truth": row["truth"],
            "covered": bool(inside.iloc[i]),
            "verdict": "cannot tell" if row["domain_auc"] > cut else "expected",
        }
        for i, (_, row) in enumerate(theirs.iterrows())
    ]


def measure_made(shift, seed):
    return [judge(make(shift, seed), "chosen on" if seed < 2 else "reported")]


def measure_concept(shift, changed):
    row = judge(relabel(shift, changed), "reported")
    return [row]


def summary(rows):
    """One line for each verdict and one for all."""
    groups = [(verdict, part) for verdict, part in rows.groupby("verdict")]
    return pd.DataFrame([_line(name, part) for name, part in [*groups, ("all", rows)]])


def _line(name, rows):
    line = {
        "verdict": name,
        "shifts": len(rows),
        "mean absolute error": (rows["estimate"] - rows["truth"]).abs().mean(),
        "held": rows["covered"].mean(),
        "median width": (rows["upper"] - rows["lower"]).median(),
    }
    for method in METHODS.values():
        if method in rows:
            error = (rows[method] - rows["truth"]).abs().mean()
            line[method.replace("_", " ")] = error
    return line


def each(rows):
    shown = "shift domain_auc estimate lower upper truth covered verdict"
    return rows[shown.split()]


def left_out_targets(rows, quick):
    if quick:
        return []
    error = (rows["estimate"] - rows["truth"]).abs()
    trusted = rows["verdict"] == "expected"
    width = (rows["upper"] - rows["lower"]).median()
    return [
        Target("mean absolute error, all shifts", error.mean(), 0.045, at_most=True),
        Target("where it is trusted", error[trusted].mean(), 0.045, at_most=True),
        Target("share of shifts held", rows["covered"].mean(), 0.85),
        Target("median width", width, 0.15, at_most=True),
    ]


def made_targets(rows, quick):
    if quick:
        return []
    rows = rows[rows["half"] == "reported"]
    error = (rows["estimate"] - rows["truth"]).abs().mean()
    return [
        Target("mean absolute error, P(y | x) kept", error, 0.03, at_most=True),
        Target("share of intervals that hold", rows["covered"].mean(), 0.9),
    ]


REAL = Part(
    measure=measure_real,
    measured=MEASURED,
    full=grid(shift=list(SHIFTS)),
    quick=grid(shift=["wine by ash", "heart va -> cleveland"]),
    tables={"Real shifts, constants as shipped": summary, "Each": each},
)
LEFT_OUT = Part(
    measure=measure_left_out,
    measured=(
        "shift domain_auc chosen base growth doubt below above largest_auc estimate "
        "lower upper truth covered verdict"
    ),
    full=grid(family=FAMILIES),
    quick=grid(family=["iris"]),
    tables={"Real shifts, all chosen without the data set": summary},
    targets=left_out_targets,
)
MADE_SHIFTS = Part(
    measure=measure_made,
    measured=MEASURED,
    full=grid(shift=list(MADE), seed=[0, 2, 3]),
    quick=grid(shift=["wine by second component"], seed=[2]),
    tables={"P(y | x) kept": lambda rows: summary(rows[rows["half"] == "reported"])},
    targets=made_targets,
)
CONCEPT = Part(
    measure=measure_concept,
    measured=MEASURED,
    full=grid(
        shift=["breast cancer by first component", "diabetes by first component"],
        changed=[0.0, 0.1, 0.2, 0.4],
    ),
    quick=grid(shift=["breast cancer by first component"], changed=[0.2]),
    tables={"Labels under a new rule, which nothing shows": each},
)
