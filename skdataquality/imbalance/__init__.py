"""Rare classes: weights for them, and the diagnosis whether they are a problem."""

from skdataquality.imbalance._adjusters import (
    LogitAdjustedClassifier,
    TunedOffsetClassifierCV,
    recommended_candidates,
    recommended_classifier,
)
from skdataquality.imbalance._difficulty import (
    MinorityDifficulty,
    minority_difficulty,
)
from skdataquality.imbalance._displays import (
    ClassBalanceDisplay,
    ClassMetricsDisplay,
    ReliabilityDisplay,
    ThresholdDisplay,
)
from skdataquality.imbalance._groups import (
    GroupReport,
    RowsToCollect,
    group_report,
    rows_to_collect,
)
from skdataquality.imbalance._lens import (
    ImbalanceLensResult,
    imbalance_lens,
)
from skdataquality.imbalance._samplers import (
    SMOTE,
    EditedNearestNeighbours,
    TomekLinks,
)
from skdataquality.imbalance._slices import (
    WeakSlice,
    WeakSlices,
    WeakSlicesDisplay,
    weak_slices,
)
from skdataquality.imbalance._weights import (
    ClassBalanceWeighter,
)

__all__ = [
    "SMOTE",
    "ClassBalanceDisplay",
    "ClassBalanceWeighter",
    "ClassMetricsDisplay",
    "EditedNearestNeighbours",
    "GroupReport",
    "ImbalanceLensResult",
    "LogitAdjustedClassifier",
    "MinorityDifficulty",
    "ReliabilityDisplay",
    "RowsToCollect",
    "ThresholdDisplay",
    "TomekLinks",
    "TunedOffsetClassifierCV",
    "WeakSlice",
    "WeakSlices",
    "WeakSlicesDisplay",
    "group_report",
    "imbalance_lens",
    "minority_difficulty",
    "recommended_candidates",
    "recommended_classifier",
    "rows_to_collect",
    "weak_slices",
]
