"""Two rules without a threshold, on the rows that disagree with the model."""

import numpy as np

from skdataquality.label_noise._confident import calibrated_joint
from skdataquality.label_noise._flags._plateau import most_probable, plateau_of
from skdataquality.label_noise._flags._scores import quality_scores
from skdataquality.label_noise._flags._worst_margins import largest

OWN_ERRORS = 0.02  # share of rows on which a good model errs with right labels
SOME_PLATEAU = 0.15


def excess_disagreement(data):
    """Flag the surest disagreements; see ``find_label_issues`` for the rule."""
    n_flagged = data.codes.size - calibrated_joint(data).trace()
    predicted, confidence = most_probable(data)
    disagrees = predicted != data.codes
    if plateau_of(data.codes, predicted, confidence).ratio >= SOME_PLATEAU:
        excess = np.count_nonzero(disagrees) - OWN_ERRORS * disagrees.size
        n_flagged = max(n_flagged, int(excess))
    # a rare class is hardly ever the most probable: its rows are accused only if
    # another class is also more probable than is usual for it
    unusual = quality_scores(data, "normalized_margin", adjust=True) < 0.5
    rows = np.flatnonzero(disagrees & unusual)
    margin = quality_scores(data, "normalized_margin")[rows]
    mask = np.zeros(disagrees.size, dtype=bool)
    mask[rows[largest(-margin, min(n_flagged, rows.size))]] = True
    return mask


def expected_pair(data):
    """Flag the surest disagreements; see ``find_label_issues`` for the rule."""
    predicted, confidence = most_probable(data)
    rows = np.flatnonzero(predicted != data.codes)
    confidence = confidence[rows]
    expected = confidence / (confidence + data.self_confidence[rows])
    n_flagged = int(expected.sum())
    mask = np.zeros(data.codes.size, dtype=bool)
    margin = quality_scores(data, "normalized_margin")[rows]
    mask[rows[largest(-margin, n_flagged)]] = True
    return mask
