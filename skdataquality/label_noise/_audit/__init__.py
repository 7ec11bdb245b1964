"""The error rate from rows that a person has checked."""

from ._audit import LabelAudit
from ._plan import AuditEstimate, AuditPlan

__all__ = ["AuditEstimate", "AuditPlan", "LabelAudit"]
