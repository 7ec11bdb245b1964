"""Rows that depend on each other, and how many independent ones they are worth."""

from dataclasses import dataclass

import numpy as np
from scipy import stats
from sklearn.model_selection import StratifiedGroupKFold

from skdataquality.utils._folds import DEFAULT_FOLDS, make_splits
from skdataquality.utils._stats import autocorrelation_time, effective_share

GAP = 2  # autocorrelation times between rows that train and rows that are held out


@dataclass(frozen=True)
class Independent:
    """Rows drawn one by one; ``twins`` are groups of equal rows, or None."""

    twins: np.ndarray | None = None
    kind = ""

    def share(self, values, is_target):
        """Share of the rows that says as much, were they independent."""
        return 1.0

    def splits(self, is_target, share, random_state):
        """Return train and test rows of five folds, and none of few equal rows."""
        if _units(self.twins, is_target) < 2:
            return []
        return make_splits(
            is_target, is_target, duplicate_groups=self.twins, random_state=random_state
        )[0]


@dataclass(frozen=True)
class Series:
    """Rows of each side in the order of time, each like the one before."""

    kind = "series"

    def share(self, values, is_target):
        """Inverse autocorrelation time of values, or of how far they are from usual."""
        times = []
        for side in (False, True):
            ours = values[is_target.astype(bool) == side]
            ranks = _ranks(ours)
            far = np.abs(ranks - np.nanmean(ranks)) if ranks.size else ranks
            time = max(autocorrelation_time(ranks), autocorrelation_time(far))
            times.append((time, ours.size))
        time, size = np.array(times).T
        return float(1 / np.average(time, weights=size))

    def splits(self, is_target, share, random_state):
        """Hold out one stretch of each side; rows near it do not train."""
        gap = int(np.ceil(GAP / share))
        folds = []
        for fold in range(DEFAULT_FOLDS):
            train, test = [], []
            for side in (0, 1):
                rows = np.flatnonzero(is_target == side)
                start, stop = (
                    rows.size * np.array([fold, fold + 1]) // DEFAULT_FOLDS
                ).tolist()
                test.append(rows[start:stop])
                train += [rows[: max(start - gap, 0)], rows[stop + gap :]]
            folds.append((np.concatenate(train), np.concatenate(test)))
        return [f for f in folds if _both_sides(f[0], is_target)]


@dataclass(frozen=True)
class Grouped:
    """Rows in groups, drawn as a whole; ``groups`` are codes over both sides."""

    groups: np.ndarray
    kind = "groups"

    def share(self, values, is_target):
        """Inverse design effect of values, or of how far they are from usual."""
        shares = []
        for side in (False, True):
            rows = is_target.astype(bool) == side
            ranks = _ranks(values[rows])
            known = ~np.isnan(ranks)
            if known.sum() < 2:
                continue
            ranks, groups = ranks[known], self.groups[rows][known]
            far = np.abs(ranks - ranks.mean())
            share = min(effective_share(v, groups) for v in (ranks, far))
            shares.append((1 / share, known.sum()))
        if not shares:
            return 1.0
        effect, size = np.array(shares).T
        return float(1 / np.average(effect, weights=size))

    def splits(self, is_target, share, random_state):
        """Hold out whole groups."""
        folds = min(
            DEFAULT_FOLDS,
            *(np.unique(self.groups[is_target == side]).size for side in (0, 1)),
        )
        if folds < 2:
            return []
        splitter = StratifiedGroupKFold(folds, shuffle=True, random_state=random_state)
        found = splitter.split(is_target, is_target, self.groups)
        return [f for f in found if _both_sides(f[0], is_target)]


def _ranks(values):
    ranks = np.full(values.shape[0], np.nan)
    known = ~np.isnan(values)
    ranks[known] = stats.rankdata(values[known])
    return ranks


def _both_sides(rows, is_target):
    return np.unique(is_target[rows]).size == 2


def _units(twins, is_target):
    """Fewest distinct rows of a side."""
    if twins is None:
        return int(np.bincount(is_target, minlength=2).min())
    return min(np.unique(twins[is_target == side]).size for side in (0, 1))


def independence_of(rows):
    """Say how `TestedRows` depend on each other."""
    if rows.is_series:
        return Series()
    if rows.groups is not None and not rows.are_groups_shared:
        return Grouped(rows.groups)
    return Independent()
