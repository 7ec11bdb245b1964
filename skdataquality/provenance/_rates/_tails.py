"""The p value of a source's count of flagged rows."""

import numpy as np
from scipy import stats


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
    # thousands of small sources share few counts, and a tail takes up to .4 ms
    counts, source = np.unique([flagged, rows], axis=1, return_inverse=True)
    total = np.sum(rows), np.sum(flagged)
    return stats.hypergeom.sf(counts[0] - 1, *total, counts[1])[source.ravel()]
