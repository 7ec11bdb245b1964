"""Whose shares are balanced, and how: :func:`read_groups`, :func:`make_balance`."""

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skdataquality.active_learning._curation._columns import one_of
from skdataquality.active_learning._curation._quotas import (
    ExactBalance,
    NoBalance,
    SoftBalance,
)
from skdataquality.exceptions import UnmetQuotaWarning
from skdataquality.utils._frames import listed
from skdataquality.utils._sources import encode_sources


@dataclass(frozen=True)
class Groups:
    """Classes or groups of the rows, and the shares that are wanted of each."""

    levels: list
    codes: NDArray[np.intp]
    shares: NDArray[np.float64]

    def count(self, values):
        """Return how many of some values, such as labels, are of each group."""
        number = {level: code for code, level in enumerate(self.levels)}
        found = encode_sources(values, name="y of selected")
        counts = np.zeros(len(self.levels), dtype=np.int64)
        for level, n in zip(found.levels, found.rows(), strict=True):
            if level in number:
                counts[number[level]] += n
        return counts


def read_groups(selector, X, labels, by, sample_weight):
    """Return the Groups of the rows, or None if nothing is balanced."""
    column = one_of(X, selector.by, by, "by")
    if selector.balance is None:
        if column is not None:
            raise ValueError(
                f"by={_short(selector.by)} names what to balance and balance=None: "
                f"pass balance='uniform', 'input' or a dict of shares."
            )
        return None
    values = labels if column is None else column
    if values is None:
        raise ValueError(
            f"balance={selector.balance!r} and there is nothing to balance: pass class "
            f"labels as y, or by=, a column of X."
        )
    sources = encode_sources(np.asarray(values), name="by")
    shares = _shares(selector.balance, sources, sample_weight)
    return Groups(sources.levels, sources.codes, shares)


def _short(value):
    return repr(value) if value is not None else "..."


def _shares(balance, sources, sample_weight):
    if isinstance(balance, dict):
        return _declared(balance, sources.levels)
    if balance == "uniform":
        return np.full(sources.n_sources, 1 / sources.n_sources)
    counts = np.bincount(sources.codes, sample_weight, minlength=sources.n_sources)
    return counts / counts.sum()


def _declared(balance, levels):
    number = {level: code for code, level in enumerate(levels)}
    unknown = [label for label in balance if label not in number]
    if unknown:
        raise ValueError(
            f"balance names {unknown[0]!r}, of which there is no row: there are "
            f"{listed([repr(level) for level in levels])}."
        )
    shares = np.zeros(len(levels))
    for label, share in balance.items():
        shares[number[label]] = share
    if not np.isfinite(shares).all() or (shares < 0).any() or not shares.any():
        raise ValueError(
            f"balance={balance!r}: pass finite shares of 0 or more, one above 0."
        )
    if shares.sum() < 1 - 1e-6:
        raise ValueError(
            f"balance={balance!r} sums to {shares.sum():g}: a class that is not named "
            f"gets no row, so name every one that is wanted, with shares that sum to 1."
        )
    return shares / shares.sum()


def make_balance(selector, groups, n, greedy, before, known):
    """Return the balance that picks are made under."""
    if groups is None:
        return NoBalance()
    n_groups = len(groups.levels)
    present = np.bincount(groups.codes[before], minlength=n_groups)
    if known is not None:
        present = present + groups.count(_values_of(known, selector.by))
    if selector.balance_strength != "exact":
        strength = selector.balance_strength / (selector.diversity or 1.0)
        return SoftBalance(groups.shares, strength, present=present)
    available = greedy.n_candidates(n_groups)
    return ExactBalance(groups.shares, n, present=present, available=available)


def _values_of(known, by):
    if by is not None:
        return one_of(known.X, by, None, "by")
    if known.y is None:
        raise ValueError(
            f"selected={known!r} counts in the balance, and its classes are not known: "
            f"pass ReferenceRows(X, y)."
        )
    return np.asarray(known.y)


def warn_of_unmet(balance, groups):
    """Warn where a class got fewer rows than its quota."""
    if not isinstance(balance, ExactBalance):
        return
    short = np.flatnonzero(balance.taken < balance.wanted)
    if short.size == 0:
        return
    said = [
        f"{groups.levels[c]!r} (wanted {balance.wanted[c]}, available "
        f"{balance.available[c]}, picked {balance.taken[c]})"
        for c in short
    ]
    warnings.warn(
        f"quotas are not met, for lack of different rows, of {listed(said)}: other "
        f"classes got what is left. Select fewer rows, or lower those shares.",
        UnmetQuotaWarning,
        stacklevel=2,
    )
