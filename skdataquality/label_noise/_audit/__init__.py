"""The error rate from rows that a person has checked."""

from skdataquality.label_noise._audit._answers import answers_to, check_known
from skdataquality.label_noise._audit._audit import LabelAudit
from skdataquality.label_noise._audit._design import stratify
from skdataquality.label_noise._audit._plan import AuditEstimate, AuditPlan
