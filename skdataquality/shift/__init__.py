"""Training data unlike the data met in use: measure it, and weight towards it."""

from skdataquality.shift._lens import ShiftLensResult, shift_lens
from skdataquality.shift._ratios import (
    DiscriminatorWeighter,
    KLIEPWeighter,
    KMMWeighter,
    RuLSIFWeighter,
    ULSIFWeighter,
    WeightDisplay,
)
from skdataquality.shift._targets import TargetData
from skdataquality.shift._weighted import (
    ShiftWeightedClassifier,
    ShiftWeightedRegressor,
)

__all__ = [
    "DiscriminatorWeighter",
    "KLIEPWeighter",
    "KMMWeighter",
    "RuLSIFWeighter",
    "ShiftLensResult",
    "ShiftWeightedClassifier",
    "ShiftWeightedRegressor",
    "TargetData",
    "ULSIFWeighter",
    "WeightDisplay",
    "shift_lens",
]
