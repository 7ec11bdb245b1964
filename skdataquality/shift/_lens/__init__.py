"""The lens of shift: which kinds there are, what they cost, and what mends them."""

from skdataquality.shift._lens._function import shift_lens
from skdataquality.shift._lens._result import NumberShiftLensResult, ShiftLensResult

__all__ = ["NumberShiftLensResult", "ShiftLensResult", "shift_lens"]
