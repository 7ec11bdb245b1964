"""How many rows of each class: quotas that are met, and soft shares."""

import numpy as np

FLOOR = 1e-9  # share of a class that has no row yet
_LEAST = 1e-100  # a class that is never closed


def allot(shares, n, *, present, available):
    """Split n new rows among classes so that shares come out, as far as rows allow.

    Parameters
    ----------
    shares : ndarray of shape (n_classes,)
        Wanted shares, of sum 1.
    n : int
        New rows.
    present : ndarray of shape (n_classes,), int
        Rows selected before, which count.
    available : ndarray of shape (n_classes,), int
        Rows that can be picked.

    Returns
    -------
    quota : ndarray of shape (n_classes,), int
        Of sum n, or of all available rows of classes that are wanted at all. Without
        rounding it would be ``clip(level * shares - present, 0, available)``, with the
        level at which it adds up; it is within 1 of that (largest remainder).
    """
    most = np.where(shares > 0, available, 0)
    n = min(n, int(most.sum()))
    exact = _water(shares, n, present, most)
    quota = np.floor(exact + 1e-9).astype(np.int64)
    left = n - int(quota.sum())
    if left:
        rest = np.where(quota < most, exact - quota, -1)
        quota[np.lexsort((-shares, -rest.round(9)))[:left]] += 1
    return quota


def _water(shares, n, present, most):
    """Fill classes to one level, from what is present up to what there is."""
    quota = np.zeros(shares.size)
    wanted = np.flatnonzero((shares > 0) & (most > 0))
    if wanted.size == 0 or n == 0:
        return quota
    share, low, high = shares[wanted], present[wanted], most[wanted]
    # between two of these levels the sum grows as a straight line
    levels = np.unique(np.concatenate([low / share, (low + high) / share]))
    sums = [np.clip(level * share - low, 0, high).sum() for level in levels]
    level = np.interp(n, sums, levels) if sums[-1] > n else levels[-1]
    quota[wanted] = np.clip(level * share - low, 0, high)
    return quota


class ExactBalance:
    """Quotas that are used up pick by pick.

    Parameters
    ----------
    shares : ndarray of shape (n_classes,), float
        Wanted ones, of sum 1.
    n : int
        Rows to pick.
    present : ndarray of shape (n_classes,), int
        Rows of each class that were selected before.
    available : ndarray of shape (n_classes,), int
        Rows of each class that can be picked.

    Attributes
    ----------
    wanted : ndarray of shape (n_classes,), int
        Rows to pick of each class if there were any number of each.
    taken : ndarray of shape (n_classes,), int
    available : ndarray of shape (n_classes,), int
    """

    def __init__(self, shares, n, *, present, available):
        self._shares, self._n, self._present = shares, n, present
        self.wanted = allot(
            shares, n, present=present, available=np.full(shares.size, n)
        )
        self.taken = np.zeros(shares.size, dtype=np.int64)
        self.available = self._available = available
        self._deal()

    def _deal(self):
        quota = allot(
            self._shares, self._n, present=self._present, available=self._available
        )
        self._left = np.maximum(quota - self.taken, 0)

    @property
    def value(self):
        """1 for classes of which more rows are wanted, else 0."""
        return (self._left > 0).astype(float)

    def add(self, code):
        """Count a pick."""
        self.taken[code] += 1
        self._left[code] -= 1

    def close(self):
        """Deal what is left out anew, as the classes now open have no row any more.

        Returns whether a class is open then.
        """
        is_spent = self._left > 0
        self._available = np.where(is_spent, self.taken, self._available)
        self._deal()
        return bool((self._left > 0).any())

    def reopen(self, available):
        """Deal what is left out anew among rows that were no candidates before."""
        self._available = self.taken + available
        self._deal()


class SoftBalance:
    """Value of each class: how near to the wanted shares a row of it would lead.

    Parameters
    ----------
    shares : ndarray of shape (n_classes,), float
        Wanted ones, of sum 1.
    strength : float
        Of the divergence, beside the logarithm of the squared distance.
    present : ndarray of shape (n_classes,), int
        Rows of each class that were selected before.
    """

    def __init__(self, shares, strength, *, present):
        self._shares, self._strength = shares, strength
        self._counts = present.astype(float)

    @property
    def value(self):
        """exp(-strength * KL(shares || shares then)) of each class, the most being 1.

        What the divergences of all classes have in common cancels.
        """
        total = self._counts.sum() + 1
        before = np.log(np.maximum(self._counts / total, FLOOR))
        after = np.log((self._counts + 1) / total)
        gain = self._strength * self._shares * (after - before)
        return np.maximum(np.exp(gain - gain.max()), _LEAST)

    def add(self, code):
        """Count a pick."""
        self._counts[code] += 1

    def close(self):
        """No class is ever closed."""
        return False

    def reopen(self, available):
        """Nothing was closed."""


class NoBalance:
    """All rows are of one class."""

    value = np.ones(1)

    def add(self, code):
        """Count nothing."""

    def close(self):
        """No class is ever closed."""
        return False

    def reopen(self, available):
        """Nothing was closed."""
