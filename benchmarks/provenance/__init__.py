"""Where errors come from, and what was done to each row.

Lineage: the rows that every sampler of imbalanced-learn leaves, traced or said to be
untraced, with seeds that can be drawn again and without. Lineage speed: what tracing
adds to a fit of SMOTE.
"""

from benchmarks._problem import Part
from benchmarks.provenance import (
    attribution,
    crowd,
    lineage,
)

PARTS: dict[str, Part] = {
    "lineage": lineage.PART,
    "lineage_speed": lineage.SPEED,
    "changes": attribution.CHANGES,
    "crowd": crowd.PART,
    "culprits": attribution.CULPRITS,
    "slices_speed": attribution.SPEED,
}
