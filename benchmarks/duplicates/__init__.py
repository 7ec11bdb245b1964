"""Repeated rows and texts beside the peers, and what they do to scores."""

from benchmarks._problem import Part

PARTS: dict[str, Part] = {}
