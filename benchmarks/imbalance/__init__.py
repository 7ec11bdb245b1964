"""Rare classes: probabilities, decisions, samplers and slices, beside the peers.

Collect: how many rows of a class more make the interval of its recall as narrow as was
foretold.
"""

from benchmarks.imbalance import collect

PARTS: dict = {"collect": collect.PART}
