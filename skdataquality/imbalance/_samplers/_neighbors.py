"""Neighbours of the rows of one class, among those that are no copies of them."""

import os
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from sklearn.neighbors import NearestNeighbors

from skdataquality.imbalance._samplers._columns import Way, as_distances, time_of
from skdataquality.utils._duplicate_rows import duplicate_groups
from skdataquality.utils._equal_by_chance import judge_repeats
from skdataquality.utils._folds import few_threads
from skdataquality.utils._frames import cell_codes, iterate_columns
from skdataquality.utils._stats import SMALL_P

# of the distance that so many rows would have on a line, the least that rows can have
# where columns depend on each other: closer ones are near copies
_NEAR = 0.05
_POINTS_A_THREAD = 1024  # four chunks of 256
_SAFE = 1e-15, 1e15  # squares of others may vanish or overflow in 32 bits


@dataclass(frozen=True)
class ClassNeighbors:
    """Neighbours of the rows of one class, and how many of these repeat others.

    Attributes
    ----------
    neighbors : ndarray of shape (m, k), int32
        Positions of distinct rows, none of them equal to the row, in rising order. If
        all rows are equal, the next row.
    n_distinct : int
    n_copies : int
        Rows that another one equals or all but equals, where chance does not explain
        that.
    share_copied : float
        Of lines, those that lead to an equal row, or to one that is all but equal.
    """

    neighbors: np.ndarray
    n_distinct: int
    n_copies: int
    share_copied: float


def neighbors_within(rows, ways, k):
    """Find the k nearest distinct rows of each row of a class.

    Parameters
    ----------
    rows : {ndarray, sparse matrix, data frame} of shape (m, n_features)
        The rows of the class, two at least.
    ways : list of Way, or None
        How the cells of each column are made; None if all are numbers.
    k : int
        Fewer are found if there are fewer distinct rows.

    Returns
    -------
    found : ClassNeighbors
    """
    groups = duplicate_groups(rows)
    distinct, member = np.unique(groups, return_inverse=True)
    m = groups.shape[0]
    if distinct.size == 1:
        following = (np.arange(m, dtype=np.int32) + 1) % m
        return ClassNeighbors(following[:, None], 1, m, 1.0)
    points = points_of(rows, ways)[distinct]
    if not _SAFE[0] <= (largest := abs(points).max()) <= _SAFE[1]:
        points = points / largest
    distance, found = _search(points, min(k, distinct.size - 1))
    near = distance <= _NEAR / distinct.size * _typical_distance(points)
    repeats = near.any(axis=1)[member]
    if distinct.size < m and judge_repeats(rows, groups).p_copies < SMALL_P:
        repeats |= np.bincount(member)[member] > 1
    return ClassNeighbors(
        distinct[np.sort(found, axis=1)].astype(np.int32)[member],
        distinct.size,
        int(repeats.sum()),
        float(near[member].mean()),
    )


def _search(points, k):
    """Distances and positions of the k nearest other points.

    Where there are few points for each thread, scikit-learn shares out what is searched
    and not what is searched for: which of equally near ones are found would depend on
    the number of threads.
    """
    m = points.shape[0]
    is_shared = m <= _POINTS_A_THREAD * (os.cpu_count() or 1)
    with few_threads(0 if is_shared else m):
        return NearestNeighbors(n_neighbors=k).fit(points).kneighbors()


def points_of(rows, ways):
    """Return the rows as points whose Euclidean distances are those of SMOTE-NC.

    Numbers are as they are. Rows that differ in a category are as far apart, in that
    column, as the median standard deviation of the numbers; times, whose unit says
    nothing, are scaled to that deviation.
    """
    if ways is None:
        return rows.astype(np.float64) if sp.issparse(rows) else centred(rows)
    numbers, times, codes = [], [], []
    for (_, cells), way in zip(iterate_columns(rows), ways, strict=True):
        if way is Way.VOTE:
            codes.append(_one_hot(cell_codes(cells)))
        elif time_of(cells):
            times.append(as_distances(cells))
        else:
            is_exact = cells.dtype.kind in "iuf"
            numbers.append(centred(cells if is_exact else as_distances(cells)))
    spread = np.median([column.std() for column in numbers]) if numbers else 1.0
    spread = spread if spread > 0 else 1.0
    numbers += [_scaled(column, spread) for column in times]
    if not codes:
        return np.column_stack(numbers)
    blocks = [block * (spread / np.sqrt(2)) for block in codes]
    if numbers:
        blocks.insert(0, sp.csr_array(np.column_stack(numbers)))
    return sp.csr_array(sp.hstack(blocks, format="csr"))


def centred(numbers):
    """Return numbers less their mean: what large ones have in common costs digits."""
    kind = numbers.dtype.kind
    if kind != "f":  # modulo 2**64, since floats do not hold every integer
        wide = numbers.astype(np.uint64)
        numbers = (wide - wide[0]).astype(np.int64)
    is_narrow = kind == "f" and numbers.dtype.itemsize <= 4
    points = numbers.astype(np.float32 if is_narrow else np.float64)
    points -= points.mean(axis=0, dtype=np.float64)
    return points


def _one_hot(codes):
    codes = np.unique(codes, return_inverse=True)[1]
    n = codes.size
    return sp.csr_array((np.ones(n), codes, np.arange(n + 1)))


def _scaled(column, spread):
    deviation = column.std()
    centred = column - column.mean()
    return centred * (spread / deviation) if deviation > 0 else centred


def _typical_distance(points):
    """Root mean squared distance of two rows drawn at random."""
    if sp.issparse(points):
        mean = np.asarray(points.mean(axis=0)).ravel()
        squares = points.multiply(points).sum() / points.shape[0]
        return np.sqrt(2 * max(float(squares - mean @ mean), 0.0))
    return np.sqrt(2 * points.var(axis=0, dtype=np.float64).sum())


def most_frequent(codes, neighbors):
    """Return of which row each row takes a category: the most frequent of neighbours.

    Of equally frequent ones the row's own, else that of the first row.

    Parameters
    ----------
    codes : ndarray of shape (m,), int
    neighbors : ndarray of shape (m, k), int

    Returns
    -------
    positions : ndarray of shape (m,), int
    """
    seen = codes[neighbors]
    votes = np.zeros(seen.shape, dtype=np.int32)
    for other in seen.T:
        votes += seen == other[:, None]
    votes = 2 * votes + (seen == codes[:, None])
    chosen = votes.argmax(axis=1)
    return neighbors[np.arange(codes.size), chosen]
