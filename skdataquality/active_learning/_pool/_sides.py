"""Labelled rows and the pool in one table, as points: :class:`Sides`."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp

from skdataquality.active_learning._embedding import Embedder, content_keys
from skdataquality.active_learning._marks import (
    PartLabels,
    read_part_labels,
    read_part_numbers,
)
from skdataquality.utils._frames import (
    are_documents,
    as_numbers,
    match_columns,
    missing_mask,
    stack_rows,
)
from skdataquality.utils._sklearn import num_samples, take_rows
from skdataquality.utils._validation import as_label_column, is_continuous


@dataclass(frozen=True, eq=False)
class Sides:
    """Rows in an order that depends on what they hold alone.

    Attributes
    ----------
    table : rows of both sides
    points : {ndarray, csr matrix} of shape (n_rows, n_dimensions)
    is_labeled : ndarray of shape (n_rows,), bool
    codes : ndarray of shape (n_rows,), int
        Position of each label in `classes`, -1 in the pool.
    classes : ndarray of shape (n_classes,), or None if labels are numbers
    numbers : ndarray of shape (n_rows,), int
        Row number in the table that the row came from.
    groups : ndarray of shape (n_rows,), int, or None
    group_names : ndarray, or None
        By the numbers in `groups`.
    said : tuple of str
        What should be known about the columns.
    """

    table: Any
    points: Any
    is_labeled: np.ndarray
    codes: np.ndarray
    classes: np.ndarray | None
    numbers: np.ndarray
    groups: np.ndarray | None
    group_names: np.ndarray | None
    said: tuple

    @property
    def labeled(self):
        """Positions of labelled rows."""
        return np.flatnonzero(self.is_labeled)

    @property
    def pool(self):
        """Positions of the rows of the pool."""
        return np.flatnonzero(~self.is_labeled)


def read_known(y, n_rows, unlabeled):
    """Return PartLabels of classes, PartNumbers of numbers with fractions."""
    if y is not None:
        cells = as_label_column(y)
        numbers = as_numbers(cells[~missing_mask(cells)])
        if numbers is not None and is_continuous(numbers):
            return read_part_numbers(y, n_rows, unlabeled=unlabeled)
    return read_part_labels(y, n_rows, unlabeled=unlabeled)


def bring_together(X, known, X_pool, embedding, groups, groups_pool):
    """Return the `Sides` of a table and a pool, or of the rows without a label."""
    numbers = np.arange(num_samples(X))
    is_labeled, codes = known.is_labeled, _codes(known)
    said: tuple = ()
    if X_pool is not None:
        rows = known.rows
        X, X_pool, said = _alike(take_rows(X, rows), X_pool)
        m = num_samples(X_pool)
        X = stack_rows(X, X_pool)
        is_labeled = np.r_[np.ones(rows.size, bool), np.zeros(m, bool)]
        codes = np.r_[codes[rows], np.full(m, -1)]
        numbers = np.r_[rows, np.arange(m)]
        if groups is not None:
            groups = np.r_[_cells(groups)[rows], _cells(groups_pool)]
    order = np.lexsort((codes, content_keys(X)))
    X = take_rows(X, order)
    names, groups = (None, None) if groups is None else _numbered(groups, order)
    return Sides(
        table=X,
        points=_points(X, embedding),
        is_labeled=is_labeled[order],
        codes=codes[order],
        classes=known.classes,
        numbers=numbers[order],
        groups=groups,
        group_names=names,
        said=said,
    )


def _points(X, embedding):
    points = Embedder(embedding).fit_transform(X)
    if embedding is None and not sp.issparse(points):
        return _indicators_as_they_are(points)
    return points


def _indicators_as_they_are(points):
    """Scale columns of two values to 0 and 1: categories differ by as much as numbers.

    Scaled by their deviation, those of rare categories would drown all others.
    """
    low, high = points.min(axis=0), points.max(axis=0)
    are_two = ((points == low) | (points == high)).all(axis=0) & (high > low)
    scale = np.where(are_two, high - low, 1)
    return (points - np.where(are_two, low, 0)) / scale


def _codes(known):
    if isinstance(known, PartLabels):
        return known.codes
    return np.where(known.is_labeled, 0, -1)


def _alike(X, X_pool):
    """Return both tables with the columns of both, and what is said of the others."""
    if are_documents(X) or are_documents(X_pool):
        if are_documents(X) != are_documents(X_pool):
            raise ValueError(
                "X and X_pool are not of one kind, texts or rows of columns: pass raw "
                "rows of the same kind."
            )
        return X, X_pool, ()
    try:
        X, X_pool, notes = match_columns(X, X_pool)
    except ValueError as error:
        raise ValueError(_of_pool(str(error))) from error
    return X, X_pool, tuple(map(_of_pool, notes))


def _of_pool(said):
    return said.replace("X_target", "X_pool").replace("target rows", "rows of a pool")


def _cells(groups):
    return np.asarray(groups, dtype=object)


def _numbered(groups, order):
    texts = np.array([str(cell) for cell in np.asarray(groups, dtype=object)[order]])
    return np.unique(texts, return_inverse=True)
