"""Gaussian basis functions, their width, and rows drawn for them."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial.distance import pdist
from sklearn.metrics.pairwise import euclidean_distances

from skdataquality.utils._draws import draw_rows

N_FOR_WIDTH = 250  # rows of each side
BLOCK_CELLS = 2**22


@dataclass(frozen=True, eq=False)
class BasisRatio:
    """A density ratio: the sum of Gaussian functions around some rows.

    Attributes
    ----------
    centers : ndarray of shape (n_centers, n_features)
    bandwidth : float
        Standard deviation of the Gaussian functions, in units of X.
    coef : ndarray of shape (n_centers,), non-negative
    """

    centers: np.ndarray
    bandwidth: float
    coef: np.ndarray

    def __call__(self, X):
        """Ratio at some rows: ndarray of shape (n_rows,), non-negative."""
        return in_blocks(
            X,
            self.centers.shape[0],
            lambda rows: (
                gaussian(squared_distances(rows, self.centers), self.bandwidth)
                @ self.coef
            ),
        )


def in_blocks(X, n_columns, of):
    """Apply a function to blocks of rows whose result would be ``n_columns`` wide."""
    step = max(1, BLOCK_CELLS // max(n_columns, 1))
    starts = range(0, X.shape[0], step)
    return np.concatenate([of(X[start : start + step]) for start in starts])


def squared_distances(X, centers):
    """Squared Euclidean distances of shape (n_rows, n_centers)."""
    return euclidean_distances(X, centers, squared=True)


def gaussian(squared, bandwidth):
    """``exp(-squared / (2 bandwidth^2))``."""
    return np.exp(squared / (-2 * bandwidth**2))


def median_distance(X, X_target, sample_weight, rng):
    """Median distance of pairs of at most 500 rows, half of each side; 1 if it is 0.

    Both sides in equal parts, so that the width does not depend on how many rows each
    has, and training rows in proportion to their weight.
    """
    ours = spread_rows(X.shape[0], N_FOR_WIDTH, sample_weight, rng)
    theirs = spread_rows(X_target.shape[0], N_FOR_WIDTH, None, rng)
    median = np.median(pdist(np.vstack([X[ours], X_target[theirs]])))
    return float(median) or 1.0


def draw_centers(X_target, n_centers, rng):
    """At most so many random target rows."""
    return X_target[draw_rows(X_target.shape[0], n_centers, rng)]


def spread_rows(n_rows, n_wanted, sample_weight, rng):
    """Draw at most so many rows, in rising order and spread over the table.

    A row of weight k counts as k rows that follow each other: one row is drawn from
    each of ``n_wanted`` stretches of equal weight, so that the same rows are drawn from
    a table that repeats them.
    """
    weight = np.ones(n_rows) if sample_weight is None else sample_weight
    ends = np.cumsum(weight)
    n_wanted = int(min(n_wanted, max(ends[-1], 1)))
    at = (np.arange(n_wanted) + rng.uniform(size=n_wanted)) * ends[-1] / n_wanted
    rows = np.searchsorted(ends, at, side="right")
    return np.minimum(rows, n_rows - 1)
