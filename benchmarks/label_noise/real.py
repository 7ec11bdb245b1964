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
from sklearn.metrics import roc_auc_score

from benchmarks._problem import Part, grid
from benchmarks._tables import as_they_are
from benchmarks.label_noise.quality import RULES
from skdataquality.label_noise import find_label_issues, label_quality_scores

SETS = ("cifar10", "mnist")
SCORES = ("self_confidence", "normalized_margin", "confidence_weighted_entropy")
N_VOTES_FOR_RIGHT = 3
MEASURED = "judged wrong_share library method auroc flagged precision"


def folder():
    return Path(os.environ.get("SKDATAQUALITY_BENCHMARK_DATA", "no data given"))


def load(name):
    """Return labels, probabilities, the rows shown to people, and their verdict."""
    proba = np.load(folder() / f"{name}_test_set_pyx.npy")
    y = np.load(folder() / f"{name}_test_set_original_labels.npy").astype(int)
    shown = json.loads((folder() / f"{name}_mturk.json").read_text())
    if name == "mnist":
        given, guessed = "given_original_label", "our_guessed_label"
        shown = [row for row in shown if row[given] != row[guessed]]
    rows = np.array([int(row["id"]) for row in shown])
    votes = np.array([row["mturk"]["given"] for row in shown])
    return y, proba, rows, votes < N_VOTES_FOR_RIGHT


def measure(data):
    from cleanlab.rank import get_label_quality_scores

    if not (folder() / f"{data}_mturk.json").exists():
        return []
    y, proba, rows, is_wrong = load(data)
    found = []
    for library, score in (
        ("skdataquality", label_quality_scores),
        ("cleanlab", get_label_quality_scores),
    ):
        for method in SCORES:
            quality = score(y, proba, method=method)[rows]
            auroc = roc_auc_score(is_wrong, -quality)
            found.append((library, f"score: {method}", auroc, np.nan, np.nan))
    for rule in RULES:
        flags = find_label_issues(y, proba, filter_by=rule)[rows]
        precision = is_wrong[flags].mean() if flags.any() else np.nan
        shares = np.nan, flags.mean(), precision
        found.append(("skdataquality", f"rule: {rule}", *shares))
    names = MEASURED.split()
    known = rows.size, is_wrong.mean()
    return [dict(zip(names, (*known, *line), strict=True)) for line in found]


PART = Part(
    measure,
    MEASURED,
    full=grid(data=SETS),
    quick=grid(data=SETS),
    tables={
        "Scores: probability that a label people rejected ranks below one they upheld. "
        "Rules: share flagged of the rows shown to people, and how many they "
        "rejected.": as_they_are
    },
)
