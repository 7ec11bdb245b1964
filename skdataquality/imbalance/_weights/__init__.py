"""Weights for rare classes and groups, and what errors cost."""

from skdataquality.imbalance._weights._class_balance import ClassBalanceWeighter
from skdataquality.imbalance._weights._costs import check_costs

__all__ = ["ClassBalanceWeighter", "check_costs"]
