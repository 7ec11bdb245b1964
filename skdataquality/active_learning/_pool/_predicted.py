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
    sides_of_it = is_far, ~is_far
    right = [np.count_nonzero(is_right[side]) for side in sides_of_it]
    sizes = [np.count_nonzero(side) for side in sides_of_it]
    counts = np.column_stack([right, np.subtract(sizes, right)])
    outcome = "cannot tell"
    if fisher_exact(counts, alternative="less").pvalue < LEVEL:
        outcome = "confirmed"
    elif fisher_exact(counts, alternative="greater").pvalue < LEVEL:
        outcome = "refuted"
    measured = (
        f"by the nearest labelled row {right[0]} of {sizes[0]} far and {right[1]} of "
        f"{sizes[1]} near ones have the right class"
    )
    return (Prediction(sentence=SENTENCE, outcome=outcome, measured=measured),)
