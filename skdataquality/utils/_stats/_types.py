"""Types of the statistics."""

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
RandomState = int | np.random.RandomState | np.random.Generator | None
