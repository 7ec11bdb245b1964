"""Distances of pairs of rows by direct differences."""

import numpy as np
import scipy.sparse as sp

from skdataquality.utils._frames import row_blocks

_BLOCK_CELLS = 2**19


def distances(X, first, second):
    """Euclidean distances of pairs of rows by direct differences, in blocks."""
    return np.sqrt(squared_distances(X, first, second))


def squared_distances(X, first, second):
    """Squared distances of pairs of rows, dense or csr, in float64."""
    out = np.empty(first.shape[0])
    for part in row_blocks((first.size, cells_per_row(X)), _BLOCK_CELLS):
        # of two float32, too, without their rounding
        difference = X[first[part]].astype(np.float64) - X[second[part]]
        out[part] = squared_norms(difference)
    return out


def cells_per_row(X):
    """Cells that a row holds; of a sparse matrix, those stored, on average."""
    return 1 + X.nnz // max(1, X.shape[0]) if sp.issparse(X) else X.shape[1]


def squared_norms(X):
    """Squared Euclidean norms of rows, dense or sparse."""
    if sp.issparse(X):
        return np.asarray(X.multiply(X).sum(axis=1)).ravel()
    return np.einsum("ij,ij->i", X, X)
