"""Rare classes: weights for them, and the diagnosis whether they are a problem."""

from skdataquality.imbalance._adjusters import (
    LogitAdjustedClassifier,
    TunedOffsetClassifierCV,
    recommended_candidates,
    recommended_classifier,
)
from skdataquality.imbalance._displays import (
    ClassBalanceDisplay,
    ClassMetricsDisplay,
    ReliabilityDisplay,
    ThresholdDisplay,
)
from skdataquality.imbalance._lens import (
    ImbalanceLensResult,
    imbalance_lens,
)
from skdataquality.imbalance._weights import (
    ClassBalanceWeighter,
)

__all__ = [
    "ClassBalanceDisplay",
    "ClassBalanceWeighter",
    "ClassMetricsDisplay",
    "ImbalanceLensResult",
    "LogitAdjustedClassifier",
    "ReliabilityDisplay",
    "ThresholdDisplay",
    "TunedOffsetClassifierCV",
    "imbalance_lens",
    "recommended_candidates",
    "recommended_classifier",
]
