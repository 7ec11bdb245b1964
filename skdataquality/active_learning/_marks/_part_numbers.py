"""Numbers to predict, of which some are missing: :func:`read_part_numbers`."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from skdataquality.active_learning._marks._part_labels import labeled_mask
from skdataquality.utils._frames import as_numbers
from skdataquality.utils._validation import as_label_column, positions

AUTO_OF_NUMBERS = False  # -1 is a number like any other


@dataclass(frozen=True, eq=False)
class PartNumbers:
    """A quantity, known of some rows.

    Attributes
    ----------
    values : ndarray of shape (n_samples,), float
        NaN for a row without one.
    """

    classes: ClassVar[None] = None
    values: np.ndarray

    @property
    def is_labeled(self):
        """Mask of shape (n_samples,)."""
        return ~np.isnan(self.values)

    @property
    def rows(self):
        """Rows whose number is known, in rising order."""
        return np.flatnonzero(self.is_labeled)

    @property
    def labels(self):
        """Numbers of those rows, ndarray of shape (n_labeled,)."""
        return self.values[self.is_labeled]

    @property
    def suffice(self):
        """Whether a model can be fitted: two different numbers are known."""
        known = self.labels
        return bool(known.size and known.min() < known.max())


def read_part_numbers(y, n_rows, *, unlabeled="auto"):
    """Tell rows whose number is known from the others.

    Parameters
    ----------
    y : array-like of shape (n_samples,), or None
        Numbers; None has none at all.
    n_rows : int
        Rows of the table.
    unlabeled : "auto" or number, default="auto"
        What stands for "not known" beside missing values. "auto" and False are nothing
        else than missing values: -1 is a number.

    Returns
    -------
    numbers : PartNumbers

    Raises
    ------
    ValueError
        If a known cell is no finite number.
    """
    if y is None:
        return PartNumbers(np.full(n_rows, np.nan))
    cells = as_label_column(y)
    is_auto = isinstance(unlabeled, str) and unlabeled == "auto"
    known = labeled_mask(cells, unlabeled=AUTO_OF_NUMBERS if is_auto else unlabeled)
    values = np.full(cells.shape[0], np.nan)
    if known.any():
        numbers = as_numbers(cells[known])
        if numbers is None:
            raise ValueError(
                f"y holds {cells[known][:3].tolist()}, and the estimator is a "
                f"regressor: pass numbers, with NaN or None where none is known, or a "
                f"classifier."
            )
        values[known] = numbers
    _refuse_infinite(values)
    return PartNumbers(values)


def _refuse_infinite(values):
    infinite = np.isinf(values)
    if infinite.any():
        raise ValueError(
            f"Input y contains infinity at position(s) {positions(infinite)}: replace "
            f"those numbers, or mark the rows by NaN."
        )
