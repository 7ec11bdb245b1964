"""Which labels are called wrong, where the wrong ones are known.

Ours is ``LabelErrorDetector()`` as it comes, and every rule on its probabilities. The
ensemble of cleanlab gets the same three models, cross-validated once, its default
scores, and its default flags on their mean. CleanLearning gets logistic regression, as
in its documentation, on scaled columns.
"""

import numpy as np
from cleanlab.classification import CleanLearning
from cleanlab.filter import find_label_issues as cleanlab_find_label_issues
from cleanlab.rank import get_label_quality_ensemble_scores
from sklearn.metrics import average_precision_score, f1_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline

from benchmarks.label_noise.detectors import fitted_detector
from benchmarks.label_noise.suite import (
    logistic,
    make_case,
    noisy_tasks,
    quick_tasks,
    uncorrupted_tasks,
)
from skdataquality.label_noise import find_label_issues
from skdataquality.label_noise._detectors._default_ensemble import default_ensemble
from skdataquality.label_noise._flags._filters import FILTERS


def tasks(quick):
    return quick_tasks() if quick else uncorrupted_tasks() + noisy_tasks()


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
        for rule in FILTERS
    }


def average_precision(is_wrong, scores):
    """Average precision of low scores; undefined where nothing is wrong."""
    return average_precision_score(is_wrong, -scores) if is_wrong.any() else np.nan


def judged(name, is_wrong, flags):
    f1 = f1_score(is_wrong, flags, zero_division=0) if is_wrong.any() else np.nan
    return {f"f1_{name}": float(f1), f"flagged_{name}": float(np.mean(flags))}
