"""How many wrong labels are left among rows that nobody has checked."""

import numpy as np
from sklearn.isotonic import IsotonicRegression

from skdataquality.base import Interval
from skdataquality.label_noise._audit import stratify
from skdataquality.utils._stats import stratified_share

ROWS_PER_STRATUM = 10  # drawn at random, on average
MOST_STRATA = 6
FEWEST = 3  # random rows of a stratum, or luck alone would decide its share
ROWS_PER_STEP = 15  # of neighbouring scores, whose share of wrong labels is a step
LOWEST_RISK = 0.002  # a risk of 0 would leave strata without rows
NO_RANDOM_ROW = "no random row was checked, so it may be none or all"


class WrongByScore:
    """Share of wrong labels by score, falling, learned from the rows checked so far."""

    def __init__(self, scores, is_wrong):
        self._curve = None
        known = np.flatnonzero(~np.isnan(scores))
        if known.size == 0:
            return
        self._mean = float(is_wrong[known].mean())
        order = known[np.argsort(scores[known], kind="stable")]
        # one right label at the end of the scale must not speak for all beyond it
        parts = np.array_split(order, max(1, order.size // ROWS_PER_STEP))
        self._curve = IsotonicRegression(increasing=False, out_of_bounds="clip")
        self._curve.fit(
            [scores[part].mean() for part in parts],
            [is_wrong[part].mean() for part in parts],
            sample_weight=[part.size for part in parts],
        )

    def risk(self, scores):
        """Share of wrong labels among rows of such scores; their mean for NaN."""
        if self._curve is None:
            return np.full(scores.size, 0.5)
        risk = np.full(scores.size, self._mean)
        known = ~np.isnan(scores)
        if known.any():
            risk[known] = self._curve.predict(scores[known])
        return risk


def remaining_errors(scores, risk, is_random, is_wrong, *, level=0.95):
    """Estimate the wrong labels among rows that were not checked.

    Parameters
    ----------
    scores : ndarray of shape (n_rows,), float
        Quality of the given label of the rows not checked, and of those checked because
        they were drawn at random; lower is more suspicious.
    risk : ndarray of shape (n_rows,), float
        What is thought to be the chance of a wrong label; decides the strata only.
    is_random : ndarray of shape (n_rows,), bool
        The rows that were drawn and checked.
    is_wrong : ndarray of shape (n_rows,), bool
        Whether their label is wrong; False for rows that were not checked.

    Returns
    -------
    remaining : Interval
        A number of rows.
    """
    n_open = int((~is_random).sum())
    if n_open == 0:
        return Interval(0.0, 0.0, 0.0, "every row was checked", level)
    if not is_random.any():
        return Interval(np.nan, 0.0, float(n_open), NO_RANDOM_ROW, level)
    stratum = _strata(scores, risk, is_random)
    sizes = np.bincount(stratum)
    drawn = np.bincount(stratum[is_random], minlength=sizes.size)
    hits = np.bincount(stratum[is_random & is_wrong], minlength=sizes.size)
    share = stratified_share(hits, drawn, sizes, level=level)
    estimate, lower, upper = (
        float(np.clip(end * sizes.sum() - hits.sum(), 0, n_open))
        for end in (share.estimate, share.lower, share.upper)
    )
    how = f"random rows of each batch, {share.method}"
    return Interval(estimate, lower, upper, how, level)


def _strata(scores, risk, is_random):
    """Cut the rows by score where risk changes, each stratum with some random rows."""
    most = np.clip(int(is_random.sum()) // ROWS_PER_STRATUM, 1, MOST_STRATA)
    suspicion = -np.where(np.isnan(scores), np.inf, scores)
    risk = np.clip(risk, LOWEST_RISK, 1 - LOWEST_RISK)
    stratum = stratify(suspicion, risk, int(most))
    drawn = np.bincount(stratum[is_random], minlength=stratum.max() + 1)
    return _joined(drawn)[stratum]


def _joined(drawn):
    """Join each stratum with the next while it has too few random rows."""
    joined = np.empty(drawn.size, dtype=np.intp)
    at = have = 0
    for stratum, n_drawn in enumerate(drawn):
        joined[stratum] = at
        have += n_drawn
        if have >= FEWEST and drawn[stratum + 1 :].sum() >= FEWEST:
            at, have = at + 1, 0
    return joined
