"""Learning from noisy labels through the noise transition matrix."""

from ._backward import backward_corrected_loss
from ._forward import ForwardCorrectedLogisticRegression

__all__ = ["ForwardCorrectedLogisticRegression", "backward_corrected_loss"]
