"""Tables whose class shares differ between training and target rows, by design."""

from functools import cache
from typing import NamedTuple

import numpy as np
from sklearn.datasets import (
    load_breast_cancer,
    load_digits,
    load_wine,
    make_classification,
)
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

MODELS = {
    "logistic": lambda: make_pipeline(
        StandardScaler(), LogisticRegression(max_iter=300)
    ),
    "forest": lambda: RandomForestClassifier(100, random_state=0),
    "naive Bayes": GaussianNB,
    "boosting": lambda: HistGradientBoostingClassifier(
        max_iter=60, early_stopping=False, random_state=0
    ),
}


class Sample(NamedTuple):
    """Training and target rows, and the class shares that target rows were drawn by."""

    X: np.ndarray
    y: np.ndarray
    X_target: np.ndarray
    y_target: np.ndarray
    prior: np.ndarray


@cache
def _bundled(name):
    loaders = {
        "digits": load_digits,
        "wine": load_wine,
        "breast cancer": load_breast_cancer,
    }
    return loaders[name](return_X_y=True)


def _bundled_sample(name, shift, n, n_target, rng):
    """Draw training rows as they are, and target rows, by class, from the others."""
    X, y = _bundled(name)
    rows = rng.permutation(y.size)
    train, rest = rows[:n], rows[n:]
    prior = _prior(shift, np.bincount(y) / y.size, rng)
    target = _by_class(rest, y, prior, n_target, rng)
    return Sample(X[train], y[train], X[target], y[target], prior)


def _synthetic_sample(name, shift, n, n_target, rng):
    seed = int(rng.integers(2**31))
    n_classes = 2 if name == "binary" else 5
    shares = np.array([0.9, 0.1]) if n_classes == 2 else np.full(5, 0.2)
    X, y = make_classification(
        20_000,
        n_features=20,
        n_informative=6,
        n_redundant=4,
        n_classes=n_classes,
        class_sep=0.7 if n_classes == 2 else 1.0,
        flip_y=0,
        random_state=seed,
    )
    rows = rng.permutation(y.size)
    prior = _prior(shift, shares, rng)
    train = _by_class(rows[:10_000], y, shares, n, rng, again=False)
    target = _by_class(rows[10_000:], y, prior, n_target, rng)
    return Sample(X[train], y[train], X[target], y[target], prior)


def _prior(shift, shares, rng):
    k = shares.size
    if shift == "none":
        return shares
    if shift == "dirichlet":
        return rng.dirichlet(np.ones(k))
    if shift == "one class .5":
        prior = np.full(k, 0.5 / (k - 1))
        prior[rng.integers(k)] = 0.5
        return prior
    share = {"10 % -> 50 %": 0.5, "10 % -> 2 %": 0.02}[shift]
    return np.array([1 - share, share])


def _by_class(rows, y, prior, n, rng, again=True):
    """Draw rows so that classes have the shares of the prior, but for chance."""
    counts = rng.multinomial(n, prior)
    return np.concatenate(
        [
            rng.choice(rows[y[rows] == k], count, replace=again)
            for k, count in enumerate(counts)
        ]
    )


SIZES = {
    "digits": (800, 800),
    "wine": (90, 200),
    "breast cancer": (280, 280),
    "binary": (4000, 3000),
    "five classes": (1000, 1000),
}


def draw(data, shift, seed):
    """Draw the rows of one repetition."""
    rng = np.random.default_rng([seed, len(data), len(shift)])
    n, n_target = SIZES[data]
    make = _bundled_sample if data in ("digits", "wine", "breast cancer") else None
    make = make or _synthetic_sample
    return make(data, shift, n, n_target, rng)
