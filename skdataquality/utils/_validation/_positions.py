"""Rows of a mask, as errors name them."""

import numpy as np

MAX_POSITIONS_SHOWN = 5


def positions(mask, first_row=0):
    """List the first true positions of a mask, and where they start, for an error."""
    rows = np.flatnonzero(mask) + first_row
    shown = ", ".join(map(str, rows[:MAX_POSITIONS_SHOWN]))
    return shown + (", ..." if rows.size > MAX_POSITIONS_SHOWN else "") + " (from 0)"
