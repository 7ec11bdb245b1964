"""What to label next: strategies, curation and review, beside the peers."""

from benchmarks._problem import Part
from benchmarks.active_learning import speed

PARTS: dict[str, Part] = {
    "speed": speed.PART,
    "speed_large": speed.LARGE,
}
