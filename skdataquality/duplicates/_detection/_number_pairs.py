"""Pairs of rows whose numbers are near, by a limit that is given or found."""

from dataclasses import dataclass, replace

import numpy as np

from skdataquality.duplicates._joins import (
    MAX_PAIRS,
    narrowed_pairs,
    pairs_within,
)
from skdataquality.duplicates._numbers import (
    ChanceNeighbours,
    Sight,
    cleanlab_rule,
    unlikely_pairs,
)

FEWEST_ROWS = 20  # distinct; fewer say too little about distances by chance


@dataclass(frozen=True)
class NumberPairs:
    """Pairs of places in the table of first rows, and how far apart they are.

    No pair further apart than ``radius`` was looked for; it is None if none was at
    all. ``complete`` is False if the search had to be narrowed.
    """

    first: np.ndarray
    second: np.ndarray
    distance: np.ndarray
    radius: float | None
    complete: bool = True
    sight: Sight | None = None

    def take(self, mask):
        return replace(
            self,
            first=self.first[mask],
            second=self.second[mask],
            distance=self.distance[mask],
        )


def too_many_said(largest, n_rows, name, given, metric):
    """Say that a limit makes too many pairs, and name one that would do."""
    default = "None for one that fits X" if name == "radius" else "'chance'"
    cure, unit = f"{name}={largest:.1e} or smaller", " standard deviations"
    if metric == "cosine":
        lowest = np.ceil(1e6 * (1 - half_square(largest))) / 1e6
        cure, unit = f"{name}={lowest:g} or larger", ""
    return (
        f"{name}={given:g}{unit} makes more than {MAX_PAIRS} pairs of the {n_rows} "
        f"distinct rows of X: pass {cure}, or {default}."
    )


def number_pairs(table, threshold):
    """Find the pairs of near rows of a table; threshold: a radius or a rule by name."""
    if table.cells.shape[1] == 0:
        return _none(None)
    if threshold == "chance":
        return _by_chance(table)
    if threshold == "cleanlab":
        return _by_cleanlab(table)
    near = pairs_within(table.cells, threshold, block=table.block)
    return NumberPairs(near.first, near.second, near.distance, float(threshold))


def pairs_within_or_nearer(table, radius):
    """Find all pairs within a radius, narrowed if these take too long."""
    near, narrowed = narrowed_pairs(table.cells, radius, block=table.block)
    is_complete = narrowed >= radius
    return NumberPairs(near.first, near.second, near.distance, narrowed, is_complete)


def joined_pairs(one, other):
    """Join two searches that found different pairs; the radius is the wider one."""
    columns = zip(
        (one.first, one.second, one.distance),
        (other.first, other.second, other.distance),
        strict=True,
    )
    first, second, distance = map(np.concatenate, columns)
    order = np.lexsort((second, first))
    radius = max(one.radius or 0.0, other.radius or 0.0)
    complete = one.complete and other.complete
    return NumberPairs(first[order], second[order], distance[order], radius, complete)


def _by_chance(table):
    if table.rows.size < FEWEST_ROWS:
        return _none(None)
    chance = ChanceNeighbours(table.cells)
    first, second, distance, radius = unlikely_pairs(table, chance)
    is_complete = radius >= chance.widest_radius()
    return NumberPairs(first, second, distance, radius, is_complete, chance.sight())


def _by_cleanlab(table):
    if table.rows.size < 2:
        return _none(None)
    first, second, distance, radius = cleanlab_rule(table)
    return NumberPairs(first, second, distance, radius)


def _none(radius):
    none = np.empty(0, dtype=np.int64)
    return NumberPairs(none, none, np.empty(0), radius)


def on_the_sphere(table, raw):
    """Return the table with rows of length 1, whose distance says their cosine.

    A row of zeros has no direction: it is like another such row, and like no other.
    """
    largest = np.abs(raw).max(axis=1, initial=0)
    points = raw / np.where(largest > 0, largest, 1)[:, None]
    length = np.sqrt(np.einsum("ij,ij->i", points, points))
    points /= np.where(length > 0, length, 1)[:, None]
    is_zero = length == 0.0
    return replace(
        table,
        cells=np.column_stack([points, is_zero]),
        missing=np.column_stack([table.missing, np.zeros_like(is_zero)]),
    )


def radius_of_cosine(similarity):
    """Distance of rows of length 1 that have this cosine similarity."""
    return float(np.sqrt(max(0.0, 2 - 2 * similarity)))


def half_square(distance):
    """One minus the cosine of rows of length 1 at this distance."""
    return np.square(distance) / 2
