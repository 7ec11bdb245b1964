"""The p value of a source's count of flagged rows."""

import numpy as np
from scipy import special

REACH = 10, 40  # standard deviations, and rows: beyond, no chance adds to a double


def hypergeometric_tail(flagged, rows):
    r"""P value of each source's count under random flags: Fisher's test, one-sided.

    Parameters
    ----------
    flagged, rows : ndarray of int of shape (n_sources,)

    Returns
    -------
    p : ndarray of shape (n_sources,)
        :math:`P(X \ge k)` if all flags were dealt to the rows at random.

    Examples
    --------
    >>> import numpy as np
    >>> from scipy.stats import fisher_exact
    >>> from skdataquality.provenance._rates._tails import hypergeometric_tail
    >>> p = hypergeometric_tail(np.array([8, 2]), np.array([20, 30]))
    >>> bool(np.isclose(p[0], fisher_exact([[8, 12], [2, 28]], "greater").pvalue))
    True
    """
    counts, source = np.unique(
        np.array([flagged, rows], dtype=float), axis=1, return_inverse=True
    )
    total, total_flagged = float(np.sum(rows)), float(np.sum(flagged))
    k, m = counts
    mean = m * total_flagged / total
    deviation = np.sqrt(mean * (1 - total_flagged / total))
    last = np.ceil(np.maximum(k, mean) + REACH[0] * deviation + REACH[1])
    size = (np.minimum(last, np.minimum(m, total_flagged)) - k).astype(np.intp) + 1
    first = np.cumsum(size) - size
    each = np.repeat(np.arange(size.size), size)
    chance = _chance(
        k[each] + np.arange(each.size) - first[each], m[each], total_flagged, total
    )
    p = np.minimum(np.add.reduceat(chance, first), 1.0)
    fewest = np.maximum(0, m - (total - total_flagged))
    return np.where(k > fewest, p, 1.0)[source.ravel()]


def _chance(flagged, rows, total_flagged, total):
    """Probability of exactly so many flagged rows."""
    log = sum(
        special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1)
        for n, k in (
            (total_flagged, flagged),
            (total - total_flagged, rows - flagged),
        )
    )
    log -= special.gammaln(total + 1) - special.gammaln(total - rows + 1)
    return np.exp(log + special.gammaln(rows + 1))
