"""Do class shares explain why features differ? Training rows drawn to other shares."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from skdataquality.utils._sklearn import take_rows
from skdataquality.utils._stats import SMALL_P

FEWEST_ROWS = 50


@dataclass(frozen=True)
class Explained:
    """How much of the difference of features is that of class shares.

    ``much`` is "all", "most" or "little", ``domain_auc`` what is left of it.
    """

    much: str
    domain_auc: Any


def explain_by_shares(X, codes, shares, test, domain_auc, random_state=0):
    """Compare target rows with training rows of the class shares expected there.

    Parameters
    ----------
    X : table of shape (n_samples, n_features)
    codes : ndarray of shape (n_samples,), int
    shares : ndarray of shape (n_classes,)
    test : callable
        ``test(X, rows) -> CovariateTests`` of those rows of X against target rows.
    domain_auc : float
        Before.

    Returns
    -------
    explained : Explained, or None with too few rows
    """
    rows = rows_of_shares(codes, shares, random_state)
    if rows.size < FEWEST_ROWS:
        return None
    again = test(take_rows(X, rows), rows)
    if not again.is_trusted:
        return None
    left = (again.domain_auc.estimate - 0.5) / max(domain_auc - 0.5, 1e-9)
    much = "most" if left < 0.5 else "little"
    if again.p_value >= SMALL_P:
        much = "all"
    return Explained(much, again.domain_auc)


def rows_of_shares(codes, shares, random_state=0):
    """Draw rows without replacement so that classes have the given shares.

    As many as there are rows for, in rising order: rows are left out of the classes
    that are to become rarer.

    Parameters
    ----------
    codes : ndarray of shape (n_samples,), int
    shares : ndarray of shape (n_classes,)
        Sum to 1.

    Returns
    -------
    rows : ndarray of int
    """
    counts = np.bincount(codes, minlength=shares.shape[0])
    size = float((counts[shares > 0] / shares[shares > 0]).min())
    wanted = np.floor(size * shares + 1e-9).astype(int)
    order = np.random.default_rng(random_state).permutation(codes.shape[0])
    order = order[np.argsort(codes[order], kind="stable")]
    place = np.arange(codes.shape[0]) - (np.cumsum(counts) - counts)[codes[order]]
    return np.sort(order[place < wanted[codes[order]]])
