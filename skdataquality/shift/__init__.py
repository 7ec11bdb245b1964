"""Training data unlike the data met in use: measure it, and weight towards it."""

from skdataquality.shift._lens import ShiftLensResult, shift_lens
from skdataquality.shift._performance import (
    TargetPerformance,
    estimate_target_performance,
)
from skdataquality.shift._ratios import DiscriminatorWeighter
from skdataquality.shift._targets import TargetData
from skdataquality.shift._weighted import (
    ShiftWeightedClassifier,
    ShiftWeightedRegressor,
)

__all__ = [
    "DiscriminatorWeighter",
    "ShiftLensResult",
    "ShiftWeightedClassifier",
    "ShiftWeightedRegressor",
    "TargetData",
    "TargetPerformance",
    "estimate_target_performance",
    "shift_lens",
]
