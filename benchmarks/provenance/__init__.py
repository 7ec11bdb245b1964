"""Where errors come from, and what was done to each row."""

from benchmarks._problem import Part

PARTS: dict[str, Part] = {}
