"""Weights for rare classes and groups, and what errors cost."""

from skdataquality.imbalance._weights._class_balance import ClassBalanceWeighter
from skdataquality.imbalance._weights._costs import check_costs
from skdataquality.imbalance._weights._effective import BETA, effective_number

__all__ = ["BETA", "ClassBalanceWeighter", "check_costs", "effective_number"]
