"""Pairs of texts that agree in a band of their sketches."""

import numpy as np

_CHUNK = 1 << 17  # pairs
MOST_CANDIDATES = 20_000_000
_HUBS = 16  # of a bucket too large for all its pairs, and neighbours of each text


class Buckets:
    """The texts that agree in a band, band by band.

    All pairs of a bucket are candidates, 20 million (or 20 per text) in all bands
    together. Where that is exceeded, the largest buckets give only the pairs with 16
    of their texts and with the 16 that follow by content, and ``complete`` is False.

    Parameters
    ----------
    sketches : Sketches
        Their ``bands`` are changed.
    """

    def __init__(self, sketches, most_candidates=MOST_CANDIDATES):
        self._bands, self._content = sketches.bands, sketches.content
        most = max(most_candidates, 20 * self._content.size)
        self.largest = self._largest_bucket(most)
        self.complete = self.largest is None

    def candidates(self):
        """Yield pairs, first < second, each once but for those of large buckets."""
        for band in range(self._bands.shape[1]):
            order, starts, sizes = _runs(self._bands[:, band])
            if not self.complete:
                is_large = sizes > self.largest
                for start, size in zip(starts[is_large], sizes[is_large], strict=True):
                    members = order[start : start + size]
                    yield from self._star(members)
                    # later bands must not take its pairs for found
                    self._bands[members, band] = members
                starts, sizes = starts[~is_large], sizes[~is_large]
            for first, second in _pairs_within(starts, sizes):
                first, second = order[first], order[second]  # rising in each run
                earlier = self._bands[:, :band]
                is_new = (earlier[first] != earlier[second]).all(axis=1)
                yield first[is_new], second[is_new]

    def _largest_bucket(self, most):
        """Size up to which buckets give all their pairs; None if all do."""
        per_band = [_runs(column)[2] for column in self._bands.T]
        sizes = np.sort(np.concatenate(per_band)) if per_band else np.empty(0, int)
        n_pairs = np.cumsum(sizes * (sizes - 1) // 2)
        if sizes.size == 0 or n_pairs[-1] <= most:
            return None
        beyond = sizes[np.searchsorted(n_pairs, most, side="right")]
        return max(int(beyond) - 1, 2 * _HUBS)

    def _star(self, members):
        """Yield pairs with the first by content, and with those that follow."""
        members = members[np.argsort(self._content[members], kind="stable")]
        for lag in range(1, _HUBS + 1):
            yield _ordered(members[:-lag], members[lag:])
        for hub in range(_HUBS):
            rest = members[hub + _HUBS + 1 :]
            yield _ordered(np.full(rest.size, members[hub]), rest)


def _runs(column):
    """Rows ordered by a column, and where runs of equal values start, of how many."""
    order = np.argsort(column, kind="stable")
    values = column[order]
    bounds = np.flatnonzero(values[1:] != values[:-1]) + 1
    starts = np.concatenate([[0], bounds])
    sizes = np.diff(starts, append=order.size)
    return order, starts[sizes > 1], sizes[sizes > 1]


def _pairs_within(starts, sizes):
    """Yield the pairs of positions within each run, some at a time."""
    positions = np.repeat(starts, sizes) + _count_up(sizes)
    partners = np.repeat(starts + sizes, sizes) - positions - 1
    ends = np.cumsum(partners)
    at = 0
    while at < positions.size:
        limit = ends[at] - partners[at] + _CHUNK
        stop = max(at + 1, int(np.searchsorted(ends, limit, side="right")))
        n = partners[at:stop]
        first = np.repeat(positions[at:stop], n)
        yield first, first + 1 + _count_up(n)
        at = stop


def _count_up(counts):
    """0 to n - 1 for each of the counts n."""
    return np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)


def _ordered(first, second):
    return np.minimum(first, second), np.maximum(first, second)
