"""Plots."""

from skdataquality.label_noise._displays._confident_joint_display import (
    ConfidentJointDisplay,
)
from skdataquality.label_noise._displays._error_rate_display import ErrorRateDisplay
from skdataquality.label_noise._displays._label_quality_display import (
    LabelQualityDisplay,
)
