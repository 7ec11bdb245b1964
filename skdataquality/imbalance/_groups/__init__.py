"""Under-represented groups, and how many rows of them would do."""

from skdataquality.imbalance._groups._report import GroupReport, group_report

__all__ = ["GroupReport", "group_report"]
