"""Training data unlike the data met in use: measure it, and weight towards it."""

from skdataquality.shift._detection import (
    DomainROCDisplay,
    DriftDisplay,
    ShiftDetector,
)
from skdataquality.shift._importance_resampler import ImportanceResampler
from skdataquality.shift._label_shift import (
    LabelShiftClassifier,
    LabelShiftEstimator,
    LabelShiftWeighter,
    PriorShiftDisplay,
)
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
    "DomainROCDisplay",
    "DriftDisplay",
    "ImportanceResampler",
    "KLIEPWeighter",
    "KMMWeighter",
    "LabelShiftClassifier",
    "LabelShiftEstimator",
    "LabelShiftWeighter",
    "PriorShiftDisplay",
    "RuLSIFWeighter",
    "ShiftDetector",
    "ShiftLensResult",
    "ShiftWeightedClassifier",
    "ShiftWeightedRegressor",
    "TargetData",
    "ULSIFWeighter",
    "WeightDisplay",
    "shift_lens",
]
