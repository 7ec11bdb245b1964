"""The largest statistic of sequences in which errors fall where they may."""

import numpy as np

CELLS = 1_000_000  # of one chunk of permuted sequences
CHEAP_ROWS = 4  # as fast to shuffle as to draw one count
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


def of_flags(scan, flags, bounds, rng):
    """Permute flags over rows; of many rows only counts between bounds are drawn."""
    if scan.n_rows < CHEAP_ROWS * bounds.size:
        return of_numbers(scan, flags, bounds, rng)
    sizes = np.diff(bounds, prepend=0, append=scan.n_rows)

    def draw(size):
        counts = rng.multivariate_hypergeometric(
            sizes, scan.total, size=size, method="marginals"
        )
        return scan(np.cumsum(counts[:, :-1], axis=1), bounds).max(axis=1)

    return in_chunks(draw, sizes.size)


def of_numbers(scan, values, bounds, rng):
    """Permute numbers, or flags, over rows."""

    def draw(size):
        shuffled = rng.permuted(np.tile(values, (size, 1)), axis=1)
        kind = np.intp if values.dtype == bool else float
        sums = np.cumsum(shuffled, axis=1, dtype=kind)[:, bounds - 1]
        return scan(sums, bounds).max(axis=1)

    return in_chunks(draw, values.size)


def of_blocks(scan, blocks, rng):
    """Permute whole blocks of rows, each with its errors."""

    def draw(size):
        order = rng.permuted(np.tile(np.arange(blocks.sizes.size), (size, 1)), axis=1)
        return blocks.statistics(scan, order).max(axis=1)

    return in_chunks(draw, blocks.sizes.size)
