"""What a lens is: what it declares, what it is handed, what it returns."""

from ._declaration import GIVEN, Lens
from ._examination import Inputs, Known
from ._result import (
    OUTCOMES,
    VERDICTS,
    LensResult,
    Number,
    Prediction,
    cannot_tell,
)

__all__ = [
    "GIVEN",
    "OUTCOMES",
    "VERDICTS",
    "Inputs",
    "Known",
    "Lens",
    "LensResult",
    "Number",
    "Prediction",
    "cannot_tell",
]
