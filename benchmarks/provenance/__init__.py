"""Where errors come from, and what was done to each row."""

from benchmarks._problem import Part
from benchmarks.provenance import attribution, crowd

PARTS: dict[str, Part] = {
    "changes": attribution.CHANGES,
    "crowd": crowd.PART,
    "culprits": attribution.CULPRITS,
    "slices_speed": attribution.SPEED,
}
