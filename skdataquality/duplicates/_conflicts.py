"""Duplicates that carry different labels."""

import numpy as np


def conflicting_groups(groups, codes):
    """Return the first rows of the groups that hold more than one label."""
    return np.unique(groups[codes != codes[groups]])
