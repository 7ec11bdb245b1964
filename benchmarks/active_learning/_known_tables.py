"""Fully labelled tables to simulate labelling on, half to choose constants by."""

import numpy as np
from sklearn.datasets import (
    load_breast_cancer,
    load_digits,
    make_classification,
)
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from benchmarks._real_tables import REAL, folder

MOST_ROWS = 4000
TUNED = ("breast cancer", "made, two classes", "electricity")


def half(name):
    return "tuned" if name in TUNED else "reported"


def load(name):
    """Return X and y, or None without the data."""
    if name == "digits":
        return load_digits(return_X_y=True)
    if name == "breast cancer":
        return load_breast_cancer(return_X_y=True)
    if name == "made, two classes":
        return make_classification(
            3000, 10, n_informative=4, flip_y=0.1, random_state=2
        )
    if name == "made, three classes":
        return make_classification(3000, n_informative=8, n_classes=3, random_state=1)
    if not folder().is_dir():
        return None
    X, y = REAL[name]()
    rows = np.random.default_rng(0).permutation(len(y))[:MOST_ROWS]
    numbers = np.nan_to_num(np.asarray(X, dtype=float)[rows], nan=-1.0)
    return numbers, np.unique(np.asarray(y)[rows], return_inverse=True)[1]


def model_of(name):
    if name == "logistic":
        return make_pipeline(StandardScaler(), LogisticRegression(max_iter=300))
    return RandomForestClassifier(20, random_state=0)
