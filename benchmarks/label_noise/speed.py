"""Confident learning on given probabilities; validation is part of every call."""

from contextlib import ExitStack, contextmanager
from functools import lru_cache, partial
from types import SimpleNamespace
from unittest.mock import patch

import numpy as np

from benchmarks import _speed
from benchmarks._problem import Part, Target
from skdataquality.label_noise import (
    confident_joint,
    find_label_issues,
    label_quality_scores,
)

SIZES = [(100_000, 10), (1_000_000, 10), (50_000, 1000)]
QUICK_SIZES = [(5_000, 10), (2_000, 100)]
N_REPEATS, N_QUICK_REPEATS = 5, 2
CALLS = ("find_label_issues", "normalized_margin", "self_confidence", "confident_joint")
TIMES_FASTER = {
    ("find_label_issues", 100_000, 10): 8,
    ("find_label_issues", 1_000_000, 10): 8,
    ("find_label_issues", 50_000, 1000): 10,
    ("normalized_margin", 50_000, 1000): 12,
}
PEAK_SHARE_OF_INPUT, PEAK_BYTES_PER_ROW = 0.15, 64


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


@contextmanager
def ties_by_position():
    """Let cleanlab rank ties as we do: its sort leaves them to the processor."""
    stable = {**vars(np), "argsort": partial(np.argsort, kind="stable")}
    with ExitStack() as stack:
        for module in ("filter", "internal.util", "rank"):
            name = f"cleanlab.{module}.np"
            stack.enter_context(patch(name, SimpleNamespace(**stable)))
        yield


def same_numbers(ours, theirs):
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-12)


def question(name):
    from cleanlab.count import compute_confident_joint
    from cleanlab.filter import find_label_issues as cleanlab_find_label_issues
    from cleanlab.rank import get_label_quality_scores

    if name == "find_label_issues":
        ours, agree = find_label_issues, np.testing.assert_array_equal
        theirs = partial(cleanlab_find_label_issues, n_jobs=1)
    elif name == "confident_joint":
        ours, theirs, agree = confident_joint, compute_confident_joint, same_numbers
    else:
        ours, agree = partial(label_quality_scores, method=name), same_numbers
        theirs = partial(get_label_quality_scores, method=name)
    return _speed.Question(
        make_probabilities,
        {
            "skdataquality": lambda y, proba, classes: ours(y, proba, classes=classes),
            "cleanlab": lambda y, proba, classes: theirs(y, proba),
        },
        agree,
        compared=ties_by_position,
        floors={
            "floor: P.argmax(1)": lambda y, proba, classes: proba.argmax(axis=1),
            "floor: P @ ones": lambda y, proba, classes: proba @ np.ones(classes.size),
        },
    )


def measure(problem, rows, classes):
    size = rows, classes
    n_repeats = N_QUICK_REPEATS if size in QUICK_SIZES else N_REPEATS
    return _speed.measure(question(problem), size, n_repeats=n_repeats)


def draw(rows):
    rows = rows[rows["library"] == "cleanlab"]
    names = [
        f"{line.problem}, {line.rows:,} x {line.classes}" for line in rows.itertuples()
    ]
    return _speed.draw(rows, names)


def targets(rows, quick):
    if quick:
        return []
    measured = rows.set_index(["problem", "rows", "classes", "library"])
    found = []
    for case, bound in TIMES_FASTER.items():
        name = f"{case[0]}, {case[1]} x {case[2]}"
        ratio = measured.loc[(*case, "cleanlab"), "ratio"]
        found.append(Target(f"{name}: times faster", ratio, bound))
        ours = measured.loc[(*case, "skdataquality")]
        input_mb = ours["peak_mb"] / ours["peak_share_of_input"]
        most = PEAK_SHARE_OF_INPUT * input_mb + PEAK_BYTES_PER_ROW * case[1] / 1e6
        found.append(Target(f"{name}: peak MB", ours["peak_mb"], most, at_most=True))
    return found


def tasks(sizes):
    return [
        {"problem": name, "rows": n_samples, "classes": n_classes}
        for n_samples, n_classes in sizes
        for name in CALLS
    ]


PART = Part(
    measure,
    f"{_speed.TIMES} {_speed.MEMORY}",
    full=tasks(SIZES),
    quick=tasks(QUICK_SIZES),
    tables={
        "Median seconds; ratios repeat by repeat, median and range; the peak of what "
        "one call allocates.": _speed.table
    },
    figures={"How long cleanlab takes: median, and range over the repeats.": draw},
    targets=targets,
)
