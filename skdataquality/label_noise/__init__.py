"""Label noise: which given labels are likely wrong, and how classes are confused."""

from skdataquality.label_noise._audit import AuditEstimate, AuditPlan, LabelAudit
from skdataquality.label_noise._classes import (
    class_health,
    confusing_pairs,
    label_health_score,
    overlapping_classes,
)
from skdataquality.label_noise._confident import (
    LabelErrorRate,
    NoiseMatrices,
    calibrate_joint,
    confident_joint,
    confident_thresholds,
    estimate_joint,
    label_error_rate,
    noise_matrices,
)
from skdataquality.label_noise._detectors import (
    KNNOutlierDetector,
    LabelErrorDetector,
    out_of_distribution_scores,
)
from skdataquality.label_noise._displays import (
    ConfidentJointDisplay,
    ErrorRateDisplay,
    LabelQualityDisplay,
)
from skdataquality.label_noise._flags import (
    NoisePlateau,
    count_label_issues,
    ensemble_proba,
    ensemble_quality_scores,
    ensemble_weights,
    find_label_issues,
    label_quality_scores,
    noise_plateau,
    order_label_issues,
)
from skdataquality.label_noise._lens import LabelNoiseLensResult, label_noise_lens
from skdataquality.label_noise._losses import (
    ForwardCorrectedLogisticRegression,
    backward_corrected_loss,
)
from skdataquality.label_noise._regression import (
    RegressionErrorDetector,
    RegressionErrorPruner,
)
from skdataquality.label_noise._regression_lens import (
    RegressionErrorLensResult,
    regression_error_lens,
)
from skdataquality.label_noise._remedies import (
    LabelErrorCorrector,
    LabelErrorPruner,
    LabelQualityWeighter,
    NoisePruningClassifier,
    true_label_posterior,
)
from skdataquality.label_noise._warranty import (
    ListWarranty,
    WarrantyPlan,
    plan_warranty,
)

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
    "ListWarranty",
    "NoiseMatrices",
    "NoisePlateau",
    "NoisePruningClassifier",
    "RegressionErrorDetector",
    "RegressionErrorLensResult",
    "RegressionErrorPruner",
    "WarrantyPlan",
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
    "plan_warranty",
    "regression_error_lens",
    "true_label_posterior",
]
