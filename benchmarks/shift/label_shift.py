"""Class shares of target rows: errors of each method, intervals, and accuracy."""

import time

import numpy as np

from benchmarks._problem import Part, Target, grid
from benchmarks.shift.label_designs import MODELS, draw
from skdataquality.compose._priors import correct_prior, em_prior
from skdataquality.shift import LabelShiftClassifier, TargetData
from skdataquality.shift._label_shift import bbse, estimate_prior, rlls

CASE = ["data", "shift", "model"]
DRAWN = ["dirichlet", "one class .5"]
RARE = ["10 % -> 50 %", "10 % -> 2 %"]
SMALL = ["dirichlet", "none"]
METHODS = ["bbse_raw", "bbse", "rlls", "em_raw", "em_mean_model", "em", "default"]
MOST_OF_BBSE, MOST_IN_EACH, MOST_IF_RARE, MOST_HARM = 0.6, 0.9, 1.5, 0.005


def measure(data, shift, model, half, seed):
    sample = draw(data, shift, seed)
    clf = LabelShiftClassifier(
        MODELS[model](), X_target=TargetData(sample.X_target), random_state=0
    ).fit(sample.X, sample.y)
    oof, codes, _ = clf._cross_fitted
    if not np.isin(np.arange(sample.prior.size), clf.classes_).all():
        return []
    start = time.perf_counter()
    found = estimate_prior(oof.proba, codes, oof.new_proba)
    took = time.perf_counter() - start
    shares = np.bincount(sample.y_target, minlength=sample.prior.size)
    weights = shares / shares.sum() / found.training
    estimates = _estimates(oof, codes, found)
    low, high = found.interval.T
    return [
        {
            **{
                name: f"{np.mean((q / found.training - weights) ** 2):.4g}"
                for name, q in estimates.items()
            },
            "held": f"{np.mean((low <= sample.prior) & (sample.prior <= high)):.4g}",
            "width": f"{np.mean(high - low):.4g}",
            "agree": int(found.agree),
            "shift_seen": int(found.p_value < 0.05),
            "method": found.method,
            "adapted": int(clf.adapted_),
            **_accuracies(clf, sample, found, shares / shares.sum()),
            "seconds": f"{took:.3f}",
        }
    ]


def _estimates(oof, codes, found):
    """Shares by each method; the first ones as a first attempt would have them."""
    mean = oof.new_proba.mean(axis=0)
    scaled = found.scaling.apply(mean)
    return {
        "bbse_raw": bbse(oof.proba, codes, mean),
        "bbse": found.estimates["bbse"],
        "rlls": rlls(oof.proba, codes, mean),
        "em_raw": em_prior(mean, oof.proba.mean(axis=0)),
        "em_mean_model": em_prior(scaled, found.calibrated_for),
        "em": found.estimates["em"],
        "default": found.estimate,
    }


def _accuracies(clf, sample, found, shares):
    raw = clf.estimator_.predict_proba(sample.X_target)
    told = correct_prior(found.scaling.apply(raw), found.calibrated_for, shares)
    said = {
        "accuracy": raw.argmax(axis=1),
        "accuracy_adapted": clf.predict(sample.X_target),
        "accuracy_always": found.move(raw).argmax(axis=1),
        "accuracy_told_shares": told.argmax(axis=1),
    }
    return {k: f"{np.mean(v == sample.y_target):.4f}" for k, v in said.items()}


def medians(rows):
    """Return the median over seeds, of each half and case."""
    parts = rows.groupby(["half", *CASE], sort=False)
    return parts[METHODS].median()


def errors(rows):
    shown = 1000 * medians(rows)
    shown["default / bbse_raw"] = shown["default"] / shown["bbse_raw"]
    return shown.round(2).reset_index()


def accuracies(rows):
    names = ["accuracy", "accuracy_adapted", "accuracy_always", "accuracy_told_shares"]
    means = rows.groupby(["half", *CASE], sort=False)[[*names, "adapted"]].mean()
    return means.round(3).reset_index()


def intervals(rows):
    parts = rows.groupby(["half", *CASE], sort=False)
    return parts[["held", "width", "agree", "shift_seen"]].mean().round(3).reset_index()


def targets(rows, quick):
    if quick:
        return []
    rows = rows[rows["half"] == "report"]
    digits, rare = rows[rows["data"] == "digits"], rows[rows["data"] == "binary"]
    by_case = medians(digits)
    ratio = by_case["default"] / by_case["bbse_raw"]
    of_rare = medians(rare)
    rare_ratio = of_rare["default"] / of_rare["bbse_raw"]
    means = rows.groupby(CASE)[["accuracy", "accuracy_adapted"]].mean()
    lost = means["accuracy"] - means["accuracy_adapted"]
    held = rows["held"].mean()
    all_cases = digits["default"].median() / digits["bbse_raw"].median()
    beside = "median squared weight error of the default / raw soft BBSE"
    return [
        Target(f"{beside}, digits", all_cases, MOST_OF_BBSE, at_most=True),
        Target(f"{beside}, worst case of digits", ratio.max(), MOST_IN_EACH, True),
        Target(f"{beside}, worst rare class", rare_ratio.max(), MOST_IF_RARE, True),
        Target("accuracy lost by adapting, worst case", lost.max(), MOST_HARM, True),
        Target("95 % intervals that hold the share", held, 0.93),
    ]


def _tasks(half, seeds, few):
    models = list(MODELS)
    return [
        *grid(data=["digits"], shift=DRAWN, model=models[:3], half=[half], seed=seeds),
        *grid(
            data=["binary"],
            shift=RARE,
            model=["naive Bayes", "boosting"],
            half=[half],
            seed=seeds,
        ),
        *grid(
            data=["wine", "breast cancer", "five classes"],
            shift=SMALL,
            model=["logistic", "naive Bayes", "boosting"],
            half=[half],
            seed=few,
        ),
    ]


TUNING, REPORT = range(100, 106), range(20)
FULL = _tasks("tuning", TUNING, TUNING) + _tasks("report", REPORT, range(6))

PART = Part(
    measure,
    " ".join(METHODS) + " held width agree shift_seen method adapted accuracy "
    "accuracy_adapted accuracy_always accuracy_told_shares seconds",
    full=FULL,
    quick=_tasks("report", [0], [0])[::4],
    tables={
        "Median squared error of the weights of classes, in thousandths.": errors,
        "Accuracy on target rows.": accuracies,
        "Intervals of 95 %.": intervals,
    },
    targets=targets,
)
