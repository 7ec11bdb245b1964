"""What probabilities are worth beside chance: ranking, log-loss, calibration."""

import math
from dataclasses import replace

import numpy as np
from scipy import stats
from sklearn.metrics import average_precision_score

from skdataquality.utils._stats import (
    Interval,
    clopper_pearson,
    score_ends,
    stratified_mean,
)

AP_METHOD = "score interval of a share of the rows of the class"


def average_precision(is_class, scores):
    """Area under the precision-recall curve, with its interval.

    That of a proportion of as many trials as the class has rows, which covers better
    than a bootstrap, above all where rows are few (K. Boyd, K. H. Eng and C. D. Page,
    "Area under the precision-recall curve: point estimates and confidence intervals",
    ECML PKDD 2013; here by Wilson's score instead of the normal approximation).
    """
    estimate = float(average_precision_score(is_class, scores))
    lower, upper = score_ends(estimate, int(is_class.sum()))
    return Interval(
        estimate, min(float(lower), estimate), max(float(upper), estimate), AP_METHOD
    )


def scaled(interval, factor):
    """Return an interval times a positive number that is known."""
    return replace(
        interval,
        estimate=interval.estimate * factor,
        lower=interval.lower * factor,
        upper=interval.upper * factor,
    )


def log_loss_skill(truth, proba):
    """``1 - log-loss / H``, H the entropy of the class shares; None for one class.

    1 is perfect, 0 as good as the class shares alone, negative worse than these.
    """
    share = np.bincount(truth) / truth.size
    prior_loss = float(stats.entropy(share))
    if prior_loss == 0:
        return None
    of_truth = proba[np.arange(truth.size), truth].astype(float)
    least = np.finfo(proba.dtype).eps  # as scikit-learn's log_loss has it
    loss = stratified_mean(-np.log(np.clip(of_truth, least, 1)), truth)
    return Interval(
        1 - loss.estimate / prior_loss,
        1 - loss.upper / prior_loss,
        1 - loss.lower / prior_loss,
        loss.method,
    )


def mean_probability_ratio(is_class, scores):
    """Mean probability of a class beside its share: 1 if calibrated in the large.

    The interval is that of the share, by Clopper and Pearson; probabilities are given.
    """
    count, nobs = int(is_class.sum()), int(is_class.size)
    lower, upper = map(float, clopper_pearson(count, nobs))
    expected = float(scores.mean(dtype=float))
    largest = expected / lower if lower > 0 else math.inf
    return Interval(
        expected * nobs / count, expected / upper, largest, "Clopper-Pearson of share"
    )
