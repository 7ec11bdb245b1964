"""Training data unlike the data met in use: measure it, and weight towards it."""

from skdataquality.shift._concept import ConceptShiftResult, concept_shift_test
from skdataquality.shift._detection import (
    DomainROCDisplay,
    DriftDisplay,
    ShiftDetector,
)
from skdataquality.shift._label_shift import (
    LabelShiftClassifier,
    LabelShiftEstimator,
    LabelShiftWeighter,
    PriorShiftDisplay,
)
from skdataquality.shift._lens import (
    NumberShiftLensResult,
    ShiftLensResult,
    shift_lens,
)
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
    "ConceptShiftResult",
    "DiscriminatorWeighter",
    "DomainROCDisplay",
    "DriftDisplay",
    "LabelShiftClassifier",
    "LabelShiftEstimator",
    "LabelShiftWeighter",
    "NumberShiftLensResult",
    "PriorShiftDisplay",
    "ShiftDetector",
    "ShiftLensResult",
    "ShiftWeightedClassifier",
    "ShiftWeightedRegressor",
    "TargetData",
    "TargetPerformance",
    "concept_shift_test",
    "estimate_target_performance",
    "shift_lens",
]
