r"""Sources whose rates differ by chance: the beta-binomial model.

The rates of sources are drawn from a Beta distribution of mean :math:`\mu` and
intra-source correlation :math:`\rho`, that is Beta(:math:`\mu S, (1 - \mu) S`) with
:math:`S = 1 / \rho - 1`; a source of :math:`m` rows then has a binomial count.
"""

import numpy as np
from scipy import special

from skdataquality.provenance._rates._exact import exact_interval
from skdataquality.provenance._rates._hierarchy import (
    BLOCK_CELLS,
    OUTLYING,
    grid_of,
    log_likelihood,
    weights,
)
from skdataquality.utils._frames import row_blocks

USUAL = 0.015  # half of all columns of sources have a smaller correlation, a priori
SHRINKING = 0.05  # the same where rates are estimated, and nobody accused
NODES = np.arange(-6.0, 6.5, 0.5)  # of a normal distribution
NEGLIGIBLE = 1e-6
SMALLEST = 1e-6  # bound of an interval


def correlation(flagged, rows):
    r"""Estimate the mean rate and the intra-source correlation by moments.

    With :math:`r_g = k_g / m_g` and sums over G sources, the estimate of Kleinman
    ("Proportions with extraneous variance: single and independent samples", JASA 68,
    1973) with weights :math:`m_g` is

    .. math:: \hat\rho = \frac{Q - \mu (1 - \mu) A}{\mu (1 - \mu) (B - A)}

    where :math:`Q = \sum m_g (r_g - \mu)^2`, :math:`A = G - 1` and :math:`B = M - \sum
    m_g^2 / M`. It is nearly unbiased for unequal sizes. It may be negative (less than
    binomial variation), and is 0 where the data cannot tell: one source, only sources
    of one row, all or no rows flagged.

    >>> from skdataquality.provenance._rates._beta_binomial import correlation
    >>> mean, rho = correlation([5, 10, 30], [100, 100, 100])
    >>> print(f"{mean:.2f} {rho:.3f}")
    0.15 0.129
    """
    k, m = np.asarray(flagged, dtype=float), np.asarray(rows, dtype=float)
    mean = k.sum() / m.sum()
    spread = (k**2 / m).sum() - k.sum() ** 2 / m.sum()
    rho = _moments(mean, spread, m.sum(), (m**2).sum(), k.size)
    return float(mean), float(rho)


def _moments(mean, spread, total, sum_of_squares, n_sources):
    noise = mean * (1 - mean)
    with np.errstate(invalid="ignore", divide="ignore"):
        weight = total - sum_of_squares / total - (n_sources - 1)
        rho = (spread / noise - (n_sources - 1)) / weight
    return np.where((noise > 0) & (weight > 1e-9 * total), rho, 0.0)


def shrunk_rates(flagged, rows):
    r"""Shrink each source's rate towards the mean of all: its posterior mean.

    Mean and correlation of the sources are integrated over. Without a spread to
    estimate (one source, all or no rows flagged) every source has the pooled rate.
    """
    return _shrunk(flagged, rows)[0]


def shrunk_interval(flagged, rows, chosen=slice(None), *, level=0.95):
    """Interval of the shrunk rates of the chosen sources.

    The quantiles of the Beta distribution of posterior mean and variance, with mean
    and correlation of the sources integrated over. Without a spread to estimate it is
    the Clopper-Pearson interval of the pooled rate.
    """
    if _no_spread(flagged, rows):
        ends = exact_interval(np.sum(flagged), np.sum(rows), level=level)
        return tuple(np.full(rows[chosen].shape, end) for end in ends)
    mean, variance = (values[chosen] for values in _shrunk(flagged, rows))
    size = mean * (1 - mean) / variance - 1
    tail = (1 - level) / 2
    lower = special.betaincinv(mean * size, (1 - mean) * size, tail)
    upper = special.betainccinv(mean * size, (1 - mean) * size, tail)
    # rounded outwards: 1e-28 is no number to print
    lower = np.where(lower < SMALLEST, 0.0, lower)
    return lower, np.where(upper > 1 - SMALLEST, 1.0, upper)


def _no_spread(flagged, rows):
    return rows.size == 1 or flagged.sum() in (0, rows.sum())


def _shrunk(flagged, rows):
    """Posterior mean and variance of the rate of each source."""
    if _no_spread(flagged, rows):
        pooled = np.full(rows.shape, np.sum(flagged) / np.sum(rows))
        return pooled, np.zeros(rows.shape)
    grid, of_all = grid_of(flagged, rows, SHRINKING)
    weight = weights(of_all)
    likely = weight > NEGLIGIBLE
    weight = weight[likely] / weight[likely].sum()
    mean, square = np.empty(rows.size), np.empty(rows.size)
    for block in row_blocks((rows.size, weight.size), BLOCK_CELLS):
        above = flagged[block, None] + grid.above[likely]
        size = rows[block, None] + (grid.above + grid.below)[likely]
        rate = above / size
        mean[block] = rate @ weight
        square[block] = (rate * (above + 1) / (size + 1)) @ weight
    return mean, square - mean**2


def unusual_among_peers(flagged, rows, chosen, *, usual=USUAL, outlying=OUTLYING):
    r"""Test chosen sources against the rates of all others, its peers; else p is 1.

    The chance of as many flagged rows in a source whose rate is drawn as those of the
    peers are. Their mean and correlation are integrated over, given the peers' counts
    (without the source itself) and a prior: half-Cauchy of scale .015 for the
    correlation, which is what decides where peers are few and hardly matters where they
    are many; Jeffreys' for the mean. One peer in a hundred may have any rate, so that
    some bad sources do not hide each other.
    """
    p = np.ones(np.size(rows))
    if np.size(chosen) == 0 or np.size(rows) < 2:
        return p
    k, m = np.asarray(flagged, dtype=float), np.asarray(rows, dtype=float)
    grid, of_all = grid_of(k, m, usual, chosen, outlying=outlying)
    for source in chosen:
        own = log_likelihood(grid, k[[source]], m[[source]], outlying)[0]
        p[source] = _tail(grid, weights(of_all - own), k[source], m[source])
    return p


def _tail(grid, weight, flagged, rows):
    """Chance of so many flagged rows or more, under a mixture of beta-binomials.

    A binomial count reaches k with the chance that its rate exceeds a draw from
    Beta(k, m - k + 1); that draw is integrated over by the trapezoid rule.
    """
    if flagged == 0:
        return 1.0
    likely = weight > NEGLIGIBLE
    draws = special.betaincinv(flagged, rows - flagged + 1, special.ndtr(NODES))
    exceeds = special.betaincc(
        grid.above[likely, None], grid.below[likely, None], draws
    )
    density = np.exp(-(NODES**2) / 2)
    each = exceeds @ (density / density.sum())
    return float(min(1.0, each @ weight[likely] / weight[likely].sum()))


def rest_rate(flagged, rows):
    """Rate of the other sources, kept off 0 and 1 by half a row."""
    inside = (flagged > 0) & (flagged < rows)
    return np.where(inside, flagged / rows, (flagged + 0.5) / (rows + 1))
