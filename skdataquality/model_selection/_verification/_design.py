"""Which rows decide between candidates, and how much: sizes for the draw."""

import numpy as np

DOUBT = 0.1  # of every posterior; a model that is too sure must not hide a row
LEAST_CHANCE = 0.05  # of the mean size, where candidates agree but totals matter
_ROUNDING = 1e-9


def differences(forms, masses):
    """How much more each row adds to a candidate than to the baseline, by its label.

    Returns
    -------
    differences : dict of str to ndarray of shape (n_rows, n_classes)
    """
    baseline, *names = forms
    zero = forms[baseline].slope(masses)
    return {name: forms[name].slope(masses) - zero for name in names}


def matters(form, difference, weights):
    """Whether the label of each row can change a difference, shape (n_rows,), bool.

    Where a metric is no mean over rows, the labels of all rows that weigh anything
    matter as soon as one does: they make the totals that the others are divided by.
    """
    spread = np.ptp(difference, axis=1)
    differs = spread > _ROUNDING * max(1.0, float(np.abs(difference).max()))
    return differs if form.is_mean else (weights > 0) & differs.any()


def doubted(posterior, doubt=DOUBT):
    """Mix the posterior with equal probabilities."""
    return (1 - doubt) * posterior + doubt / posterior.shape[1]


def variance_of_rows(values, probabilities):
    """Variance of each row's value if its label has these probabilities."""
    mean = (probabilities * values).sum(axis=1, keepdims=True)
    return (probabilities * np.square(values - mean)).sum(axis=1)


def sizes(baseline, differences, posterior, weights):
    """Size of each row for the draw: the spread that its label has, for any candidate.

    Takes the form of the baseline, what the candidates add to it, the probability of
    each label, and what rows weigh, 1 on average. Chances in
    proportion to these make the variance of the verdicts least (Neyman 1934), if the
    posterior, mixed with some doubt, is right.
    """
    found = np.zeros(posterior.shape[0])
    needed = np.zeros(posterior.shape[0], dtype=bool)
    for difference in differences.values():
        spread = np.sqrt(variance_of_rows(difference, doubted(posterior)))
        found = np.fmax(found, spread)
        needed |= matters(baseline, difference, weights)
    if not baseline.is_mean:
        found = np.maximum(found, LEAST_CHANCE * found.mean() * weights)
    return np.where(needed, found, 0.0)
