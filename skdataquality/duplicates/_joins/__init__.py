"""All pairs of rows of numbers within a distance: an exact join."""

from skdataquality.duplicates._joins._narrowed import narrowed_pairs
from skdataquality.duplicates._joins._pairs_within import (
    MAX_PAIRS,
    JoinedPairs,
    TooManyPairsError,
    pairs_within,
)
