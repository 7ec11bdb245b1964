"""Training data unlike the data met in use: measure it, and weight towards it."""

from skdataquality.shift._concept import ConceptShiftResult, concept_shift_test
from skdataquality.shift._lens import ShiftLensResult, shift_lens
from skdataquality.shift._performance import (
    PerformanceDrop,
    PerformanceDropDisplay,
    decompose_performance_drop,
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
    "PerformanceDrop",
    "PerformanceDropDisplay",
    "ShiftLensResult",
    "ShiftWeightedClassifier",
    "ShiftWeightedRegressor",
    "TargetData",
    "concept_shift_test",
    "decompose_performance_drop",
    "shift_lens",
]
