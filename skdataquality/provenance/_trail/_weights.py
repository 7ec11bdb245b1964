"""The weight that each training row ended with."""

import numpy as np


def final_weights(steps, n_in, sample_weight=None):
    """Carry weights through the steps; NaN where a row's parents are not known.

    A kept row has the weight of its origin, a made row the mean of its parents, each
    weighted by its share.
    """
    weight = np.ones(n_in) if sample_weight is None else sample_weight
    for step in steps:
        lineage = step.lineage
        known = np.diff(lineage.parents.indptr) > 0
        weight = np.where(known, lineage.parents @ weight, np.nan)
        if step.sample_weight is not None:
            weight = weight * step.sample_weight
    return weight
