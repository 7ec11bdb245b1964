"""Wrong numbers as labels."""

from skdataquality.label_noise._regression._check import as_value_array
from skdataquality.label_noise._regression._detector import (
    FEWEST_ROWS,
    RegressionErrorDetector,
)
from skdataquality.label_noise._regression._judgement import FAR, judge_numbers
from skdataquality.label_noise._regression._pruner import RegressionErrorPruner
