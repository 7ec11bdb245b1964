"""Duplicates that carry different labels."""

import numpy as np


def conflicting_groups(groups, codes):
    """Return the first rows of the groups that hold more than one label.

    Parameters
    ----------
    groups : ndarray of shape (n_samples,), int
        First row of the group of each row.
    codes : ndarray of shape (n_samples,), int
        Label of each row.

    Returns
    -------
    first_rows : ndarray of shape (n_conflicts,), int
    """
    return np.unique(groups[codes != codes[groups]])
