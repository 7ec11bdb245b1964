"""Under-represented groups, and how many rows of them would do."""

from skdataquality.imbalance._groups._collect import RowsToCollect, rows_to_collect
from skdataquality.imbalance._groups._report import GroupReport, group_report

__all__ = ["GroupReport", "RowsToCollect", "group_report", "rows_to_collect"]
