r"""Sources whose rates differ by chance: the beta-binomial model.

The rates of sources are drawn from a Beta distribution of mean :math:`\mu` and
intra-source correlation :math:`\rho`, that is Beta(:math:`\mu S, (1 - \mu) S`) with
:math:`S = 1 / \rho - 1`; a source of :math:`m` rows then has a binomial count.
"""

import numpy as np
from scipy import special, stats

from skdataquality.utils._stats import clopper_pearson

SMALLEST, LARGEST = 1e-6, 0.5
FEWEST_PEERS = 5  # below it their spread says nothing
FEW_PEERS_RHO = 0.01  # then taken as usual
DOUBT = 0.1  # the spread of the peers is taken at its upper 90 % limit


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
    r"""Shrink each source's rate towards the mean of all.

    The posterior is Beta(:math:`k + \mu S, m - k + (1 - \mu) S`) with the mean and
    correlation of :func:`correlation`. Without a spread to estimate (one source, all or
    no rows flagged) every source has the pooled rate.
    """
    above, below = _posterior(flagged, rows)
    return above / (above + below)


def shrunk_interval(flagged, rows, chosen=slice(None), *, level=0.95):
    """Interval of the shrunk rates of the chosen sources.

    Mean and correlation of the sources count as known, so it is too narrow for a
    handful of them. Without a spread to estimate it is the Clopper-Pearson interval of
    the pooled rate.
    """
    above, below = (values[chosen] for values in _posterior(flagged, rows))
    if _no_spread(flagged, rows):
        ends = clopper_pearson(np.sum(flagged), np.sum(rows), level=level)
        return np.full(above.shape, ends[0]), np.full(above.shape, ends[1])
    tail = (1 - level) / 2
    return (
        special.betaincinv(above, below, tail),
        special.betainccinv(above, below, tail),
    )


def _no_spread(flagged, rows):
    return rows.size == 1 or flagged.sum() in (0, rows.sum())


def _posterior(flagged, rows):
    mean, rho = correlation(flagged, rows)
    if _no_spread(flagged, rows):
        return np.full(rows.shape, mean), np.full(rows.shape, 1 - mean)
    prior = 1 / np.clip(rho, SMALLEST, LARGEST) - 1
    return flagged + mean * prior, rows - flagged + (1 - mean) * prior


def unusual_among_peers(flagged, rows, chosen):
    r"""Test chosen sources against the spread of the rates of all others; else p is 1.

    The tail of the beta-binomial distribution that the other sources, the peers,
    predict. The estimated correlation of the peers is doubtful and so is their mean: Q
    of :func:`correlation` is raised to its upper 90 % limit :math:`Q A / \chi^2_{.1,
    A}`, and the correlation to :math:`\rho (1 + \sum m_h^2 / M^2) + 1 / M`, the
    variance of a difference to an estimated mean. Fewer than 5 peers have no spread
    worth estimating; a correlation of .01 then counts as usual.
    """
    p = np.ones(np.size(rows))
    if np.size(chosen) and np.size(rows) > 1:
        mean, rho = _peers(flagged, rows, chosen)
        prior = 1 / np.clip(rho, SMALLEST, LARGEST) - 1
        ends = mean * prior, (1 - mean) * prior
        p[chosen] = stats.betabinom.sf(flagged[chosen] - 1, rows[chosen], *ends)
    return p


def _peers(flagged, rows, chosen):
    k, m = np.asarray(flagged, dtype=float), np.asarray(rows, dtype=float)
    k_peers, m_peers = k.sum() - k[chosen], m.sum() - m[chosen]
    squares = (m**2).sum() - m[chosen] ** 2
    mean = rest_rate(k_peers, m_peers)
    n_peers = k.size - 1
    if n_peers < FEWEST_PEERS:
        rho = np.full(mean.shape, FEW_PEERS_RHO)
    else:
        spread = (k**2 / m).sum() - k[chosen] ** 2 / m[chosen] - k_peers**2 / m_peers
        spread *= (n_peers - 1) / stats.chi2.ppf(DOUBT, n_peers - 1)
        rho = _moments(mean, spread, m_peers, squares, n_peers)
    return mean, np.maximum(rho, 0) * (1 + squares / m_peers**2) + 1 / m_peers


def rest_rate(flagged, rows):
    """Rate of the other sources, kept off 0 and 1 by half a row."""
    inside = (flagged > 0) & (flagged < rows)
    return np.where(inside, flagged / rows, (flagged + 0.5) / (rows + 1))
