"""Plots of classes, of how well each is found, of probabilities and of thresholds."""

from skdataquality.imbalance._displays._class_balance_display import (
    ClassBalanceDisplay,
)
from skdataquality.imbalance._displays._class_metrics_display import (
    ClassMetricsDisplay,
)
from skdataquality.imbalance._displays._reliability_display import ReliabilityDisplay
from skdataquality.imbalance._displays._threshold_display import ThresholdDisplay

__all__ = [
    "ClassBalanceDisplay",
    "ClassMetricsDisplay",
    "ReliabilityDisplay",
    "ThresholdDisplay",
]
