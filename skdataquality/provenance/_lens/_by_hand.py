"""How many rows to check by hand, to decide what flags leave open."""

import math

import numpy as np

LEVEL_Z, POWER_Z = 1.6449, 0.8416  # one-sided 5 %, power 80 %


def rows_to_verify(rate, elsewhere):
    """Rows of the source, and as many of the others, that show so large a difference.

    Two independent shares, one-sided 5 % test, power 80 %. None if there is none.
    """
    if not rate > elsewhere:
        return None
    noise = rate * (1 - rate) + elsewhere * (1 - elsewhere)
    n = (LEVEL_Z + POWER_Z) ** 2 * noise / (rate - elsewhere) ** 2
    return max(1, math.ceil(n))


def said_of_rows(name, n, rows):
    """Say what to check by hand, if a source is suspect."""
    own = f"{n} rows" if n < rows else f"all {rows} rows"
    enough = "" if n <= rows else ", which may not be enough"
    return (
        f"To decide by hand: check the labels of {own} of {name} and of {n} rows of "
        f"the others, drawn at random whether flagged or not{enough}."
    )


def n_independent(effect, rows):
    """Rows that say as much as one, over all sources."""
    return float(np.sum(rows) / np.sum(rows / effect))
