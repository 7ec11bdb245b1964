"""When the verdicts on rows drawn from one list show that most of it is wrong.

A list of N rows is *good* if at most ``allowed(N)`` of them are not wrong. Its rows are
verified in a random order and the rows that are not wrong are counted. The rule of the
list says, for some numbers of verified rows ("looks"), how many of these may be not
wrong if the list is to be called good. Its numbers are as lax as they may be if a list
that is not good is to be called good with a probability of at most ``1 - level``. This
is exact: the count after t rows is hypergeometric, and all looks are taken together.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import floor

import numpy as np

ROUNDING = 1e-12


@dataclass(frozen=True)
class Rule:
    """What is allowed among the rows of one list that were verified first.

    Attributes
    ----------
    looks : dict of int to int
        After how many rows one looks, and how many of them may not be wrong for the
        list to be good. Both rise.
    last_look : int
        The rows after which no other look follows.
    without_them : int
        Most rows not wrong at the last look for which the list is good once they are
        taken out of it; -1 for none.
    """

    looks: dict
    last_look: int
    without_them: int

    @property
    def can_hold(self):
        """Whether any verdicts would do."""
        return bool(self.looks) or self.without_them >= 0


def allowed(size, share, taken_out=0):
    """Rows of a list that may be not wrong, those that are taken out among them."""
    share = as_fraction(share)
    return floor((1 - share) * size + share * taken_out)


def as_fraction(share):
    """Return the decimal number that was meant: .9, not the float below it."""
    return Fraction(repr(float(share)))


@lru_cache(maxsize=4096)
def rule_for(size, n_rows, share, level):
    """Laxest rule for a list of `size` rows of which `n_rows` may be verified.

    First as many rows as possible are allowed at the last look, for power; what is
    left of the error goes into early looks, which save verdicts, the earliest first;
    and then into lists from which the rows that are not wrong are taken out.
    """
    last, error = min(n_rows, size), 1 - level + ROUNDING

    def is_valid(looks, without_them=-1):
        return false_claims(size, last, looks, without_them, share) <= error

    most = _largest(lambda c: is_valid({last: c}), min(last, allowed(size, share)))
    looks = {last: most} if most >= 0 else {}
    for count in range(most):
        start = max((t for t, c in looks.items() if c < count), default=count) + 1
        first = _smallest(
            lambda t, c=count: is_valid({**looks, t: c}), range(start, last)
        )
        if first is not None:
            looks[first] = count
    if most == 0:
        looks = {_smallest(lambda t: is_valid({t: 0}), range(1, last + 1)): 0}
    without = _largest(lambda c: is_valid(looks, c), last, least=most + 1)
    return Rule(dict(sorted(looks.items())), last, without if without > most else -1)


def _largest(holds, most, least=0):
    """Largest integer up to `most` that holds, if all below do; ``least - 1``: none."""
    low, high = least - 1, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low


def _smallest(holds, among):
    """Smallest of a range that holds, if all after it do; None if none does."""
    low, high = 0, len(among)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(among[middle]) else (middle + 1, high)
    return among[low] if low < len(among) else None


def false_claims(size, last, looks, without_them, share):
    """Largest probability of a false claim, whatever the list holds.

    A claim at a look is false if more than ``allowed(size)`` rows are not wrong; one at
    the last look that takes out the c found, if more than ``allowed(size, c)`` are. The
    more rows are not wrong, the fewer claims; so the worst is among the numbers up to
    the first at which all claims are false.
    """
    largest = max(without_them, *looks.values(), -1, -1)
    worst = allowed(size, share, max(without_them, 0)) + 1
    not_wrong = np.arange(allowed(size, share) + 1, min(worst, size) + 1)
    if largest < 0 or not_wrong.size == 0:
        return 0.0
    count = np.arange(largest + 1)[:, None]
    chance = np.zeros((largest + 1, not_wrong.size))
    chance[0] = 1.0
    false = np.zeros(not_wrong.size)
    for verified in range(last):
        hit = np.clip((not_wrong - count) / (size - verified), 0, 1)
        moved = chance * hit
        chance = chance - moved
        chance[1:] += moved[:-1]
        most = looks.get(verified + 1, -1)
        false += chance[: most + 1].sum(axis=0)
        chance[: most + 1] = 0
    bound = np.array([allowed(size, share, c) for c in range(largest + 1)])[:, None]
    taken_out = (count <= without_them) & (bound < not_wrong)
    return float((false + (chance * taken_out).sum(axis=0)).max())


def fewest_rows(size, share, level):
    """Rows to verify, all of them wrong, before a list of so many can be good."""
    last = allowed(size, share) + 1
    chance = np.cumprod(1 - last / (size - np.arange(size)).clip(last))
    return int(np.argmax(chance <= 1 - level + ROUNDING)) + 1
