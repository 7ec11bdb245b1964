"""Rare classes: probabilities, decisions, samplers and slices, beside the peers.

Slices: how often a planted slice of 5 % of the rows (error .4 instead of .15) is the
first one found, and in how many tables without any something is found. Constants were
chosen on two families of tables; the other two report. Slices speed: what a large table
costs.
"""

from benchmarks.imbalance import slices

PARTS: dict = {"slices": slices.PART, "slices_speed": slices.SPEED}
