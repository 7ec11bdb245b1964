"""Estimators that score rows."""

from ._default_ensemble import default_ensemble
from ._detector import LabelErrorDetector
from ._knn_outliers import KNNOutlierDetector
from ._out_of_distribution import out_of_distribution_scores, typicality

__all__ = [
    "KNNOutlierDetector",
    "LabelErrorDetector",
    "default_ensemble",
    "out_of_distribution_scores",
    "typicality",
]
