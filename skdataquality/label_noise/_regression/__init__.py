"""Wrong numbers as labels."""

from ._detector import RegressionErrorDetector
from ._pruner import RegressionErrorPruner

__all__ = ["RegressionErrorDetector", "RegressionErrorPruner"]
