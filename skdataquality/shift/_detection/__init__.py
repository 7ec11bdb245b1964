"""Do the features of target rows differ, and which? Tests with valid p values."""

from skdataquality.shift._detection._column_tests import ColumnTest
from skdataquality.shift._detection._columns import columns_that_differ
from skdataquality.shift._detection._covariate import CovariateTests, covariate_tests
from skdataquality.shift._detection._groups import GroupTests

__all__ = [
    "ColumnTest",
    "CovariateTests",
    "GroupTests",
    "columns_that_differ",
    "covariate_tests",
]
