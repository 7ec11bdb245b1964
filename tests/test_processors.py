"""The same rows are flagged on any processor: ties are ranked by position.

numpy picks its sort by the vector instructions of the processor, and its default sort
leaves equal values in an order of its own.
"""

import ast
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy._core import _multiarray_umath as built

import skdataquality
from skdataquality.label_noise import (
    LabelAudit,
    calibrate_joint,
    class_health,
    confident_joint,
    confusing_pairs,
    count_label_issues,
    find_label_issues,
    order_label_issues,
)
from skdataquality.label_noise._flags._filters import FILTERS

PACKAGE = Path(skdataquality.__file__).parent


def problem_with_ties(seed):
    """Noisy labels of 20 to 80 classes, probabilities of few different rows."""
    rng = np.random.default_rng(seed)
    n_classes = int(rng.integers(20, 81))
    kinds = rng.dirichlet(np.full(n_classes, 0.1), 60).round(2) + 1e-9
    kinds /= kinds.sum(axis=1, keepdims=True)
    proba = kinds[rng.integers(60, size=3000)]
    y = np.array([rng.choice(n_classes, p=row) for row in proba])
    flipped = rng.random(y.size) < 0.3
    y[flipped] = rng.integers(n_classes, size=flipped.sum())
    return y, proba, np.arange(n_classes)


def results_with_ties():
    """Yield the name of each result and a hash of it."""
    for seed in range(5):
        y, proba, classes = problem_with_ties(seed)
        joint = confident_joint(y, proba, classes=classes)
        found = {"joint": joint, "calibrated": calibrate_joint(joint * 0.3 + 1, y)}
        for rule in FILTERS:
            mask = find_label_issues(y, proba, classes=classes, filter_by=rule)
            found[rule] = mask
            found[f"{rule}, order"] = order_label_issues(
                mask, y, proba, classes=classes, method="normalized_margin"
            )
        found["count"] = count_label_issues(
            y, proba, classes=classes, method="off_diagonal_calibrated"
        )
        health = class_health(y, proba, classes=classes)
        found["health"] = [row["class"] for row in health]
        pairs = confusing_pairs(y, proba, classes=classes, top=None)
        found["pairs"] = [(row["given"], row["true"], row["rows"]) for row in pairs]
        found["audit"] = LabelAudit(100, random_state=0).plan(y, proba).rows
        for name, value in found.items():
            digest = hashlib.sha256(np.asarray(value).tobytes()).hexdigest()
            yield f"{name} of problem {seed}: {digest}"


def test_same_rows_without_the_vector_instructions_of_the_processor():
    enabled = [
        name for name in built.__cpu_dispatch__ if built.__cpu_features__.get(name)
    ]
    if not enabled:
        pytest.skip("numpy has no vector instructions to switch off on this processor")
    run = "from tests.test_processors import *; print(*results_with_ties(), sep='\\n')"
    baseline = subprocess.run(
        [sys.executable, "-c", run],
        env=os.environ | {"NPY_DISABLE_CPU_FEATURES": " ".join(enabled)},
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert baseline.returncode == 0, baseline.stderr
    assert baseline.stdout.splitlines() == list(results_with_ties())


def unstable_sorts(path):
    """Lines that sort positions without saying ``kind="stable"``."""
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        kinds = [ast.unparse(k.value) for k in node.keywords if k.arg == "kind"]
        sorts = node.func.attr in ("argsort", "argpartition", "sort_values")
        if sorts and kinds != ["'stable'"]:
            yield f"{path.relative_to(PACKAGE)}:{node.lineno}"


def test_every_sort_of_positions_is_stable():
    files = sorted(PACKAGE.rglob("*.py"))
    assert [line for path in files for line in unstable_sorts(path)] == []
