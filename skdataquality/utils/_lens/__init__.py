"""What a lens is: what it declares, what it is handed, what it returns."""

from skdataquality.utils._lens._declaration import GIVEN, Lens
from skdataquality.utils._lens._examination import Inputs, Known
from skdataquality.utils._lens._result import (
    VERDICTS,
    LensResult,
    Number,
    Prediction,
    cannot_tell,
)
from skdataquality.utils._lens._rows import in_table
