"""How many hashes in how many bands find the pairs of a similarity."""

import math
from typing import NamedTuple

FOUND = 0.999  # chance of a pair exactly at the threshold to be a candidate
_HASHES = 128
_HASHES_FOR_TWO_ROWS = 256  # a band of one hash makes far more candidates


class Banding(NamedTuple):
    """``n_bands`` bands of ``n_rows`` hashes; texts that agree in one are candidates.

    A pair of Jaccard similarity J is one with probability 1 - (1 - J^rows)^bands.
    """

    n_bands: int
    n_rows: int

    @property
    def n_hashes(self):
        """Hashes of a text in all."""
        return self.n_bands * self.n_rows

    def probability(self, similarity):
        """Chance of a pair of that similarity to be a candidate."""
        return 1 - (1 - similarity**self.n_rows) ** self.n_bands


def banding_for(threshold):
    """Take the longest bands that find 99.9 % of the pairs at the threshold.

    They need 128 hashes at most, or 256 if those were bands of one hash each.
    """
    for n_rows in range(16, 0, -1):
        most = _HASHES_FOR_TWO_ROWS if n_rows == 2 else _HASHES
        missed = math.log1p(-(threshold**n_rows)) if threshold < 1 else -math.inf
        n_bands = max(1, math.ceil(math.log1p(-FOUND) / missed))
        if n_bands * n_rows <= most or n_rows == 1:
            return Banding(n_bands, n_rows)
    raise AssertionError
