"""Scores of held-out rows weighted towards target rows."""

from skdataquality.model_selection._to_target._scorer import ImportanceWeightedScorer
from skdataquality.model_selection._to_target._weights import TargetWeights

__all__ = ["ImportanceWeightedScorer", "TargetWeights"]
