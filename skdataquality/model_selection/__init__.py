"""Choose a remedy by honest comparison: "nothing" wins unless beaten beyond noise."""

from ._compare import compare_remedies
from ._prefer import prefer_nothing
from ._result import RemedyComparison

__all__ = ["RemedyComparison", "compare_remedies", "prefer_nothing"]
