"""Rare classes: weights for them, and the diagnosis whether they are a problem."""

from skdataquality.imbalance._groups import GroupReport, group_report
from skdataquality.imbalance._lens import ImbalanceLensResult, imbalance_lens
from skdataquality.imbalance._weights import ClassBalanceWeighter

__all__ = [
    "ClassBalanceWeighter",
    "GroupReport",
    "ImbalanceLensResult",
    "group_report",
    "imbalance_lens",
]
