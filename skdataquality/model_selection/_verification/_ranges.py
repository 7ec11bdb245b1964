"""Between which numbers a metric lies, where that is known."""

import math
from dataclasses import replace

import numpy as np
from sklearn.metrics import (
    accuracy_score,
    balanced_accuracy_score,
    brier_score_loss,
    cohen_kappa_score,
    f1_score,
    fbeta_score,
    hamming_loss,
    jaccard_score,
    log_loss,
    matthews_corrcoef,
    precision_score,
    recall_score,
    roc_auc_score,
    zero_one_loss,
)

from skdataquality.utils._stats import Interval

_SHARES = (
    *(accuracy_score, balanced_accuracy_score, precision_score, recall_score),
    *(f1_score, fbeta_score, jaccard_score, roc_auc_score),
    *(hamming_loss, zero_one_loss),
)
_BEYOND_CHANCE = (matthews_corrcoef, cohen_kappa_score)
_LOSSES = (log_loss, brier_score_loss)


def range_of(function):
    """Return the least and the greatest score; infinite where it is not known.

    ``function`` is a metric of scikit-learn, 1 or -1 by which it is multiplied to make
    greater better, and its keywords.
    """
    func, sign, kwargs = function
    ends = -math.inf, math.inf
    if func in _BEYOND_CHANCE or kwargs.get("adjusted"):
        ends = -1.0, 1.0
    elif func in _SHARES:
        ends = 0.0, 1.0
    elif func in _LOSSES:
        ends = 0.0, math.inf
    least, greatest = sorted(sign * end for end in ends)
    return least, greatest


def within(score, function):
    """Bring a score, and its interval if it has one, into the range of its metric.

    Few verdicts estimate it without bias, so at times beyond the range. The interval
    covers as often as before.
    """
    least, greatest = range_of(function)
    if not isinstance(score, Interval):
        return float(np.clip(score, least, greatest))
    numbers = np.clip([score.estimate, score.lower, score.upper], least, greatest)
    estimate, lower, upper = numbers.tolist()
    return replace(score, estimate=estimate, lower=lower, upper=upper)
