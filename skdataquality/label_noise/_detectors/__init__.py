"""Estimators that score rows."""

from skdataquality.label_noise._detectors._default_ensemble import default_ensemble
from skdataquality.label_noise._detectors._detector import LabelErrorDetector
from skdataquality.label_noise._detectors._knn_outliers import KNNOutlierDetector
from skdataquality.label_noise._detectors._out_of_distribution import (
    out_of_distribution_scores,
    typicality,
)
from skdataquality.label_noise._detectors._verdicts import (
    verdicts_of,
    verdicts_on_numbers,
)
