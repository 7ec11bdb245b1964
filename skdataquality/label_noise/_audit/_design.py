"""Which rows to verify by hand: the strata, how many rows of each, and the draw.

Rows are ordered by suspicion and cut so that strata hold nearly only wrong labels or
nearly none, as far as the model can tell: both kinds need few rows.
"""

import numpy as np
from scipy.optimize import brentq

from skdataquality.label_noise._confident import (
    calibrated_joint,
    match_labels,
    noise_rates,
)
from skdataquality.label_noise._flags import quality_scores
from skdataquality.label_noise._remedies import posterior_of

ROWS_PER_STRATUM = 20  # to verify, on average
SMALLEST_SAMPLE = 5  # rows of a stratum, or luck alone would decide its share
PROPORTIONAL = 0.5  # of the allocation; the model, which may be wrong, has the rest
LOWEST_RISK = 0.002  # a risk of 0 would leave strata without rows
N_CUTS = 100  # candidates


def suspicion_and_risk(codes, proba, classes):
    """Order of the rows, higher is more doubtful, and P(label is wrong) of each.

    The risk supposes that noise depends on the true class only. Where it does not, the
    design loses precision; the estimate stays unbiased.
    """
    data = match_labels(classes[codes], proba, classes)
    noise = noise_rates(calibrated_joint(data))
    margin = quality_scores(data, "normalized_margin")
    risk = np.empty(codes.size)
    for rows, proba in data.chunks():
        given = codes[rows]
        posterior = posterior_of(given, proba, noise[given].toarray())
        risk[rows] = 1 - posterior[np.arange(given.size), given]
    return risk - margin, np.clip(risk, LOWEST_RISK, 1 - LOWEST_RISK)


def stratify(suspicion, risk, n_strata):
    """Cut the rows, ordered by suspicion, where the predicted variance is least.

    The sum over the strata of size times predicted standard deviation, which is what
    the best allocation leaves of the standard error (Neyman 1934), is minimised exactly
    over a grid of cuts. Stratum 0 holds the most doubtful rows; fewer than `n_strata`
    are made if rows are too few.
    """
    order = np.argsort(-suspicion, kind="stable")
    cuts = _candidate_cuts(risk[order])
    expected = np.concatenate([[0.0], np.cumsum(risk[order])])[cuts]
    size = cuts[None, :] - cuts[:, None]
    share = (expected[None, :] - expected[:, None]) / np.maximum(size, 1)
    cost = size * np.sqrt(np.clip(share * (1 - share), 0, None))
    cost[size < min(2 * SMALLEST_SAMPLE, risk.size)] = np.inf
    stratum = np.empty(risk.size, dtype=np.intp)
    stratum[order] = np.searchsorted(
        _cheapest_cuts(cuts, cost, n_strata), np.arange(risk.size), side="right"
    )
    return stratum


def _candidate_cuts(risk):
    """Positions, the ends among them, dense where rows or predicted errors are."""
    spread = np.sqrt(risk * (1 - risk))
    mass = np.cumsum(1 / risk.size + spread / spread.sum()) / 2
    inner = np.searchsorted(mass, np.arange(1, N_CUTS) / N_CUTS)
    return np.unique(np.concatenate([[0], inner, [risk.size]]))


def _cheapest_cuts(cuts, cost, n_strata):
    """Inner cuts of the cheapest strata, by dynamic programming."""
    n_cuts = cuts.size
    total = np.full(n_cuts, np.inf)
    total[0] = 0.0
    came_from: list[np.ndarray] = []
    for _ in range(n_strata):
        via = total[:, None] + cost
        if came_from and not np.isfinite(via[:, -1].min()):
            break
        came_from.append(via.argmin(axis=0))
        total = via.min(axis=0)
    chosen, at = [], n_cuts - 1
    for previous in reversed(came_from):
        at = previous[at]
        chosen.append(cuts[at])
    return np.array(chosen[::-1][1:], dtype=np.intp)


def allocate(n_rows, sizes, spread):
    """Rows to draw from each stratum; they sum to `n_rows`, one per stratum or more.

    Half in proportion to the size of the stratum, so that a model that is wrong costs
    little, half in proportion to size times `spread`, the predicted standard deviation
    of "label is wrong".
    """
    wanted = PROPORTIONAL * sizes / sizes.sum()
    wanted += (1 - PROPORTIONAL) * sizes * spread / (sizes @ spread)
    fewest = np.minimum(sizes, min(SMALLEST_SAMPLE, n_rows // sizes.size))

    def drawn(factor):
        return np.clip(factor * wanted, fewest, sizes)

    enough = (sizes / wanted).max()
    exact = drawn(brentq(lambda factor: drawn(factor).sum() - n_rows, 0, enough))
    rounded = np.minimum(np.floor(exact + 1e-6).astype(np.intp), sizes)
    remainder = np.where(rounded < sizes, exact - rounded, -1)
    next_up = np.argsort(-remainder, kind="stable")[: n_rows - rounded.sum()]
    rounded[next_up] += 1
    return rounded


def draw(stratum, drawn, rng):
    """Draw rows of each stratum at random, in an order in which one may stop.

    Whatever the number of rows done, they are a random sample of each stratum and in
    about the planned proportions.
    """
    order = np.lexsort((rng.random_sample(stratum.size), stratum))
    sizes = np.bincount(stratum, minlength=drawn.size)
    first = np.cumsum(sizes) - sizes
    rank = np.arange(order.size) - first[stratum[order]]
    is_drawn = rank < drawn[stratum[order]]
    rows = order[is_drawn]
    turn = (rank[is_drawn] + rng.random_sample(rows.size)) / drawn[stratum[rows]]
    return rows[np.argsort(turn, kind="stable")]
