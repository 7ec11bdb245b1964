"""The audit trail: a line for each training row, in files and in exchange formats."""

from skdataquality.provenance._trail._audit_trail import AuditTrail
