"""The largest statistic of sequences in which errors fall where they may."""

import numpy as np

CELLS = 1_000_000  # of one chunk of permuted sequences
FEW_ROWS = 2000  # up to it shuffling flags is faster than choosing places for them
ENOUGH = 20  # exceedances: then the p value is known well enough
TOLERANCE = 1e-9


def sequential_p(observed, largest, n_permutations):
    """P value of a permutation test that stops early where nothing is there.

    After 20 permutations that reach the observed statistic, p is 20 over their number;
    otherwise (1 + reached) / (1 + all) (J. Besag, P. Clifford, "Sequential Monte Carlo
    p-values", Biometrika 78, 1991). ``largest(size)`` draws so many statistics.
    """
    done, reached, size = 0, 0, 2 * ENOUGH
    while done < n_permutations:
        drawn = largest(min(size, n_permutations - done))
        hits = np.cumsum(drawn >= observed - TOLERANCE)
        if reached + hits[-1] >= ENOUGH:
            last = int(np.searchsorted(hits, ENOUGH - reached)) + 1
            return ENOUGH / (done + last)
        done, reached = done + drawn.size, reached + int(hits[-1])
        size *= 2
    return (1 + reached) / (1 + n_permutations)


def in_chunks(draw, n_cells):
    """Return ``largest(size)`` that calls ``draw(size)`` for bounded memory."""
    most = max(1, CELLS // max(n_cells, 1))

    def largest(size):
        parts = [draw(min(most, size - done)) for done in range(0, size, most)]
        return np.concatenate(parts)

    return largest


def of_flags(scan, bounds, rng):
    """Permute flags over rows; a change may lie before the rows ``bounds``.

    Between two flags the likelihood ratio is convex in the place of a change, so only
    the bounds next to a flag, and the two outer ones, can hold its maximum.
    """
    next_bound = np.searchsorted(bounds, np.arange(scan.n_rows), side="right")

    def draw(size):
        places = _sorted_places(rng, scan.n_rows, scan.total, size)
        ends = np.stack([(places < bounds[e]).sum(axis=1) for e in (0, -1)], axis=1)
        best = scan(ends, bounds[[0, -1]]).max(axis=1)
        above = next_bound[places]
        rank = np.arange(scan.total)
        new = np.ones(places.shape, dtype=bool)
        new[:, 1:] = above[:, 1:] != above[:, :-1]
        before = np.maximum.accumulate(np.where(new, rank, 0), axis=1)
        last = np.ones(places.shape, dtype=bool)
        last[:, :-1] = new[:, 1:]
        behind = np.where(last, rank + 1, scan.total)
        after = np.minimum.accumulate(behind[:, ::-1], axis=1)[:, ::-1]
        for at, count in ((above - 1, before), (above, after)):
            inside = (at >= 0) & (at < bounds.size)
            rows = bounds[np.where(inside, at, 0)]
            count = np.where(inside, count, ends[:, :1])
            best = np.maximum(best, scan(count, rows).max(axis=1))
        return best

    return in_chunks(draw, max(scan.total, min(scan.n_rows, FEW_ROWS)))


def _sorted_places(rng, n_rows, n_flagged, size):
    """Rows that are flagged, rising, in each of so many permutations."""
    if n_rows <= FEW_ROWS:
        flags = np.zeros((size, n_rows), dtype=bool)
        flags[:, :n_flagged] = True
        return np.nonzero(rng.permuted(flags, axis=1))[1].reshape(size, n_flagged)
    draws = (
        rng.choice(n_rows, n_flagged, replace=False, shuffle=False) for _ in range(size)
    )
    return np.sort(np.stack(list(draws)), axis=1)


def of_numbers(scan, values, bounds, rng):
    """Permute numbers over rows."""

    def draw(size):
        shuffled = rng.permuted(np.tile(values, (size, 1)), axis=1)
        sums = np.cumsum(shuffled, axis=1)[:, bounds - 1]
        return scan(sums, bounds).max(axis=1)

    return in_chunks(draw, values.size)


def of_blocks(scan, blocks, rng):
    """Permute whole blocks of rows, each with its errors."""

    def draw(size):
        order = rng.permuted(np.tile(np.arange(blocks.sizes.size), (size, 1)), axis=1)
        return blocks.statistics(scan, order).max(axis=1)

    return in_chunks(draw, blocks.sizes.size)
