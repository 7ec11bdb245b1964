"""Directions in which rows vary most."""

import numpy as np

from skdataquality.utils._frames import row_blocks

_USUAL = 8.0  # standard deviations; what lies out there is drawn in
_WIDE = 256  # columns; rows for the directions of wider tables
_BLOCK_CELLS = 2**19


def leading_directions(X):
    """Orthonormal directions in columns, those of most variance first.

    Any would do for a projection that never lengthens a distance; in wide tables those
    of some rows are good enough, since the scatter matrix is as wide as it is high.
    """
    if X.shape[1] <= _WIDE:
        return np.linalg.eigh(_usual_scatter(X))[1][:, ::-1]
    some = np.clip(X[:: max(1, X.shape[0] // _WIDE)], -_USUAL, _USUAL)
    return np.linalg.svd(some - some.mean(axis=0), full_matrices=False)[2].T


def _usual_scatter(X):
    """Sum the centred outer products of rows, without what lies far out."""
    total, scatter = np.zeros(X.shape[1]), np.zeros((X.shape[1], X.shape[1]))
    for part in row_blocks(X.shape, _BLOCK_CELLS):
        drawn_in = np.clip(X[part], -_USUAL, _USUAL)
        total += drawn_in.sum(axis=0)
        scatter += drawn_in.T @ drawn_in
    return scatter - np.outer(total, total) / X.shape[0]
