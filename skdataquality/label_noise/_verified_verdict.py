"""What verified rows say of all labels: :func:`ask_verified`."""

from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np

from skdataquality.label_noise._confident import (
    rate_of_verified,
    why_no_rate,
)
from skdataquality.label_noise._flags import MOST_DISAGREEING
from skdataquality.verified import check_is_verified

SOME = 0.01  # of all labels, beyond doubt
TOLERATED = f"{MOST_DISAGREEING:.0%}".replace("%", " %")
SEEN = "{wrong} of {n} verified rows are wrong, so {rate} of the labels are ({lower} to"
REASONS = {
    "verified_many": SEEN + " {upper}): more than " + TOLERATED + ".",
    "verified_some": SEEN + " {upper}): some beyond doubt.{ask}",
    "verified_few": SEEN + " {upper}): no more than " + TOLERATED + ".",
    "verified_undecided": SEEN + " {upper}), which may be more or less than "
    f"{TOLERATED}." + "{ask}",
}
VERDICT_OF = {
    "verified_many": "found",
    "verified_some": "suspect",
    "verified_few": "clear",
    "verified_undecided": "cannot tell",
}
ASK = " About {n} more rows, drawn in the same way, would decide whether it is more."
ASK_ALL = " It is so near to that share that only the whole table would decide."


@dataclass(frozen=True)
class VerifiedFinding:
    """Verified rows, which of them are wrong, and the rate of the table if any.

    ``why_no_rate`` says why there is none.
    """

    verified: Any
    is_wrong: np.ndarray
    n_rows: int
    rate: Any  # LabelErrorRate or None
    why_no_rate: str

    @property
    def reason_code(self):
        """Why the verdict is what it is, where there is a rate."""
        rate = self.rate.overall
        if rate.lower > MOST_DISAGREEING:
            return "verified_many"
        if rate.upper <= MOST_DISAGREEING:
            return "verified_few"
        return "verified_some" if rate.lower > SOME else "verified_undecided"

    @property
    def verdict(self):
        return VERDICT_OF[self.reason_code]

    @property
    def severity(self):
        bad = self.verdict in ("found", "suspect")
        return min(1.0, self.rate.overall.estimate / 0.3) if bad else 0.0

    @property
    def mask(self):
        """Verified rows among all, ndarray of shape (n_rows,), bool."""
        mask = np.zeros(self.n_rows, dtype=bool)
        mask[self.verified.rows] = True
        return mask

    @property
    def n_more(self):
        """Rows to verify beside until the interval leaves out the tolerated share.

        An interval narrows with the root of its rows.
        """
        if self.verdict in ("found", "clear"):
            return 0
        rate = self.rate.overall
        gap = abs(rate.estimate - MOST_DISAGREEING)
        reach = rate.estimate - rate.lower
        if rate.estimate < MOST_DISAGREEING:
            reach = rate.upper - rate.estimate
        n, left = int(self.verified.is_drawn.sum()), self.n_rows - self.mask.sum()
        if gap == 0 or n * (reach / gap) ** 2 > n + left:
            return int(left)
        return max(1, ceil(n * (reach / gap) ** 2) - n)

    def facts(self):
        """Return the words of the sentence."""
        rate, drawn = self.rate.overall, self.verified.is_drawn
        ask = ASK_ALL if self.n_more == self.n_rows - self.mask.sum() else ASK
        return {
            "wrong": int(self.is_wrong[drawn].sum()),
            "n": int(drawn.sum()),
            "rate": _percent(rate.estimate),
            "lower": _percent(rate.lower),
            "upper": _percent(rate.upper),
            "ask": ask.format(n=self.n_more),
        }

    def numbers(self):
        """Return what the lens says in numbers."""
        counted = {
            "verified_rows": self.verified.n_verified,
            "verified_wrong_rows": int(self.is_wrong.sum()),
        }
        if self.rate is None:
            return counted
        rate = {"label_error_rate": self.rate.overall, "rows_to_verify": self.n_more}
        return counted | rate

    def wrong_rows(self, y):
        """Return one dict for each row that is verified wrong, for a table."""
        wrong = np.flatnonzero(self.is_wrong)
        wrong = wrong[np.argsort(self.verified.rows[wrong], kind="stable")]
        rows = self.verified.rows[wrong]
        return [
            {"row": row, "given": given, "verified": label}
            for row, given, label in zip(
                rows.tolist(),
                np.asarray(y)[rows].tolist(),
                self.verified.labels[wrong].tolist(),
                strict=True,
            )
        ]

    def limits(self):
        """Return what a person should know of these rows."""
        said = []
        if self.is_wrong.any():
            n = int(self.is_wrong.sum())
            are, them = ("labels are", "them") if n > 1 else ("label is", "it")
            said.append(
                f"{n} {are} verified wrong: correct {them} ('verified wrong' lists "
                f"{them})."
            )
        if self.rate is None:
            said.append(f"The error rate is that of the model: {self.why_no_rate}.")
        else:
            said.append(self.rate.caveat)
        return tuple(said)


def ask_verified(verified, y, codes, classes, covered):
    """Return what verified rows say of a table, or None for None."""
    if verified is None:
        return None
    check_is_verified(verified)
    return VerifiedFinding(
        verified=verified,
        is_wrong=verified.is_wrong(y),
        n_rows=codes.size,
        rate=rate_of_verified(verified, y, codes, classes, covered),
        why_no_rate=why_no_rate(verified, codes.size),
    )


def _percent(share):
    return f"{share:.1%}".replace("%", " %")
