"""Exact copies of rows, of which only the first need be searched."""

import numpy as np

from skdataquality.utils._duplicate_rows import duplicate_groups


def first_copies(X, codes, most):
    """Find the first copies of each row, and the copy that answers for each row.

    Of rows that are equal in X and in class, only the first ``most`` can be among the
    nearest ``most - 1`` to any row, since of equally near rows the lowest number is the
    nearest. To any later copy, the rows of lower number that are near are those that
    are near to the last of the first: what holds of its neighbours holds of theirs.

    Parameters
    ----------
    X : ndarray or csr matrix of shape (n_samples, n_features)
    codes : ndarray of shape (n_samples,), int
    most : int

    Returns
    -------
    first : ndarray of shape (n_first,), int
        Row numbers, in rising order.
    same : ndarray of shape (n_samples,), int
        One of ``first`` for each row: itself, or the last that is searched of its
        copies.
    """
    groups = duplicate_groups(X)
    order = np.lexsort((codes, groups))
    starts = np.r_[True, np.diff(groups[order]) | np.diff(codes[order])]
    start = np.maximum.accumulate(np.where(starts, np.arange(order.size), 0))
    last = np.minimum(np.arange(order.size), start + most - 1)
    same = np.empty(order.size, dtype=np.intp)
    same[order] = order[last]
    return np.flatnonzero(same == np.arange(order.size)), same
