"""Rare classes: probabilities, decisions, samplers and slices, beside the peers.

Collect: how many rows of a class more make the interval of its recall as narrow as was
foretold.

Lens: how often its intervals hold, what it says of clean tables and of classes of wrong
labels, and what it costs.

Slices: how often a planted slice of 5 % of the rows (error .4 instead of .15) is the
first one found, and in how many tables without any something is found. Constants were
chosen on two families of tables; the other two report. Slices speed: what a large table
costs.
"""

from benchmarks.imbalance import collect, lens, slices

PARTS: dict = {
    "collect": collect.PART,
    "lens_intervals": lens.INTERVALS,
    "lens_verdicts": lens.VERDICTS,
    "lens_speed": lens.SPEED,
    "slices": slices.PART,
    "slices_speed": slices.SPEED,
}
