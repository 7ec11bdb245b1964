"""Rows that say something new, before those that repeat another: :func:`new_first`."""

import numpy as np


def new_first(keys, rows, labeled):
    """Split rows into one of each content that has no label yet, and all others.

    Parameters
    ----------
    keys : ndarray of shape (n_samples,), uint64
        What each row holds; see `content_keys`.
    rows : ndarray of shape (n_rows,), int
    labeled : ndarray of shape (n_samples,), bool

    Returns
    -------
    new, repeated : ndarray of int
        Both in the order of their contents, wherever they stand in the table.
    """
    ordered = rows[np.argsort(keys[rows], kind="stable")]
    held = keys[ordered]
    is_new = _starts(held) & ~np.isin(held, keys[labeled])
    return ordered[is_new], ordered[~is_new]


def one_of_each(keys):
    """First row of each content, in the order of contents."""
    order = np.argsort(keys, kind="stable")  # less memory than np.unique
    return order[_starts(keys[order])]


def _starts(held):
    """Whether each entry of a sorted array differs from the one before."""
    return np.r_[True, held[1:] != held[:-1]]
