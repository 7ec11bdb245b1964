"""Test sets of images whose labels people have judged.

The folder that ``--data`` names holds, for each set, ``NAME_test_set_pyx.npy``,
``NAME_test_set_original_labels.npy`` and ``NAME_mturk.json`` of the label-errors
project. A given label is wrong if fewer than 3 of 5 people chose it. Only rows that
cleanlab's rule had flagged were shown to people, so no recall can be told from them;
in MNIST rows whose guess is the given label were shown too, and are left out.
"""

import json
import os
from pathlib import Path

import numpy as np
from cleanlab.rank import get_label_quality_scores
from sklearn.metrics import roc_auc_score

from skdataquality.label_noise import find_label_issues, label_quality_scores
from skdataquality.label_noise._flags._filters import FILTERS
from skdataquality.label_noise._flags._scores import SCORES

SETS = ("cifar10", "mnist")
CLEANLAB_SCORES = (
    "self_confidence",
    "normalized_margin",
    "confidence_weighted_entropy",
)
N_VOTES_FOR_RIGHT = 3


def folder():
    return Path(os.environ.get("SKDATAQUALITY_BENCHMARK_DATA", "no data given"))


def tasks(quick):
    return [{"data": name} for name in SETS if (folder() / votes_file(name)).exists()]


def votes_file(name):
    return f"{name}_mturk.json"


def load(name):
    """Return labels, probabilities, the rows shown to people, and their verdict."""
    proba = np.load(folder() / f"{name}_test_set_pyx.npy")
    y = np.load(folder() / f"{name}_test_set_original_labels.npy").astype(int)
    shown = json.loads((folder() / votes_file(name)).read_text())
    if name == "mnist":
        given, guessed = "given_original_label", "our_guessed_label"
        shown = [row for row in shown if row[given] != row[guessed]]
    rows = np.array([int(row["id"]) for row in shown])
    votes = np.array([row["mturk"]["given"] for row in shown])
    return y, proba, rows, votes < N_VOTES_FOR_RIGHT


def measure(data):
    y, proba, rows, is_wrong = load(data)
    common = {"judged": rows.size, "wrong_share": float(is_wrong.mean())}
    result = []
    for library, score, methods in (
        ("skdataquality", label_quality_scores, SCORES),
        ("cleanlab", get_label_quality_scores, CLEANLAB_SCORES),
    ):
        for method in methods:
            quality = score(y, proba, method=method)[rows]
            auroc = float(roc_auc_score(is_wrong, -quality))
            result.append(line(library, f"score: {method}", auroc=auroc))
    for rule in FILTERS:
        flags = find_label_issues(y, proba, filter_by=rule)[rows]
        precision = float(is_wrong[flags].mean()) if flags.any() else np.nan
        result.append(
            line(
                "skdataquality",
                f"rule: {rule}",
                flagged=float(flags.mean()),
                precision=precision,
            )
        )
    return [{**common, **row} for row in result]


def line(library, method, *, auroc=np.nan, flagged=np.nan, precision=np.nan):
    return {
        "library": library,
        "method": method,
        "auroc": auroc,
        "flagged": flagged,
        "precision": precision,
    }
