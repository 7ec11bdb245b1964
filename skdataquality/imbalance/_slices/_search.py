"""Which slices are worse than chance explains, one after the other: :func:`search`."""

from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from scipy import stats

from skdataquality.imbalance._slices._scan import (
    Risk,
    largest_by_chance,
    table_of,
    z_of_slices,
)
from skdataquality.utils._draws import draw_rows

N_DRAWS = 199
MOST_DRAWN = 20_000  # rows; what chance makes of the worst slice hardly depends on more
MOST_STEPS = 10
FEWEST_EVENTS = 0.5  # expected of a row are kept off 0 and 1 by as much over n


@dataclass
class Found:
    """A slice: conditions, rows as a mask, adjusted p-value, what repeats it."""

    conditions: list
    mask: np.ndarray
    q_value: float
    point: float
    echoes: list = field(default_factory=list)

    @property
    def columns(self):
        return [condition.column for condition in self.conditions]


@dataclass(frozen=True)
class Best:
    """The slice of one set of columns that is the worst."""

    columns: tuple
    conditions: tuple
    z: float
    order: int


def search(columns, risk, *, min_rows, max_order, level, rng, n_families):
    """Find slices one after the other, each beside those found before.

    Returns
    -------
    found : list of Found
    looked_at : int
        Slices that were compared.
    """
    sets: list[tuple] = [(j,) for j in range(len(columns))]
    if max_order == 2:
        sets += list(combinations(range(len(columns)), 2))
    chance = _Chance(columns, risk, min_rows, rng)
    best, looked_at = [], 0
    for members in sets:
        table = _table(columns, members, min_rows)
        if table.valid.size:
            looked_at += table.valid.size
            chance.look_at(members)
            best.append(_best(table, members, risk))
    judge = chance.judge(n_families, level)
    return _one_by_one(columns, risk, best, judge, min_rows), looked_at


class _Chance:
    """The worst slices of tables in which events fall on rows by chance."""

    def __init__(self, columns, risk, min_rows, rng):
        n = risk.events.size
        rows = draw_rows(n, MOST_DRAWN, rng)
        # events drawn row by row do not hang together, whatever those seen do
        self.risk = Risk(risk.events[rows], risk.expected[rows], risk.both_ways)
        self.columns = columns
        self.min_rows = min_rows
        if rows.size < n:
            self.columns = [column.of_rows(rows) for column in columns]
            self.min_rows = max(1, round(min_rows * rows.size / n))
        self.draws = _draws(self.risk, rng)
        self.largest: dict = {}

    def look_at(self, members):
        """Take the slices of a set of columns into account."""
        table = _table(self.columns, members, self.min_rows)
        z = largest_by_chance(table, self.risk, self.draws, N_DRAWS)
        order = len(members)
        self.largest[order] = np.maximum(self.largest.get(order, 0), z)

    def judge(self, n_families, level):
        sides = 2 if self.risk.both_ways else 1
        p_values = {k: sides * stats.norm.sf(z) for k, z in self.largest.items()}
        worth = {k: _worth(p) for k, p in p_values.items()}
        smallest = [np.ones(N_DRAWS)] + [worth[k] * p for k, p in p_values.items()]
        least = np.sort(np.minimum.reduce(smallest), kind="stable")
        return _Judge(worth, least, sides, n_families, level)


@dataclass(frozen=True)
class _Judge:
    """Adjusts p-values by the smallest of each draw, a permutation test of the minimum.

    Slices of two columns are many more than those of one: p-values are first multiplied
    by the ``worth`` of their order, the independent slices that chance makes of them.
    """

    worth: dict
    least: np.ndarray
    sides: int
    n_families: int
    level: float

    def size(self, best):
        """Return the p-value times the worth: what slices are ranked by."""
        return self.worth[best.order] * self.sides * stats.norm.sf(best.z)

    def q_value(self, best):
        by_chance = np.searchsorted(self.least, self.size(best), side="right")
        return float(min(1, self.n_families * (1 + by_chance) / (1 + N_DRAWS)))

    def is_found(self, best):
        return self.q_value(best) <= self.level

    def point(self, order):
        """Return the level of one interval if all are to hold at once."""
        place = int(self.level / self.n_families * (1 + N_DRAWS)) - 1
        return float(self.least[max(place, 0)] / self.worth[order])


