"""Rare classes: probabilities, decisions, samplers and slices, beside the peers.

Lens: how often its intervals hold, what it says of clean tables and of classes of wrong
labels, and what it costs.
"""

from benchmarks.imbalance import lens

PARTS: dict = {
    "lens_intervals": lens.INTERVALS,
    "lens_verdicts": lens.VERDICTS,
    "lens_speed": lens.SPEED,
}
