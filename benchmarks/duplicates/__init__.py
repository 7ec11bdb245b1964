"""Repeated rows and texts beside the peers, and what they do to scores."""

from benchmarks._problem import Part
from benchmarks.duplicates import joins

PARTS: dict[str, Part] = {**joins.PARTS}
