"""All pairs of rows of numbers within a distance: an exact join."""

from skdataquality.utils._joins._narrowed import narrowed_pairs
from skdataquality.utils._joins._pairs_within import (
    MAX_PAIRS,
    JoinedPairs,
    TooManyPairsError,
    pairs_within,
)
