"""Class shares of where the model will be used, and what precision is there."""

from dataclasses import dataclass

import numpy as np

from skdataquality.compose._priors import prior_from_dict
from skdataquality.imbalance._lens import _calls
from skdataquality.imbalance._lens._seen import Part, share
from skdataquality.utils._digits import fixed
from skdataquality.utils._stats import (
    SMALL_P,
    Interval,
    fits_shares,
    interval_of_draws,
    same_shares,
)
from skdataquality.utils._validation import encode_labels

APART = 0.05  # half the sum of the differences of shares: less changes little


@dataclass(frozen=True)
class InUse:
    """Shares of the classes there, draws of them, and the test that they are as here.

    ``is_declared`` if the user said them; of labels of target rows the lens of shift
    judges.
    """

    shares: np.ndarray
    draws: np.ndarray
    p_value: float
    is_declared: bool

    def differs(self, sizes):
        """Whether the shares are others than here, beyond chance and by enough."""
        apart = np.abs(self.shares - sizes / sizes.sum()).sum() / 2
        return bool(self.p_value < SMALL_P and apart >= APART)


def shares_in_use(seen, prior, y_target):
    """Return the `InUse` of a dict of shares or of labels; None of neither."""
    if prior is not None:
        shares = prior_from_dict(prior, seen.classes)
        return InUse(shares, shares, fits_shares(seen.sizes, shares), True)
    if y_target is None:
        return None
    codes = encode_labels(y_target, classes=seen.classes, name="y_target")[1]
    there = np.bincount(codes, minlength=seen.classes.shape[0])
    rng = np.random.default_rng(seen.random_state)
    draws = rng.dirichlet(there + 0.5, _calls.N_DRAWS)
    return InUse(there / there.sum(), draws, same_shares(seen.sizes, there), False)


def in_use_part(seen, used):
    """Say what each class is there: recall stays, precision moves by Bayes' rule."""
    n = seen.sizes.sum()
    there = _calls.precision(seen.counts.observed(n * used.shares))
    drawn = _calls.precision(seen.counts.draws(seen.random_state, n * used.draws))
    lines = [
        {
            "class": seen.label(k),
            "share_here": float(seen.sizes[k] / n),
            "share_in_use": _share_there(used, k),
            "recall": share(seen.right[seen.truth == k]),
            "precision_here": share(seen.right[seen.predicted == k]),
            "precision_in_use": interval_of_draws(
                float(there[k]), drawn[:, k], method=_calls.METHOD
            ),
        }
        for k in np.flatnonzero(seen.counts.sizes).tolist()
    ]
    numbers = {"p_prior": used.p_value}
    limits: tuple = ()
    if seen.has_rarest():
        of_rarest = {line["class"]: line for line in lines}[seen.label(seen.rarest)]
        numbers["rarest_share_in_use"] = of_rarest["share_in_use"]
        numbers["rarest_precision_in_use"] = of_rarest["precision_in_use"]
        limits = _limit(of_rarest) if used.differs(seen.sizes) else ()
    return Part(numbers=numbers, evidence={"in use": lines}, limits=limits)


def _share_there(used, k):
    if used.is_declared:
        return float(used.shares[k])
    method = f"{_calls.N_DRAWS} draws from the Dirichlet posterior (Jeffreys)"
    drawn: Interval = interval_of_draws(
        float(used.shares[k]), used.draws[:, k], method=method
    )
    return drawn


def _limit(line):
    here, there = line["precision_here"], line["precision_in_use"]
    if np.isnan(here.estimate) or np.isnan(there.estimate):
        return ()
    return (
        f"In use the precision of class {line['class']} is {there.short()}, not "
        f"{fixed(here.estimate)} as here; its recall stays, if rows of a class are "
        f"alike in both places.",
    )
