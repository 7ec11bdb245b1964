"""Find the rows of largest margin in each cell, a pair of given label and other class.

The margin of a row is the probability of the other class minus that of the label.
"""

import numpy as np
from scipy.sparse import csr_array

from skdataquality.label_noise._confident import given_of_cells, row_chunks

FEWEST_MARGINS = 2**16  # at a time


def largest(values, n_largest):
    """Positions of the `n_largest` largest values, ascending; of equals the first."""
    if n_largest == 0:
        return np.empty(0, dtype=np.intp)
    place = values.size - n_largest
    cut = np.partition(values, place)[place]
    chosen = np.flatnonzero(values >= cut)
    if chosen.size > n_largest:
        tied = np.flatnonzero(values[chosen] == cut)
        chosen = np.delete(chosen, tied[n_largest - chosen.size :])
    return chosen


def _largest_of_runs(values, starts, n_largest):
    """Positions of the `n_largest` largest values of each run, or of all it has.

    Parameters
    ----------
    values : ndarray of shape (n_values,)
    starts, n_largest : ndarray of shape (n_runs,)
        No run is empty, and of each run one value or more is asked for.
    """
    sizes = np.diff(starts, append=values.size)
    run = np.repeat(np.arange(starts.size), sizes)
    ordered = values.copy()
    for start, size in zip(starts.tolist(), sizes.tolist(), strict=True):
        ordered[start : start + size].sort()
    cuts = ordered[starts + np.maximum(sizes - n_largest, 0)]
    chosen = np.flatnonzero(values >= cuts[run])
    excess = np.bincount(run[chosen]) - np.minimum(n_largest, sizes)
    tied = np.flatnonzero(values[chosen] == cuts[run[chosen]])
    run = run[chosen[tied]]
    kept = np.cumsum(np.bincount(run)) - excess
    return np.delete(chosen, tied[np.arange(run.size) >= kept[run]])


def worst_rows(data, n_worst):
    """Yield parts of the rows that have one of the `n_worst` largest margins of a cell.

    Parameters
    ----------
    data : LabelledProba
    n_worst : csr_array of shape (n_classes, n_classes)
        Given labels are rows, other classes columns; 0 on the diagonal.

    Yields
    ------
    rows : ndarray of shape (n_rows,), integers
    margins : ndarray of shape (n_rows,)
    """
    n_margins = data.class_counts @ np.diff(n_worst.indptr)
    if n_margins > data.proba.size // 8 >= data.n_classes**2:
        # To read every class is faster than to pick those needed.
        n_worst = n_worst.toarray()
        yield from _worst_rows_behind(data, n_worst)
        n_worst = csr_array(n_worst)
    yield from _worst_rows_of_cells(data, n_worst)


def _worst_rows_behind(data, n_worst):
    """Rank rows where some class may be ahead of the label; clear cells that are done.

    Where a cell has enough positive margins, no others need be ranked.
    """
    behind = np.flatnonzero(data.most_elsewhere() > data.self_confidence)
    for k, rows in enumerate(split_by_class(data, behind)):
        for other, margins in _margins(data, rows):
            if n_worst[k, other] == 0:
                continue
            ahead = np.flatnonzero(margins > 0)
            if ahead.size >= n_worst[k, other]:
                chosen = ahead[largest(margins[ahead], n_worst[k, other])]
                n_worst[k, other] = 0
                yield rows[chosen], margins[chosen]


def split_by_class(data, rows):
    """Split ascending row numbers by the given label."""
    counts = np.bincount(data.codes[rows], minlength=data.n_classes)
    return np.split(_sort_by_class(data, rows), np.cumsum(counts)[:-1])


def _sort_by_class(data, rows):
    # A small integer type makes numpy's stable sort a radix sort.
    codes = data.codes[rows].astype(np.min_scalar_type(data.n_classes))
    return rows[np.argsort(codes, kind="stable")]


def _margins(data, rows):
    """Yield each class with the margins of the rows, reading many classes together."""
    budget = max(FEWEST_MARGINS, data.codes.size, data.proba.nbytes // 64)
    width = max(1, budget // max(rows.size, 1))
    for start in range(0, data.n_classes, width):
        block = slice(start, start + width)
        margins = np.empty((min(width, data.n_classes - start), rows.size))
        for chunk in row_chunks(rows.size, data.n_classes):
            proba = np.take(data.proba, rows[chunk], axis=0)
            own = data.self_confidence[rows[chunk]]
            np.subtract(proba.T[block], own, out=margins[:, chunk])
        yield from enumerate(margins, start)


def _worst_rows_of_cells(data, n_worst):
    """Rank all rows of the given label, as many cells at a time as memory allows."""
    if n_worst.nnz == 0:
        return
    rows_by_class = _sort_by_class(data, np.arange(data.codes.size))
    starts = np.cumsum(data.class_counts) - data.class_counts
    given, other = given_of_cells(n_worst), n_worst.indices
    sizes = data.class_counts[given]
    part = np.cumsum(sizes) // max(data.codes.size, FEWEST_MARGINS)
    for cells in np.split(np.arange(given.size), np.flatnonzero(np.diff(part)) + 1):
        size = sizes[cells]
        runs = np.cumsum(size) - size
        shift = np.repeat(starts[given[cells]] - runs, size)
        rows = rows_by_class[np.arange(shift.size) + shift]
        proba = data.proba[rows, np.repeat(other[cells], size)]
        margins = proba - data.self_confidence[rows]
        chosen = _largest_of_runs(margins, runs, n_worst.data[cells])
        yield rows[chosen], margins[chosen]
