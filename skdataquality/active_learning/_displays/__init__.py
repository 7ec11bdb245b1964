"""Figures of what labelling brings, and of how much of a pool is covered."""

from skdataquality.active_learning._displays._active_learning_curve_display import (
    ActiveLearningCurveDisplay,
)
from skdataquality.active_learning._displays._coverage_curve_display import (
    CoverageCurveDisplay,
)
