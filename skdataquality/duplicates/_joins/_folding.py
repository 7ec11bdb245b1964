"""Numbers of any size, drawn into a range without lengthening a distance."""

import numpy as np


def fold(values, reach):
    """Wind numbers back and forth between -reach and reach.

    A triangle wave of slope one: two numbers end no further apart than they were, and
    ``fmod`` is exact, so that this holds for huge numbers as well.
    """
    phase = np.fmod(values, 4 * reach)
    phase = np.where(phase < 0, phase + 4 * reach, phase)
    return np.abs(phase - 2 * reach) - reach
