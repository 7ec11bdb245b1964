"""Does a column know the wrong labels too? :func:`sides_with_the_label`."""

import numpy as np
from scipy import stats

from skdataquality.leakage._alone import count_cells, held_out_shares

SUREST = 0.75  # of the rows
MOST_CONTRADICTED = 0.15  # of those: beyond it the others are not sure
FEWEST_CONTRADICTED = 7
SLOWEST = 0.5  # of the rate at which contradictions of a calibrated model die out


def sides_with_the_label(alone, others, told):
    """Test whether a column agrees with labels that all others confidently contradict.

    Two things are asked of the surest three quarters of the rows. Do contradictions
    die out as the others become surer? Where classes overlap they do, by the factor e
    for each unit of the log odds; where labels are wrong they do not. And does the
    column side with the label there? Where labels are wrong an honest one sides with
    the others.

    Returns
    -------
    p_value : float or None
        The larger of both; None if the others contradict too few labels, or too many.
    """
    sure, rows = _margins(others, told)
    order = np.argsort(-np.abs(sure), kind="stable")
    top = order[: int(SUREST * order.shape[0])]
    contradicted = sure[top] < 0
    n = int(contradicted.sum())
    if n < FEWEST_CONTRADICTED or n > MOST_CONTRADICTED * top.shape[0]:
        return None
    p_flat = _not_dying_out(np.abs(sure[top]), contradicted)
    at = rows[top[contradicted]]
    agrees = _names(alone, told)[at] == told.codes[at]
    p_sides = stats.binom.sf(agrees.sum() - 1, n, 0.5)
    return float(max(p_flat, p_sides))


def _margins(others, told):
    """How sure the others are, in log odds; negative where they contradict the label.

    Of the given class against the likeliest other one. The scale is set so that it is
    calibrated over all rows.
    """
    score, rows = told.scores(others)
    given = np.searchsorted(told.asked, told.codes[rows])
    place = np.arange(rows.shape[0])
    own = score[place, given]
    rival = score.copy()
    rival[place, given] = -np.inf
    rival = rival.max(axis=1)
    margin = (own - rival) / 2 if told.asked.shape[0] == 2 else own - rival
    return margin * _calibrating_slope(margin), rows


def _calibrating_slope(margin):
    """Most likely factor of log odds, by Newton's method."""
    slope = 1.0
    for _ in range(50):
        p = 1 / (1 + np.exp(np.clip(slope * margin, -500, 500)))  # of being wrong
        gradient = (margin * p).sum()
        curvature = (margin**2 * p * (1 - p)).sum()
        if curvature < 1e-9:
            break
        step = np.clip(gradient / curvature, -0.5, 0.5)
        slope = max(slope + step, 1e-3)
        if abs(step) < 1e-6:
            break
    return slope


def _not_dying_out(sure, contradicted):
    """P value of contradictions among the surest rows, were they to die out.

    The mean of the log odds of the contradicted rows, beside that of as many drawn
    with weights that fall at half the rate of a calibrated model.
    """
    weight = np.exp(-SLOWEST * (sure - sure.min()))
    weight /= weight.sum()
    mean = weight @ sure
    variance = weight @ (sure - mean) ** 2
    n = contradicted.sum()
    z = (sure[contradicted].mean() - mean) / np.sqrt(max(variance, 1e-12) / n)
    return stats.norm.sf(z)


def _names(alone, told):
    """Class that the level of each row names, judged by the other folds."""
    counts = count_cells(alone.view.levels, told.codes, told.fold, told.n_classes)
    shares = held_out_shares(counts)
    return shares.argmax(axis=2)[alone.view.levels, told.fold]
