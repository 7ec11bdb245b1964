"""The search for changes among some rows of a table."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skdataquality.provenance._changes._moments import read_order
from skdataquality.provenance._changes._permuted import (
    of_blocks,
    of_flags,
    of_numbers,
    sequential_p,
)
from skdataquality.provenance._changes._regimes import dispersion, mean_of, reach
from skdataquality.provenance._changes._result import FEW, NO_PLACE, SAME, ChangePoint
from skdataquality.provenance._changes._scan import FlagScan, NumberScan
from skdataquality.provenance._changes._sequences import BlockSequence, RowSequence
from skdataquality.utils._frames import sorted_codes
from skdataquality.utils._sources import encode_sources

SMALLEST, SMALLEST_SHARE = 20, 50


@dataclass(frozen=True)
class Times:
    """When rows were made, and which of them belong together."""

    ranks: NDArray[np.intp]
    moments: NDArray | None = None
    groups: NDArray[np.intp] | None = None

    @classmethod
    def read(cls, order, groups, n_rows):
        """Read ``order`` and ``groups`` as they were passed; either may be None."""
        ranks, moments = read_order(order, n_rows)
        if groups is not None:
            groups = encode_sources(groups, name="groups").codes
        return cls(ranks, moments, groups)

    def of(self, rows):
        """Take the times of these rows."""
        groups = None if self.groups is None else sorted_codes(self.groups[rows])[1]
        return Times(self.ranks[rows], self.moments, groups)

    def moment(self, row, position):
        """When a row was made; without times it is its position."""
        if self.moments is None:
            return int(position)
        value = self.moments[self.ranks[row]]
        is_plain = isinstance(value, np.generic) and value.dtype.kind in "iufbU"
        return value.item() if is_plain else value


@dataclass(frozen=True)
class Search:
    """Looks for changes along these times."""

    times: Times
    n_permutations: int = 999
    min_size: int | None = None

    def __call__(self, errors, rng, *, rows=None, alpha=0.05, depth=1, start=0):
        """Look among these rows, of which ``start`` come before, and on both sides."""
        rows = np.arange(errors.size) if rows is None else rows
        own, times = errors.of(rows), self.times.of(rows)
        why_not, sequence, scan = self._prepare(own, times)
        if why_not:
            return ChangePoint(
                found=False, p_value=1.0, n_rows=int(rows.size), why_not=why_not
            )
        statistics = sequence.statistics(scan)
        best = int(np.argmax(statistics))
        largest = _permuted(scan, sequence, own.are_flags, rng)
        tested = statistics[sequence.tried].max()
        p_value = sequential_p(tested, largest, self.n_permutations)
        position = int(sequence.bounds[best])
        spread = dispersion(own, sequence.rows, position, times.groups)
        ends = sequence.bounds[reach(statistics, spread)].tolist()
        by_time, found = rows[sequence.rows], p_value <= alpha
        further = ()
        if found and depth > 1:
            sides = (by_time[: ends[0]], start), (by_time[ends[1] :], start + ends[1])
            each = [
                self(errors, rng, rows=side, alpha=alpha / 2, depth=depth - 1, start=at)
                for side, at in sides
            ]
            further = tuple(c for change in each for c in change.found_in_order())

        def moment(place):
            return self.times.moment(by_time[place], start + place)

        groups = times.groups
        return ChangePoint(
            found=found,
            p_value=p_value,
            n_rows=int(rows.size),
            position=start + position,
            first_row=int(by_time[position]),
            at=moment(position),
            position_lower=start + ends[0],
            position_upper=start + ends[1],
            at_lower=moment(ends[0]),
            at_upper=moment(ends[1]),
            before=mean_of(own, sequence.rows[:position], groups),
            after=mean_of(own, sequence.rows[position:], groups),
            statistic=float(statistics[best]),
            further=further,
        )

    def _prepare(self, errors, times):
        """Why nothing can be tested, or the rows by time and their statistic."""
        n = errors.size
        least = self.min_size or max(SMALLEST, n // SMALLEST_SHARE)
        if n < 2 * least:
            return FEW, None, None
        tested = errors.tested
        if (tested == tested[0]).all():
            return SAME, None, None
        if times.groups is None:
            sequence = RowSequence.of(tested, times.ranks, least)
        else:
            sequence = BlockSequence.of(tested, times.ranks, times.groups, least)
        has_place = (sequence.bounds >= least) & (sequence.bounds <= n - least)
        if not has_place.any():
            return NO_PLACE, None, None
        if errors.are_flags:
            return "", sequence, FlagScan(n, int(tested.sum()))
        return "", sequence, NumberScan(tested)


def _permuted(scan, sequence, are_flags, rng):
    if isinstance(sequence, BlockSequence):
        return of_blocks(scan, sequence, rng)
    bounds = sequence.bounds[sequence.tried]
    if are_flags:
        return of_flags(scan, sequence.values, bounds, rng)
    return of_numbers(scan, sequence.values, bounds, rng)
