"""Rare classes: weights for them, and the diagnosis whether they are a problem."""

from skdataquality.imbalance._displays import (
    ClassBalanceDisplay,
    ClassMetricsDisplay,
    ReliabilityDisplay,
    ThresholdDisplay,
)
from skdataquality.imbalance._lens import ImbalanceLensResult, imbalance_lens
from skdataquality.imbalance._weights import ClassBalanceWeighter

__all__ = [
    "ClassBalanceDisplay",
    "ClassBalanceWeighter",
    "ClassMetricsDisplay",
    "ImbalanceLensResult",
    "ReliabilityDisplay",
    "ThresholdDisplay",
    "imbalance_lens",
]
