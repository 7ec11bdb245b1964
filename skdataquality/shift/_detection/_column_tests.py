"""Tests of one column at a time: of its values, and of how often they are missing."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from skdataquality.utils._draws import FIXED_SEED
from skdataquality.utils._stats import Interval, holm, newcombe

EXPECTED = 5  # rows in a cell of a chi-squared table, at least
N_DRAWS = 400
BAND = stats.kstwobign.isf(0.05)


@dataclass(frozen=True)
class ColumnTest:
    """What was found in one column.

    Attributes
    ----------
    column : name, or position
    kind : {"number", "date", "category"}
    distance : Interval
        Share of the known values that would have to change: the largest difference of
        the distribution functions (Kolmogorov-Smirnov) of numbers and dates, the total
        variation of categories. In [0, 1]; lower is more alike.
    missing : Interval
        Share of missing cells in target rows minus that in training rows, in [-1, 1].
    p_distance, p_missing : float
        1 where there is nothing to test.
    p_value : float
        Smaller of both, adjusted by Holm over all tests of all columns.
    effective_rows : float
        Independent rows that those of the side with fewer are worth.
    tested : bool
        False where these are too few, and both p values 1.
    """

    column: object
    kind: str
    distance: Interval
    missing: Interval
    p_distance: float
    p_missing: float
    p_value: float
    effective_rows: float
    tested: bool = True

    @property
    def effect(self):
        """The larger of the distance and the difference of missing shares."""
        return max(self.distance.estimate, abs(self.missing.estimate))

    def to_dict(self):
        """Return a row of a table."""
        return {
            "column": self.column,
            "kind": self.kind,
            "effect": self.effect,
            "p_value": self.p_value,
            "distance": self.distance,
            "p_distance": self.p_distance,
            "missing_difference": self.missing,
            "p_missing": self.p_missing,
            "effective_rows": self.effective_rows,
        }


def examine_columns(cells, is_target, dependence, fewest):
    """Test every column; the one that differs most comes first.

    Columns that are worth fewer than ``fewest`` independent rows a side, because their
    rows depend on each other, are not tested.
    """
    side = is_target.astype(bool)
    raw = [_test(c, side, dependence, fewest) for c in cells]
    p_values = [p for test in raw for p in (test[2], test[3])]
    # a test that could find nothing, whatever the sides are, counts for none
    possible = [p if p < 1 else np.nan for p in p_values]
    adjusted = np.nan_to_num(holm(possible), nan=1.0).reshape(-1, 2).min(axis=1)
    tests = [
        ColumnTest(
            column=c.name,
            kind=c.kind,
            distance=distance,
            missing=missing,
            p_distance=p,
            p_missing=p_missing,
            p_value=float(each),
            effective_rows=rows,
            tested=tested,
        )
        for c, each, (distance, missing, p, p_missing, rows, tested) in zip(
            cells, adjusted, raw, strict=True
        )
    ]
    return tuple(sorted(tests, key=lambda test: -test.effect))


def _test(cells, side, dependence, fewest):
    known = ~np.isnan(cells.values)
    share = _share(cells, side, dependence)
    rows = float(share * min(side.sum(), (~side).sum()))
    test = _categories if cells.is_category else _numbers
    distance, p_value = _nothing(), 1.0
    if (known & side).any() and (known & ~side).any():
        distance, p_value = test(cells.values[known], side[known], share)
    missing, p_missing = _missing(~known, side, share)
    if tested := dependence.kind == "" or rows >= fewest:
        return distance, missing, p_value, p_missing, rows, tested
    return distance, missing, 1.0, 1.0, rows, tested


def _share(cells, side, dependence):
    if dependence.kind == "":
        return 1.0
    gone = np.isnan(cells.values)
    parts = [gone.astype(float)]
    if cells.is_category:
        codes = cells.values[~gone].astype(int)
        common = (
            np.argsort(-np.bincount(codes), kind="stable")[:3] if codes.size else []
        )
        parts += [np.where(gone, np.nan, cells.values == k) for k in common]
    else:
        parts.append(cells.values)
    varied = [p for p in parts if np.unique(p[~np.isnan(p)]).size > 1]
    return min((dependence.share(p, side) for p in varied), default=1.0)


def _nothing():
    return Interval(0.0, 0.0, 1.0, "no values on one side")


def _numbers(values, side, share):
    n_target = int(side.sum())
    n = side.size - n_target
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    steps = np.where(side[order], 1 / n_target, -1 / n).cumsum()
    is_last = np.append(ordered[1:] != ordered[:-1], True)
    distance = min(float(np.abs(steps[is_last]).max()), 1.0)
    rows = share * n * n_target / (n + n_target)
    band = BAND / rows**0.5
    interval = Interval(
        distance,
        max(distance - band, 0.0),
        min(distance + band, 1.0),
        "Kolmogorov-Smirnov distance, band of its test",
    )
    if ordered[0] == ordered[-1]:
        return interval, 1.0
    return interval, float(stats.kstwo.sf(distance, max(round(rows), 1)))


def share_distance(codes, side):
    """Total variation of the shares of categories on both sides, and its p value."""
    return _categories(codes, side, 1.0)


def _categories(values, side, share):
    table = _pooled_table(values.astype(int), side, share)
    shares = table / table.sum(axis=1, keepdims=True)
    distance = float(np.abs(shares[0] - shares[1]).sum() / 2)
    rng = np.random.default_rng(FIXED_SEED)
    drawn = [
        rng.multinomial(max(round(rows), 1), p, size=N_DRAWS) / max(round(rows), 1) - p
        for rows, p in zip(table.sum(axis=1), shares, strict=True)
    ]
    band = float(np.quantile(np.abs(drawn[0] - drawn[1]).sum(axis=1) / 2, 0.95))
    interval = Interval(
        distance,
        max(distance - band, 0.0),
        min(distance + band, 1.0),
        "total variation, band of drawn tables",
    )
    return interval, _chi_squared(table)


def _pooled_table(codes, side, share):
    """Rows by side and level, scaled to independent rows; rare levels are one."""
    table = np.stack(
        [np.bincount(codes[s], minlength=codes.max() + 1) for s in (~side, side)]
    )
    table = share * table[:, table.sum(axis=0) > 0]
    smaller = min(table.sum(axis=1)) / table.sum()
    rare = table.sum(axis=0) * smaller < EXPECTED
    if rare.any():
        rest = table[:, rare].sum(axis=1, keepdims=True)
        table = np.hstack([table[:, ~rare], rest])
        if rest.sum() * smaller < EXPECTED and table.shape[1] > 1:
            least = int(np.argmin(table[:, :-1].sum(axis=0)))
            table[:, least] += table[:, -1]
            table = table[:, :-1]
    return table


def _chi_squared(table):
    if table.shape[1] < 2 or (table.sum(axis=1) == 0).any():
        return 1.0
    return float(stats.chi2_contingency(table, correction=False).pvalue)


def _missing(gone, side, share):
    counts = np.array([gone[~side].sum(), gone[side].sum()], dtype=float)
    rows = np.array([(~side).sum(), side.sum()], dtype=float)
    exact = np.maximum(np.rint(rows * share), 1)
    known = np.rint(counts / rows * exact)
    rough = newcombe(int(known[1]), int(exact[1]), int(known[0]), int(exact[0]))
    difference = float(counts[1] / rows[1] - counts[0] / rows[0])
    missing = Interval(
        difference,
        min(rough.lower, difference),
        max(rough.upper, difference),
        rough.method,
    )
    if not 0 < counts.sum() < rows.sum():
        return missing, 1.0
    table = np.stack([counts, rows - counts])
    if share == 1:
        p_value = float(stats.fisher_exact(table.astype(int)).pvalue)
    else:
        p_value = _chi_squared(share * table)
    return missing, min(p_value, 1.0)
