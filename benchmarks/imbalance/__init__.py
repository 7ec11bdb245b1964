"""Rare classes: probabilities, decisions, samplers and slices, beside the peers.

SMOTE: seconds, interleaved, and the peak of what one call allocates, its output in it.
"""

from benchmarks.imbalance import smote

PARTS: dict = {"smote": smote.PART}
