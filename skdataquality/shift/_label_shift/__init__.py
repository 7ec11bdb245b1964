"""Class shares that change, P(x | y) the same: estimate them, and correct."""

from skdataquality.shift._label_shift._classifier import LabelShiftClassifier
from skdataquality.shift._label_shift._display import PriorShiftDisplay
from skdataquality.shift._label_shift._estimator import LabelShiftEstimator
from skdataquality.shift._label_shift._moments import bbse, rlls
from skdataquality.shift._label_shift._prior import PriorShift, estimate_prior
from skdataquality.shift._label_shift._weighter import LabelShiftWeighter

__all__ = [
    "LabelShiftClassifier",
    "LabelShiftEstimator",
    "LabelShiftWeighter",
    "PriorShift",
    "PriorShiftDisplay",
    "bbse",
    "estimate_prior",
    "rlls",
]
