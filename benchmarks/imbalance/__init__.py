"""Rare classes: probabilities, decisions, samplers and slices, beside the peers.

Collect: how many rows of a class more make the interval of its recall as narrow as was
foretold.

Lens: how often its intervals hold, what it says of clean tables and of classes of wrong
labels, and what it costs.
"""

from benchmarks.imbalance import collect, lens

PARTS: dict = {
    "collect": collect.PART,
    "lens_intervals": lens.INTERVALS,
    "lens_verdicts": lens.VERDICTS,
    "lens_speed": lens.SPEED,
}
