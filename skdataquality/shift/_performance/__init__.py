"""What a shift costs: performance on target rows, foreseen and taken apart."""

from skdataquality.shift._performance._decay import check_decay
from skdataquality.shift._performance._drop import (
    PerformanceDrop,
    decompose_performance_drop,
)
from skdataquality.shift._performance._drop_display import PerformanceDropDisplay
from skdataquality.shift._performance._estimate import estimate_target_performance
from skdataquality.shift._performance._expected import expected_performance
from skdataquality.shift._performance._opinions import other_opinions
from skdataquality.shift._performance._result import TargetPerformance
from skdataquality.shift._performance._shift_error import (
    FITTED,
    ShiftError,
    sampling_error,
    spread_of,
)

__all__ = [
    "FITTED",
    "PerformanceDrop",
    "PerformanceDropDisplay",
    "ShiftError",
    "TargetPerformance",
    "check_decay",
    "decompose_performance_drop",
    "estimate_target_performance",
    "expected_performance",
    "other_opinions",
    "sampling_error",
    "spread_of",
]
