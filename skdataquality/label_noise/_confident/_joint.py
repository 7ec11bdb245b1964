"""The confident joint, as a sparse matrix of counts.

Rows are given labels, columns true classes: of K x K cells at most as many hold a
count as there are rows and classes.
"""

import numpy as np
from scipy.sparse import coo_array, csr_array

from skdataquality.label_noise._confident._labelled_proba import (
    row_chunks,
    rows_per_chunk,
)
from skdataquality.utils._probabilities import ROW_SUM_TOLERANCE

TOLERANCE = 1e-6  # slack in comparisons of probabilities
LOWEST_THRESHOLD = 2 * TOLERANCE
UNREACHABLE_THRESHOLD = 2.0  # of a class without a row
ROWS_PER_SUM = 2**14  # a sum of sums loses less precision than one long sum
DENSE_CELLS = 2**20
TINY = 1e-100


def class_thresholds(data):
    """Mean self-confidence of each class, what a row must reach to be counted.

    2.0, which no row reaches, for a class without rows.
    """
    sums = np.zeros(data.n_classes)
    for start in range(0, data.codes.size, ROWS_PER_SUM):
        rows = slice(start, start + ROWS_PER_SUM)
        sums += np.bincount(
            data.codes[rows], data.self_confidence[rows], minlength=data.n_classes
        )
    thresholds = np.full(data.n_classes, UNREACHABLE_THRESHOLD)
    np.divide(sums, data.class_counts, out=thresholds, where=data.class_counts > 0)
    return np.maximum(thresholds, LOWEST_THRESHOLD)


def threshold_shift(data):
    """Return what makes up for the threshold of each class, 0 for the highest."""
    thresholds = class_thresholds(data)
    return thresholds.max() - thresholds


def true_class_guesses(data, thresholds, collision="argmax"):
    """Return the class each row is counted in, -1 for rows confident of no class."""
    cuts = thresholds - TOLERANCE
    guesses = np.where(data.self_confidence >= cuts[data.codes], data.codes, -1)
    # Elsewhere no other class can reach its threshold.
    is_open = data.most_elsewhere() >= cuts.min()
    # Operands of one shape are compared twice as fast as with broadcasting.
    n_rows = min(rows_per_chunk(data.n_classes), guesses.size)
    tiled = np.tile(_cuts_in_dtype(cuts, data.proba.dtype), (n_rows, 1))
    for rows, proba in _chunks_of_rows(data, is_open):
        confident = np.flatnonzero(proba >= tiled[: rows.size])
        row, guess = split_cells(confident, data.n_classes)
        guesses[rows[row]] = guess
        is_one_of_several = np.bincount(row)[row] > 1
        row, guess = row[is_one_of_several], guess[is_one_of_several]
        if row.size == 0:
            continue
        several, best, guess, elsewhere = _best_of_several(proba, row, guess)
        guesses[rows[several]] = guess
        if collision == "argmax":
            # A class that is not confident has less than the highest threshold.
            unsure = several[best <= np.minimum(elsewhere, cuts.max())]
            guesses[rows[unsure]] = proba[unsure].argmax(axis=1)
    return guesses


def _best_of_several(proba, row, guess):
    """Of each row's cells the largest, the first of equals, and a bound on other cells.

    Cells are sorted by row, and of a row by class.
    """
    values = proba[row, guess]
    starts = np.flatnonzero(np.diff(row, prepend=-1))
    best = np.maximum.reduceat(values, starts)
    elsewhere = 1 + 2 * ROW_SUM_TOLERANCE - np.add.reduceat(values, starts)
    run = np.repeat(np.arange(starts.size), np.diff(starts, append=row.size))
    is_best = np.flatnonzero(values == best[run])
    first = is_best[np.flatnonzero(np.diff(run[is_best], prepend=-1))]
    return row[starts], best, guess[first], elsewhere


def _chunks_of_rows(data, is_wanted):
    """Yield row numbers and probabilities of wanted rows, or of all if most are."""
    most = 2 * np.count_nonzero(is_wanted) > is_wanted.size
    for rows, proba in data.chunks():
        if most:
            yield np.arange(rows.start, rows.start + proba.shape[0]), proba
        else:
            chosen = np.flatnonzero(is_wanted[rows])
            yield rows.start + chosen, np.take(proba, chosen, axis=0)


def split_cells(cells, n_columns):
    """Row and column of cells numbered row by row; `np.divmod` takes three times."""
    row = cells // n_columns
    return row, cells - row * n_columns


