"""How often intervals hold the class shares, where new rows can be drawn at will."""

import numpy as np
from sklearn.ensemble import RandomForestClassifier

from benchmarks._problem import Part, Target, grid
from benchmarks.shift.label_designs import MODELS
from skdataquality.shift import LabelShiftEstimator, TargetData

OLD = np.array([0.5, 0.3, 0.2])
NEW = {
    "none": OLD,
    "some": np.array([0.3, 0.3, 0.4]),
    "much": np.array([0.1, 0.2, 0.7]),
}
N_ROWS, N_TARGET, N_RUNS = 500, 400, 60
FOREST = RandomForestClassifier(30, min_samples_leaf=3, random_state=0)


def _draw(rng, n, prior):
    y = rng.choice(3, n, p=prior)
    return rng.normal(size=(n, 4)) + 1.5 * np.eye(3, 4)[y], y


def measure(shift, model, runs):
    held, error, width, agree, seen = [], [], [], [], []
    learner = FOREST if model == "forest" else MODELS[model]()
    for seed in range(runs):
        rng = np.random.default_rng(seed)
        X, y = _draw(rng, N_ROWS, OLD)
        X_target, _ = _draw(rng, N_TARGET, NEW[shift])
        found = LabelShiftEstimator(
            learner, X_target=TargetData(X_target), random_state=0
        ).fit(X, y)
        low, high = found.target_prior_interval_.T
        held.append((low <= NEW[shift]) & (NEW[shift] <= high))
        error.append(np.abs(found.target_prior_ - NEW[shift]))
        width.append(high - low)
        agree.append(found.methods_agree_)
        seen.append(found.p_value_ < 0.05)
    names = ["held", "error", "width", "agree", "shift_seen"]
    values = [held, error, width, agree, seen]
    return [{k: f"{np.mean(v):.4g}" for k, v in zip(names, values, strict=True)}]


def targets(rows, quick):
    if quick:
        return []
    unshifted = rows.loc[rows["shift"] == "none", "shift_seen"]
    return [
        Target("intervals of 95 % that hold the share", rows["held"].mean(), 0.93),
        Target("intervals that hold it, worst case", rows["held"].min(), 0.9),
        Target("shift seen where there is none", unshifted.mean(), 0.07, at_most=True),
    ]


PART = Part(
    measure,
    "held error width agree shift_seen",
    full=grid(
        shift=list(NEW), model=["logistic", "naive Bayes", "forest"], runs=[N_RUNS]
    ),
    quick=grid(shift=["some"], model=["logistic"], runs=[3]),
    tables={"Three normal classes: intervals of their shares.": lambda rows: rows},
    targets=targets,
)
