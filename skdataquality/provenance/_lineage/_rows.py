"""What is known of the rows that reach a step of a fitted pipeline."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import scipy.sparse as sp
from sklearn.base import clone

from skdataquality.utils._frames import is_frame
from skdataquality.utils._sklearn import num_samples, take_rows


def _nothing():
    return None


@dataclass(frozen=True)
class Rows:
    """Number of rows, and how to come by X and y: None where they are not known."""

    n: int | None = None
    table: Callable[[], tuple[Any, Any] | None] = _nothing

    @classmethod
    def given(cls, X, y):
        """Rows that the caller has, or has not."""
        if X is None:
            return cls()
        return cls(num_samples(X), lambda: (X, y))

    def checked(self, n, name):
        """Rows of which a step remembers the number."""
        if self.n is not None and self.n != n:
            raise ValueError(
                f"{name} was fitted on {n} rows, and {self.n} reach it: pass the X "
                f"and y that it was fitted on."
            )
        return Rows(n, self.table)

    def encoded(self, classes):
        """Rows with codes for labels, as ensembles of classifiers hand them on."""
        if classes is None:
            return self

        def table():
            known = self.table()
            return known and (known[0], np.searchsorted(classes, known[1]))

        return Rows(self.n, cache(table))

    def transformed(self, transformer):
        """Rows as a fitted transformer hands them on."""
        return Rows(self.n, cache(lambda: _transformed(transformer, self.table())))

    def edited(self, lineage):
        """Rows that an edit leaves, known if it did nothing but to select some."""
        selects = (lineage.origin >= 0).all() and not lineage.relabelled.any()
        if not selects:
            return Rows(lineage.n_out)

        def table():
            known = self.table()
            return known and tuple(take_rows(part, lineage.origin) for part in known)

        return Rows(lineage.n_out, cache(table))


def _transformed(transformer, known):
    """Return what ``fit`` made of X, or None if another fit makes something else.

    ``fit_transform`` may do otherwise than ``transform``, and a sampler behind it saw
    what the first returned.
    """
    if known is None:
        return None
    X, y = known
    again = clone(transformer)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            if hasattr(again, "fit_transform"):
                first = again.fit_transform(X, y)
            else:
                first = again.fit(X, y).transform(X)
            is_same = _are_close(first, transformer.transform(X))
        except (TypeError, ValueError):  # it was given more than X and y
            return None
    return (first, y) if is_same and num_samples(first) == num_samples(X) else None


def _are_close(first, second):
    if sp.issparse(first):
        difference = abs(first - second)
        return first.shape == second.shape and difference.max() <= 1e-9
    first, second = (
        np.asarray(rows.to_numpy() if is_frame(rows) else rows)
        for rows in (first, second)
    )
    if first.dtype.kind in "fiub" and second.dtype.kind in "fiub":
        return first.shape == second.shape and np.allclose(
            first, second, rtol=1e-9, atol=1e-9, equal_nan=True
        )
    return np.array_equal(first.astype(str), second.astype(str))
