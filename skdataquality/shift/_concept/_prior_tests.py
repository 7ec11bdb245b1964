"""Tests that P(x | class) differs, along what tells a change of P(y | x)."""

import numpy as np
from scipy.special import expit

from skdataquality.shift._concept._score_tests import chi_squared, fit_mean
from skdataquality.utils._stats import cauchy_combination


def prior_test(H, y, codes, is_target):
    """Return the p value that more than class shares changed.

    Where only these change, P(x | class) is the same, and so are the means of any
    function of x within a class. Two kinds are compared, and the p values combined
    (Cauchy): one sees a change that the other may miss beside one of P(x).
    """
    tests = [
        _test_of_terms(H, y, codes, is_target),
        _test_of_contrasts(H, y, codes, is_target),
    ]
    return cauchy_combination([min(test[2], 1 - 1e-3) for test in tests])


def _test_of_terms(H, y, codes, is_target):
    """Compare the terms of target rows in the score test of ``d * H``.

    Within classes their sum has a known variance, whatever the model of y misses.
    """
    ones = np.ones(y.shape[0])
    Z = np.column_stack([ones, H, is_target])
    slopes, level = fit_mean(Z, y, ones, True)
    expected = expit(Z[:, :-1] @ slopes + level)
    theirs = is_target == 1
    spread = (expected * (1 - expected))[theirs]
    centre = spread @ H[theirs] / max(spread.sum(), 1e-12)
    terms = (y - expected)[:, None] * (H - centre)
    U, V = np.zeros(H.shape[1]), np.zeros((H.shape[1], H.shape[1]))
    for code in np.unique(codes).tolist():
        rows = codes == code
        n, n_target = int(rows.sum()), int((rows & theirs).sum())
        if 0 < n_target < n:
            apart = terms[rows] - terms[rows].mean(axis=0)
            U += apart[theirs[rows]].sum(axis=0)
            V += n_target * (n - n_target) / n / (n - 1) * apart.T @ apart
    return chi_squared(U, V)


def _test_of_contrasts(H, y, codes, is_target):
    """Compare how far means moved in the class with how far they moved in others."""
    moved = []
    for code in np.unique(codes).tolist():
        rows = codes == code
        h, theirs = H[rows], is_target[rows] == 1
        n_target, n = int(theirs.sum()), int((~theirs).sum())
        if min(n, n_target) < 2:
            continue
        means = h[theirs].mean(axis=0), h[~theirs].mean(axis=0)
        within = h - np.where(theirs[:, None], *means)
        variance = within.T @ within / (n + n_target - 2) * (1 / n + 1 / n_target)
        moved.append((y[rows][0] == 1, means[0] - means[1], variance))
    own = [one for one in moved if one[0]]
    others = [one for one in moved if not one[0]]
    if not own or not others:
        return chi_squared(np.zeros(H.shape[1]), np.zeros((H.shape[1], H.shape[1])))
    precision = np.array([1 / max(np.trace(v), 1e-12) for _, _, v in others])
    share = precision / precision.sum()
    U = own[0][1] - np.tensordot(share, [d for _, d, _ in others], 1)
    V = own[0][2] + np.tensordot(share**2, [v for _, _, v in others], 1)
    return chi_squared(U, V)