def _cuts_in_dtype(cuts, dtype):
    """Round up, so that ``p >= cut`` holds for the same p as in float64."""
    rounded = cuts.astype(dtype)
    return np.where(rounded < cuts, np.nextafter(rounded, dtype.type(np.inf)), rounded)


def count_joint(data, guesses):
    """Count rows by given label and guessed class; every class agrees once or more."""
    n_classes = data.n_classes
    # Column 0 is that of the guess -1, rows that are not counted.
    cells = data.codes * (n_classes + 1)
    cells += guesses
    cells += 1
    n_cells = n_classes * (n_classes + 1)
    if n_cells <= 4 * cells.size:
        counts = np.bincount(cells, minlength=n_cells)
        cells = np.flatnonzero(counts)
        counts = counts[cells]
    else:
        cells, counts = np.unique(cells, return_counts=True)
    given, column = split_cells(cells, n_classes + 1)
    is_counted = column > 0
    given, true, counts = given[is_counted], column[is_counted] - 1, counts[is_counted]
    never_agrees = np.setdiff1d(np.arange(n_classes), given[given == true])
    counts = np.append(counts, np.ones_like(never_agrees))
    cells = np.append(given, never_agrees), np.append(true, never_agrees)
    return coo_array((counts, cells), shape=(n_classes, n_classes)).tocsr()


def calibrated(joint, class_counts):
    """Scale a joint to the class counts and round it so that each row keeps its sum.

    Where rounding misses the row sum, the cells with the largest residual are raised,
    or those with the smallest lowered. Equal residuals are common in small counts: of
    equals the last class is raised, the first lowered, as in cleanlab where numpy's
    sort is stable.
    """
    given = given_of_cells(joint)
    exact = joint.data / np.maximum(joint.sum(axis=1), TINY)[given]
    exact *= class_counts[given]
    # The last bit of this sum decides between residuals that are all but equal.
    exact /= _sum_by_true_class(with_counts(joint, exact))
    exact *= class_counts.sum()
    rounded = np.rint(exact)
    sums = np.bincount(given, weights=rounded, minlength=class_counts.size)
    missing = (class_counts - sums).astype(np.intp)
    for k in np.flatnonzero(missing):
        cells = np.arange(joint.indptr[k], joint.indptr[k + 1])
        ranked = cells[np.argsort(exact[cells] - rounded[cells], kind="stable")]
        if missing[k] > 0:
            rounded[ranked[-missing[k] :]] += 1
        else:
            rounded[ranked[: -missing[k]]] -= 1
    return with_counts(joint, rounded.astype(np.intp))


def given_of_cells(joint):
    """Row of each stored cell."""
    return np.repeat(np.arange(joint.shape[0]), np.diff(joint.indptr))


def with_counts(joint, counts):
    """Return a copy with other counts in the stored cells, less those that are 0."""
    cells = (counts, joint.indices, joint.indptr)
    joint = csr_array(cells, joint.shape, copy=True)
    joint.eliminate_zeros()
    return joint


def _sum_by_true_class(joint):
    """Sum to the last bit of the dense matrix, true classes in the outer loop."""
    by_true = joint.T.tocsr()
    position = given_of_cells(by_true) * joint.shape[0] + by_true.indices
    return _pairwise_sum(position, by_true.data, joint.shape[0] ** 2)


def _pairwise_sum(position, values, size):
    """Sum a vector of `size` numbers of which few are not 0, halved as numpy does."""
    if values.size == 0:
        return 0.0
    if size <= DENSE_CELLS:
        dense = np.zeros(size)
        dense[position] = values
        return dense.sum()
    half = size // 2
    half -= half % 8
    cut = np.searchsorted(position, half)
    return _pairwise_sum(position[:cut], values[:cut], half) + _pairwise_sum(
        position[cut:] - half, values[cut:], size - half
    )


def noise_rates(joint):
    """Divide counts by those of their true class: P(given label | true class)."""
    true_counts = joint.sum(axis=0)
    return with_counts(joint, joint.data / true_counts[joint.indices])


def row_sums(joint):
    """Sum rows to the last bit of the dense matrix."""
    sums = [joint[rows].toarray().sum(axis=1) for rows in row_chunks(*joint.shape)]
    return np.concatenate(sums)


def calibrated_joint(data):
    """Count every row by the mean self-confidence of its class, and calibrate."""
    joint = count_joint(data, true_class_guesses(data, class_thresholds(data)))
    return calibrated(joint, data.class_counts)
