"""Which option to take, how clear that is, and what would make it clearer."""

from dataclasses import dataclass
from math import ceil

import numpy as np

from skdataquality.review._next_step._gains import EITHER, Gain, spread_of
from skdataquality.utils._stats import Interval

STOP = "stop"


@dataclass(frozen=True, eq=False)
class Choice:
    """What to do.

    Attributes
    ----------
    step : str
        Name of the best option, or "stop".
    best : Gain
    second : Gain or None
    lead : Interval or None
        How much more the best gains than the second.
    is_clear : bool
        Whether the interval of ``lead`` leaves out 0; for "stop", whether no interval
        reaches the smallest gain that counts.
    order : list of Gain
        All options, best first.
    rows_to_verify : int or None
        Rows, drawn at random, whose verification would make it clear; None if nothing
        is unclear or no number of them would.
    """

    step: str
    best: Gain
    second: Gain | None
    lead: Interval | None
    is_clear: bool
    order: list
    rows_to_verify: int | None


def choose(gains, rates, *, min_gain, n_rows=np.inf):
    """Take the option that gains most, or none if it gains less than ``min_gain``.

    ``rates`` are the shares of wrong labels of the trials. Where most trials have none,
    the few others do not make a review worth it: it comes last. ``n_rows`` are there to
    be verified.
    """
    are_right = np.median(rates) == 0

    def worth(gain):
        estimate = gain.interval.estimate
        is_idle = are_right and gain.work == "review"
        return -np.inf if is_idle or np.isnan(estimate) else estimate

    order = sorted(gains, key=worth, reverse=True)
    best, second = order[0], order[1] if len(order) > 1 else None
    lead = None if second is None else best.over(second)
    if not worth(best) >= min_gain:
        reach = any(gain.interval.upper >= min_gain for gain in gains)
        return Choice(STOP, best, second, lead, not reach, order, None)
    is_clear = lead is None or lead.lower > 0
    to_verify = None
    if second is not None and not is_clear:
        to_verify = _deciding_rows(best.by_trial - second.by_trial, rates, n_rows)
    return Choice(best.name, best, second, lead, is_clear, order, to_verify)


def _deciding_rows(lead, rates, n_rows):
    """Rows that, verified at random, make the rate sure enough to decide; or None.

    What the lead owes to the rate of wrong labels is read off a line through the
    trials; verdicts make the rate sure, and leave the rest. Once all rows are verified
    the rate is known, so that no more are ever needed.
    """
    seen = ~np.isnan(lead)
    lead, rates = lead[seen], rates[seen]
    if lead.size < 3 or np.ptp(rates) == 0:
        return None
    slope = np.cov(lead, rates)[0, 1] / rates.var(ddof=1)
    rest = spread_of(lead - slope * (rates - rates.mean()))
    allowed = (lead.mean() / EITHER) ** 2 - rest**2
    if allowed <= 0:
        return None
    rate = rates.mean()
    of_many = max(10.0, rate * (1 - rate) * slope**2 / allowed)
    return ceil(1 / (1 / of_many + 1 / n_rows))
