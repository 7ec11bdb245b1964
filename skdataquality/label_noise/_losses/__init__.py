"""Learning from noisy labels through the noise transition matrix."""

from skdataquality.label_noise._losses._backward import backward_corrected_loss
from skdataquality.label_noise._losses._forward import (
    ForwardCorrectedLogisticRegression,
)
