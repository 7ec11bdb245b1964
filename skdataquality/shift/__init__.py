"""Training data unlike the data met in use: measure it, and weight towards it."""

from skdataquality.shift._concept import (
    ConceptShiftResult,
    concept_shift_test,
)
from skdataquality.shift._detection import (
    DomainROCDisplay,
    DriftDisplay,
    ShiftDetector,
)
from skdataquality.shift._importance_resampler import (
    ImportanceResampler,
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
    PerformanceDrop,
    PerformanceDropDisplay,
    TargetPerformance,
    decompose_performance_drop,
    estimate_target_performance,
)
from skdataquality.shift._ratios import (
    DiscriminatorWeighter,
    KLIEPWeighter,
    KMMWeighter,
    RuLSIFWeighter,
    ULSIFWeighter,
    WeightDisplay,
)
from skdataquality.shift._targets import (
    TargetData,
)
from skdataquality.shift._weighted import (
    ShiftWeightedClassifier,
    ShiftWeightedRegressor,
)

__all__ = [
    "ConceptShiftResult",
    "DiscriminatorWeighter",
    "DomainROCDisplay",
    "DriftDisplay",
    "ImportanceResampler",
    "KLIEPWeighter",
    "KMMWeighter",
    "LabelShiftClassifier",
    "LabelShiftEstimator",
    "LabelShiftWeighter",
    "NumberShiftLensResult",
    "PerformanceDrop",
    "PerformanceDropDisplay",
    "PriorShiftDisplay",
    "RuLSIFWeighter",
    "ShiftDetector",
    "ShiftLensResult",
    "ShiftWeightedClassifier",
    "ShiftWeightedRegressor",
    "TargetData",
    "TargetPerformance",
    "ULSIFWeighter",
    "WeightDisplay",
    "concept_shift_test",
    "decompose_performance_drop",
    "estimate_target_performance",
    "shift_lens",
]
