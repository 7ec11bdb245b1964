"""What a shift costs: performance on target rows, foreseen and taken apart."""

from skdataquality.shift._performance._decay import check_decay

__all__ = ["check_decay"]
