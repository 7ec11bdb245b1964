"""Rare classes: probabilities, decisions, samplers and slices, beside the peers.

Cleaning: Tomek links and edited nearest neighbours, which keep the same rows as those
of imbalanced-learn, and what they cost as classes balance.
"""

from benchmarks.imbalance import cleaning

PARTS: dict = {"cleaning": cleaning.PART}
