"""Votes as three columns of codes: :class:`Votes`."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sp


@dataclass(frozen=True, eq=False)
class Votes:
    """One vote a line: who said what of which row; at most one per row and source.

    Attributes
    ----------
    row, source, code : ndarray of shape (n_votes,), int
        Numbers of the row, the source and the class, sorted by row, then source.
    n_rows : int
    sources : ndarray of shape (n_sources,)
        Names of the sources.
    classes : ndarray of shape (n_classes,)
        Labels, sorted.
    """

    row: np.ndarray
    source: np.ndarray
    code: np.ndarray
    n_rows: int
    sources: np.ndarray
    classes: np.ndarray

    @property
    def n_votes(self):
        """Number of votes."""
        return self.row.size

    @property
    def n_sources(self):
        """Number of sources, of those without a vote too."""
        return self.sources.size

    @property
    def n_classes(self):
        """Number of classes."""
        return self.classes.size

    @property
    def covered(self):
        """Mask of the rows with a vote, shape (n_rows,)."""
        return np.bincount(self.row, minlength=self.n_rows) > 0

    def counts(self, weights=None):
        """Sum the votes of every class, shape (n_rows, n_classes)."""
        cell = self.row * np.intp(self.n_classes) + self.code
        size = self.n_rows * self.n_classes
        return np.bincount(cell, weights, minlength=size).reshape(self.n_rows, -1)

    @property
    def one_sided_share(self):
        """Share of the votes by sources that only ever say one class."""
        said = np.bincount(
            self.source * np.intp(self.n_classes) + self.code,
            minlength=self.n_sources * self.n_classes,
        ).reshape(self.n_sources, -1)
        one_sided = np.count_nonzero(said, axis=1) == 1
        return float(said[one_sided].sum() / max(1, self.n_votes))

    @cached_property
    def one_hot(self):
        """CSR matrix, shape (n_rows, n_sources * n_classes), columns source-major."""
        starts = np.zeros(self.n_rows + 1, dtype=np.intp)
        np.cumsum(np.bincount(self.row, minlength=self.n_rows), out=starts[1:])
        columns = self.source * np.intp(self.n_classes) + self.code
        shape = self.n_rows, self.n_sources * self.n_classes
        return sp.csr_array((np.ones(self.n_votes), columns, starts), shape=shape)
