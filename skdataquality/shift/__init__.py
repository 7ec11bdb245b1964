"""Training data unlike the data met in use: measure it, and weight towards it."""

from ._discriminator import DiscriminatorWeighter
from ._lens import ShiftLensResult, shift_lens
from ._target_data import TargetData
from ._weighted import ShiftWeightedClassifier, ShiftWeightedRegressor

__all__ = [
    "DiscriminatorWeighter",
    "ShiftLensResult",
    "ShiftWeightedClassifier",
    "ShiftWeightedRegressor",
    "TargetData",
    "shift_lens",
]
