"""Pools to label from, with the rows on which the models are judged.

Defaults were chosen on the pools of CHOSEN_ON; those of REPORTED were looked at once
they stood. Pools of the folder that ``--data`` names are left out without.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from sklearn.datasets import (
    load_breast_cancer,
    load_digits,
    load_wine,
    make_blobs,
    make_circles,
    make_classification,
    make_moons,
)
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import train_test_split

from benchmarks._real_tables import REAL, folder

MOST_ROWS = 8000  # of a table that is read
MOST_TEST_ROWS = 3000


@dataclass(frozen=True)
class Pool:
    """All labels are known; a strategy sees those that it asked for."""

    X: object
    y: np.ndarray
    X_test: object
    y_test: np.ndarray
    n_initial: int
    batch: int
    n_rounds: int
    scoring: str


def _made(n_rows, n_columns, n_informative, **others):
    def make(seed):
        return make_classification(
            n_rows,
            n_columns,
            n_informative=n_informative,
            n_redundant=0,
            random_state=seed,
            **others,
        )

    return make


def _blobs(**settings):
    def make(seed):
        return make_blobs(random_state=seed, **settings)

    return make


def _groups_of_blobs(seed):
    """Three classes, each of five blobs of unequal size."""
    sizes = [20, 40, 80, 160, 320] * 3
    X, blob = make_blobs(sizes, n_features=8, cluster_std=2.0, random_state=seed)
    return X, blob // 5


def _counts(seed):
    """Few words of many: Poisson counts, classes of different frequent words."""
    rng = np.random.default_rng(seed)
    y = rng.integers(4, size=3000)
    rates = rng.gamma(0.1, 0.5, size=(4, 300))
    common = rng.gamma(0.1, 1.0, size=300)
    return rng.poisson(common + rates[y] * rng.gamma(1, 1, (3000, 1))).astype(float), y


def _wide(seed):
    """More columns than labels, most of them zero."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(3000, 500)) * (rng.random((3000, 500)) < 0.1)
    return X, (X[:, :50] @ rng.normal(size=50) > 0).astype(int)


def _jittered(X, y, seed, share=0.3, copies=12, noise=0.01):
    """Repeat a share of the rows, each cell of a copy wrong by about one per cent."""
    rng = np.random.default_rng(seed)
    some = rng.choice(y.size, int(share * y.size), replace=False)
    rows = np.r_[np.setdiff1d(np.arange(y.size), some), np.repeat(some, copies)]
    shift = rng.normal(scale=noise, size=(rows.size, X.shape[1]))
    shift[: y.size - some.size] = 0
    return X[rows] * (1 + shift), y[rows]


@cache
def _of_table(name):
    if not folder().is_dir():
        return None
    X, y = REAL[name]()
    X = X.to_numpy(dtype=float)
    return X, np.unique(y, return_inverse=True)[1]


@cache
def _sms():
    if not folder().is_dir():
        return None
    path = folder() / "sms_spam/SMSSpamCollection"
    table = pd.read_csv(path, sep="\t", header=None, quoting=3).drop_duplicates()
    words = TfidfVectorizer(min_df=3, sublinear_tf=True).fit_transform(table[1])
    return words, (table[0] == "spam").to_numpy().astype(int)


def _drawn(name):
    """Rows drawn from a table, another part of it with each seed."""

    def make(seed):
        table = _of_table(name)
        if table is None:
            return None
        X, y = table
        rows = np.random.default_rng(seed).permutation(y.size)[:MOST_ROWS]
        return X[rows], y[rows]

    return make


def _bundled(load):
    return lambda seed: load(return_X_y=True)


ACCURACY, BALANCED = "accuracy", "balanced_accuracy"
# name: how it is made, initial rows, batch, rounds, score
CHOSEN_ON = {
    "breast_cancer": (_bundled(load_breast_cancer), 10, 5, 12, ACCURACY),
    "digits": (_bundled(load_digits), 20, 20, 10, ACCURACY),
    "digits, near copies": (_bundled(load_digits), 20, 20, 10, ACCURACY),
    "wine": (_bundled(load_wine), 6, 5, 10, ACCURACY),
    "synth": (_made(20_000, 20, 8, n_classes=3), 20, 20, 10, ACCURACY),
    "synth, 3 % rare": (
        _made(6000, 20, 10, weights=[0.97], flip_y=0),
        40,
        20,
        10,
        BALANCED,
    ),
    "synth, noise columns": (_made(4000, 60, 4), 20, 20, 10, ACCURACY),
    "synth, 8 clusters": (
        _made(4000, 15, 10, n_classes=4, n_clusters_per_class=2, class_sep=1.5),
        20,
        20,
        10,
        ACCURACY,
    ),
    "blobs, overlapping": (
        _blobs(n_samples=3000, centers=6, n_features=10, cluster_std=5.0),
        12,
        10,
        10,
        ACCURACY,
    ),
    "circles": (
        lambda seed: make_circles(2000, noise=0.15, factor=0.5, random_state=seed),
        10,
        10,
        10,
        ACCURACY,
    ),
}
REPORTED = {
    "synth, 10 classes": (
        _made(5000, 30, 15, n_classes=10, n_clusters_per_class=1),
        20,
        20,
        10,
        ACCURACY,
    ),
    "synth, 10 % flipped": (_made(4000, 20, 10, flip_y=0.2), 20, 20, 10, ACCURACY),
    "synth, 100 columns": (_made(5000, 100, 20, n_classes=3), 20, 20, 10, ACCURACY),
    "synth, near copies": (_made(1500, 20, 8, n_classes=3), 20, 20, 10, ACCURACY),
    "synth, 5 % rare": (
        _made(6000, 15, 8, weights=[0.95], n_clusters_per_class=3),
        40,
        20,
        10,
        BALANCED,
    ),
    "blobs, 10 of 2 columns": (
        _blobs(n_samples=3000, centers=10, n_features=2, cluster_std=1.2),
        20,
        10,
        10,
        ACCURACY,
    ),
    "groups of blobs": (_groups_of_blobs, 15, 10, 10, ACCURACY),
    "moons": (
        lambda seed: make_moons(2000, noise=0.25, random_state=seed),
        10,
        10,
        10,
        ACCURACY,
    ),
    "counts": (_counts, 20, 20, 10, ACCURACY),
    "wide": (_wide, 20, 20, 10, ACCURACY),
    "gas": (_drawn("gas"), 20, 20, 10, ACCURACY),
    "electricity": (_drawn("electricity"), 20, 20, 10, ACCURACY),
    "bank": (_drawn("bank"), 40, 20, 10, BALANCED),
    "mammography": (_drawn("mammography"), 40, 20, 10, BALANCED),
    "sms": (lambda seed: _sms(), 40, 20, 10, BALANCED),
}
POOLS = CHOSEN_ON | REPORTED
NEAR_COPIES = ("digits, near copies", "synth, near copies")


def role_of(name):
    """Say whether defaults were chosen on a pool."""
    return "chosen on" if name in CHOSEN_ON else "reported"


def pool_of(name, seed):
    """Draw a pool, 60 % of the rows, and rows to judge by; None without data."""
    make, *settings = POOLS[name]
    drawn = make(seed)
    if drawn is None:
        return None
    X, y = drawn
    X, X_test, y, y_test = train_test_split(
        X, y, train_size=0.6, stratify=y, random_state=seed
    )
    if name in NEAR_COPIES:
        X, y = _jittered(X, y, seed)
    X_test, y_test = X_test[:MOST_TEST_ROWS], y_test[:MOST_TEST_ROWS]
    return Pool(X, y, X_test, y_test, *settings)
