"""Whole jobs on one table: compare, fix, audit, gate, select, query, review."""

from skdataquality.workflows._audit_table import audit_table
from skdataquality.workflows._candidates import candidate_remedies
from skdataquality.workflows._compare_table import ScoringError, compare_table
from skdataquality.workflows._fix_table import Change, TableFix, fix_table
from skdataquality.workflows._gate import Gate, GateReport, check_gates
from skdataquality.workflows._gate_condition import GateSyntaxError, UnknownMetricError
from skdataquality.workflows._labelling import (
    TableQuery,
    TableReview,
    TableSelection,
    query_table,
    review_rounds,
    select_table,
)
from skdataquality.workflows._review_table import review_table
from skdataquality.workflows._table_audit import TableAudit
from skdataquality.workflows._table_comparison import TableComparison

__all__ = [
    "Change",
    "Gate",
    "GateReport",
    "GateSyntaxError",
    "ScoringError",
    "TableAudit",
    "TableComparison",
    "TableFix",
    "TableQuery",
    "TableReview",
    "TableSelection",
    "UnknownMetricError",
    "audit_table",
    "candidate_remedies",
    "check_gates",
    "compare_table",
    "fix_table",
    "query_table",
    "review_rounds",
    "review_table",
    "select_table",
]
