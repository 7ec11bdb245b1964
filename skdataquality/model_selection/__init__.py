"""Choose a remedy by honest comparison: "nothing" wins unless beaten beyond noise.

:func:`out_of_fold` is the engine of every prediction by models that did not see the
row.
"""

from skdataquality.model_selection._compare import compare_remedies
from skdataquality.model_selection._prefer import prefer_nothing
from skdataquality.model_selection._result import RemedyComparison
from skdataquality.model_selection._shown import RemedyComparisonDisplay
from skdataquality.model_selection._to_target import ImportanceWeightedScorer
from skdataquality.model_selection._verification import VerificationPlan
from skdataquality.model_selection._worst_group import worst_group_scorer
from skdataquality.utils._folds import OutOfFold, out_of_fold

__all__ = [
    "ImportanceWeightedScorer",
    "OutOfFold",
    "RemedyComparison",
    "RemedyComparisonDisplay",
    "VerificationPlan",
    "compare_remedies",
    "out_of_fold",
    "prefer_nothing",
    "worst_group_scorer",
]
