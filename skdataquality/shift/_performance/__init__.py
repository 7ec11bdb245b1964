"""What a shift costs: performance on target rows, foreseen and taken apart."""

from skdataquality.shift._performance._decay import check_decay
from skdataquality.shift._performance._drop import (
    PerformanceDrop,
    decompose_performance_drop,
)
from skdataquality.shift._performance._drop_display import PerformanceDropDisplay

__all__ = [
    "PerformanceDrop",
    "PerformanceDropDisplay",
    "check_decay",
    "decompose_performance_drop",
]
