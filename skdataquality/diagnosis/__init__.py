"""From a table to a diagnosis, a plan, and what follows from it."""

from ._candidates import candidate_remedies, program_for
from ._compare_table import ScoringError, TableComparison, compare_table
from ._diagnose import diagnose
from ._fix import TableFix, fix_table
from ._gate import GateReport, check_gates
from ._gate_condition import GateSyntaxError, UnknownMetricError, check_conditions
from ._report import DataQualityReport
from ._review_table import review_table

__all__ = [
    "DataQualityReport",
    "GateReport",
    "GateSyntaxError",
    "ScoringError",
    "TableComparison",
    "TableFix",
    "UnknownMetricError",
    "candidate_remedies",
    "check_conditions",
    "check_gates",
    "compare_table",
    "diagnose",
    "fix_table",
    "program_for",
    "review_table",
]
