"""Class shares that change, P(x | y) the same: estimate them, and correct."""

from skdataquality.shift._label_shift._calibration import (
    TemperatureScaling,
    fit_temperature,
)

__all__ = ["TemperatureScaling", "fit_temperature"]
