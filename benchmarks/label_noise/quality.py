"""Which labels are called wrong, where the wrong ones are known.

Ours is ``LabelErrorDetector()`` as it comes, and every rule on its probabilities. The
ensemble of cleanlab gets the same three models, cross-validated once, its default
scores, and its default flags on their mean. CleanLearning gets logistic regression, as
in its documentation, on scaled columns.
"""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from sklearn.metrics import average_precision_score, f1_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline

from benchmarks._problem import Part, Target
from benchmarks.label_noise.detectors import fitted_detector
from benchmarks.label_noise.suite import (
    CASES,
    QUICK,
    logistic,
    make_case,
    noisy,
    slices,
    uncorrupted,
)
from skdataquality.label_noise import find_label_issues
from skdataquality.label_noise._detectors._default_ensemble import default_ensemble

RULES = (
    "prune_by_noise_rate",
    "prune_by_class",
    "both",
    "confident_learning",
    "predicted_neq_given",
    "low_self_confidence",
    "low_normalized_margin",
    "expected_pair",
    "excess_disagreement",
)
PEERS = {"ensemble": "cleanlab ensemble", "cleanlearning": "CleanLearning"}
METHODS = {"ours": "ours", **PEERS}
MARKERS = {"ours": "C0o-", "ensemble": "C1s-", "cleanlearning": "C7^-"}
REAL_TABLES = ("wine", "breast_cancer", "digits")
MOST_FALSE_ALARMS = 0.015


# ---------------------------------------------------------------- measurement


def measure(data, noise, rate, seed):
    case = make_case(data, noise, rate, seed)
    if not case.is_usable:
        return []
    detector = fitted_detector(case.X, case.y, seed)
    found = {
        "ours": (detector.sample_scores_, detector.issue_mask_),
        "ensemble": cleanlab_ensemble(case, seed),
        "cleanlearning": clean_learning(case, seed),
    }
    row = {"rows": case.y.size, "wrong_share": float(case.is_wrong.mean())}
    for name, (scores, flags) in found.items():
        row |= judged(name, case.is_wrong, flags)
        row[f"ap_{name}"] = average_precision(case.is_wrong, scores)
    for rule, flags in flags_of_rules(case, detector).items():
        row |= judged(rule, case.is_wrong, flags)
    return [row]


def members(X):
    """Return the three models of our default ensemble, each with its preparation."""
    *steps, (_, vote) = default_ensemble(X).steps
    return [make_pipeline(*(step for _, step in steps), m) for _, m in vote.estimators]


def cleanlab_ensemble(case, seed):
    from cleanlab.filter import find_label_issues as cleanlab_find_label_issues
    from cleanlab.rank import get_label_quality_ensemble_scores

    n_folds = min(5, np.bincount(case.y).min())
    cv = StratifiedKFold(n_folds, shuffle=True, random_state=seed)
    probas = [
        cross_val_predict(model, case.X, case.y, cv=cv, method="predict_proba")
        for model in members(case.X)
    ]
    scores = get_label_quality_ensemble_scores(case.y, probas, verbose=False)
    flags = cleanlab_find_label_issues(case.y, np.mean(probas, axis=0), n_jobs=1)
    return scores, flags


def clean_learning(case, seed):
    from cleanlab.classification import CleanLearning

    learning = CleanLearning(
        logistic(), seed=seed, find_label_issues_kwargs={"n_jobs": 1}
    )
    issues = learning.find_label_issues(case.X, case.y)
    return issues["label_quality"].to_numpy(), issues["is_label_issue"].to_numpy()


def flags_of_rules(case, detector):
    return {
        rule: find_label_issues(
            case.y, detector.pred_proba_, classes=detector.classes_, filter_by=rule
        )
        for rule in RULES
    }


def average_precision(is_wrong, scores):
    """Average precision of low scores; undefined where nothing is wrong."""
    return average_precision_score(is_wrong, -scores) if is_wrong.any() else np.nan


def judged(name, is_wrong, flags):
    f1 = f1_score(is_wrong, flags, zero_division=0) if is_wrong.any() else np.nan
    return {f"f1_{name}": float(f1), f"flagged_{name}": float(np.mean(flags))}


