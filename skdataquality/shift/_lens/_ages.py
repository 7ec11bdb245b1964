"""Are old training rows stale? Accuracy and domain AUC by the age of rows."""

import numpy as np

from skdataquality.utils._frames import period_of, say_moment
from skdataquality.utils._stats import mann_whitney_auc, proportion_interval

N_PERIODS = 5
BY_AGE = "by age"


def by_age(time, right, sample):
    """List the periods of training rows: how well predicted, how unlike target rows.

    Parameters
    ----------
    time : ndarray of shape (n_samples,)
        Moments, numbers or datetime64; rows of which it is missing are left out.
    right : ndarray of shape (n_samples,), float, or None
        Whether each row is predicted rightly by a model without it; NaN is unknown.
    sample : RowsApart

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
            "domain_auc": _auc(sample, number == k),
        }
        for k, start in enumerate(starts)
    ]


def _auc(sample, mask):
    """Return how well some training rows are told from all target rows, or None."""
    apart = sample.apart
    is_target = apart.is_target.astype(bool)
    chosen = is_target.copy()
    chosen[~is_target] = mask[sample.rows]
    chosen &= np.isfinite(apart.proba)
    side = is_target[chosen]
    if side.all() or not side.any():
        return None
    return mann_whitney_auc(apart.proba[chosen], side)[0]


def _accuracy(right, mask):
    if right is None:
        return None
    known = right[mask & np.isfinite(right)]
    return proportion_interval(int(known.sum()), known.size) if known.size else None
