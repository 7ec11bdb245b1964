"""All slices of one or two columns at once: counts by cells, z by slice.

A slice is a sum of cells of a small table, of the codes of its columns; those of all
slices of two columns are two matrix products. Nothing is kept by pair of columns, so
memory is O(rows).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import xlogy

LIKELY = 2.5  # standard deviations below which no slice is looked at closely
MOST_SHARE = 0.5  # of the rows: what is more is the rule, not a slice
BLOCK = 2**21  # rows drawn, or slices, that are counted at once


@dataclass(frozen=True)
class Risk:
    """What happens to rows, 0 or 1, and how often it should.

    ``events`` and ``expected`` have shape (n_rows,). ``both_ways`` looks for slices
    with fewer events, too. ``share`` is what one row says, beside an independent one.
    """

    events: np.ndarray
    expected: np.ndarray
    both_ways: bool = False
    share: float = 1.0


@dataclass(frozen=True)
class Table:
    """The slices of one set of columns that have rows enough."""

    grids: tuple
    cells: np.ndarray  # code of each row in the joint table
    valid: np.ndarray  # numbers of the slices, of all pairs of conditions
    n_rows: np.ndarray  # of each valid slice

    def sums(self, *weights):
        """Sum over the rows of each valid slice, float64."""
        shape = [grid.n_codes for grid in self.grids]
        size = int(np.prod(shape))
        counted = [np.bincount(self.cells, weights=w, minlength=size) for w in weights]
        return _summed(np.array(counted), self.grids)[:, self.valid]

    def drawn(self, rows, numbers, n_draws):
        """Count rows by slice, for several draws of rows at once."""
        shape = [grid.n_codes for grid in self.grids]
        size = int(np.prod(shape))
        at = self.cells[rows] + numbers * np.int32(size)
        counted = np.bincount(at, minlength=n_draws * size)
        dtype = np.float32 if self.cells.size < 2**24 else np.float64
        return _summed(counted.reshape(n_draws, size).astype(dtype), self.grids)[
            :, self.valid
        ]


def _summed(counted, grids):
    """Turn counts by cell, shape (n, cells), into counts by slice, (n, slices)."""
    first = grids[0].selects.astype(counted.dtype)
    if len(grids) == 1:
        return counted @ first.T
    second = grids[1].selects.astype(counted.dtype)
    cube = counted.reshape(len(counted), first.shape[1], second.shape[1])
    return (first @ cube @ second.T).reshape(len(counted), -1)


def table_of(grids, min_rows):
    """Joint table of one or two columns, without what a single column says as well."""
    cells = grids[0].codes.astype(np.int32)
    size = grids[0].n_codes
    for grid in grids[1:]:
        cells = cells * grid.n_codes + grid.codes
        size *= grid.n_codes
    counts = np.bincount(cells, minlength=size).astype(float)
    n_rows = _summed(counts[None], grids)[0]
    is_valid = (n_rows >= min_rows) & (n_rows <= MOST_SHARE * cells.size)
    if len(grids) == 2:
        alone = [
            _summed(np.bincount(g.codes, minlength=g.n_codes)[None].astype(float), [g])
            for g in grids
        ]
        inside = n_rows.reshape(alone[0].size, alone[1].size)
        differs = (inside < alone[0].T) & (inside < alone[1])
        is_valid &= differs.ravel()
    valid = np.flatnonzero(is_valid)
    return Table(tuple(grids), cells, valid, n_rows[valid])


def z_of_slices(table, risk):
    """Give the z of each valid slice: 0 if it is not worse than expected."""
    events, expected, variance = table.sums(
        risk.events, risk.expected, risk.expected * (1 - risk.expected)
    )
    return _z(table, risk, events, expected, variance, risk.events.sum())


def largest_by_chance(table, risk, draws, n_draws):
    """Largest z of a slice in each draw of events, shape (n_draws,)."""
    rows, numbers, totals = draws
    if table.valid.size == 0:
        return np.zeros(n_draws)
    expected, variance = table.sums(
        risk.expected, risk.expected * (1 - risk.expected)
    ).astype(np.float32)
    deviation = np.sqrt(variance)
    out = np.zeros(n_draws)
    each = max(1, BLOCK // max(1, rows.size // n_draws, table.n_rows.size))
    for start in range(0, n_draws, each):
        stop = min(start + each, n_draws)
        part = slice(*np.searchsorted(numbers, [start, stop]))
        events = table.drawn(rows[part], numbers[part] - start, stop - start)
        off = events - expected
        off = np.abs(off) if risk.both_ways else off
        closer = off > LIKELY * deviation
        for k in np.flatnonzero(~closer.any(axis=1)):
            closer[k, np.argmax(off[k] / deviation)] = True
        draw, some = np.nonzero(closer)
        z = _z(
            table,
            risk,
            events[draw, some].astype(float),
            expected[some].astype(float),
            variance[some].astype(float),
            totals[start + draw],
            some,
        )
        out[start:stop] = np.maximum.reduceat(
            z, np.searchsorted(draw, np.arange(stop - start))
        )
    return out


def _z(table, risk, events, expected, variance, total, some=slice(None)):
    """Signed root of the deviance of a slice and the rest from what is expected.

    Expectations that differ by row make events vary less than the binomial does.
    """
    n_rows, n = table.n_rows[some], table.cells.size
    is_worse = events > expected
    # half an event less: the chance of at least as many
    events = events - 0.5 * np.sign(events - expected)
    events = np.where(
        is_worse, np.maximum(events, expected), np.minimum(events, expected)
    )
    rest, rest_total = n - n_rows, risk.expected.sum() - expected
    deviance = (
        _part(events, expected)
        + _part(n_rows - events, n_rows - expected)
        + _part(total - events, rest_total)
        + _part(rest - total + events, rest - rest_total)
    )
    narrower = expected * (1 - expected / n_rows) / variance
    z = np.sqrt(2 * np.maximum(deviance, 0) * narrower * risk.share)
    return z if risk.both_ways else np.where(is_worse, z, 0.0)


def _part(seen, expected):
    return xlogy(seen, np.maximum(seen, 1e-9) / np.maximum(expected, 1e-9)) - (
        seen - expected
    )
