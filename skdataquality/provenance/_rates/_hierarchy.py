r"""Sources whose rates are drawn from a Beta distribution that nobody knows.

Mean :math:`\mu` and intra-source correlation :math:`\rho` of the beta-binomial model
are not estimated but integrated over, on a grid, with a prior: a handful of sources
says little of how much sources usually differ.
"""

from dataclasses import dataclass

import numpy as np
from scipy import special

from skdataquality.utils._frames import row_blocks

RHO = np.geomspace(3e-4, 0.5, 14)
N_MEANS = 15  # for each of them
REACH = 4.5  # standard errors of the mean that the grid goes beyond the estimates
UNLIKELY = 1e-4
OUTLYING = 0.01  # sources that may come from anywhere
BLOCK_CELLS = 2**21


@dataclass(frozen=True)
class Grid:
    """Pairs of a mean and a correlation, as Beta distributions, and their log prior."""

    above: np.ndarray
    below: np.ndarray
    log_prior: np.ndarray

    @property
    def mean(self):
        return self.above / (self.above + self.below)


def log_half_cauchy(rho, scale):
    """Log density of the prior of the correlation, by steps of a geometric grid."""
    return np.log(rho) - np.log1p(np.square(rho / scale))


def grid_of(flagged, rows, scale, left_out=(), *, outlying=0.0):
    """Return a grid of the pairs that are likely, with all sources or without one.

    Many sources show their correlation so well that a first grid, over all of them, is
    too coarse: a second one then lies where the first has its mass.
    """
    first = _grid(flagged, rows, scale, left_out, RHO)
    logs = log_posterior(first, flagged, rows, outlying)
    without = np.asarray(left_out, dtype=np.intp)
    own = log_likelihood(first, flagged[without], rows[without], outlying)
    each = weights(np.vstack([logs, logs - own])).reshape(-1, N_MEANS, RHO.size)
    likely = np.flatnonzero((each.sum(axis=1) > UNLIKELY).any(axis=0))
    lowest, highest = max(likely[0] - 1, 0), min(likely[-1] + 1, RHO.size - 1)
    if highest - lowest > RHO.size // 2:
        return first, logs
    rho = np.geomspace(RHO[lowest], RHO[highest], RHO.size)
    second = _grid(flagged, rows, scale, left_out, rho)
    return second, log_posterior(second, flagged, rows, outlying)


def _grid(flagged, rows, scale, left_out, rho):
    """Return means around that of all sources, and of all without one left out.

    The weight of a source is that of the best mean if the correlation is known.
    """
    weight = rows[:, None] / (1 + (rows[:, None] - 1) * rho)
    count = weight * (flagged / rows)[:, None]
    total, counted = weight.sum(axis=0), count.sum(axis=0)
    without = np.asarray(left_out, dtype=np.intp)
    totals = np.vstack([total, total - weight[without]])
    counts = np.vstack([counted, counted - count[without]])
    # half a flag on either side, as a Jeffreys prior has
    centres = (np.maximum(counts, 0) + 0.5) / (np.maximum(totals, 0) + 1)
    noise = (centres * (1 - centres)).min(axis=0)
    error = np.sqrt(1 / ((totals.min(axis=0) + 1) * noise))
    places = special.logit(centres)
    lowest = places.min(axis=0) - REACH * error
    highest = places.max(axis=0) + REACH * error
    steps = np.linspace(0, 1, N_MEANS)[:, None]
    mean = special.expit(lowest + (highest - lowest) * steps)
    prior = 1 / rho - 1
    log_prior = (
        log_half_cauchy(rho, scale)
        + np.log(highest - lowest)
        + np.log(mean * (1 - mean)) / 2
    )
    return Grid((mean * prior).ravel(), ((1 - mean) * prior).ravel(), log_prior.ravel())


def log_likelihood(grid, flagged, rows, outlying=0.0):
    """Log probability of each source's count, up to a constant, at each grid point."""
    k, m = flagged[:, None], rows[:, None]
    out = special.betaln(k + grid.above, m - k + grid.below)
    out -= special.betaln(grid.above, grid.below)
    if outlying:
        anywhere = special.betaln(k + 1, m - k + 1)
        out = np.logaddexp(
            np.log1p(-outlying) + out, np.log(outlying) + anywhere, out=out
        )
    return out


def log_posterior(grid, flagged, rows, outlying=0.0):
    """Log posterior of each grid point, up to a constant, given all sources."""
    pairs, repeats = np.unique([flagged, rows], axis=1, return_counts=True)
    out = grid.log_prior.copy()
    for block in row_blocks((repeats.size, out.size), BLOCK_CELLS):
        k, m = pairs[:, block]
        out += repeats[block] @ log_likelihood(grid, k, m, outlying)
    return out


def weights(log_values):
    """Normalise logs of weights over the last axis."""
    return special.softmax(log_values, axis=-1)
