"""Label noise: which given labels are likely wrong, and how classes are confused."""

from ._audit import LabelAudit
from ._audit_plan import AuditEstimate, AuditPlan
from ._backward import backward_corrected_loss
from ._confident import (
    calibrate_joint,
    confident_joint,
    confident_thresholds,
    estimate_joint,
    noise_matrices,
)
from ._confident_joint_display import ConfidentJointDisplay
from ._confusions import confusing_pairs, overlapping_classes
from ._corrector import LabelErrorCorrector
from ._counts import count_label_issues
from ._detector import LabelErrorDetector
from ._ensembles import (
    ensemble_proba,
    ensemble_quality_scores,
    ensemble_weights,
)
from ._error_rate import LabelErrorRate, label_error_rate
from ._error_rate_display import ErrorRateDisplay
from ._filters import find_label_issues
from ._forward import ForwardCorrectedLogisticRegression
from ._health import class_health, label_health_score
from ._knn_outliers import KNNOutlierDetector
from ._label_quality_display import LabelQualityDisplay
from ._latent import NoiseMatrices
from ._lens import LabelNoiseLensResult, label_noise_lens
from ._order import order_label_issues
from ._out_of_distribution import out_of_distribution_scores
from ._plateau import NoisePlateau, noise_plateau
from ._pruner import LabelErrorPruner
from ._pruning_classifier import NoisePruningClassifier
from ._quality_weighter import LabelQualityWeighter
from ._scores import label_quality_scores
from ._soft_labels import true_label_posterior
from ._target_detector import TargetErrorDetector
from ._target_pruner import TargetErrorPruner

__all__ = [
    "AuditEstimate",
    "AuditPlan",
    "ConfidentJointDisplay",
    "ErrorRateDisplay",
    "ForwardCorrectedLogisticRegression",
    "KNNOutlierDetector",
    "LabelAudit",
    "LabelErrorCorrector",
    "LabelErrorDetector",
    "LabelErrorPruner",
    "LabelErrorRate",
    "LabelNoiseLensResult",
    "LabelQualityDisplay",
    "LabelQualityWeighter",
    "NoiseMatrices",
    "NoisePlateau",
    "NoisePruningClassifier",
    "TargetErrorDetector",
    "TargetErrorPruner",
    "backward_corrected_loss",
    "calibrate_joint",
    "class_health",
    "confident_joint",
    "confident_thresholds",
    "confusing_pairs",
    "count_label_issues",
    "ensemble_proba",
    "ensemble_quality_scores",
    "ensemble_weights",
    "estimate_joint",
    "find_label_issues",
    "label_error_rate",
    "label_health_score",
    "label_noise_lens",
    "label_quality_scores",
    "noise_matrices",
    "noise_plateau",
    "order_label_issues",
    "out_of_distribution_scores",
    "overlapping_classes",
    "true_label_posterior",
]
