"""Moments of both sides as the tests take them: all known, in one unit."""

import numpy as np

from skdataquality.utils._frames import missing_mask, read_both_moments


def moments_of(time, time_target, n_target):
    """Return the moments of training rows, and the order of either side for tests.

    Rows whose moment is missing come last. Target rows without moments stay in their
    order, as rows of the time after.

    Returns
    -------
    time : ndarray of shape (n_samples,) or None
        Numbers or datetime64, NaN or NaT where missing.
    orders : dict
        ``time`` and ``time_target`` of :func:`covariate_tests`, empty without moments.
    """
    time, time_target = read_both_moments(time, time_target, "time")
    if time is None:
        return None, {}
    theirs = np.arange(n_target) if time_target is None else _places(time_target)
    return time, {"time": _places(time), "time_target": theirs}


def _places(moments):
    """Place of each moment among all; ties share one, what is missing comes last."""
    missing = missing_mask(moments)
    places = np.full(moments.shape[0], moments.shape[0])
    places[~missing] = np.unique(moments[~missing], return_inverse=True)[1]
    return places
