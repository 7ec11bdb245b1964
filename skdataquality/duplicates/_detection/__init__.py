"""Which rows repeat others, exactly or nearly: pairs, groups, and the detector."""

from skdataquality.duplicates._detection._near import (
    NearPairs,
    across_units,
    near_duplicate_groups,
    near_pairs,
)
