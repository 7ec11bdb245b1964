"""Verified pairs, as many as may be held."""

import numpy as np

_AT_ONCE = 2**18  # candidates


class CollectorFullError(Exception):
    """More pairs than asked for are within the radius."""


class PairCollector:
    """Keeps the candidates that are within the radius, in rows of one block.

    Parameters
    ----------
    rows : EuclideanRows
        Measures the distances of candidates.
    is_near : callable
        Takes an array of distances; returns the mask of those within the radius.
    max_pairs : int
        More than these raise ``CollectorFullError``.
    block : ndarray of shape (n_rows,), int, default=None
        Only rows of one block are paired.
    """

    def __init__(self, rows, is_near, max_pairs, block=None):
        self._rows, self._is_near = rows, is_near
        self._max_pairs, self._block = max_pairs, block
        self._found = []
        self._n_pairs = 0

    def add(self, first, second):
        """Verify candidates, which name each pair once."""
        for at in range(0, first.size, _AT_ONCE):
            self._add(first[at : at + _AT_ONCE], second[at : at + _AT_ONCE])

    def _add(self, first, second):
        if self._block is not None:
            same = self._block[first] == self._block[second]
            first, second = first[same], second[same]
        distance = self._rows.distances(first, second)
        near = self._is_near(distance)
        first, second = first[near], second[near]
        self._n_pairs += first.size
        if self._n_pairs > self._max_pairs:
            raise CollectorFullError
        pair = np.minimum(first, second), np.maximum(first, second), distance[near]
        self._found.append(pair)

    def pairs(self):
        """Return first, second and distance in rising order of the rows."""
        empty = np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)
        parts = zip(empty, *self._found, strict=True)
        first, second, distance = (np.concatenate(part) for part in parts)
        order = np.lexsort((second, first))
        return first[order], second[order], distance[order]
