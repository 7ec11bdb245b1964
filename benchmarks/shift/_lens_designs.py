"""Training and target tables with labels, of which the kind of shift is known."""

import numpy as np
import pandas as pd
from scipy.signal import lfilter
from scipy.special import expit

N_COLUMNS = 6
LABELLED = 200
BURN_IN = 1000
RARE = -3.8  # intercept with which about one row in ten is of class 1
DESIGNS = {  # mean of a column, kept share by class, angle, labelled target rows
    "none": {},
    "none, labelled": {"labelled": LABELLED},
    "covariate, unrelated to y": {"mean": (4, 0.7)},
    "covariate, informative": {"mean": (0, 0.7)},
    "covariate, informative, labelled": {"mean": (0, 0.7), "labelled": LABELLED},
    "class shares, half to .8": {"keep": (0.25, 1.0)},
    "class shares, .1 to .4": {"intercept": RARE, "keep": (1 / 6, 1.0)},
    "concept, labelled": {"angle": np.pi / 3, "labelled": LABELLED},
    "covariate + concept, labelled": {
        "mean": (4, 0.7),
        "angle": np.pi / 3,
        "labelled": LABELLED,
    },
}


def draw(design, seed, n):
    """Return X, y, X_target, y_target; ``n`` rows a side."""
    rng = np.random.default_rng([seed, n])
    return _drawn(rng, n, **DESIGNS[design])


def _drawn(rng, n, *, mean=None, keep=None, angle=0.0, labelled=0, intercept=0.0):
    X = rng.normal(size=(n, N_COLUMNS))
    y = _labels(rng, X, 0.0, intercept)
    X_target = rng.normal(size=(12 * n if keep else n, N_COLUMNS))
    if mean:
        X_target[:, mean[0]] += mean[1]
    y_target = _labels(rng, X_target, angle, intercept)
    if keep:
        kept = rng.random(y_target.size) < np.asarray(keep)[y_target]
        X_target, y_target = X_target[kept][:n], y_target[kept][:n]
    if not labelled:
        return X, y, X_target, None
    known = y_target.astype(float)
    known[labelled:] = np.nan
    return X, y, X_target, known


def _labels(rng, X, angle, intercept):
    """Classes by a direction in the first two columns, turned by an angle."""
    a, b = (X[:, 0] + X[:, 1]) / 2**0.5, (X[:, 1] - X[:, 0]) / 2**0.5
    score = 2.5 * (np.cos(angle) * a + np.sin(angle) * b) + intercept
    return (rng.random(X.shape[0]) < expit(score)).astype(int)


def draw_alike(seed, n, d):
    """Draw two tables alike, with missing cells and categories; labels of the first."""
    rng = np.random.default_rng([seed, 1])
    X = rng.normal(size=(2 * n, d))
    y = (rng.random(2 * n) < expit(2 * (X[:, 0] + X[:, d - 1]))).astype(int)
    table = pd.DataFrame(X, columns=[f"x{j}" for j in range(d)])
    table["x1"] = table["x1"].mask(rng.random(2 * n) < 0.2)
    table["x2"] = table["x2"].mask(rng.random(2 * n) < 0.05)
    place = np.clip(np.floor(1.5 * X[:, d - 1] + 3), 0, 5).astype(int)
    table[f"x{d - 1}"] = np.array(list("uvwxyz"))[place]
    table[f"x{d - 2}"] = np.where(X[:, d - 2] > 0, "yes", "no")
    return table[:n], y[:n], table[n:]


def draw_series(seed, n, correlation, moved, d=4):
    """Rows in the order of time, of which the second half are the target rows."""
    rng = np.random.default_rng([seed, 2])
    noise = rng.normal(size=(2 * n + BURN_IN, d))
    scale = (1 - correlation**2) ** 0.5
    X = lfilter([scale], [1, -correlation], noise, axis=0)[BURN_IN:]
    y = (X[:n, 0] + rng.logistic(scale=0.4, size=n) > 0).astype(int)
    X[n:, 1] += moved
    return X[:n], y, X[n:]
