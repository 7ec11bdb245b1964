"""The default rule: disagreements beyond the errors that a good model makes itself."""

import numpy as np

from skdataquality.label_noise._joint import calibrated_joint
from skdataquality.label_noise._plateau import most_probable, plateau_of
from skdataquality.label_noise._scores import quality_scores
from skdataquality.label_noise._worst_margins import largest

OWN_ERRORS = 0.02  # share of rows on which a good model errs with right labels
SOME_PLATEAU = 0.15


def excess_disagreement(data):
    """Flag the surest disagreements; see ``find_label_issues`` for the rule.

    Parameters
    ----------
    data : LabelledProba

    Returns
    -------
    mask : ndarray of shape (n_samples,), bool
    """
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
