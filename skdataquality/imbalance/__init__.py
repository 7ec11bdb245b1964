"""Rare classes: weights, decisions tuned for a metric, and what a problem they are."""

from skdataquality.imbalance._adjusters import (
    LogitAdjustedClassifier,
    TunedOffsetClassifierCV,
    recommended_candidates,
    recommended_classifier,
)
from skdataquality.imbalance._lens import ImbalanceLensResult, imbalance_lens
from skdataquality.imbalance._weights import ClassBalanceWeighter

__all__ = [
    "ClassBalanceWeighter",
    "ImbalanceLensResult",
    "LogitAdjustedClassifier",
    "TunedOffsetClassifierCV",
    "imbalance_lens",
    "recommended_candidates",
    "recommended_classifier",
]
