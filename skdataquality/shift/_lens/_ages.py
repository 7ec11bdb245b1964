"""Are old training rows stale? Accuracy and domain AUC by the age of rows."""

import numpy as np

from skdataquality.utils._frames import period_of, say_moment
from skdataquality.utils._stats import mann_whitney_auc, proportion_interval

N_PERIODS = 5
BY_AGE = "by age"


def by_age(time, right, tests):
    """List the periods of training rows: how well predicted, how unlike target rows.

    Parameters
    ----------
    time : ndarray of shape (n_samples,)
        Moments, numbers or datetime64; rows of which it is missing are left out.
    right : ndarray of shape (n_samples,), float, or None
        Whether each row is predicted rightly by a model without it; NaN is unknown.
    tests : CovariateTests

    Returns
    -------
    lines : list of dict
        ``from`` (the first moment), ``rows``, ``accuracy`` and ``domain_auc`` (.5: like
        target rows), oldest period first.
    """
    starts, number = period_of(time, N_PERIODS)
    return [
        {
            "from": say_moment(start),
            "rows": int((number == k).sum()),
            "accuracy": _accuracy(right, number == k),
            "domain_auc": auc_of_some(tests, number == k),
        }
        for k, start in enumerate(starts)
    ]


def auc_of_some(tests, mask):
    """Return how well some training rows are told from all target rows, or None."""
    is_target = tests.rows.is_target.astype(bool)
    chosen = is_target.copy()
    chosen[~is_target] = mask[tests.rows.rows]
    chosen &= np.isfinite(tests.scores)
    side = is_target[chosen]
    if side.all() or not side.any():
        return None
    return mann_whitney_auc(tests.scores[chosen], side)[0]


def _accuracy(right, mask):
    if right is None:
        return None
    known = right[mask & np.isfinite(right)]
    return proportion_interval(int(known.sum()), known.size) if known.size else None
