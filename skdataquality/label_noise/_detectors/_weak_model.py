"""A model that errs too often by itself for its contradictions to mean much."""

import warnings

import numpy as np

from skdataquality.exceptions import WeakModelWarning
from skdataquality.label_noise._flags import is_useful

WEAK_ERROR = 0.1
FEWEST_FLAGS = 10  # fewer are soon looked at, and say little of a model


def warn_of_a_weak_model(codes, own_error, flagged, prunable):
    """Name the error that models would have without noise, if it makes most flags.

    ``own_error`` is what is left of the disagreement once noise is accounted for; the
    share of given labels that they miss would blame the models for wrong labels.
    """
    n_flagged, n_prunable = np.count_nonzero(flagged), np.count_nonzero(prunable)
    is_weak = own_error >= WEAK_ERROR or not is_useful(own_error, codes)
    if not is_weak or n_flagged < FEWEST_FLAGS or 2 * n_prunable >= n_flagged:
        return
    warnings.warn(
        f"the models that judge the labels would err on {own_error:.0%} of held-out "
        f"rows if every label were right: their own doubt explains "
        f"{n_flagged - n_prunable} of {n_flagged} flagged rows, which are candidates "
        f"for review, not for deletion. More informative columns or a better model "
        f"would tell them apart.",
        WeakModelWarning,
        stacklevel=2,
    )
