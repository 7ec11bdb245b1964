"""The test whether a source is worse than the rest among rows of the same class."""

import numpy as np
from scipy import special

from skdataquality.utils._frames import sorted_codes


def stratified_excess(flags, codes, strata, n_sources, effects=1.0):
    r"""Test every source against the rest within strata; return p and variance.

    One-sided Cochran-Mantel-Haenszel test with continuity correction. In stratum s of
    :math:`N_s` rows, :math:`F_s` of them flagged, a source of :math:`m_s` rows expects
    :math:`E_s = m_s F_s / N_s` flagged rows with the hypergeometric variance
    :math:`V_s`, and :math:`z = (\sum k_s - \sum E_s - 1/2) / \sqrt{\sum V_s}` (N.
    Mantel, W. Haenszel, "Statistical aspects of the analysis of data from retrospective
    studies of disease", JNCI 22, 1959). Small p: more flagged rows. The variance is 0,
    and p is 1, if no stratum holds both the source and others, and flagged rows and
    others. Design effects of rows that depend on each other multiply the variance and
    the correction, one row being worth so much less.

    >>> import numpy as np
    >>> from skdataquality.provenance._rates._stratified import stratified_excess
    >>> codes, strata = np.repeat([0, 1], 50), np.repeat([0, 1, 0, 1], [40, 10, 10, 40])
    >>> flags = np.tile([True, False], 50) & (strata == 1)
    >>> stratified_excess(flags, codes, strata, 2)[0].min() > 0.4
    np.True_
    """
    rows = np.bincount(strata)
    flagged = np.bincount(strata, weights=flags)
    # only the cells that occur: sources times strata may be many
    cells, cell_of_row = sorted_codes(codes * rows.size + strata)
    source, stratum = np.divmod(cells, rows.size)
    m = np.bincount(cell_of_row)
    n, f = rows[stratum], flagged[stratum]
    expected = m * f / n
    variance = expected * (n - m) * (n - f) / (n * np.maximum(n - 1, 1))
    excess = np.bincount(codes, weights=flags, minlength=n_sources) - _sum_by(
        source, expected, n_sources
    )
    variance = _sum_by(source, variance, n_sources)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (excess - effects / 2) / np.sqrt(variance * effects)
    return np.where(variance > 0, special.ndtr(-z), 1.0), variance


def _sum_by(groups, values, n_groups):
    return np.bincount(groups, weights=values, minlength=n_groups)
