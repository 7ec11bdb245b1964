"""Time confident learning against cleanlab: one process, one thread, interleaved.

Run ``python benchmarks/confident_learning.py`` for the table and the JSON file beside
it, with ``--quick`` for small sizes, equality only and no file. Input validation is
part of every call on both sides.
"""

import argparse
import json
import time
import tracemalloc
import warnings
from functools import partial
from pathlib import Path

import numpy as np
from cleanlab.count import compute_confident_joint
from cleanlab.filter import find_label_issues as cleanlab_find_label_issues
from cleanlab.rank import get_label_quality_scores
from threadpoolctl import threadpool_limits

from skdataquality.label_noise import (
    confident_joint,
    find_label_issues,
    label_quality_scores,
)

FULL_SIZES = [(100_000, 10), (1_000_000, 10), (50_000, 1000)]
QUICK_SIZES = [(5_000, 10), (2_000, 100)]
REPEATS = 3
RESULTS = Path(__file__).parent / "results" / "confident_learning.json"


def _margin(y, proba, classes):
    return label_quality_scores(y, proba, classes=classes, method="normalized_margin")


# name: (ours, cleanlab's)
CALLS = {
    "find_label_issues": (
        lambda y, proba, classes: find_label_issues(y, proba, classes=classes),
        lambda y, proba: cleanlab_find_label_issues(y, proba, n_jobs=1),
    ),
    "self_confidence": (
        lambda y, proba, classes: label_quality_scores(y, proba, classes=classes),
        get_label_quality_scores,
    ),
    "normalized_margin": (
        _margin,
        lambda y, proba: get_label_quality_scores(y, proba, method="normalized_margin"),
    ),
    "confident_joint": (
        lambda y, proba, classes: confident_joint(y, proba, classes=classes),
        compute_confident_joint,
    ),
}


def make_case(n_samples, n_classes, *, noise=0.1, seed=0):
    """Symmetric label noise and a model that is right for about three rows of four."""
    rng = np.random.default_rng(seed)
    true = rng.integers(n_classes, size=n_samples)
    proba = 2 * rng.standard_normal((n_samples, n_classes))
    proba[np.arange(n_samples), true] += 2 * np.sqrt(2 * np.log(n_classes)) + 0.4
    np.exp(proba, out=proba)
    proba /= proba.sum(axis=1, keepdims=True)
    y = true.copy()
    flipped = rng.random(n_samples) < noise
    y[flipped] = rng.integers(n_classes, size=flipped.sum())
    return y, proba


def seconds(call):
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def peak_megabytes(call):
    tracemalloc.start()
    call()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def compare(ours, theirs, n_repeats):
    """Best seconds and peak extra megabytes of both, runs interleaved."""
    np.testing.assert_allclose(ours(), theirs(), rtol=0, atol=1e-12)
    times = [(seconds(ours), seconds(theirs)) for _ in range(n_repeats)]
    best_ours, best_theirs = np.min(times, axis=0)
    return {
        "seconds": best_ours,
        "cleanlab_seconds": best_theirs,
        "ratio": best_theirs / best_ours,
        "peak_mb": peak_megabytes(ours),
        "cleanlab_peak_mb": peak_megabytes(theirs),
    }


def run(sizes, n_repeats):
    rows = []
    print("  rows x classes  call                ratio      MB  cleanlab MB")
    for n_samples, n_classes in sizes:
        y, proba = make_case(n_samples, n_classes)
        for name, (ours, theirs) in CALLS.items():
            row = compare(
                partial(ours, y, proba, np.arange(n_classes)),
                partial(theirs, y, proba),
                n_repeats,
            )
            rows.append({"shape": [n_samples, n_classes], "call": name, **row})
            print(
                f"{n_samples:>9} x {n_classes:<4}  {name:<18} {row['ratio']:>6.1f} "
                f"{row['peak_mb']:>7.0f} {row['cleanlab_peak_mb']:>12.0f}",
                flush=True,
            )
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, no file")
    quick = parser.parse_args().quick
    # cleanlab warns of classes with few rows; that is not what is measured here.
    warnings.filterwarnings("ignore", message="May not flag all label issues")
    with threadpool_limits(1):
        rows = run(QUICK_SIZES if quick else FULL_SIZES, 1 if quick else REPEATS)
    if not quick:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
