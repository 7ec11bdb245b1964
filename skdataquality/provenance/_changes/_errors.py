"""Read what is wrong with each row: flags, or numbers such as losses."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skdataquality.provenance._rates import check_flags
from skdataquality.utils._frames import as_numbers, missing_mask

CLIP = 3.0  # robust scales: single huge losses shall not speak for a source
NORMAL_MAD = 1.4826


@dataclass(frozen=True)
class Errors:
    """Errors of rows as they are tested and as they are reported.

    ``tested`` are the flags, or the numbers in robust scales around their median and
    clipped; ``reported`` are the flags, or the numbers as they came.
    """

    tested: NDArray
    reported: NDArray

    @property
    def are_flags(self):
        return self.tested.dtype == bool

    @property
    def size(self):
        return self.tested.size

    def of(self, rows):
        """Errors of these rows."""
        return Errors(self.tested[rows], self.reported[rows])


def read_errors(errors, name="errors"):
    """Return Errors of flags (bool, or only 0 and 1) or of finite numbers."""
    values = np.asarray(errors)
    if values.ndim != 1 or values.size == 0:
        raise ValueError(
            f"{name} has shape {values.shape}: pass one flag or number per row, at "
            f"least one row."
        )
    n_missing = (
        np.ma.count_masked(errors) if isinstance(errors, np.ma.MaskedArray) else 0
    )
    n_missing += int(missing_mask(values).sum())
    if n_missing:
        raise ValueError(
            f"Input {name} contains NaN or missing values in {n_missing} row(s): leave "
            f"those rows out of every argument, or decide them."
        )
    numbers = as_numbers(values, "fiubO")
    if numbers is None:
        raise ValueError(
            f"{name} holds {values[:3].tolist()}: pass flags, or one number per row "
            f"that is higher where the row is worse."
        )
    if not np.isfinite(numbers).all():
        raise ValueError(
            f"Input {name} contains infinity in {int((~np.isfinite(numbers)).sum())} "
            f"row(s): clip them, or leave those rows out of every argument."
        )
    with np.errstate(over="ignore"):
        overflows = not np.isfinite(np.square(numbers.astype(float)).sum())
    if overflows:
        raise ValueError(
            f"Input {name} reaches {np.abs(numbers).max():.3g}, and squares of it "
            f"overflow: clip it, or pass its logarithm."
        )
    if ((numbers == 0) | (numbers == 1)).all():
        flags = check_flags(numbers)
        return Errors(flags, flags)
    return Errors(_in_robust_scales(numbers), numbers)


def _in_robust_scales(numbers):
    with np.errstate(over="ignore"):
        distance = numbers - np.median(numbers)
        scale = NORMAL_MAD * np.median(np.abs(distance)) or np.std(distance) or 1.0
    return np.clip(distance / scale, -CLIP, CLIP)
