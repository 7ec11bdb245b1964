"""Do the features of target rows differ, and which? Tests with valid p values."""

from skdataquality.shift._detection._column_tests import ColumnTest
from skdataquality.shift._detection._covariate import (
    FEWEST_ROWS,
    MIN_EFFECT,
    CovariateTests,
    covariate_tests,
)
from skdataquality.shift._detection._dependence import independence_of
from skdataquality.shift._detection._detector import ShiftDetector
from skdataquality.shift._detection._drift_display import DriftDisplay
from skdataquality.shift._detection._groups import GroupTests
from skdataquality.shift._detection._roc_display import DomainROCDisplay
from skdataquality.shift._detection._rows import is_sorted_by

__all__ = [
    "FEWEST_ROWS",
    "MIN_EFFECT",
    "ColumnTest",
    "CovariateTests",
    "DomainROCDisplay",
    "DriftDisplay",
    "GroupTests",
    "ShiftDetector",
    "covariate_tests",
    "independence_of",
    "is_sorted_by",
]
