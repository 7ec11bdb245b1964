"""The default recipe beside a plain fit, class weights and resampling, on KEEL sets.

Four stratified folds, so that every row is held out once a repeat; a score is the mean
over them. Settings of the recipe were chosen on the sets whose half is "shaped"; the
others report. "tuned" has a threshold tuned on the same plain fit, whose probabilities
are left as they are. All others but the recipes decide at a probability of one half.
"""

import numpy as np
import pandas as pd
from imblearn.over_sampling import SMOTE
from imblearn.pipeline import make_pipeline
from imblearn.under_sampling import RandomUnderSampler
from sklearn.metrics import (
    average_precision_score,
    balanced_accuracy_score,
    f1_score,
    log_loss,
    matthews_corrcoef,
)
from sklearn.model_selection import StratifiedKFold

from benchmarks._problem import Part, Target, grid
from benchmarks.imbalance._keel import REPORTED, SHAPED, half_of, keel
from benchmarks.imbalance._learners import LEARNERS, Remembered
from skdataquality.imbalance import TunedOffsetClassifierCV, recommended_classifier
from skdataquality.utils._stats import nadeau_bengio

N_FOLDS, N_INNER = 4, 5
DECLARED = ("balanced_accuracy", "f1", "matthews_corrcoef")
SCORES = ("balanced_accuracy", "f1", "matthews_corrcoef", "average_precision")
NO_WORSE = 0.005  # of the log-loss


def ways(learner, y):
    """Name what is compared: for each way the metric declared, and a classifier."""
    plain = Remembered(learner())
    folds = StratifiedKFold(N_INNER, shuffle=True, random_state=0)
    neighbors = min(5, np.bincount(y).min() - 1)
    return {
        ("plain", ""): plain,
        ("class weights", ""): learner(class_weight="balanced"),
        ("under-sampling", ""): make_pipeline(
            RandomUnderSampler(random_state=0), learner()
        ),
        ("SMOTE", ""): make_pipeline(
            SMOTE(k_neighbors=neighbors, random_state=0), learner()
        ),
        **{
            ("tuned", metric): TunedOffsetClassifierCV(
                plain, scoring=metric, calibration=None, cv=folds
            )
            for metric in DECLARED
        },
        **{
            ("recipe", metric): recommended_classifier(plain, metric).set_params(
                cv=folds
            )
            for metric in DECLARED
        },
    }


def scores(model, X, y):
    proba, said = model.predict_proba(X)[:, 1], model.predict(X)
    return {
        "log_loss": log_loss(y, proba, labels=[0, 1]),
        "balanced_accuracy": balanced_accuracy_score(y, said),
        "f1": f1_score(y, said, zero_division=0),
        "matthews_corrcoef": matthews_corrcoef(y, said),
        "average_precision": average_precision_score(y, proba),
        "mean_proba": proba.mean() / y.mean(),
    }


def measure(learner, name, repeat):
    drawn = keel(name)
    if drawn is None:
        return []
    X, y = drawn
    outer = StratifiedKFold(N_FOLDS, shuffle=True, random_state=repeat)
    rows = []
    for train, test in outer.split(X, y):
        Remembered.known.clear()
        for (way, metric), model in ways(LEARNERS[learner], y[train]).items():
            found = scores(model.fit(X[train], y[train]), X[test], y[test])
            rows.append({"way": way, "declared": metric, **found})
    found = pd.DataFrame(rows).groupby(["way", "declared"], sort=False).mean()
    facts = {"half": half_of(name), "n_rare": int(y.sum()), "prevalence": y.mean()}
    return [facts | row for row in found.reset_index().to_dict("records")]


def by_set(rows):
    """Mean over repeats."""
    keys = ["half", "learner", "way", "declared", "name"]
    return (
        rows.fillna({"declared": ""})
        .groupby(keys, sort=False)[["log_loss", *SCORES, "mean_proba"]]
        .mean()
    )


def summary(rows):
    """Return means over the sets of a half."""
    found = by_set(rows).groupby(["half", "learner", "way", "declared"], sort=False)
    return found.mean().round(4).reset_index()


def differences(rows, half, learner, way, metric, score, against):
    """Differences of the recipe from another way, a value for each set."""
    found = by_set(rows).sort_index().loc[half, learner][score]
    return found[way, metric] - found[against]


def beside_others(rows):
    """Compare the recipe with the others in the metric that was declared."""
    others = [("SMOTE", ""), ("class weights", ""), ("under-sampling", "")]
    lines = []
    for half, learner in rows[["half", "learner"]].drop_duplicates().to_numpy():
        for metric in DECLARED:
            for against in [*others, ("tuned", metric)]:
                gain = differences(
                    rows, half, learner, "recipe", metric, metric, against
                )
                lines.append(
                    {
                        "half": half,
                        "learner": learner,
                        "score": metric,
                        "against": against[0],
                        **interval_of(gain),
                        "loses_on": ", ".join(gain.index[gain < 0]),
                    }
                )
    return pd.DataFrame(lines)


def losses_of_probability(rows):
    """Compare the log-loss of the recipe with that of the plain fit."""
    lines = [
        {
            "half": half,
            "learner": learner,
            "declared": metric,
            **interval_of(
                gap := differences(
                    rows, half, learner, "recipe", metric, "log_loss", ("plain", "")
                )
            ),
            "largest": round(gap.max(), 4),
        }
        for half, learner in rows[["half", "learner"]].drop_duplicates().to_numpy()
        for metric in DECLARED
    ]
    return pd.DataFrame(lines)


def interval_of(gain):
    """Mean over sets, which are independent, with its 95 % t interval."""
    if len(gain) < 2:
        return {"sets": len(gain), "mean": gain.mean()}
    test = nadeau_bengio(gain, test_train_ratio=0)
    return {
        "sets": len(gain),
        "mean": round(test.mean, 4),
        "lower": round(test.lower, 4),
        "upper": round(test.upper, 4),
        "wins": int((gain > 0).sum()),
        "losses": int((gain < 0).sum()),
    }


def targets(rows, quick):
    if quick:
        return []
    bounds = []
    for half in ("shaped", "reported"):
        for learner in ("forest", "boosting"):
            at = f"{learner}, {half} sets"
            for metric in DECLARED[:2]:
                gain = differences(
                    rows, half, learner, "recipe", metric, metric, ("SMOTE", "")
                )
                bounds.append(Target(f"{metric} above SMOTE, {at}", gain.mean(), 0.0))
                gap = differences(
                    rows, half, learner, "recipe", metric, "log_loss", ("plain", "")
                )
                said = f"log-loss above plain, for {metric}, {at}"
                bounds.append(Target(said, gap.mean(), NO_WORSE, True))
    return bounds


PART = Part(
    measure,
    f"half n_rare prevalence way declared log_loss {' '.join(SCORES)} mean_proba",
    full=grid(
        learner=("boosting", "forest", "logistic"),
        name=SHAPED + REPORTED,
        repeat=[0],
    ),
    quick=grid(learner=["logistic"], name=("glass1", "glass0"), repeat=[0]),
    tables={
        "Means over sets": summary,
        "The recipe less another way, in the metric that was declared": beside_others,
        "Log-loss of the recipe less that of the plain fit": losses_of_probability,
    },
    targets=targets,
)
