"""Confident learning on given probabilities; validation is part of every call."""

from functools import lru_cache

import numpy as np
from cleanlab.count import compute_confident_joint
from cleanlab.filter import find_label_issues as cleanlab_find_label_issues
from cleanlab.rank import get_label_quality_scores

from benchmarks._speed import Problem
from benchmarks._speed import measure as measure_problem
from skdataquality.label_noise import (
    confident_joint,
    find_label_issues,
    label_quality_scores,
)

SIZES = [(100_000, 10), (1_000_000, 10), (50_000, 1000)]
QUICK_SIZES = [(5_000, 10), (2_000, 100)]
N_REPEATS, N_QUICK_REPEATS = 5, 2


@lru_cache(1)
def make_probabilities(n_samples, n_classes):
    """Symmetric label noise and a model that is right for about three rows of four."""
    rng = np.random.default_rng(0)
    truth = rng.integers(n_classes, size=n_samples)
    proba = 2 * rng.standard_normal((n_samples, n_classes))
    proba[np.arange(n_samples), truth] += 2 * np.sqrt(2 * np.log(n_classes)) + 0.4
    np.exp(proba, out=proba)
    proba /= proba.sum(axis=1, keepdims=True)
    wrong = rng.random(n_samples) < 0.1
    y = np.where(wrong, rng.integers(n_classes, size=n_samples), truth)
    return y, proba, np.arange(n_classes)


def same_numbers(ours, theirs):
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-12)


def problem(ours, cleanlab, agree):
    return Problem(
        make_probabilities,
        {
            "skdataquality": lambda y, proba, classes: ours(y, proba, classes=classes),
            "cleanlab": lambda y, proba, classes: cleanlab(y, proba),
        },
        agree,
        floors={
            "floor: P.argmax(1)": lambda y, proba, classes: proba.argmax(axis=1),
            "floor: P @ ones": lambda y, proba, classes: proba @ np.ones(classes.size),
        },
    )


def scores(method):
    return problem(
        lambda y, proba, classes: label_quality_scores(
            y, proba, classes=classes, method=method
        ),
        lambda y, proba: get_label_quality_scores(y, proba, method=method),
        same_numbers,
    )


PROBLEMS = {
    "find_label_issues": problem(
        find_label_issues,
        lambda y, proba: cleanlab_find_label_issues(y, proba, n_jobs=1),
        np.testing.assert_array_equal,
    ),
    "normalized_margin": scores("normalized_margin"),
    "self_confidence": scores("self_confidence"),
    "confident_joint": problem(confident_joint, compute_confident_joint, same_numbers),
}


def tasks(quick):
    return [
        {"problem": name, "rows": n_samples, "classes": n_classes}
        for n_samples, n_classes in (QUICK_SIZES if quick else SIZES)
        for name in PROBLEMS
    ]


def measure(problem, rows, classes):
    size = rows, classes
    n_repeats = N_QUICK_REPEATS if size in QUICK_SIZES else N_REPEATS
    return measure_problem(PROBLEMS[problem], size, n_repeats=n_repeats)
