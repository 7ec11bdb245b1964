"""A rule without a threshold: of each pair of classes the model expects one."""

import numpy as np

from ._plateau import most_probable
from ._scores import quality_scores
from ._worst_margins import largest


def expected_pair(data):
    """Flag the surest disagreements; see ``find_label_issues`` for the rule.

    Parameters
    ----------
    data : LabelledProba

    Returns
    -------
    mask : ndarray of shape (n_samples,), bool
    """
    predicted, confidence = most_probable(data)
    rows = np.flatnonzero(predicted != data.codes)
    confidence = confidence[rows]
    expected = confidence / (confidence + data.self_confidence[rows])
    n_flagged = int(expected.sum())
    mask = np.zeros(data.codes.size, dtype=bool)
    margin = quality_scores(data, "normalized_margin")[rows]
    mask[rows[largest(-margin, n_flagged)]] = True
    return mask
