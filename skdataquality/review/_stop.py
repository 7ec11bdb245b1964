"""Whether reviewing more labels pays: :class:`ReviewStop`."""

from dataclasses import dataclass

import numpy as np

from skdataquality.base import Interval
from skdataquality.utils._shown import ShownResult, on_few_lines


@dataclass(frozen=True, repr=False)
class ReviewStop(ShownResult):
    """Whether reviewing no longer pays, and what is left. True if so.

    Attributes
    ----------
    reached : bool
        True if the next batch is expected to find fewer wrong labels than its cost is
        worth.
    hit_rate : float
        Share of the next batch whose label is expected to be wrong; NaN before any row
        was checked.
    review_cost : float
        Below this share it does not pay.
    remaining : Interval
        Wrong labels that nobody has found, a number of rows.
    n_random : int
        Rows drawn at random that tell it.
    """

    reached: bool
    hit_rate: float
    review_cost: float
    remaining: Interval
    n_random: int = 0

    def __bool__(self):
        return self.reached

    @property
    def sentence(self):
        """The same in words."""
        left = self._remaining_in_words()
        if np.isnan(self.hit_rate):
            return f"nothing is known yet: {left}"
        if self.hit_rate == 0:
            return f"every row was looked at: {left}"
        if self.reached:
            return f"reviewing no longer pays: {left}"
        return (
            f"reviewing pays: about {self.hit_rate:.0%} of the next batch are wrong; "
            f"{left}"
        )

    def _remaining_in_words(self):
        left = self.remaining
        if np.isnan(left.estimate):
            if left.upper == 0:
                return "no row is left"
            return (
                f"up to {left.upper:.0f} wrong labels remain, for no random row was "
                f"checked"
            )
        return (
            f"about {left.estimate:.0f} [{np.floor(left.lower):.0f}, "
            f"{np.ceil(left.upper):.0f}] wrong labels remain{self._by_random_rows()}"
        )

    def _by_random_rows(self):
        """Say why an interval is wide: few rows tell it."""
        if self.n_random == 0:
            return ""
        return f", by {self.n_random} random row{'s' * (self.n_random != 1)}"

    def __str__(self):
        return self.sentence

    def __repr__(self):
        return on_few_lines(f"ReviewStop({self.sentence})")

    def _facts(self):
        return {"in words": self.sentence, "review cost": self.review_cost}

    def to_dict(self):
        """Return plain numbers and text.

        Returns
        -------
        result : dict
        """
        return {
            "reached": self.reached,
            "hit_rate": None if np.isnan(self.hit_rate) else self.hit_rate,
            "review_cost": self.review_cost,
            "remaining": self.remaining.to_dict(),
            "n_random": self.n_random,
            "sentence": self.sentence,
        }


def judge_stop(
    suspects_risk, n_random, remaining, n_open, review_cost, *, n_checked_random
):
    """Compare what the next batch is expected to find with what it costs.

    Parameters
    ----------
    suspects_risk : ndarray of shape (n_suspects,) or None
        Share of wrong labels expected of each suspect; None if nothing is known.
    n_random : int
        Rows of the batch that will be drawn at random.
    remaining : Interval
    n_open : int
        Rows that may be drawn.
    review_cost : float
    n_checked_random : int
        Rows that tell what remains.

    Returns
    -------
    stop : ReviewStop
    """
    if n_open == 0:
        return ReviewStop(True, 0.0, review_cost, remaining, n_checked_random)
    if suspects_risk is None:
        return ReviewStop(False, np.nan, review_cost, remaining, n_checked_random)
    left = 0.0 if np.isnan(remaining.estimate) else remaining.estimate / n_open
    hits = float(suspects_risk.sum()) + n_random * min(left, 1.0)
    # half a hit more: none found in few rows does not mean that none is there
    rate = (hits + 0.5) / (suspects_risk.size + n_random + 1)
    return ReviewStop(
        rate < review_cost, rate, review_cost, remaining, n_checked_random
    )
