"""Label noise: which given labels are likely wrong, and how classes are confused."""

from ._confident import (
    NoiseMatrices,
    confident_joint,
    estimate_joint,
    noise_matrices,
)
from ._detector import LabelErrorDetector
from ._filters import find_label_issues
from ._lens import LabelNoiseLensResult, label_noise_lens
from ._pruner import LabelErrorPruner
from ._pruning_classifier import NoisePruningClassifier
from ._scores import label_quality_scores

__all__ = [
    "LabelErrorDetector",
    "LabelErrorPruner",
    "LabelNoiseLensResult",
    "NoiseMatrices",
    "NoisePruningClassifier",
    "confident_joint",
    "estimate_joint",
    "find_label_issues",
    "label_noise_lens",
    "label_quality_scores",
    "noise_matrices",
]
