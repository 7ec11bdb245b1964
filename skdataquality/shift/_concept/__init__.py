"""Does P(y | x) change? Only labelled target rows can tell."""

from skdataquality.shift._concept._concept_shift import concept_shift_test
from skdataquality.shift._concept._labelled import (
    as_quantities,
    class_probabilities,
    label_codes,
    labelled_rows,
    predicted_numbers,
)
from skdataquality.shift._concept._result import ConceptShiftResult
from skdataquality.shift._concept._score_tests import domain_probability

__all__ = [
    "ConceptShiftResult",
    "as_quantities",
    "class_probabilities",
    "concept_shift_test",
    "domain_probability",
    "label_codes",
    "labelled_rows",
    "predicted_numbers",
]
