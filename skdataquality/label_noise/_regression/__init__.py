"""Wrong numbers as labels."""

from skdataquality.label_noise._regression._detector import RegressionErrorDetector
from skdataquality.label_noise._regression._pruner import RegressionErrorPruner
