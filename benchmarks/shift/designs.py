"""Training and target rows of a known density ratio."""

import numpy as np
import pandas as pd
from scipy import stats

MEAN = np.array([0.8, -0.6])
DEVIATION = 0.7


def gaussian(rng, n, n_columns):
    """Two columns of another mean and deviation, the rest equal."""
    X, target = rng.normal(size=(2, n, n_columns))
    target[:, :2] = MEAN + DEVIATION * target[:, :2]
    both = X[:, :2]
    ratio = stats.norm.logpdf(both, MEAN, DEVIATION) - stats.norm.logpdf(both)
    return X, target, np.exp(ratio.sum(axis=1))


def moved(rng, n, n_columns):
    """All means moved a little."""
    X, target = rng.normal(size=(2, n, n_columns))
    return X, target + 0.3, np.exp((0.3 * X - 0.045).sum(axis=1))


def heavy(rng, n, n_columns):
    """Heavy tails, three of them moved."""
    X, target = rng.standard_t(5, size=(2, n, n_columns))
    target[:, :3] += 0.5
    some = X[:, :3]
    ratio = stats.t.logpdf(some - 0.5, 5) - stats.t.logpdf(some, 5)
    return X, target, np.exp(ratio.sum(axis=1))


def skewed(rng, n, n_columns):
    """Gamma distributions, two of another shape and scale."""
    X, target = rng.gamma(2, size=(2, n, n_columns))
    target[:, :2] = rng.gamma(3, 0.8, size=(n, 2))
    both = X[:, :2]
    ratio = stats.gamma.logpdf(both, 3, scale=0.8) - stats.gamma.logpdf(both, 2)
    return X, target, np.exp(ratio.sum(axis=1))


def correlated(rng, n, n_columns):
    """Two columns that are correlated in the target alone."""
    X, target = rng.normal(size=(2, n, n_columns))
    target[:, 1] = 0.6 * target[:, 0] + 0.8 * target[:, 1]
    both = X[:, :2]
    ratio = stats.norm.logpdf(both[:, 1], 0.6 * both[:, 0], 0.8)
    return X, target, np.exp(ratio - stats.norm.logpdf(both[:, 1]))


def mixture(rng, n, n_columns):
    """Three groups of rows in other shares."""
    centers = np.zeros((3, n_columns))
    centers[1, :2], centers[2, [0, 2]] = 2.5, (-2.5, 2)
    shares = np.full(3, 1 / 3), np.array([0.7, 0.2, 0.1])
    X, target = (
        centers[rng.choice(3, n, p=p)] + rng.normal(size=(n, n_columns)) for p in shares
    )
    near = [np.exp(-((X - center) ** 2).sum(axis=1) / 2) for center in centers]
    return X, target, (shares[1] @ near) / (shares[0] @ near)


def categories(rng, n, n_columns, n_numbers=0):
    """Texts of five values, three columns in other shares; maybe numbers beside."""
    even, uneven = np.full(5, 0.2), np.array([0.4, 0.25, 0.2, 0.1, 0.05])
    codes, target = rng.choice(5, size=(2, n, n_columns), p=even)
    target[:, :3] = rng.choice(5, size=(n, 3), p=uneven)
    ratio = (uneven / even)[codes[:, :3]].prod(axis=1)
    tables = [
        pd.DataFrame(c, columns=[f"text {j}" for j in range(n_columns)]).map(
            "v{}".format
        )
        for c in (codes, target)
    ]
    for j in range(n_numbers):
        ours, theirs = rng.normal(size=(2, n))
        if j < 2:
            ratio = ratio * np.exp(0.5 * ours - 0.125)
            theirs = theirs + 0.5
        for table, cells in zip(tables, (ours, theirs), strict=True):
            table[f"number {j}"] = cells
    return *tables, ratio


def mixed(rng, n, n_columns):
    """Half texts, half numbers."""
    return categories(rng, n, n_columns // 2, n_columns // 2)


DESIGNS = {
    f.__name__: f
    for f in (
        gaussian,
        moved,
        heavy,
        skewed,
        correlated,
        mixture,
        categories,
        mixed,
    )
}


def labels(X, rng):
    """Labels that a linear model cannot follow everywhere."""
    score = 2 * (X[:, 1] * (1 - 2 * X[:, 0]) + 0.3)
    return (rng.random(X.shape[0]) < 1 / (1 + np.exp(-score))).astype(int)
