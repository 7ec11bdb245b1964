"""Covariate shifts made of real tables: which side a row is on depends on x alone.

Each row of a table that scikit-learn bundles is a target row with a probability that
rises with a column, or with a principal component; all others are training rows. So
P(y | x) is the real one on both sides.
"""

import numpy as np
from scipy.special import expit
from sklearn.datasets import (
    load_breast_cancer,
    load_diabetes,
    load_digits,
    load_iris,
    load_wine,
)
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler

from benchmarks.shift._real_shifts import Shift, bundled

STEEPNESS = 1.5  # of the log odds, per standard deviation
MADE = {
    "digits by first component": (load_digits, 0),
    "digits by second component": (load_digits, 1),
    "digits by third component": (load_digits, 2),
    "breast cancer by first component": (load_breast_cancer, 0),
    "breast cancer by second component": (load_breast_cancer, 1),
    "breast cancer by third component": (load_breast_cancer, 2),
    "diabetes by first component": (load_diabetes, 0),
    "diabetes by second component": (load_diabetes, 1),
    "wine by second component": (load_wine, 1),
    "iris by second component": (load_iris, 1),
}


def make(name, seed):
    """Return a Shift."""
    load, component = MADE[name]
    X, y = bundled(load)
    scores = PCA(component + 1).fit_transform(StandardScaler().fit_transform(X))
    score = scores[:, component] / scores[:, component].std()
    theirs = np.random.default_rng(seed).random(len(y)) < expit(STEEPNESS * score)
    y = np.asarray(y)
    return Shift(
        name.split(" by ")[0],
        X[~theirs].reset_index(drop=True),
        y[~theirs],
        X[theirs].reset_index(drop=True),
        y[theirs],
    )