def _one_by_one(columns, risk, best, judge, min_rows):
    found: list[Found] = []
    strata = np.zeros(risk.events.size, dtype=np.intp)
    now = risk
    for _ in range(MOST_STEPS):
        if not best:
            break
        top = min(best, key=lambda b: (judge.size(b), -b.z, b.order))
        if not judge.is_found(top):
            break
        top = _simplest(columns, top, now, judge, min_rows)
        mask = _mask(columns, top)
        q_value = judge.q_value(top)
        slice_ = Found(list(top.conditions), mask, q_value, judge.point(top.order))
        slice_.conditions = [_condition(columns, c) for c in top.conditions]
        strata = np.unique(2 * strata + mask, return_inverse=True)[1]
        now = _given(risk, strata)
        candidates = [b for b in best if judge.is_found(b)]
        after = {
            b.columns: _best(_table(columns, b.columns, min_rows), b.columns, now)
            for b in candidates
        }
        slice_.echoes = [
            " and ".join(str(_condition(columns, c)) for c in b.conditions)
            for b in sorted(candidates, key=lambda b: -b.z)
            if b.columns != top.columns and not judge.is_found(after[b.columns])
        ]
        around = next((f for f in found if _is_around(f, slice_)), None)
        if around is None:
            found.append(slice_)
        else:
            around.echoes += [" and ".join(map(str, slice_.conditions))]
        best = [b for b in after.values() if judge.is_found(b)]
    return found


def _is_around(old, new):
    """Whether a slice of the same columns overlaps or touches one found before."""
    return old.columns == new.columns and all(
        a.touches(b) for a, b in zip(old.conditions, new.conditions, strict=True)
    )


def _simplest(columns, top, risk, judge, min_rows):
    """Return one condition of a slice of two, where the other adds nothing to it."""
    if top.order == 1 or 1 not in judge.worth:
        return top
    inner = _mask(columns, top)
    for condition in top.conditions:
        outer_mask = _mask_of(columns, condition)
        events = risk.events[outer_mask].sum()
        part = np.array([inner.sum(), risk.events[inner].sum()])
        rest = np.array([outer_mask.sum(), events]) - part
        counts = np.array([part, rest])
        tested = np.column_stack([counts[:, 1], counts[:, 0] - counts[:, 1]])
        if (tested.sum(axis=0) == 0).any():
            continue
        g = stats.chi2_contingency(tested, correction=False, lambda_="log-likelihood")
        p_value = -np.expm1(judge.worth[1] * np.log1p(-min(g.pvalue, 1 - 1e-12)))
        if p_value <= judge.level:
            continue
        parent = _best_of(columns, condition, risk, min_rows)
        if parent is not None and judge.is_found(parent):
            return parent
    return top


def _best_of(columns, condition, risk, min_rows):
    """Give the slice of one coarse condition its z."""
    j = condition[0]
    table = table_of([columns[j].coarse], min_rows)
    place = np.flatnonzero(table.valid == condition[1])
    if place.size == 0:
        return None
    z = z_of_slices(table, risk)[place[0]]
    return Best((j,), (condition,), float(z), 1)


def _table(columns, members, min_rows):
    if len(members) == 1:
        return table_of([columns[members[0]].fine], min_rows)
    return table_of([columns[j].coarse for j in members], min_rows)


def _best(table, members, risk):
    """Return the largest z; of equal ones that of more rows, then the first."""
    z = z_of_slices(table, risk)
    top = np.lexsort((-table.n_rows, -z))[0]
    number = table.valid[top]
    if len(members) == 1:
        conditions: tuple = ((members[0], int(number), "fine"),)
    else:
        width = len(table.grids[1].conditions)
        conditions = tuple(
            (j, int(k), "coarse")
            for j, k in zip(members, divmod(number, width), strict=True)
        )
    return Best(tuple(members), conditions, float(z[top]), len(members))


def _condition(columns, place):
    j, number, cut = place
    return getattr(columns[j], cut).conditions[number]


def _mask_of(columns, place):
    j, number, cut = place
    grid = getattr(columns[j], cut)
    return grid.selects[number][grid.codes] > 0


def _mask(columns, best):
    return np.logical_and.reduce([_mask_of(columns, c) for c in best.conditions])


def _given(risk, strata):
    """Expect in each stratum, of the slices found, as much as happened there."""
    events = np.bincount(strata, weights=risk.events)
    expected = np.bincount(strata, weights=risk.expected)
    rows = (events / expected)[strata] * risk.expected
    off = FEWEST_EVENTS / risk.events.size
    return Risk(risk.events, np.clip(rows, off, 1 - off), risk.both_ways, risk.share)


def _draws(risk, rng):
    """Rows with an event in each draw, as row, draw and number by draw.

    Where all rows expect the same, as many rows as had one; else each by its own odds.
    """
    n = risk.events.size
    if np.ptp(risk.expected) == 0:
        total = int(risk.events.sum())
        rows = [rng.choice(n, total, replace=False) for _ in range(N_DRAWS)]
    else:
        rows = [np.flatnonzero(rng.random(n) < risk.expected) for _ in range(N_DRAWS)]
    totals = np.array([len(each) for each in rows])
    numbers = np.repeat(np.arange(N_DRAWS, dtype=np.int32), totals)
    return np.concatenate(rows).astype(np.int32), numbers, totals


def _worth(p_values):
    """Independent slices whose smallest p-value is as small, by maximum likelihood."""
    return float(max(1.0, p_values.size / -np.log1p(-np.minimum(p_values, 0.99)).sum()))
