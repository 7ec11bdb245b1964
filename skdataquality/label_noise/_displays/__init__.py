"""Plots."""

from ._confident_joint_display import ConfidentJointDisplay
from ._error_rate_display import ErrorRateDisplay
from ._label_quality_display import LabelQualityDisplay

__all__ = ["ConfidentJointDisplay", "ErrorRateDisplay", "LabelQualityDisplay"]
