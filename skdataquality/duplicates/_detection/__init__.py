"""Which rows repeat others, exactly or nearly: pairs, groups, and the detector."""

from skdataquality.duplicates._detection._detect import (
    Detected,
    across_units,
    detect,
)
from skdataquality.duplicates._detection._detector import DuplicateDetector
from skdataquality.duplicates._detection._near import (
    NearPairs,
    near_duplicate_groups,
    near_pairs,
)
from skdataquality.duplicates._detection._pairs import DuplicatePairs
