"""Rare classes: weights for them, and the diagnosis whether they are a problem."""

from skdataquality.imbalance._groups import (
    GroupReport,
    RowsToCollect,
    group_report,
    rows_to_collect,
)
from skdataquality.imbalance._lens import ImbalanceLensResult, imbalance_lens
from skdataquality.imbalance._weights import ClassBalanceWeighter

__all__ = [
    "ClassBalanceWeighter",
    "GroupReport",
    "ImbalanceLensResult",
    "RowsToCollect",
    "group_report",
    "imbalance_lens",
    "rows_to_collect",
]
