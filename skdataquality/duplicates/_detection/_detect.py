"""The search for equal and nearly equal rows: :func:`detect`."""

from dataclasses import dataclass, replace
from numbers import Real

import numpy as np

from skdataquality.duplicates._detection._alike_texts import AlikeTexts
from skdataquality.duplicates._detection._linkage import components, stars
from skdataquality.duplicates._detection._mixed_pairs import mixed_pairs
from skdataquality.duplicates._detection._number_pairs import (
    half_square,
    number_pairs,
    on_the_sphere,
    radius_of_cosine,
    too_many_said,
)
from skdataquality.duplicates._detection._pairs import NO_PAIRS, DuplicatePairs
from skdataquality.duplicates._detection._parts import (
    raw_numbers,
    take_apart,
)
from skdataquality.duplicates._joins import TooManyPairsError
from skdataquality.duplicates._numbers import Sight
from skdataquality.utils._duplicate_rows import duplicate_groups
from skdataquality.utils._folds import join_groups
from skdataquality.utils._frames import as_rows, column_names

ALL_BUT_EQUAL = 0.9  # similarity beyond which hardly any edited text is
SAME_DIRECTION = 1e-7  # between rows of length 1: their cosine rounds to 1


@dataclass(frozen=True)
class Detected:
    """Groups of equal and nearly equal rows, and the pairs that connect them.

    ``relative`` is the distance of each pair as a share of the largest allowed: of its
    texts or its numbers, whichever is larger. The thresholds are None where nothing was
    looked for. ``complete`` is False if the search had to be narrowed.
    """

    groups: np.ndarray
    equal_groups: np.ndarray
    pairs: DuplicatePairs
    relative: np.ndarray
    threshold: float | None
    text_threshold: float | None
    method: str
    column_kinds: dict
    complete: bool = True
    sight: Sight | None = None

    @property
    def looked(self):
        """Whether nearly equal rows were looked for."""
        return self.threshold is not None or self.text_threshold is not None

    @property
    def is_blind_to_texts(self):
        """Whether chance makes texts so alike that it hides all but equal copies."""
        return self.text_threshold is not None and self.text_threshold > ALL_BUT_EQUAL


def detect(
    X,
    *,
    exact=None,
    method="auto",
    threshold="chance",
    text_threshold=None,
    shingle_size=5,
    metric="euclidean",
    linkage="components",
    limit_name="threshold",
):
    """Find the groups of rows of a table; see ``DuplicateDetector`` for arguments.

    ``exact`` is the result of ``duplicate_groups``, if it is known already;
    ``limit_name`` what an error calls the threshold.
    """
    exact = duplicate_groups(X) if exact is None else np.asarray(exact)
    if method == "exact":
        return _of_equal_rows(X, exact)
    parts = take_apart(X, exact, method)
    found = _Search(X, parts, threshold, text_threshold, shingle_size, metric)
    method = found.method if method == "auto" else method
    if method == "exact":
        return _of_equal_rows(X, exact)
    try:
        pairs, relative = found.run(method)
    except TooManyPairsError as many:
        n_rows = parts.rows.size
        said = too_many_said(many.largest, n_rows, limit_name, threshold, metric)
        raise ValueError(said) from None
    pairs = replace(
        pairs, first=parts.rows[pairs.first], second=parts.rows[pairs.second]
    )
    if linkage == "star":
        groups = stars(exact, pairs, relative, found.content)
    else:
        groups = components(exact, pairs.first, pairs.second)
    return Detected(
        groups=groups,
        equal_groups=exact,
        pairs=pairs,
        relative=relative,
        threshold=found.threshold,
        text_threshold=found.text_threshold,
        method=method,
        column_kinds=parts.kinds,
        complete=found.complete,
        sight=found.sight,
    )


def across_units(found, units):
    """Leave out pairs of rows of one unit, which are alike for that reason."""
    units = join_groups(units, name="units")
    across = units[found.pairs.first] != units[found.pairs.second]
    pairs = found.pairs.take(across)
    groups = components(found.equal_groups, pairs.first, pairs.second)
    return replace(found, pairs=pairs, relative=found.relative[across], groups=groups)


def _of_equal_rows(X, exact):
    kinds = dict.fromkeys(column_names(as_rows(X)), "category")
    none = None, None, "exact", kinds
    return Detected(exact, exact, NO_PAIRS, np.empty(0), *none)


class _Search:
    """One search: what is compared, and what was found to be near."""

    def __init__(self, X, parts, threshold, text_threshold, shingle_size, metric):
        self._X, self._parts = X, parts
        self._limit, self._text_limit = threshold, text_threshold
        self._shingle_size = shingle_size
        # cleanlab's rule has a distance of its own
        self._by_angle = metric == "cosine" and threshold != "cleanlab"
        self.threshold: float | None = None
        self.text_threshold: float | None = None
        self.complete = True
        self.sight: Sight | None = None

    @property
    def method(self):
        """What "auto" is for this table."""
        if self._parts.texts is None:
            return "numbers" if self._parts.has_numbers else "exact"
        return "mixed" if self._parts.has_numbers else "text"

    def run(self, method):
        """Return pairs of places among the first rows, and their relative distance."""
        if self._parts.texts is None:
            return self._of_numbers(number_pairs(self._table(), self._radius()))
        limit = self._text_limit
        if limit is None and method == "text" and isinstance(self._limit, Real):
            limit = self._limit
        alike = AlikeTexts(self._parts.texts, limit, self._shingle_size)
        self.complete, self.text_threshold = alike.complete, alike.threshold
        if not self._parts.has_numbers:
            self.threshold = alike.threshold
            pairs = alike.pairs_of_rows(self._parts.block)
            return _with_texts(DuplicatePairs(*pairs[:2]), 0.0, pairs[2], alike)
        near, similarity = mixed_pairs(self._table(), alike, self._radius())
        pairs, relative = self._of_numbers(near)
        return _with_texts(pairs, relative, similarity, alike)

    def content(self, rows):
        """Yield columns that tell rows of one group apart."""
        at = np.searchsorted(self._parts.rows, rows)
        yield from self._parts.numbers.cells[at].T
        if self._parts.texts is not None:
            yield self._parts.texts[at]

    def _table(self):
        table = self._parts.numbers
        if not (self._by_angle and self._parts.has_numbers):
            return table
        return on_the_sphere(table, raw_numbers(self._X, self._parts))

    def _radius(self):
        if self._by_angle and isinstance(self._limit, Real):
            return max(radius_of_cosine(self._limit), SAME_DIRECTION)
        return self._limit

    def _of_numbers(self, near):
        self.complete &= near.complete
        self.sight = near.sight
        radius, share = near.radius, near.distance
        if near.radius is not None:
            share = near.distance / (near.radius or 1.0)
        if not self._by_angle:
            self.threshold = radius
            return DuplicatePairs(near.first, near.second, near.distance), share
        if isinstance(self._limit, Real):
            self.threshold = float(self._limit)  # as it was given, without rounding
        elif radius is not None:
            self.threshold = float(1 - half_square(radius))
        distance = half_square(near.distance)
        pairs = DuplicatePairs(near.first, near.second, distance, 1 - distance)
        return pairs, share**2


def _with_texts(pairs, relative, similarity, alike):
    share = (1 - similarity) / ((1 - alike.threshold) or 1.0)
    return replace(pairs, similarity=similarity), np.maximum(relative, share)
