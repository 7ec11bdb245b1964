"""Periods of time that serve as sources: :func:`periods`."""

import numpy as np

from skdataquality.utils._frames import (
    missing_mask,
    period_of,
    read_moments_of,
    say_moment,
)

N_PERIODS = 10


def periods(values, name):
    """Cut numbers or dates into ten periods of equally many rows.

    Each is named by its first moment; a missing time is None. Dates in text are read
    as :func:`read_moments_of` says.
    """
    moments = read_moments_of(values, name)
    if missing_mask(moments).all():
        raise ValueError(f"time={name!r} has no value: choose another column.")
    starts, number = period_of(moments, N_PERIODS)
    said = np.array([f"from {say_moment(start)}" for start in starts], dtype=object)
    out = np.full(values.shape[0], None, dtype=object)
    out[number >= 0] = said[number[number >= 0]]
    return out
