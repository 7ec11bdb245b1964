"""Four tables, three kinds of wrong labels at known places, five seeds."""

from functools import cache
from typing import NamedTuple

import numpy as np
from scipy.spatial.distance import cdist
from scipy.special import softmax
from sklearn.datasets import (
    load_breast_cancer,
    load_digits,
    load_wine,
    make_classification,
)
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.neighbors import NearestNeighbors
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from benchmarks._problem import grid
from skdataquality.datasets import make_label_errors

DATA = ("wine", "breast_cancer", "digits", "covertype_like")
RATES = (0.1, 0.2, 0.4)
SEEDS = range(5)
FEWEST_IN_CLASS = 3


class Case(NamedTuple):
    """Training rows with given and true labels; test rows with true ones."""

    X: np.ndarray
    y: np.ndarray
    truth: np.ndarray
    X_test: np.ndarray
    y_test: np.ndarray

    @property
    def is_wrong(self):
        """Mask of the training rows."""
        return self.y != self.truth

    @property
    def n_classes(self):
        """Classes before labels were changed."""
        return int(self.truth.max()) + 1

    @property
    def is_usable(self):
        """Whether each class has rows enough to be cross-validated."""
        counts = np.bincount(self.y, minlength=self.n_classes)
        return counts.min() >= FEWEST_IN_CLASS


def load(name, seed):
    if name == "wine":
        return load_wine(return_X_y=True)
    if name == "breast_cancer":
        return load_breast_cancer(return_X_y=True)
    if name == "digits":
        X, y = load_digits(return_X_y=True)
        rows = np.random.RandomState(seed).permutation(y.size)[:1000]
        return X[rows], y[rows]
    return make_classification(
        1500,
        54,
        n_informative=12,
        n_redundant=10,
        n_classes=7,
        n_clusters_per_class=2,
        weights=[0.36, 0.3, 0.1, 0.08, 0.06, 0.06, 0.04],
        class_sep=1.2,
        flip_y=0,
        random_state=seed,
    )


def none(X, y, rate, rng):
    return y


def symmetric(X, y, rate, rng):
    """Give a share of the rows any other class."""
    return make_label_errors(y, rate, random_state=rng)[0]


def pair(X, y, rate, rng):
    """Take each class for one other class, at a rate of its own."""
    n_classes = y.max() + 1
    weight = rng.uniform(0.3, 1.7, n_classes)[y]
    wrong = (np.arange(n_classes) + rng.randint(1, n_classes, n_classes)) % n_classes
    flip = rng.random_sample(y.size) < np.clip(rate * weight / weight.mean(), 0, 0.49)
    return np.where(flip, wrong[y], y)


def feature(X, y, rate, rng):
    """Give rows the label of a class they resemble, the likelier the more so."""
    likeness = wrong_class_likeness(StandardScaler().fit_transform(X), y)
    chance = softmax(4 * likeness.max(axis=1))
    rows = rng.choice(y.size, round(rate * y.size), replace=False, p=chance)
    noisy = y.copy()
    noisy[rows] = likeness[rows].argmax(axis=1)
    return noisy


def wrong_class_likeness(X, y):
    """Votes of 15 near rows plus nearness to the class means; -1 for the own class."""
    one_hot = np.eye(y.max() + 1)[y]
    distance, near = NearestNeighbors(n_neighbors=15).fit(X).kneighbors()
    weight = 1 / np.maximum(distance, 1e-12)
    votes = np.einsum("ij,ijk->ik", weight, one_hot[near])
    votes /= weight.sum(axis=1, keepdims=True)
    means = one_hot.T @ X / one_hot.sum(axis=0)[:, None]
    squared = cdist(X, means, "sqeuclidean")
    likeness = votes + softmax(-4 * squared / squared.std(), axis=1)
    likeness[np.arange(y.size), y] = -1
    return likeness


NOISE = {"none": none, "symmetric": symmetric, "pair": pair, "feature": feature}


@cache
def make_case(data, noise, rate, seed):
    """Split off 30 % for testing, then mislabel the training rows."""
    X, y = load(data, seed)
    X, X_test, truth, y_test = train_test_split(
        X, y, test_size=0.3, stratify=y, random_state=seed
    )
    rng = np.random.RandomState([seed, round(100 * rate), list(NOISE).index(noise)])
    return Case(X, NOISE[noise](X, truth, rate, rng), truth, X_test, y_test)


UNCORRUPTED = grid(data=DATA, noise=["none"], rate=[0.0], seed=SEEDS)
NOISY = grid(data=DATA, noise=list(NOISE)[1:], rate=RATES, seed=SEEDS)
CASES = UNCORRUPTED + NOISY
QUICK = [UNCORRUPTED[0], {"data": "wine", "noise": "symmetric", "rate": 0.2, "seed": 0}]


def noisy(rows):
    return rows[rows["noise"] != "none"]


def uncorrupted(rows):
    return rows[rows["noise"] == "none"]


def slices(rows):
    """Yield all rows, then those of each noise, rate and table."""
    yield "all", rows
    for column in ("noise", "rate", "data"):
        for value, group in rows.groupby(column, sort=column == "rate"):
            yield f"{value:.0%}" if column == "rate" else value, group


def logistic():
    return make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))


def forest(seed):
    return RandomForestClassifier(100, random_state=seed)
