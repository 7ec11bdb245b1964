"""What the lens of the pool returns, and the sentences of its verdicts."""

from dataclasses import dataclass, field, replace
from typing import ClassVar

import numpy as np

from skdataquality.utils._lens import LensResult, Number

REASONS = {
    "covered": "No part of the pool lacks labels that as many rows drawn at random "
    "would have; {far} of it is farther from any labelled row than 95 % of these are "
    "from the next.",
    "regions": "{what} of {rows} rows of the pool ({share}) {have} {labels}, where "
    "about {expected} of as many labels drawn at random would fall.",
    "categories": "{what}, {rows} rows of the pool ({share}), {have} {labels}, where "
    "about {expected} of as many labels drawn at random would fall.",
    "classes": "By the nearest labelled row, {share} of the pool is of {what}, with "
    "far fewer labels than rows drawn at random would have.",
    "far": "{far} of the pool is farther from any labelled row than 95 % of these are "
    "from the next; of rows drawn at random it would be about 5 %.",
    "no_distances": "rows have no distances: the estimator that was passed may read "
    "cells that others cannot, or there are more than 1000 columns; call pool_lens "
    "with an embedding",
    "few_labels": "{n} labelled {units}, fewer than {fewest}: label some at random",
    "few_pool": "the pool has {n} {units}, fewer than {fewest}: pass more as "
    "X_pool, or mark rows without a label by None in y",
}


@dataclass(frozen=True, kw_only=True, eq=False)
class PoolLensResult(LensResult):
    """What :func:`pool_lens` returns; see ``LensResult`` for the other fields.

    Attributes
    ----------
    is_far : ndarray of shape (n_pool,), bool, or None
        Mask of the rows of the pool that are farther from any labelled row than 95 % of
        labelled rows are from the nearest other one. In the order of ``pool_rows``. Not
        part of ``to_dict``.
    pool_rows : ndarray of shape (n_pool,), int, or None
        Their numbers, from 0, in ``X_pool``, or in X where its rows without a label are
        the pool. Not part of ``to_dict``.
    to_label : tuple of int
        Rows of the pool to label first, by the same numbers: from what is not covered.
    """

    name: ClassVar[str] = "pool"
    title: ClassVar[str] = "Pool"
    reasons: ClassVar[dict[str, str]] = REASONS
    units: ClassVar[dict[str, Number]] = {
        "labeled_rows": Number("rows", "higher"),
        "pool_rows": Number("rows"),
        "far_share": Number("share of the pool", "lower"),
        "regions_without_label": Number("regions", "lower"),
        "share_without_label": Number("share of the pool", "lower"),
        "share_without_label_by_chance": Number("share of the pool"),
        "categories_uncovered": Number("categories and groups", "lower"),
        "classes_uncovered": Number("classes", "lower"),
        "smallest_region_seen": Number("share of rows", "lower"),
    }

    to_label: tuple = ()
    is_far: np.ndarray | None = field(default=None, repr=False)
    pool_rows: np.ndarray | None = field(default=None, repr=False)

    def with_pool_rows(self, numbers):
        """Call rows of the pool by their numbers in the table that they were of."""
        if self.pool_rows is None:
            return self
        evidence = {
            title: [_renumbered(line, numbers) for line in table]
            for title, table in self.evidence.items()
        }
        return replace(
            self,
            evidence=evidence,
            pool_rows=numbers[self.pool_rows],
            to_label=tuple(numbers[row].item() for row in self.to_label),
        )


def _renumbered(line, numbers):
    """Return a line of the evidence with its rows by other numbers."""
    keys = [key for key in ("row", "examples") if key in line]
    return line | {key: numbers[line[key]].tolist() for key in keys}
