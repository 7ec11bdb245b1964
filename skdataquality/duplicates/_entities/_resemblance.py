"""How much pairs of rows resemble each other: the mean of their inner products.

Of rows that are independent the products of different pairs are uncorrelated, though
they share a row, so that the variance of a mean over pairs is known without a draw.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from skdataquality.utils._stats import Interval

METHOD = "pairs of rows, entities as clusters"
FEWEST_GROUPS = 5  # on which the likeness of a column rests, or a rare value does it


@dataclass(frozen=True)
class Resemblance:
    """Of the rows of groups: in all columns and by column, 0 by chance and at most 1.

    An intraclass correlation. ``beside`` is that of rows of groups that follow each
    other, of which a measurement has as much. p values are of chance alone.
    """

    mean: Interval
    beside: float
    p_value: float
    by_column: np.ndarray
    beside_by_column: np.ndarray
    p_by_column: np.ndarray

    @property
    def excess(self):
        """By how much rows of one group are more alike than those of the next."""
        return self.mean.estimate - max(self.beside, 0.0)

    @property
    def excess_by_column(self):
        return self.by_column - np.maximum(self.beside_by_column, 0.0)


def resemblance_in_groups(readings, codes):
    """Compare the rows of each group; codes rise with the values that they stand for.

    Every row weighs the same, however large its group; groups of one say nothing.
    """
    points, owner = readings.points, readings.owner
    n_columns = len(readings.names)
    order = np.argsort(codes, kind="stable")
    size = np.bincount(codes)
    start = np.r_[0, np.cumsum(size)[:-1]]
    sums = np.add.reduceat(points[order], start, axis=0)
    squares = np.add.reduceat(np.square(points)[order], start, axis=0)
    weight = np.where(size > 1, 1 / np.maximum(size - 1, 1), 0.0)
    alike = weight[:, None] * (np.square(sums) - squares) / 2
    by_group = _per_column(alike, owner, n_columns)
    total = weight * size * (size - 1) / 2
    by_column = by_group.sum(axis=0) / total.sum()
    beside = _per_column(_beside(sums, size)[None], owner, n_columns)[0]
    spread = np.sqrt((weight**2 * size * (size - 1) / 2).sum()) / total.sum()
    n_groups = int((size > 1).sum())
    few = np.square(by_group).sum(axis=0) > by_group.sum(axis=0) ** 2 / FEWEST_GROUPS
    mean = float(by_column.mean())
    influence = by_group.mean(axis=1) - mean * total
    error = np.sqrt(np.square(influence).sum() * n_groups / max(n_groups - 1, 1))
    half = stats.t.ppf(0.975, max(n_groups - 1, 1)) * error / total.sum()
    every = np.zeros_like(owner)
    return Resemblance(
        mean=Interval(mean, mean - half, mean + half, METHOD),
        beside=float(beside.mean()),
        p_value=_p_value(mean, points, every, 0, n_columns, spread, n_groups),
        by_column=by_column,
        beside_by_column=beside,
        p_by_column=np.array(
            [
                1.0
                if few[j]
                else _p_value(by_column[j], points, owner, j, 1, spread, n_groups)
                for j in range(n_columns)
            ]
        ),
    )


def _beside(sums, size):
    """Mean product of a row with those of the groups before and after its own."""
    near, n_near = np.zeros_like(sums), np.zeros(size.size)
    near[1:] += sums[:-1]
    near[:-1] += sums[1:]
    n_near[1:] += size[:-1]
    n_near[:-1] += size[1:]
    several = (size > 1)[:, None]
    products = np.where(several, sums * near / np.maximum(n_near, 1)[:, None], 0.0)
    return products.sum(axis=0) / max(size[size > 1].sum(), 1)


def _p_value(mean, points, owner, column, n_columns, spread, n_groups):
    """Tail of a chi-squared variable of the same mean, variance and fewest terms."""
    sd, effective = spread_of_products(points[:, owner == column], n_columns)
    z = mean / (spread * sd)
    df = n_groups * effective
    return float(stats.chi2.sf(max(df + z * np.sqrt(2 * df), 0.0), df))


def spread_of_products(points, n_columns):
    """Return the standard deviation of products, and how many numbers vary freely."""
    covariance = points.T @ points / points.shape[0]
    squared = float(np.square(covariance).sum())
    return np.sqrt(squared) / n_columns, np.trace(covariance) ** 2 / squared


def _per_column(values, owner, n_columns):
    """Add up the numbers of each column, along the last axis."""
    start = np.searchsorted(owner, np.arange(n_columns))
    return np.add.reduceat(values, start, axis=1)