# ---------------------------------------------------------------- tables
def mean_of_methods(rows, prefix, form):
    return {
        title: format(rows[f"{prefix}_{name}"].mean(), form)
        for name, title in METHODS.items()
    }


def wins(rows, peer):
    return (rows["ap_ours"] > rows[f"ap_{peer}"]).mean()


def ranking(rows):
    return pd.DataFrame(
        {
            "configurations": label,
            "number": len(part),
            **mean_of_methods(part, "ap", ".3f"),
            **{f"wins over {PEERS[peer]}": f"{wins(part, peer):.0%}" for peer in PEERS},
        }
        for label, part in slices(noisy(rows))
    )


def flags(rows):
    return pd.DataFrame(
        {
            "configurations": label,
            **mean_of_methods(part, "f1", ".3f"),
            "wrong": f"{part['wrong_share'].mean():.1%}",
            **{
                f"flagged, {title}": share
                for title, share in mean_of_methods(part, "flagged", ".1%").items()
            },
        }
        for label, part in slices(noisy(rows))
    )


def rules(rows):
    parts = dict(slices(noisy(rows)))
    right = uncorrupted(rows)
    return pd.DataFrame(
        {
            "rule": rule,
            **{k: f"{part[f'f1_{rule}'].mean():.3f}" for k, part in parts.items()},
            "flagged, uncorrupted": f"{right[f'flagged_{rule}'].mean():.1%}",
        }
        for rule in RULES
    )


def clean(rows):
    return pd.DataFrame(
        {
            "data": data,
            **mean_of_methods(part, "flagged", ".2%"),
            "ours, worst seed": f"{part['flagged_ours'].max():.2%}",
        }
        for data, part in uncorrupted(rows).groupby("data", sort=False)
    )


def draw_average_precision(rows):
    kinds = noisy(rows).groupby("noise", sort=False)
    figure = Figure(figsize=(9, 3.2), layout="constrained")
    panels = figure.subplots(1, len(kinds), sharey=True, squeeze=False)[0]
    for axes, (kind, part) in zip(panels, kinds, strict=True):
        for name, label in METHODS.items():
            mean = part.groupby("rate")[f"ap_{name}"].mean()
            axes.plot(100 * mean.index, mean, MARKERS[name], label=label)
        axes.set(title=f"{kind} noise", xlabel="wrong labels, %")
    panels[0].set_ylabel("mean average precision")
    panels[0].legend(frameon=False)
    return figure


def targets(rows, quick):
    wrong, right = noisy(rows), uncorrupted(rows)
    real = right[right["data"].isin(REAL_TABLES)].groupby("data")
    alarms = real["flagged_ours"].mean().max()
    gain = {peer: (wrong["ap_ours"] - wrong[f"ap_{peer}"]).mean() for peer in PEERS}
    f1 = (wrong["f1_ours"] - wrong["f1_cleanlearning"]).mean()
    ap, peer = "mean average precision over", "cleanlab ensemble"
    gains = [
        Target(f"{ap} {peer}", gain["ensemble"], 0.04),
        Target(f"{ap} CleanLearning", gain["cleanlearning"], 0.10),
        Target(f"share of wins over {peer}", wins(wrong, "ensemble"), 0.8),
        Target("mean F1 of flags over CleanLearning", f1, 0.05),
    ]
    worst = Target("flagged, uncorrupted, worst", alarms, MOST_FALSE_ALARMS, True)
    return [worst, *([] if quick else gains)]


PART = Part(
    measure,
    "rows wrong_share "
    + " ".join(f"f1_{name} flagged_{name} ap_{name} " for name in METHODS)
    + " ".join(f"f1_{rule} flagged_{rule}" for rule in RULES),
    full=CASES,
    quick=QUICK,
    tables={
        "Ranking: mean average precision of the scores.": ranking,
        "Flags: their mean F1, and the mean share flagged.": flags,
        "Rules: mean F1 of each on the probabilities of our detector.": rules,
        "Uncorrupted: mean share flagged where no label is wrong.": clean,
    },
    figures={"Average precision of the scores, mean.": draw_average_precision},
    targets=targets,
)
