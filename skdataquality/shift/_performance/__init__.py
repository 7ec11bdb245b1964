"""What a shift costs: performance on target rows, foreseen and taken apart."""

from skdataquality.shift._performance._decay import check_decay
from skdataquality.shift._performance._estimate import estimate_target_performance
from skdataquality.shift._performance._expected import expected_performance
from skdataquality.shift._performance._result import TargetPerformance

__all__ = [
    "TargetPerformance",
    "check_decay",
    "estimate_target_performance",
    "expected_performance",
]
