"""Rows and errors of sources, and of pairs of them, by one-hot products."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray


@dataclass(frozen=True)
class Slices:
    """Sources (``first == second``) and pairs of sources of two columns.

    Sources are numbered over all columns; ``column`` gives that of each source.
    """

    first: NDArray[np.intp]
    second: NDArray[np.intp]
    column: NDArray[np.intp]

    @property
    def size(self):
        return self.first.size

    @property
    def is_pair(self):
        return self.first != self.second


@dataclass(frozen=True)
class Counts:
    """Rows and errors in a part of the table: of slices, of their two sources, of all.

    Arrays of slices hold for each (rows, errors).
    """

    both: tuple
    first: tuple
    second: tuple
    total: tuple


class OneHot:
    """All columns of sources as one sparse matrix of ones."""

    def __init__(self, columns, errors):
        codes = [column.codes for column in columns]
        starts = np.cumsum([0, *(column.n_sources for column in columns)])
        n, width = errors.size, len(codes)
        numbers = np.stack([c + s for c, s in zip(codes, starts[:-1], strict=True)], 1)
        self.matrix = sp.csr_array(
            (np.ones(n * width), numbers.ravel(), np.arange(n + 1) * width),
            shape=(n, int(starts[-1])),
        )
        self.errors = errors.astype(float)
        self.column = np.repeat(np.arange(width), np.diff(starts))
        self.starts = starts

    def product(self, rows=None):
        """Rows (real part) and errors (imaginary part) that two sources share."""
        ones = self.matrix if rows is None else self.matrix[rows]
        weight = 1 + 1j * (self.errors if rows is None else self.errors[rows])
        weighted = ones.astype(complex)
        weighted.data *= np.repeat(weight, np.diff(ones.indptr))
        return (ones.T.tocsr() @ weighted).tocsr()

    def slices(self, product, min_support, max_order):
        """List sources, and pairs of enough rows that are no source by themselves.

        A pair that holds all rows of one of its sources is that source.
        """
        shared = sp.triu(product, k=0).tocoo()
        own = product.diagonal().real
        first, second = shared.coords
        rows = shared.data.real
        is_single = first == second
        is_pair = ~is_single & (rows < np.minimum(own[first], own[second]))
        enough = rows >= min_support
        kept = enough & (is_single | is_pair if max_order > 1 else is_single)
        order = np.lexsort((second[kept], first[kept], ~is_single[kept]))
        return Slices(first[kept][order], second[kept][order], self.column)

    def counts(self, product, slices, rows=None):
        """Look the slices up in a product of these rows (all by default)."""
        own = product.diagonal()
        both = np.asarray(product[slices.first, slices.second]).ravel()
        errors = self.errors if rows is None else self.errors[rows]
        return Counts(
            both=_parts(both),
            first=_parts(own[slices.first]),
            second=_parts(own[slices.second]),
            total=(float(errors.size), float(errors.sum())),
        )

    def mask(self, slices, which):
        """Rows of one slice."""
        mask = np.ones(self.errors.size, dtype=bool)
        for source in {int(slices.first[which]), int(slices.second[which])}:
            column = self.column[source]
            mask &= (
                self.matrix.indices.reshape(-1, self.starts.size - 1)[:, column]
                == source
            )
        return mask


def less(counts, part):
    """Subtract the counts of a part."""

    def apart(a, b):
        return tuple(x - y for x, y in zip(a, b, strict=True))

    return Counts(
        *(
            apart(getattr(counts, name), getattr(part, name))
            for name in ("both", "first", "second", "total")
        )
    )


def _parts(values):
    return values.real.copy(), values.imag.copy()
