"""Decisions and probabilities changed after the fit, rows untouched."""

from skdataquality.imbalance._adjusters._logit_adjusted import LogitAdjustedClassifier
from skdataquality.imbalance._adjusters._recommended import (
    recommended_candidates,
    recommended_classifier,
)
from skdataquality.imbalance._adjusters._tuned_offsets import TunedOffsetClassifierCV

__all__ = [
    "LogitAdjustedClassifier",
    "TunedOffsetClassifierCV",
    "recommended_candidates",
    "recommended_classifier",
]
