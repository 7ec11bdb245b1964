"""Read a column of flags, whatever it comes in."""

import numpy as np

from skdataquality.utils._frames import missing_mask


def check_flags(flags):
    """Return booleans, or the numbers 0 and 1, as booleans; refuse anything else."""
    values = np.asarray(flags)
    if values.ndim != 1 or values.size == 0:
        raise ValueError(
            f"flags has shape {values.shape}: pass one boolean per row, at least one "
            f"row."
        )
    # pandas' nullable arrays have a mask as well, of which numpy makes something else
    n_missing = np.ma.count_masked(flags) if isinstance(flags, np.ma.MaskedArray) else 0
    n_missing += int(missing_mask(values).sum())
    if n_missing:
        raise ValueError(
            f"flags has {n_missing} missing value(s): leave those rows out of every "
            f"argument, or decide them."
        )
    if values.dtype.kind == "O":
        odd = [value for value in values.tolist() if not _is_binary(value)]
    elif values.dtype.kind in "biuf":
        odd = values[(values != 0) & (values != 1)].tolist()
    else:
        odd = values.tolist()
    if odd:
        raise ValueError(
            f"flags holds {odd[:3]}: pass booleans, or 0 and 1, for example "
            f"scores < 0.5."
        )
    return values.astype(bool, copy=False)


def _is_binary(value):
    return isinstance(value, bool | int | float | np.bool_) and value in (0, 1)
