"""What to label before there is a model: :func:`pick_cold` and :func:`score_cold`."""

import numpy as np

from skdataquality.active_learning._embedding import content_keys
from skdataquality.active_learning._strategies._coverage import (
    pick_coverage,
    score_coverage,
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
    if kind == "coverage":
        return pick_coverage(strategy, n, rows)
    keys = content_keys(strategy._X)
    new, repeated = new_first(keys, rows, strategy.labeled_mask_)
    if n >= new.size:
        return np.r_[new, repeated[: n - new.size]]
    seed = draw_seed(strategy.random_state)
    points, labeled = strategy._embedded()[1], strategy._labels.rows
    return pick_typical(points, keys, n, new, labeled, seed)


def score_cold(strategy, kind, X):
    """Score rows without asking the model of a fitted strategy."""
    if kind == "random":
        return score_random(X, strategy.random_state)
    if kind == "coverage":
        return score_coverage(strategy, X)
    seed = draw_seed(strategy.random_state)
    embedder, points = strategy._embedded()
    pool = TypicalRows(points, content_keys(strategy._X), seed)
    return pool.scores(embedder.transform(X), content_keys(X))
