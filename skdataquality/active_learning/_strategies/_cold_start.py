"""What to label before there is a model: :func:`pick_cold` and :func:`score_cold`."""

import numpy as np

from skdataquality.active_learning._embedding import content_keys
from skdataquality.active_learning._strategies._coverage import (
    pick_coverage,
    uncovered,
)
from skdataquality.active_learning._strategies._distinct import new_first
from skdataquality.active_learning._strategies._typical import TypicalRows, pick_typical
from skdataquality.utils._draws import draw_seed, own_rng

COLD_STARTS = ("typicality", "coverage", "random")


def pick_random(n, rows, random_state):
    """Draw rows without replacement."""
    return own_rng(random_state).permutation(rows)[:n]


def score_random(X, random_state):
    """Hash rows with a seed: the same row has the same score in any table."""
    seed = np.uint64(draw_seed(random_state))
    mixed = (content_keys(X) ^ seed) * np.uint64(0x9E3779B97F4A7C15)
    return (mixed >> np.uint64(11)) / 2.0**53


def pick_cold(strategy, kind, n, rows):
    """Pick rows of the pool of a fitted strategy without asking its model."""
    if kind == "random":
        return pick_random(n, rows, strategy.random_state)
    keys = content_keys(strategy._X)
    new, repeated = new_first(keys, rows, strategy.labeled_mask_)
    if n >= new.size:
        return np.r_[new, repeated[: n - new.size]]
    points = strategy._embedded()[1]
    labeled = np.flatnonzero(strategy.labeled_mask_)
    labeled = labeled[np.argsort(keys[labeled], kind="stable")]
    if kind == "coverage":
        return pick_coverage(points, n, new, labeled)
    seed = draw_seed(strategy.random_state)
    return pick_typical(points, keys, n, new, labeled, seed)


def score_cold(strategy, kind, X):
    """Score rows without asking the model of a fitted strategy."""
    if kind == "random":
        return score_random(X, strategy.random_state)
    embedder, pool = strategy._embedded()
    points = embedder.transform(X)
    if kind == "coverage":
        return uncovered(points, pool, np.flatnonzero(strategy.labeled_mask_))
    seed = draw_seed(strategy.random_state)
    pool = TypicalRows(pool, content_keys(strategy._X), seed)
    return pool.scores(points, content_keys(X))
