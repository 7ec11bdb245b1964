"""What to label next: strategies, curation and review, beside the peers."""

from benchmarks._problem import Part

PARTS: dict[str, Part] = {}
