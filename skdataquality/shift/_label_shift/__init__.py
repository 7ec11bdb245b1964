"""Class shares that change, P(x | y) the same: estimate them, and correct."""

from skdataquality.shift._label_shift._calibration import (
    TemperatureScaling,
    fit_temperature,
)
from skdataquality.shift._label_shift._moments import bbse, rlls
from skdataquality.shift._label_shift._prior import PriorShift, estimate_prior

__all__ = [
    "PriorShift",
    "TemperatureScaling",
    "bbse",
    "estimate_prior",
    "fit_temperature",
    "rlls",
]
