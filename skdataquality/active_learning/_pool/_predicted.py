"""Are labelled rows far from the others predicted worse? A prediction, and measured."""

import numpy as np
from scipy.stats import fisher_exact

from skdataquality.utils._lens import Prediction

SENTENCE = "Labelled rows that are far from other labelled ones are predicted worse."
LEVEL = 0.05


def predicted_worse(sides, checked, judged):
    """Return the prediction, where far rows are the finding and labels are classes."""
    if judged.reason_code != "far" or sides.classes is None or sides.classes.size < 2:
        return ()
    theirs = checked.is_labeled
    away = checked.away[theirs]
    is_right = checked.code[theirs] == sides.codes[checked.rows[theirs]]
    is_far = away > np.median(away)
    counts = np.array(
        [[(is_right[s] == v).sum() for v in (True, False)] for s in (is_far, ~is_far)]
    )
    outcome = "cannot tell"
    if fisher_exact(counts, alternative="less").pvalue < LEVEL:
        outcome = "confirmed"
    elif fisher_exact(counts, alternative="greater").pvalue < LEVEL:
        outcome = "refuted"
    (far_right, far_wrong), (near_right, near_wrong) = counts.tolist()
    measured = (
        f"by the nearest labelled row {far_right} of {far_right + far_wrong} far and "
        f"{near_right} of {near_right + near_wrong} near ones have the right class"
    )
    return (Prediction(sentence=SENTENCE, outcome=outcome, measured=measured),)
