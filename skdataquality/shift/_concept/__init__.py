"""Does P(y | x) change? Only labelled target rows can tell."""

from skdataquality.shift._concept._concept_shift import concept_shift_test
from skdataquality.shift._concept._result import ConceptShiftResult

__all__ = ["ConceptShiftResult", "concept_shift_test"]
