"""Rows that ClusterCentroids put in the place of clusters."""

import numpy as np
import scipy.sparse as sp
from sklearn.metrics import pairwise_distances_argmin

from skdataquality.compose._tracing._equal_rows import equal_rows
from skdataquality.compose._tracing._made_rows import MadeRows
from skdataquality.compose._tracing._numbers import Numbers
from skdataquality.lineage import UNTRACED
from skdataquality.utils._duplicate_rows import duplicate_groups
from skdataquality.utils._sklearn import num_samples, take_rows

_ROUNDINGS = 256  # of a mean of many rows


def trace_centroids(sampler, X, y, X_new, y_new):
    """Return origins, and the made rows that are proved to be means of their clusters.

    The output holds one class after the other, of which some are left as they were. A
    centre is proved if it is the mean of the rows to which no other centre of their
    class is nearer: a fixed point of k-means.
    """
    origin = np.full(y_new.size, UNTRACED)
    numbers = Numbers.of(sampler, X, X_new)
    classes, counts = np.unique(y_new, return_counts=True)
    means = []
    if not np.array_equal(y_new, np.repeat(classes, counts)):
        return origin, MadeRows.none()
    for label, stop in zip(classes, np.cumsum(counts), strict=True):
        out = np.arange(stop - counts[classes == label][0], stop)
        own = np.flatnonzero(y == label)
        if own.size == out.size and _are_equal(X, own, X_new, out):
            origin[out] = own
        elif sampler.voting_ == "hard":
            origin[out] = _the_same_row(numbers.before[own], numbers.after[out], own)
        elif numbers.are_floating:
            means.append(_means(numbers.before, own, numbers.after, out))
    return origin, MadeRows.joined(means)


def _are_equal(X, own, X_new, out):
    return equal_rows(take_rows(X, own), take_rows(X_new, out)).all()


def _the_same_row(rows, made, numbers):
    """Row of the input that equals each made row, where exactly one does."""
    stack = sp.vstack if sp.issparse(rows) else np.vstack
    groups = duplicate_groups(stack([rows, made]))
    before, after = groups[: num_samples(rows)], groups[num_samples(rows) :]
    n_equal = np.bincount(before, minlength=groups.max() + 1)
    which = np.full(groups.max() + 1, UNTRACED)
    which[before] = numbers
    return np.where(n_equal[after] == 1, which[after], UNTRACED)


def _means(X, own, made, out):
    rows, centres = X[own], made[out]
    nearest = pairwise_distances_argmin(rows, centres)
    sizes = np.bincount(nearest, minlength=out.size)
    member = sp.csr_array(
        (1 / sizes[nearest], (nearest, np.arange(own.size))),
        shape=(out.size, own.size),
    )
    residual = _absolute(member @ rows - centres)
    allowed = _ROUNDINGS * np.finfo(X.dtype).eps * _absolute(abs(rows).max(axis=0))
    proved = (sizes > 0) & (residual <= allowed).all(axis=1)
    kept = proved[nearest]
    return MadeRows(out[nearest[kept]], own[kept], 1 / sizes[nearest[kept]])


def _absolute(rows):
    return np.abs(rows.toarray() if sp.issparse(rows) else rows)
